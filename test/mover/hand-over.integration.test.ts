import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  answerSchema,
  applierSchema,
  type ApplierState,
  type HandoverAnswer,
} from '../../core/data/handover.ts';
import { answerBlob, applierBlob, requestBlob } from '../../core/data/layout.ts';
import { describeMover, PASSWORD } from './helpers/mysql.ts';
import { until, useSides } from './helpers/sides.ts';

const shop = readFileSync(join(import.meta.dirname, 'fixtures/shop.sql'), 'utf8');
const APPLICATION = { user: 'shop_app', password: PASSWORD };
const TOTALS = 'SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.orders';

describeMover('apply as a standby lives with it, up to the hand-over and after', () => {
  const sides = useSides();

  async function handOver(correlationId: string): Promise<HandoverAnswer> {
    const { handover } = sides.blobs.store;
    const request = {
      schemaVersion: 1,
      correlationId,
      execution: 'run',
      askedAt: new Date().toISOString(),
    };
    await handover.add(requestBlob(sides.workload, correlationId), JSON.stringify(request));
    for (const limit = Date.now() + 30_000; Date.now() < limit;) {
      const text = await handover.readText(answerBlob(sides.workload, correlationId));
      if (text !== null) return answerSchema.parse(JSON.parse(text));
      await wait(200);
    }
    throw new Error(`${correlationId} was not answered; the applier says ${JSON.stringify(await told())}`);
  }

  async function told(): Promise<ApplierState | null> {
    const text = await sides.blobs.store.handover.readText(applierBlob(sides.workload)).catch(() => null);
    return text === null ? null : applierSchema.parse(JSON.parse(text));
  }

  async function toldThat(is: (state: ApplierState) => boolean, seconds = 40): Promise<ApplierState> {
    for (const limit = Date.now() + seconds * 1000; Date.now() < limit;) {
      const state = await told();
      if (state !== null && is(state)) return state;
      await wait(200);
    }
    throw new Error(`the applier says ${JSON.stringify(await told())}`);
  }

  const events = (name: string): number => sides.bench.logged.filter(({ event }) => event === name).length;
  const fails = (sql: string): boolean => {
    try {
      sides.standby.root(sql);
      return false;
    } catch {
      return true;
    }
  };
  const grants = (): string => sides.standby.root("SHOW GRANTS FOR 'shop_app'@'%'");

  it('opens what is whole before a gap of the log, and says up to when that is', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    for (const total of [5, 6, 7]) {
      sides.primary.root(`INSERT INTO shop.Orders (total) VALUES (${total}); FLUSH BINARY LOGS;`);
      await sides.bench.shipped();
    }
    const before = Date.now();
    await stop();
    const logs = (await sides.blobs.store.backups.list(`${sides.workload}/`)).filter(({ name }) =>
      name.includes('/log/'),
    );
    await sides.blobs.remove(logs[1]?.name ?? '');
    sides.bench.follow(sides.standby.login, { application: APPLICATION });
    const state = await toldThat(({ fault }) => fault !== null);
    expect(state).toMatchObject({ state: 'failed', fault: { code: 'LOG_HAS_A_GAP' } });
    const answer = await handOver('gap');
    expect(answer.outcome).toBe('open');
    expect(Date.parse(answer.appliedUntil ?? '')).toBeLessThan(before - 1_000);
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50,5.00');
    expect(await told()).toMatchObject({ state: 'open' });
  }, 90_000);

  it('stops at a transaction that the database refuses, and opens what is before it', async () => {
    sides.primary.root(`${shop}CREATE TABLE shop.plain (id INT PRIMARY KEY);`);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.bench.follow(sides.standby.login);
    await toldThat(({ state }) => state === 'following');
    // Somebody wrote into the standby: the primary's row of the same key has no place.
    sides.standby.root('INSERT INTO shop.plain VALUES (2)');
    sides.primary.root(
      'INSERT INTO shop.plain VALUES (1); INSERT INTO shop.plain VALUES (2); INSERT INTO shop.plain VALUES (3);',
    );
    await sides.bench.shipped();
    const { fault } = await toldThat((state) => state.fault !== null);
    expect(fault?.code).toBe('REPLAY_REFUSED');
    expect(fault?.detail).toContain("Duplicate entry '2' for key 'plain.PRIMARY'");
    expect((await handOver('refused')).outcome).toBe('open');
    expect(sides.standby.root('SELECT GROUP_CONCAT(id ORDER BY id) FROM shop.plain')).toBe('1,2');
  }, 90_000);

  it('is loaded anew by itself where log was purged, also with a schema that came by the log', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.bench.follow(sides.standby.login, { application: APPLICATION });
    sides.primary.root('CREATE DATABASE later; CREATE TABLE later.t (id INT PRIMARY KEY)');
    await sides.bench.shipped();
    await until(() => !fails('SELECT 1 FROM later.t'));
    await stop();
    sides.primary.root('INSERT INTO later.t VALUES (1); FLUSH BINARY LOGS; FLUSH BINARY LOGS;');
    const newest = sides.primary.root('SHOW BINARY LOGS').split('\n').at(-1)?.split('\t')[0] ?? '';
    sides.primary.root(`PURGE BINARY LOGS TO '${newest}'`);
    sides.bench.ship(sides.primary.login);
    await until(() => events('load-done') === 2);
    await toldThat(({ state }) => state === 'following');
    expect(sides.standby.root('SELECT id FROM later.t')).toBe('1');
    expect((await handOver('purged')).outcome).toBe('open');
  }, 90_000);

  it('lets the application write into a schema that came by the log', async () => {
    sides.primary.root(shop);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.bench.follow(sides.standby.login, { application: APPLICATION });
    await toldThat(({ state }) => state === 'following');
    sides.primary.root(
      'CREATE DATABASE later; CREATE TABLE later.t (id INT PRIMARY KEY); CREATE VIEW later.v AS SELECT id FROM later.t; CREATE PROCEDURE later.p() SELECT 1',
    );
    await sides.bench.shipped();
    expect(grants()).not.toContain('INSERT');
    expect((await handOver('schema')).outcome).toBe('open');
    expect(grants()).toMatch(/GRANT SELECT, INSERT, UPDATE, DELETE, .*EXECUTE.* ON `later`\.\*/);
  }, 60_000);

  it('is one at a time: a second applier is refused, and the first goes on', async () => {
    sides.primary.root(shop);
    await sides.bench.dump(sides.primary.login);
    sides.bench.follow(sides.standby.login);
    await toldThat(({ state }) => state === 'following');
    await expect(sides.bench.apply(sides.standby.login)).rejects.toThrow(
      'another applier is at work on this database',
    );
    expect((await handOver('busy')).outcome).toBe('open');
  }, 60_000);

  it('goes on where it stopped, loads nothing twice, and after the hand-over changes nothing', async () => {
    sides.primary.root(shop);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    let stop = sides.bench.follow(sides.standby.login, { application: APPLICATION });
    await toldThat(({ state }) => state === 'following');
    await stop();
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (5)');
    await sides.bench.shipped();
    stop = sides.bench.follow(sides.standby.login, { application: APPLICATION });
    await until(() => sides.standby.root(TOTALS) === '1.50,2.50,5.00');
    expect((await handOver('first')).outcome).toBe('open');
    await stop();
    sides.standby.root('INSERT INTO shop.orders (id, total) VALUES (1000, 77)');
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (6)');
    await sides.bench.shipped();
    stop = sides.bench.follow(sides.standby.login, { application: APPLICATION });
    await toldThat(({ state }) => state === 'open');
    await wait(2_500);
    await stop();
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50,5.00,77.00');
    expect(events('load-done')).toBe(1);
    expect(grants()).toContain('INSERT');
  }, 90_000);

  it('loads an opened database anew by a person’s word alone, and shuts the application out for it', async () => {
    sides.primary.root(shop);
    await sides.bench.dump(sides.primary.login);
    const stop = sides.bench.follow(sides.standby.login, { application: APPLICATION });
    await toldThat(({ state }) => state === 'following');
    expect((await handOver('first')).outcome).toBe('open');
    await stop();
    sides.standby.root('INSERT INTO shop.orders (id, total) VALUES (1000, 77)');
    const again = { application: APPLICATION, correlationId: 'second' };
    await wait(1_100);
    const { name } = await sides.bench.dump(sides.primary.login);
    await expect(sides.bench.apply(sides.standby.login, { ...again, dump: name })).rejects.toThrow(
      'was opened for the application by first, and holds perhaps what users have written since',
    );
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50,77.00');
    expect(grants()).toContain('INSERT');
    await sides.bench.apply(sides.standby.login, { ...again, replace: true });
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50');
    expect(grants()).not.toContain('INSERT');
  }, 60_000);

  it('does not wait for a shipper whose database is dead, and opens what it had sent', async () => {
    sides.primary.root(shop);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.bench.follow(sides.standby.login);
    await toldThat(({ state }) => state === 'following');
    await sides.primary.kill('SIGKILL');
    await sides.bench.beatThat(({ fault }) => fault !== null);
    const asked = Date.now();
    expect((await handOver('dead')).outcome).toBe('open');
    // The beat of a living shipper would keep it for the whole minute that it may take.
    expect(Date.now() - asked).toBeLessThan(20_000);
    await sides.primary.again();
  }, 90_000);

  it('waits for a store and a database that are not there yet', async () => {
    sides.primary.root(shop);
    await sides.bench.dump(sides.primary.login);
    await sides.blobs.pause('SIGTERM');
    await sides.standby.kill('SIGKILL');
    sides.bench.follow(sides.standby.login);
    await until(() => events('waits-for-database') > 0);
    await sides.standby.again();
    await wait(1_000);
    await sides.blobs.again();
    await toldThat(({ state }) => state === 'following', 60);
    expect(sides.standby.root(TOTALS)).toBe('1.50,2.50');
  }, 120_000);
});
