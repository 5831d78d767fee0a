import { loadedSchema, type Loaded } from '../../core/data/home.ts';
import { OWN_SCHEMA } from '../database/server.ts';
import { literal, Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import { parsed } from './opened.ts';

/**
 * How far a load for the way home is, as the primary's own database remembers it.
 *
 *   loading    its tables are being filled, beside the site's
 *   loaded     they are whole; the site's own are as they were
 *   swapping   they are taking the place of the site's
 *   home       they have taken it
 *   settled    users are home
 *   discarded  nobody came home: the site's own are as they were
 */
export type LoadState = 'loading' | 'loaded' | 'swapping' | 'home' | 'settled' | 'discarded';

/** A load, the newest that there is. */
export interface HomeLoad {
  readonly id: number;
  readonly dump: string;
  /** The load that this one goes on from; null where it began with empty schemas. */
  readonly base: string | null;
  /** The number of the schemas that it fills. */
  readonly stage: number;
  readonly state: LoadState;
  /** What the primary had executed when it was last known that nobody else had written. */
  readonly known: string;
  /** What it came to; null until it is whole. */
  readonly loaded: Loaded | null;
}

const TABLE = `${OWN_SCHEMA}.home_loads`;
const LOCK = `${OWN_SCHEMA}-home`;

/** The newest load; null where there never was one. It needs no right but to read. */
export async function currentHomeLoad(session: Session): Promise<HomeLoad | null> {
  const [there] = await session.query(
    `SELECT 1 FROM information_schema.tables WHERE table_schema = '${OWN_SCHEMA}' AND table_name = 'home_loads'`,
  );
  if (there === undefined) return null;
  const [row] = await session.query(
    `SELECT id, dump, COALESCE(base, ''), stage, state, known, COALESCE(loaded, '') FROM ${TABLE} ORDER BY id DESC LIMIT 1`,
  );
  if (row === undefined) return null;
  const [id = '0', dump = '', base = '', stage = '0', state = 'loading', known = '', loaded = ''] = row;
  return {
    ...{ id: Number(id), dump, base: base === '' ? null : base, stage: Number(stage) },
    ...{ state: state as LoadState, known },
    loaded: loaded === '' ? null : (loadedSchema.safeParse(parsed(loaded)).data ?? null),
  };
}

/** The session that does the bookkeeping of a load. It holds a lock for as long as it lives. @throws MoverError `refused` where another one works */
export async function openHomeBooks(optionFile: string): Promise<Session> {
  const session = await Session.open(optionFile);
  try {
    if ((await session.value(`SELECT GET_LOCK('${LOCK}', 10)`)) !== '1') {
      throw new MoverError(
        'refused',
        'HOME_BUSY',
        'another mover is bringing data home to this database. Wait for it, or end it; then start this one again.',
      );
    }
    // The load of a large dump takes longer than a silent session lives by default.
    await session.query('SET SESSION wait_timeout = 604800, SESSION lock_wait_timeout = 30');
    return session;
  } catch (error) {
    session.close();
    throw error;
  }
}

/** Makes the books where there are none. @throws MoverError `refused` where the login may not */
export async function makeHomeBooks(session: Session): Promise<void> {
  await session.query(`CREATE DATABASE IF NOT EXISTS ${OWN_SCHEMA}`);
  await session.query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, dump CHAR(16) NOT NULL, base CHAR(16) NULL, stage INT NOT NULL,
     state VARCHAR(12) NOT NULL, known LONGTEXT NOT NULL, loaded LONGTEXT NULL, began_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP)`,
  );
}

/** Begins a load: in schemas of its own, or in those of the load that it goes on from. */
export async function beginHomeLoad(
  session: Session,
  load: Pick<HomeLoad, 'dump' | 'base' | 'known'> & { readonly stage: number | null },
): Promise<HomeLoad> {
  const base = load.base === null ? 'NULL' : literal(load.base);
  await session.query(
    `INSERT INTO ${TABLE} (dump, base, stage, state, known) VALUES (${literal(load.dump)}, ${base}, ${load.stage ?? 0}, 'loading', ${literal(load.known)})`,
  );
  if (load.stage === null) await session.query(`UPDATE ${TABLE} SET stage = id WHERE stage = 0`);
  const begun = await currentHomeLoad(session);
  if (begun === null)
    throw new MoverError('database', 'LOAD_LOST', 'the load that was just begun is not on record');
  return begun;
}

/** Notes where a load is. */
export async function noteHomeLoad(
  session: Session,
  { id }: Pick<HomeLoad, 'id'>,
  facts: Partial<Pick<HomeLoad, 'state' | 'known' | 'loaded'>>,
): Promise<void> {
  const sets = Object.entries(facts).map(
    ([name, value]) => `${name} = ${literal(typeof value === 'string' ? value : JSON.stringify(value))}`,
  );
  await session.query(`UPDATE ${TABLE} SET ${sets.join(', ')} WHERE id = ${id}`);
}

/**
 * A dump of the primary would be the newest one of the site while data are on their way home, and hold what nobody is to have again.
 * @throws MoverError `refused` while a load is there that has not taken the site's place
 */
export async function refuseUnderWay(session: Session): Promise<void> {
  const load = await currentHomeLoad(session);
  if (load === null || !['loading', 'loaded', 'swapping'].includes(load.state)) return;
  throw new MoverError(
    'refused',
    'HOME_UNDER_WAY',
    `the data of the standby are on their way home to this database (${load.dump}, ${load.state}), so what it holds is not what users have. No dump was made. It ends with mover home, or with mover home --discard.`,
  );
}
