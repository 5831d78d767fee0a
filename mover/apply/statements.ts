import { asleep, type ReplicaWord } from './events.ts';
import { OWN_SCHEMA, SYSTEM_SCHEMAS } from '../database/server.ts';

/** What is done with one statement of the log. */
export type Decision =
  | { readonly kind: 'keep'; readonly text: string }
  /** Its GTID is spent on an empty transaction: the standby must not do it. */
  | { readonly kind: 'skip'; readonly because: string };

const ACCOUNT = String.raw`(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.-]+)(?:\s*@\s*(?:\x60(?:[^\x60]|\x60\x60)*\x60|'[^']*'|"[^"]*"|[\w$.%:-]+))?(?:\s*\(\s*\))?`;
const DEFINER = new RegExp(String.raw`\bDEFINER\s*=\s*${ACCOUNT}\s*`, 'i');
const EVENT = /^(?:CREATE|ALTER)\s(?:[^('"`]|`(?:[^`]|``)*`)*?\bEVENT\b/i;
const ACCOUNTS =
  /^(?:(?:CREATE|ALTER|DROP|RENAME)\s+(?:USER|ROLE)\b|GRANT\b|REVOKE\b|SET\s+(?:PASSWORD|DEFAULT\s+ROLE)\b|FLUSH\b)/i;
const DEFINABLE = /^(?:CREATE|ALTER)\s(?:[^('"]*?)\b(?:VIEW|TRIGGER|PROCEDURE|FUNCTION|EVENT)\b/i;
const SYSTEM = [...SYSTEM_SCHEMAS, OWN_SCHEMA];
const INTO_SYSTEM = new RegExp(
  String.raw`^(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|ANALYZE|OPTIMIZE|REPAIR)\b[^('"]*?[\s\x60](?:${SYSTEM.join('|')})\x60?\s*\.`,
  'i',
);
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
  if (INTO_SYSTEM.test(bare) || OF_SYSTEM.test(bare))
    return { kind: 'skip', because: "it is about the server's own schemas" };
  const isDefinition = /^(?:CREATE|ALTER|DROP|TRUNCATE|RENAME|ANALYZE|OPTIMIZE|REPAIR)\b/i.test(bare);
  const namesOther =
    /^[^('"]*?\.\s*[\x60\w]/.test(bare) || /^(?:CREATE|ALTER|DROP)\s+(?:DATABASE|SCHEMA)\b/i.test(bare);
  if (isDefinition && isSystem(schema) && !namesOther)
    return { kind: 'skip', because: `it was done within ${schema}` };
  if (!DEFINABLE.test(bare)) return { kind: 'keep', text: statement };
  const own = bare.replace(DEFINER, '');
  return { kind: 'keep', text: statement.slice(0, head) + (EVENT.test(own) ? asleep(own, word) : own) };
}
