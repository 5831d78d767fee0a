/* The text of a dump's structure, taken apart: tables are loaded beside the site's, views come when they have taken their place. */

/** A piece of the text, each byte a character: a table, or one of the two texts that make a view. */
interface Piece {
  readonly kind: 'table' | 'view';
  readonly schema: string;
  /** Empty for a view. */
  readonly name: string;
  readonly text: string;
}

/** The structure of a dump. */
export interface Structure {
  /** Settings that every piece needs before it. */
  readonly head: string;
  readonly pieces: readonly Piece[];
}

const TITLE =
  /^-- (?:Current Database:|Table structure for table|Temporary view structure for view|Final view structure for view) /;
const USE = /^USE `((?:[^`]|``)*)`;$/;
const TAIL = '/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;';
const CREATE = /^CREATE TABLE `((?:[^`]|``)*)` \(/m;

const plain = (name: string): string => name.replaceAll('``', '`');

/**
 * Takes the text of `mysqldump --no-data --databases` apart, at the titles that it writes as comments. A definition holds no such comment: what
 * the server prints of a table or a view has none.
 */
export function readStructure(text: string): Structure {
  const lines = text.split('\n');
  const tail = lines.lastIndexOf(TAIL);
  const sections: string[][] = [[]];
  for (const [index, line] of (tail === -1 ? lines : lines.slice(0, tail)).entries()) {
    if (line === '--' && TITLE.test(lines[index + 1] ?? '')) sections.push([]);
    sections.at(-1)?.push(line);
  }
  const pieces: Piece[] = [];
  let schema = '';
  for (const section of sections.slice(1)) {
    const title = section[1] ?? '';
    if (title.startsWith('-- Current Database')) {
      schema = plain(USE.exec(section.find((line) => USE.test(line)) ?? '')?.[1] ?? schema);
      continue;
    }
    const body = `${section.join('\n')}\n`;
    const isTable = title.startsWith('-- Table structure');
    const name = isTable ? plain(CREATE.exec(body)?.[1] ?? '') : '';
    pieces.push({ kind: isTable ? 'table' : 'view', schema, name, text: body });
  }
  return { head: `${sections[0]?.join('\n') ?? ''}\n`, pieces };
}

/** Where a foreign key leads into another schema. */
const REFERENCE = /^( {2}CONSTRAINT .* REFERENCES )`((?:[^`]|``)*)`\.(?=`)/gm;

/** The text of a table whose foreign keys lead into the schemas that the others are loaded into. @param to by the names of the dump */
export const withReferences = (text: string, to: (schema: string) => string): string =>
  text.replaceAll(
    REFERENCE,
    (_, before: string, schema: string) => `${before}\`${to(plain(schema)).replaceAll('`', '``')}\`.`,
  );
