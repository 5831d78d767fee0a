import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { answerSchema, applierSchema } from '../../core/data/handover.ts';
import {
  homeAnswerBlob,
  homeAnswerSchema,
  openedBlob,
  orderBlob,
  type HomeAnswer,
  type HomeTask,
} from '../../core/data/home.ts';
import { answerBlob, applierBlob, requestBlob } from '../../core/data/layout.ts';
import { SeededRandom } from '../../drill/random.ts';
import { writeOptionFile } from '../../mover/database/login.ts';
import { Session, withSession } from '../../mover/database/session.ts';
import { dumpHome } from '../../mover/home/dump-home.ts';
import { loadHome, settle } from '../../mover/home/load-home.ts';
import { exportOrphans } from '../../mover/home/orphans.ts';
import { describeMover, PASSWORD } from './helpers/mysql.ts';
import { until, useSides } from './helpers/sides.ts';
import { failOver, homeSides, shop, untilThere } from './helpers/way-home.ts';

const APPLICATION = { user: 'shop_app', password: PASSWORD };
const TOTALS = 'SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.Orders';
const SEED = Number(process.env['MOVER_KILL_SEED'] ?? '1');
const KILLS = Number(process.env['MOVER_KILLS'] ?? '5');

describeMover('a standby that users have left', () => {
  const sides = useSides();

  beforeAll(() => {
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
    // Azure's own means of ending a session: its administrator has no CONNECTION_ADMIN.
    sides.standby.root('CREATE PROCEDURE mysql.az_kill(IN id BIGINT) KILL id');
  });

  let onEnd: () => void = () => undefined;
  afterEach(() => onEnd());

  const iso = (ms: number): string => new Date(ms).toISOString();
  const text = (name: string): Promise<string | null> => sides.blobs.store.handover.readText(name);
  const ordered = async (id: string, task: HomeTask): Promise<string> => {
    const askedAt = iso(Date.now());
    const order = { schemaVersion: 1, id, correlationId: 'run-1', task, askedAt };
    await sides.blobs.store.handover.replace(
      orderBlob(sides.workload, id),
      JSON.stringify({ ...order, until: iso(Date.now() + 600_000) }),
    );
    return askedAt;
  };
  const answer = async (id: string): Promise<HomeAnswer> =>
    homeAnswerSchema.parse(JSON.parse(await untilThere(() => text(homeAnswerBlob(sides.workload, id)), 60)));
  const applier = async () =>
    applierSchema.parse(JSON.parse((await text(applierBlob(sides.workload))) ?? 'null'));
  const asApplication = (): string => writeOptionFile({ ...sides.standby.login, ...APPLICATION }).path;
  const mayWrite = (): Promise<boolean> =>
    withSession(asApplication(), (session) => session.query('UPDATE shop.orders SET total = total')).then(
      () => true,
      () => false,
    );
  /** Everything that was written on the standby is on the primary; users are there, and nothing is settled. */
  const comeHome = async (): Promise<string> => {
    const { primary, standby } = homeSides(sides);
    await exportOrphans(primary, false);
    const { dump } = await dumpHome(standby, null);
    await loadHome(primary, dump, true);
    return dump;
  };

  it('remembers that both held the same, throws away what it has, and follows the primary again', async () => {
    const readyFile = join(sides.bench.folder, 'ready');
    sides.primary.root(shop);
    await failOver(sides, { application: APPLICATION, readyFile });
    const user = await Session.open(asApplication());
    onEnd = () => user.close();
    await user.query('USE shop');
    await user.query('INSERT INTO orders (total) VALUES (7)');
    const dumpedHome = await comeHome();

    const askedAt = await ordered('run-1-equal', { what: 'equal' });
    expect(await answer('run-1-equal')).toMatchObject({ result: { what: 'equal', at: askedAt } });
    expect(await applier()).toMatchObject({ state: 'open', appliedUntil: askedAt });
    // A second failover, before the standby follows again, is told from when on writes are missing.
    const again = { schemaVersion: 1, correlationId: 'again', execution: 'again', askedAt: iso(Date.now()) };
    await sides.blobs.store.handover.add(requestBlob(sides.workload, 'again'), JSON.stringify(again));
    const open = await untilThere(() => text(answerBlob(sides.workload, 'again')));
    expect(answerSchema.parse(JSON.parse(open))).toMatchObject({ outcome: 'open', appliedUntil: askedAt });

    // No dump of the primary has what came home yet.
    await ordered('run-1-early', { what: 'follow' });
    expect(await answer('run-1-early')).toMatchObject({ outcome: 'failed', code: 'NO_NEWER_DUMP' });
    expect(await applier()).toMatchObject({ state: 'open' });
    expect(await mayWrite()).toBe(true);

    const { dump } = await settle(homeSides(sides).primary);
    sides.bench.ship(sides.primary.login);
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (8)');
    await sides.bench.shipped();
    sides.standby.root('INSERT INTO shop.orders (total) VALUES (666)');
    await ordered('run-1-follow', { what: 'follow' });
    const followed = await answer('run-1-follow');
    if (followed.outcome !== 'done' || followed.result.what !== 'follow') throw new Error('not done');
    expect(followed.result.dump >= dump && dump > dumpedHome).toBe(true);
    expect(await applier()).toMatchObject({ state: 'following', dump: followed.result.dump, fault: null });
    expect(existsSync(readyFile)).toBe(true);
    expect(await text(openedBlob(sides.workload))).toBe('null');
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50,7.00,8.00');
    expect(await mayWrite()).toBe(false);
    await expect(user.query('INSERT INTO orders (total) VALUES (9)')).rejects.toThrow();
    expect(
      await withSession(asApplication(), (session) => session.value('SELECT COUNT(*) FROM shop.orders')),
    ).toBe('4');

    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (10)');
    await until(() => sides.standby.root(TOTALS) === '1.50,2.50,7.00,8.00,10.00');
    await ordered('run-1-twice', { what: 'follow' });
    expect(await answer('run-1-twice')).toMatchObject({ outcome: 'failed', code: 'NOT_OPENED' });
    await ordered('run-1-late', { what: 'equal' });
    expect(await answer('run-1-late')).toMatchObject({ outcome: 'failed', code: 'NOT_OPENED' });
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50,7.00,8.00,10.00');
  }, 240_000);

  it('follows again in the end, whenever it is killed', async () => {
    sides.primary.root(
      `${shop}CREATE TABLE many (id INT PRIMARY KEY, word VARCHAR(200)); SET cte_max_recursion_depth = 100000;
      INSERT INTO many WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 50000) SELECT i, REPEAT(SHA2(i, 256), 3) FROM n;`,
    );
    const stop = await failOver(sides);
    sides.standby.root('INSERT INTO shop.orders (total) VALUES (7)');
    await comeHome();
    await settle(homeSides(sides).primary);
    await stop();
    sides.bench.ship(sides.primary.login);
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (8)');
    await sides.bench.shipped();
    await ordered('run-1-follow', { what: 'follow' });
    const random = new SeededRandom(SEED);
    const task = {
      ...{ command: 'apply', url: sides.blobs.url, login: sides.standby.login },
      ...{ workload: sides.workload, work: join(sides.bench.folder, 'killed') },
    };
    const begin = () =>
      spawn(process.execPath, [join(import.meta.dirname, 'helpers/mover-process.ts'), JSON.stringify(task)], {
        stdio: 'ignore',
        env: { ...process.env, NODE_EXTRA_CA_CERTS: sides.blobs.certificate },
      });
    const seen: string[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const child = begin();
      const closed = once(child, 'close');
      await Promise.race([closed, wait(random.between(1_500, 5_000))]);
      child.kill('SIGKILL');
      await closed;
      seen.push(
        sides.standby.root(
          "SELECT CONCAT(COUNT(*), ' loads, ', SUM(finished_at IS NOT NULL), ' done') FROM pilotlight.loads",
        ),
      );
    }
    if (process.env['MOVER_KILLS'] !== undefined) process.stderr.write(`${seen.join('\n')}\n`);
    const last = begin();
    const closed = once(last, 'close');
    try {
      expect(await answer('run-1-follow')).toMatchObject({ outcome: 'done', result: { what: 'follow' } });
      await until(() => sides.standby.root(TOTALS) === '1.50,2.50,7.00,8.00');
      expect(sides.standby.root('SELECT COUNT(*) FROM shop.many')).toBe('50000');
      expect(await text(openedBlob(sides.workload))).toBe('null');
      sides.primary.root('INSERT INTO shop.Orders (total) VALUES (10)');
      await until(() => sides.standby.root(TOTALS) === '1.50,2.50,7.00,8.00,10.00');
    } finally {
      last.kill('SIGKILL');
      await closed;
    }
  }, 240_000);
});
