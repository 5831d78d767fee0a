import type { Gate, Gates } from '../../core/data/home.ts';
import { Session } from '../database/session.ts';
import { MoverError, wordsOf } from '../errors.ts';
import { foreignWrites } from './foreign.ts';
import { tallyText } from './log-tally.ts';
import { exportOf, knownGtids, type HomeOptions } from './orphans.ts';

/** A transaction that is open for so long keeps the tables from being replaced. Seconds. */
const LONG_SECONDS = 60;
/** A database that does not answer a small question for so long is not healthy. Milliseconds. */
const ANSWER_LIMIT_MS = 15_000;

const shut = (gate: Omit<Gate, 'state'>): Gate => ({ state: 'shut', ...gate });

/**
 * Asks the primary what must hold before data are loaded over its own: the gates of RDS's own switchover (FACTS2 3), by name, as far as they
 * apply to a load. There is no lag to ask for, because a load is whole or is none; in its place stands the room, which SQL cannot tell.
 */
export async function askGates(options: HomeOptions): Promise<Gates> {
  const room: Gate = {
    state: 'unknown',
    asked: 'whether the disk has room for the data once more, beside what is there',
    got: 'SQL does not tell what is free',
    expected: 'FreeStorageSpace in CloudWatch above the size of the database, or storage autoscaling',
  };
  let session: Session | null = null;
  try {
    session = await Session.open(options.optionFile, ANSWER_LIMIT_MS);
    const healthy = await askHealth(session);
    const noLongTransactions = await askTransactions(session);
    const noForeignWrites = await askForeign(options);
    return gatesOf({ healthy, noForeignWrites, noLongTransactions, room });
  } catch (error) {
    const fault = error instanceof MoverError && error.failure === 'database' ? wordsOf(error) : null;
    if (fault === null) throw error;
    const unasked = { asked: 'nothing', got: 'the database does not answer', expected: 'an answer' };
    return gatesOf({
      healthy: shut({ asked: '@@read_only', got: fault, expected: 'an answer within 15 s' }),
      noForeignWrites: shut(unasked),
      noLongTransactions: shut(unasked),
      room,
    });
  } finally {
    session?.close();
  }
}

const gatesOf = (gates: Gates['gates']): Gates => ({
  open: Object.values(gates).every(({ state }) => state !== 'shut'),
  gates,
});

async function askHealth(session: Session): Promise<Gate> {
  const [row = []] = await session.query('SELECT @@GLOBAL.read_only, @@GLOBAL.super_read_only');
  const readOnly = row.join(' and ');
  const gate = {
    asked: '@@read_only and @@super_read_only',
    got: readOnly,
    expected: '0 and 0: this is the instance that takes writes',
  };
  return readOnly === '0 and 0' ? { state: 'open', ...gate } : shut(gate);
}

async function askTransactions(session: Session): Promise<Gate> {
  const rows = await session.query(
    `SELECT trx_mysql_thread_id, TIMESTAMPDIFF(SECOND, trx_started, NOW()) FROM information_schema.innodb_trx
     WHERE TIMESTAMPDIFF(SECOND, trx_started, NOW()) > ${LONG_SECONDS} ORDER BY trx_started LIMIT 5`,
  );
  const gate = {
    asked: 'information_schema.innodb_trx',
    got:
      rows.length === 0
        ? 'none'
        : rows.map(([thread, seconds]) => `connection ${thread} since ${seconds} s`).join(', '),
    expected: `no transaction that is open for more than ${LONG_SECONDS} s: end it (CALL mysql.rds_kill)`,
  };
  return rows.length === 0 ? { state: 'open', ...gate } : shut(gate);
}

async function askForeign(options: HomeOptions): Promise<Gate> {
  const asked = 'the binary log since the orphans were exported';
  const expected = 'no writes to the schemas of the site';
  try {
    const exported = await exportOf(options);
    const session = await Session.open(options.optionFile);
    try {
      const found = await foreignWrites(options, session, await knownGtids(session, exported));
      return found === null
        ? { state: 'open', asked, got: 'none', expected }
        : shut({ asked, got: tallyText(found), expected });
    } finally {
      session.close();
    }
  } catch (error) {
    if (!(error instanceof MoverError) || error.failure === 'store' || error.failure === 'database')
      throw error;
    return shut({ asked, got: wordsOf(error), expected });
  }
}
