import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  homeAnswerBlob,
  homeAnswerSchema,
  orderBlob,
  sideBlob,
  sideStateSchema,
  type HomeAnswer,
  type HomeTask,
} from '../../core/data/home.ts';
import { SeededRandom } from '../../drill/random.ts';
import { withSession } from '../../mover/database/session.ts';
import { currentHomeLoad } from '../../mover/home/books.ts';
import { dumpHome } from '../../mover/home/dump-home.ts';
import { loadHome } from '../../mover/home/load-home.ts';
import { exportOrphans } from '../../mover/home/orphans.ts';
import { serveHome } from '../../mover/home/primary-side.ts';
import { leaveFigures, verifyHome } from '../../mover/home/verify-home.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';
import { failOver, homeSides, shop, untilThere } from './helpers/way-home.ts';

const SEED = Number(process.env['MOVER_KILL_SEED'] ?? '1');
/** Kills of a load; MOVER_KILLS makes them more, and shows where each one came. */
const KILLS = Number(process.env['MOVER_KILLS'] ?? '4');

describeMover('the way home by order, and by a process that is killed', () => {
  const sides = useSides();

  beforeAll(() => {
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
  });

  const order = async (id: string, task: HomeTask, run = 'run-1', askedAt = Date.now()): Promise<void> => {
    const iso = (ms: number): string => new Date(ms).toISOString();
    await sides.blobs.store.handover.replace(
      orderBlob(sides.workload, id),
      JSON.stringify({
        ...{ schemaVersion: 1, id, correlationId: run, task },
        ...{ askedAt: iso(askedAt), until: iso(askedAt + 60_000) },
      }),
    );
  };
  const answer = async (id: string): Promise<HomeAnswer> => {
    const { handover } = sides.blobs.store;
    return homeAnswerSchema.parse(
      JSON.parse(await untilThere(() => handover.readText(homeAnswerBlob(sides.workload, id)))),
    );
  };
  const done = async (id: string, task: HomeTask) => {
    await order(id, task);
    const got = await answer(id);
    if (got.outcome !== 'done') throw new Error(`${id}: ${got.code}: ${got.detail}`);
    return got.result;
  };

  it('does each order once, on the side whose it is, and says what came of it', async () => {
    sides.primary.root(shop);
    await failOver(sides);
    sides.primary.root("INSERT INTO shop.Orders (total, note) VALUES (9, 'orphan')");
    const { primary } = homeSides(sides);
    const stop = new AbortController();
    const serving = serveHome(primary, stop.signal);
    expect(await done('run-1-orphans', { what: 'orphans', anew: false })).toMatchObject({
      what: 'orphans',
      manifest: { transactions: 1 },
    });
    expect(await done('run-1-gates', { what: 'gates' })).toMatchObject({ open: true });
    const dumped = await done('run-1-dump', { what: 'dump', since: null });
    if (dumped.what !== 'dump') throw new Error('no dump');
    const { dump } = dumped;
    expect(await done('run-1-load', { what: 'load', dump, isLast: false })).toMatchObject({
      dump,
      tables: 2,
    });
    await wait(1_000);
    const changed = await done('run-1-dump-last', { what: 'dump', since: dump });
    expect(changed).toMatchObject({ what: 'dump', changed: [] });
    if (changed.what !== 'dump') throw new Error('no dump');
    await done('run-1-figures', { what: 'figures' });
    expect(await done('run-1-last', { what: 'load', dump: changed.dump, isLast: true })).toMatchObject({
      isLast: true,
      changed: [],
      tables: 0,
    });
    expect(await done('run-1-verify', { what: 'verify' })).toEqual({ what: 'verify', tables: 2, rows: 2 });
    expect(await done('run-1-settle', { what: 'settle' })).toMatchObject({ what: 'settle', eventsWoken: 1 });
    // The same order again, by a controller that did not see the answer, and one of a run that is over.
    const first = await answer('run-1-orphans');
    await order('run-1-orphans', { what: 'orphans', anew: true });
    await order('run-2-gates', { what: 'gates' }, 'run-2');
    expect((await answer('run-2-gates')).outcome).toBe('done');
    await order('run-1-late', { what: 'discard' }, 'run-1', Date.now() - 5_000);
    expect(await answer('run-1-late')).toMatchObject({ outcome: 'failed', code: 'ORDER_OF_AN_OLDER_RUN' });
    await order('run-2-old', { what: 'discard' }, 'run-2', Date.now() - 90_000);
    expect(await answer('run-2-old')).toMatchObject({ outcome: 'failed', code: 'ORDER_TOO_OLD' });
    await sides.blobs.store.handover.replace(orderBlob(sides.workload, 'run-2-odd'), '{"what":"?"}');
    expect(await answer('run-2-odd')).toMatchObject({ outcome: 'failed', code: 'ORDER_NOT_READABLE' });
    await order('run-2-load', { what: 'load', dump: '20260101T000000Z', isLast: true }, 'run-2');
    expect(await answer('run-2-load')).toMatchObject({ outcome: 'failed', code: 'NO_DUMP' });
    expect(await answer('run-1-orphans')).toEqual(first);
    const state = await sides.blobs.store.handover.readText(sideBlob(sides.workload, 'primary'));
    expect(sideStateSchema.parse(JSON.parse(state ?? 'null'))).toMatchObject({
      side: 'primary',
      loaded: { dump: changed.dump, isLast: true },
    });
    stop.abort();
    await serving;
  }, 120_000);

  it('ends the same whenever the load is killed', async () => {
    sides.primary
      .root(`${shop}CREATE TABLE many (id INT PRIMARY KEY, word VARCHAR(200), orderId INT, FOREIGN KEY (orderId) REFERENCES Orders (id));
      CREATE TABLE plain (word VARCHAR(200)); SET cte_max_recursion_depth = 100000;
      INSERT INTO many WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 20000) SELECT i, REPEAT(SHA2(i, 256), 3), 1 + i % 2 FROM n;
      INSERT INTO plain SELECT word FROM many;`);
    await failOver(sides);
    const { primary, standby } = homeSides(sides);
    await exportOrphans(primary, false);
    const { dump } = await dumpHome(standby, null);
    await leaveFigures(standby);
    const random = new SeededRandom(SEED);
    const task = {
      ...{ command: 'home', url: sides.blobs.url, login: sides.primary.administrator },
      ...{ workload: sides.workload, work: join(sides.bench.folder, 'killed'), dump },
    };
    const state = async (): Promise<string> =>
      (await withSession(primary.optionFile, currentHomeLoad))?.state ?? 'none';
    const isTakingPlace = async (): Promise<true | null> =>
      ['none', 'loading'].includes(await state()) ? null : true;
    /** The tables take their places within a second or two at the end of many: hardly a kill would come there by itself. */
    const untilTakingPlace = async (): Promise<void> => {
      const began = (await isTakingPlace()) === true;
      await untilThere(isTakingPlace, 60).catch(() => null);
      await wait(began ? random.between(1_000, 3_000) : random.between(0, 900));
    };
    for (let kill = 0; kill < KILLS && (await state()) !== 'home'; kill += 1) {
      const child = spawn(
        process.execPath,
        [join(import.meta.dirname, 'helpers/mover-process.ts'), JSON.stringify(task)],
        { stdio: 'ignore', env: { ...process.env, NODE_EXTRA_CA_CERTS: sides.blobs.certificate } },
      );
      const closed = once(child, 'close');
      await Promise.race([
        closed,
        kill < KILLS / 2 ? wait(random.between(1_500, 4_500)) : untilTakingPlace(),
      ]);
      child.kill('SIGKILL');
      await closed;
      // Old or new, the site's tables are there, and whole.
      expect(sides.primary.root('SELECT COUNT(*) FROM shop.many; SELECT COUNT(*) FROM shop.Orders')).toBe(
        '20000\n2',
      );
      if (process.env['MOVER_KILLS'] !== undefined) process.stderr.write(`${await state()}\n`);
    }
    await loadHome(primary, dump, true);
    const tables = await verifyHome(primary);
    expect(tables.map(({ name, rows }) => [name, rows])).toEqual([
      ['Orders', 2],
      ['audit', 0],
      ['many', 20_000],
      ['plain', 20_000],
    ]);
    expect(
      sides.primary.root("SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = 'shop'"),
    ).toBe('1');
    expect(sides.primary.root('SELECT COUNT(*) FROM shop.recent')).toBe('2');
  }, 240_000);
});
