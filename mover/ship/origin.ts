import { filesOf } from '../../core/data/recovery-point.ts';
import type { LogPart } from '../../core/data/layout.ts';
import type { ManifestV2 } from '../../core/data/manifest.ts';
import { oneLine, type ServerFacts } from '../database/server.ts';
import { literal, type Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';

/** Where the shipping of a log goes on. */
export interface Origin {
  readonly segment: string;
  /** The file that is read from its beginning. */
  readonly file: string;
  /** Bytes of that file which are in the store already. */
  readonly shipped: number;
}

const purged = (detail: string): MoverError =>
  new MoverError(
    'gap',
    'LOG_PURGED',
    `${detail}. A new dump begins at once; raise the retention of the binary log.`,
  );
/** What was shipped and what the server has do not go together. */
export const gap = (detail: string): MoverError =>
  new MoverError('gap', 'GAP', `${detail}. A new dump begins at once.`);

/** What the origin follows from. */
export interface Asked {
  readonly server: ServerFacts;
  readonly manifest: ManifestV2;
  readonly parts: readonly LogPart[];
  /** Everything that is known to be in the store: the dump's set, or what the last beat said. */
  readonly shippedGtids: string;
}

/**
 * Decides where to go on: in the file that was shipped last where this server still has it, in a new segment where another
 * server answers, at the dump's own place where nothing was shipped yet.
 * @throws MoverError `gap` where the server does not have any more what comes next
 */
export async function originOf(session: Session, asked: Asked): Promise<Origin> {
  const { server, manifest, parts, shippedGtids } = asked;
  const logs = await serverLogs(session);
  const own = server.uuid.slice(0, 8);
  const byGtids = (): Promise<string> => fileByGtids(session, logs, shippedGtids);
  const segment = [...new Set(parts.map((part) => part.segment))].sort().at(-1);
  if (segment === undefined) {
    const begins = manifest.position?.file ?? '';
    if (manifest.source.uuid !== server.uuid) {
      return { segment: `0001-${own}`, file: await byGtids(), shipped: 0 };
    }
    if (!logs.has(begins)) throw purged(`the server has no ${begins} any more, in which the dump stands`);
    return { segment: `0001-${own}`, file: begins, shipped: 0 };
  }
  const last = filesOf(parts.filter((part) => part.segment === segment)).at(-1);
  if (last !== undefined && segment.endsWith(own)) {
    const size = logs.get(last.name);
    if (size === undefined) {
      throw purged(`the server has no ${last.name} any more, of which ${last.length} bytes were shipped`);
    }
    if (size < last.length) {
      throw gap(
        `the server's ${last.name} has ${size} bytes, of which ${last.length} were shipped: it has lost log, or is another server`,
      );
    }
    return { segment, file: last.name, shipped: last.length };
  }
  // Another server: a segment of its own, from the newest file on that leaves nothing out.
  const number = String(Number(segment.slice(0, 4)) + 1).padStart(4, '0');
  return { segment: `${number}-${own}`, file: await byGtids(), shipped: 0 };
}

async function serverLogs(session: Session): Promise<Map<string, number>> {
  const rows = await session.query('SHOW BINARY LOGS');
  return new Map(rows.map(([name = '', size = '0']) => [name, Number(size)]));
}

/** Each file says at its beginning what had been executed before it; the newest whose past is all in the store will do. */
async function fileByGtids(
  session: Session,
  logs: ReadonlyMap<string, number>,
  shippedGtids: string,
): Promise<string> {
  for (const file of [...logs.keys()].reverse()) {
    const events = await session.query(`SHOW BINLOG EVENTS IN ${literal(file)} LIMIT 3`);
    const before = events.find((event) => event[2] === 'Previous_gtids')?.[5] ?? '';
    const missing = await session.value(
      `SELECT GTID_SUBTRACT(${literal(oneLine(before))}, ${literal(shippedGtids)})`,
    );
    if (missing === '') return file;
  }
  throw gap(`no file of this server's log begins within what was shipped (${shippedGtids})`);
}
