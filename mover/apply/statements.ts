import { asleep, type ReplicaWord } from './events.ts';
import { OWN_SCHEMA, SYSTEM_SCHEMAS } from '../database/server.ts';

/** What is done with one statement of the log. */
export type Decision =
  | { readonly kind: 'keep'; readonly text: string }
  /** Its GTID is spent on an empty transaction: the standby must not do it. */
  | { readonly kind: 'skip'; readonly because: string };

/* Pieces of MySQL's grammar. A word counts only where the grammar has it: a table may be called `event`, and a body may hold any statement. */
/* No comment may run over its end, or a text with many of them takes for ever. */
const COMMENT = String.raw`/\*(?!!)(?:[^*]|\*(?!/))*\*/|(?:--(?=\s)|#)[^\n]*\n`;
const SPACE = String.raw`(?:\s|${COMMENT})+`;
const NAME = String.raw`(?:\x60(?:[^\x60]|\x60\x60)+\x60|[\w$\x80-\xff]+)`;
const ACCOUNT = String.raw`(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.-]+)(?:\s*@\s*(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.%:-]+))?(?:\s*\(\s*\))?`;
const VERBS = 'CREATE|ALTER|DROP|TRUNCATE|RENAME|ANALYZE|OPTIMIZE|REPAIR';
const KINDS = 'TABLES?|VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT';
const MODIFIERS = String.raw`(?:(?:OR${SPACE}REPLACE|ALGORITHM\s*=\s*\w+|SQL${SPACE}SECURITY${SPACE}\w+|AGGREGATE|TEMPORARY|UNIQUE|FULLTEXT|SPATIAL|LOCAL|NO_WRITE_TO_BINLOG)${SPACE})*`;
const IF_EXISTS = String.raw`(?:(?:/\*!\d+\s+)?IF${SPACE}(?:NOT${SPACE})?EXISTS\s*(?:\*/)?${SPACE})?`;
/** What may stand before the kind of a thing that has a definer; the third group is the definer. */
const DEFINED = new RegExp(
  String.raw`^(CREATE|ALTER)(${SPACE}${MODIFIERS})(DEFINER\s*=\s*${ACCOUNT}(?:${SPACE})?)?(${MODIFIERS})(VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT)\b`,
  'i',
);
const ACCOUNTS = new RegExp(
  String.raw`^(?:(?:CREATE|ALTER|DROP|RENAME)${SPACE}(?:USER|ROLE)|GRANT|REVOKE|SET${SPACE}(?:PASSWORD|DEFAULT${SPACE}ROLE)|FLUSH)\b`,
  'i',
);
const SYSTEM = [...SYSTEM_SCHEMAS, OWN_SCHEMA];
const SYSTEM_NAME = String.raw`\x60?(?:${SYSTEM.join('|')})\x60?`;
const DEFINITION = new RegExp(String.raw`^(?:${VERBS})\b`, 'i');
/** A definition up to the name of its thing. */
const THING = String.raw`^(?:(?:${VERBS})${SPACE}${MODIFIERS}(?:(?:${KINDS})|INDEX${SPACE}${NAME}${SPACE}(?:USING${SPACE}\w+${SPACE})?ON)|TRUNCATE)${SPACE}${IF_EXISTS}`;
const INTO_SYSTEM = new RegExp(String.raw`${THING}${SYSTEM_NAME}\s*\.`, 'i');
const NAMES_SCHEMA = new RegExp(String.raw`${THING}${NAME}\s*\.`, 'i');
const DATABASE = String.raw`^(?:CREATE|ALTER|DROP)${SPACE}(?:DATABASE|SCHEMA)\b`;
const OF_DATABASE = new RegExp(DATABASE, 'i');
const OF_SYSTEM = new RegExp(String.raw`${DATABASE}${SPACE}${IF_EXISTS}${SYSTEM_NAME}(?:\s|$)`, 'i');

/** Whether a schema is the server's own, or the mover's. */
export const isSystem = (schema: string): boolean => SYSTEM.includes(schema.toLowerCase());

/** What clients put before a statement: their names, notes, and the version from which on it is one. */
export const LEADING = new RegExp(String.raw`^(?:\s|${COMMENT}|/\*!\d*)*`);

/**
 * Decides what to do with a statement of the log. Accounts and what lies in the server's own schemas belong to each side by itself, as in
 * Azure's own replication (FACTS2 2); nobody on the standby may name another definer.
 * @param schema the session's schema at that moment
 * @param word how this server says that an event sleeps
 */
export function decide(statement: string, schema: string, word: ReplicaWord): Decision {
  const head = LEADING.exec(statement)?.[0].length ?? 0;
  const bare = statement.slice(head);
  if (ACCOUNTS.test(bare)) return { kind: 'skip', because: 'it is about accounts' };
  const defined = DEFINED.exec(bare);
  const [whole = '', verb = '', before = '', , after = '', kind = ''] = defined ?? [];
  const own = defined === null ? bare : `${verb}${before}${after}${kind}${bare.slice(whole.length)}`;
  if (INTO_SYSTEM.test(own) || OF_SYSTEM.test(own)) {
    return { kind: 'skip', because: "it is about the server's own schemas" };
  }
  const isWithin = DEFINITION.test(own) && !NAMES_SCHEMA.test(own) && !OF_DATABASE.test(own);
  if (isWithin && isSystem(schema)) return { kind: 'skip', because: `it was done within ${schema}` };
  const asked = kind.toUpperCase() === 'EVENT' ? asleep(own, word) : own;
  return { kind: 'keep', text: statement.slice(0, head) + asked };
}
