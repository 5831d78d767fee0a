/**
 * Makes the text of a dump loadable with the rights that Azure gives an administrator (no SUPER, no SET_ANY_DEFINER): views,
 * triggers, routines and events lose their DEFINER, so that they belong to whoever restores; statements about GTIDs, the
 * binary log and encryption are left out.
 *
 * A row is never touched: mysqldump writes a line break inside a value as \n, so no line of data begins like these. The body
 * of a routine keeps its line breaks: there only the first line after `DELIMITER ;;` and such settings can be a statement of
 * the dump.
 */
const ACCOUNT = String.raw`(?:\x60(?:[^\x60]|\x60\x60)*\x60|[^\x60 @]+)@(?:\x60(?:[^\x60]|\x60\x60)*\x60|[^\x60 *]+)`;
const VIEW = new RegExp(String.raw`^(/\*!50013 )DEFINER=${ACCOUNT} `);
const TRIGGER = new RegExp(String.raw`^(/\*!50003 CREATE\*/ )/\*!50017 DEFINER=${ACCOUNT}\*/ `);
const EVENT = new RegExp(String.raw`^(/\*!50106 CREATE\*/ )/\*!50117 DEFINER=${ACCOUNT}\*/ `);
const ROUTINE = new RegExp(String.raw`^(CREATE )DEFINER=${ACCOUNT} `);

const SETTINGS = /^\/\*!50003 SET .*\*\/ *;;$/;
const LEFT_OUT = [
  /^SET (?:@MYSQLDUMP_TEMP_LOG_BIN *=|@@SESSION\.SQL_LOG_BIN *=)/,
  /^\/\*M?!999999\\- enable the sandbox mode \*\//,
];

/** A filter for the lines of one dump; each line without its end. Null leaves the line out. */
export function definerFilter(): (line: string) => string | null {
  let inBody = false;
  let first = false;
  let inGtids = false;
  return (line) => {
    if (inGtids) {
      inGtids = !/;[ \t]*$/.test(line);
      return null;
    }
    if (line === 'DELIMITER ;;') {
      inBody = true;
      first = true;
      return line;
    }
    if (line === 'DELIMITER ;') {
      inBody = false;
      return line;
    }
    if (inBody) {
      if (!first || SETTINGS.test(line)) return line;
      first = false;
      return withoutDefiner(line);
    }
    if (/^SET @@GLOBAL\.GTID_PURGED *=/.test(line)) {
      inGtids = !/;[ \t]*$/.test(line);
      return null;
    }
    if (LEFT_OUT.some((pattern) => pattern.test(line))) return null;
    if (line.startsWith('CREATE DATABASE '))
      return line.replace(/ \/\*!80016 DEFAULT ENCRYPTION='[YN]' \*\//, '');
    return withoutDefiner(line);
  };
}

function withoutDefiner(line: string): string {
  if (!line.startsWith('/*!50') && !line.startsWith('CREATE ')) return line;
  return line.replace(VIEW, '$1').replace(TRIGGER, '$1').replace(EVENT, '$1').replace(ROUTINE, '$1');
}

/** A whole text through the filter. */
export function withoutDefiners(text: string): string {
  const filter = definerFilter();
  return text
    .split('\n')
    .map(filter)
    .filter((line) => line !== null)
    .join('\n');
}
