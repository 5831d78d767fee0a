import type { Session } from '../database/session.ts';
import { identifier } from '../database/session.ts';

/**
 * Events sleep on the standby as they do on a replica of MySQL: one that is enabled on the primary becomes `DISABLE ON REPLICA`, in the
 * statement that makes it, because an event without a beginning runs at once. So the database itself knows which to wake.
 */
export type ReplicaWord = 'REPLICA' | 'SLAVE';

/** `REPLICA` is known since 8.2, `SLAVE` is what came before. Source: MySQL manual, CREATE EVENT; release notes of 8.2.0. */
export function replicaWord(version: string): ReplicaWord {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 8 || (major === 8 && minor >= 2) ? 'REPLICA' : 'SLAVE';
}

/** Strings, quoted names, comments and words; everything else is a sign by itself. */
const TOKEN =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`]|``)*`|\/\*(?!!)[\s\S]*?\*\/|--\s[^\n]*|#[^\n]*|[\w$]+|[\s\S]/g;

const NAME = String.raw`(?:\x60(?:[^\x60]|\x60\x60)+\x60|[\w$]+)`;
/** A statement up to the end of the event's name, which may be any word. */
const HEAD = new RegExp(
  String.raw`^(?:(?:CREATE|ALTER)\s+)?EVENT\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?${NAME}(?:\s*\.\s*${NAME})?`,
  'i',
);
const NEW_NAME = new RegExp(String.raw`\s+TO\s+${NAME}(?:\s*\.\s*${NAME})?`, 'iy');

/**
 * A statement that makes or changes an event, so that the event sleeps. What it says about its body, its comment and its name is left as
 * it is.
 * @param statement begins with CREATE EVENT, ALTER EVENT or EVENT
 */
export function asleep(statement: string, word: ReplicaWord): string {
  const makes = !/^ALTER\b/i.test(statement);
  TOKEN.lastIndex = HEAD.exec(statement)?.[0].length ?? 0;
  let end = statement.length;
  for (let token = TOKEN.exec(statement); token !== null; token = TOKEN.exec(statement)) {
    const [text] = token;
    const rest = statement.slice(token.index + text.length);
    if (/^RENAME$/i.test(text)) {
      NEW_NAME.lastIndex = TOKEN.lastIndex;
      if (NEW_NAME.test(statement)) TOKEN.lastIndex = NEW_NAME.lastIndex;
    }
    if (/^ENABLE$/i.test(text)) return `${statement.slice(0, token.index)}DISABLE ON ${word}${rest}`;
    if (/^DISABLE$/i.test(text)) {
      // Asleep on the primary too, whatever the reason was: nothing here wakes it.
      return `${statement.slice(0, token.index)}DISABLE${rest.replace(/^\s+ON\s+(?:SLAVE|REPLICA)\b/i, '')}`;
    }
    if (/^(?:COMMENT|DO)$/i.test(text)) {
      end = token.index;
      break;
    }
  }
  return makes ? `${statement.slice(0, end)}DISABLE ON ${word} ${statement.slice(end)}` : statement;
}

/** A line of a dump, with the event that it may begin asleep. */
export function asleepInDump(line: string, word: ReplicaWord): string {
  const found = /^\/\*!50106 CREATE\*\/ (?:\/\*!50117 [^*]*\*\/ )?\/\*!50106 /.exec(line)?.[0];
  if (found === undefined || !line.startsWith('EVENT ', found.length)) return line;
  return found + asleep(line.slice(found.length), word);
}

/** Wakes what sleeps because this was a standby. */
export async function wakeEvents(session: Session): Promise<number> {
  const asleepHere = await session.query(
    "SELECT event_schema, event_name FROM information_schema.events WHERE status NOT IN ('ENABLED', 'DISABLED')",
  );
  for (const [schema = '', name = ''] of asleepHere) {
    await session.query(`ALTER EVENT ${identifier(schema)}.${identifier(name)} ENABLE`);
  }
  return asleepHere.length;
}
