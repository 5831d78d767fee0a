import { asleep, type ReplicaWord } from './events.ts';
import { OWN_SCHEMA, SYSTEM_SCHEMAS } from '../database/server.ts';

/** What is done with one statement of the log. */
export type Decision =
  | { readonly kind: 'keep'; readonly text: string }
  /** Its GTID is spent on an empty transaction: the standby must not do it. */
  | { readonly kind: 'skip'; readonly because: string };

const ACCOUNT = String.raw`(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.-]+)(?:\s*@\s*(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.%:-]+))?(?:\s*\(\s*\))?`;
const KINDS = 'TABLES?|VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT';
/** What may stand before the kind of a thing that has a definer; the third group is the definer. */
const DEFINED = new RegExp(
  String.raw`^(CREATE|ALTER)(\s+(?:OR\s+REPLACE\s+|ALGORITHM\s*=\s*\w+\s+)*)(DEFINER\s*=\s*${ACCOUNT}\s+)?((?:SQL\s+SECURITY\s+\w+\s+|AGGREGATE\s+)*)(VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT)\b`,
  'i',
);
const ACCOUNTS =
  /^(?:(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE)\b|GRANT\b|REVOKE\b|SET\s+(?:PASSWORD|DEFAULT\s+ROLE)\b|FLUSH\b)/i;
const SYSTEM = [...SYSTEM_SCHEMAS, OWN_SCHEMA];
const VERBS = 'CREATE|ALTER|DROP|TRUNCATE|RENAME|ANALYZE|OPTIMIZE|REPAIR';
const DEFINITION = new RegExp(String.raw`^(?:${VERBS})\b`, 'i');
/** A definition up to the name of its thing. */
const NAME = String.raw`(?:\x60(?:[^\x60]|\x60\x60)+\x60|[\w$]+)`;
const THING = String.raw`^(?:(?:${VERBS})\s+(?:[\w=]+\s+)*?(?:(?:${KINDS})|INDEX\s+${NAME}\s+ON)|TRUNCATE)\s+(?:(?:/\*!\d+\s+)?IF\s+(?:NOT\s+)?EXISTS\s*(?:\*/)?\s+)?`;
const INTO_SYSTEM = new RegExp(String.raw`${THING}\x60?(?:${SYSTEM.join('|')})\x60?\s*\.`, 'i');
const NAMES_SCHEMA = new RegExp(String.raw`${THING}${NAME}\s*\.`, 'i');
const OF_DATABASE = /^(?:CREATE|ALTER|DROP)\s+(?:DATABASE|SCHEMA)\b/i;
const OF_SYSTEM = new RegExp(
  String.raw`^(?:CREATE|ALTER|DROP)\s+(?:DATABASE|SCHEMA)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?\x60?(?:${SYSTEM.join('|')})\x60?(?:\s|$)`,
  'i',
);

/** Whether a schema is the server's own, or the mover's. */
export const isSystem = (schema: string): boolean => SYSTEM.includes(schema.toLowerCase());

/** Comments before a statement; clients put their names there. */
const LEADING = /^(?:\s+|\/\*(?!!)[\s\S]*?\*\/|(?:--\s|#)[^\n]*\n)*/;

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
