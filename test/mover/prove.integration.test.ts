import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { writeOptionFile, type Login } from '../../mover/database/login.ts';
import { prove, type Proof } from '../../mover/verify/prove.ts';
import { compareWith, leaveWitness, newestWitness } from '../../mover/verify/witness.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';

const shop = readFileSync(join(import.meta.dirname, 'fixtures/shop.sql'), 'utf8');

describeMover('the proof that data can be restored, and the comparison of two sides', () => {
  const sides = useSides();

  const options = (login: Login) => ({
    workload: sides.workload,
    optionFile: writeOptionFile(login).path,
    backups: sides.blobs.store.backups,
    ...{ checksums: true, jobs: 2, work: sides.bench.folder, systemUser: userInfo().username },
    now: () => Date.now(),
    sleep: (ms: number) => wait(ms).then(() => undefined),
    log: { info: () => undefined, warn: () => undefined },
  });
  const proved = (): Promise<Proof> => prove(options(sides.primary.login));

  async function loggedShop(): Promise<void> {
    sides.primary.root(shop);
    sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    sides.primary.root("INSERT INTO shop.Orders (total, note) VALUES (5, 'by the log')");
    await sides.bench.shipped();
  }

  it('is good where dump and log give back what the primary has, and writes go on meanwhile', async () => {
    await loggedShop();
    const proving = proved();
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (6)');
    await wait(2_000);
    sides.primary.root('DELETE FROM shop.Orders WHERE total = 1.5');
    const proof = await proving;
    expect(proof).toMatchObject({ good: true, detail: '', tables: 2 });
    expect(proof.rows).toBeGreaterThanOrEqual(4);
  }, 90_000);

  it('is not good where the newest dump is damaged and nothing stands in for it', async () => {
    sides.primary.root(shop);
    const stop = sides.bench.ship(sides.primary.login);
    await sides.bench.shipped();
    const beat = await sides.bench.beat();
    await stop();
    sides.bench.ship(sides.primary.login);
    await sides.blobs.damage(`${sides.workload}/${beat?.dump ?? ''}/rows-0001.sql.zst`);
    const proof = await proved();
    expect(proof.good).toBe(false);
    expect(proof.detail).toContain('No dump can be used');
  }, 90_000);

  it('is not good where the primary writes what no log tells', async () => {
    await loggedShop();
    sides.primary.root('SET sql_log_bin = 0; INSERT INTO shop.audit (what) VALUES (1)');
    const proof = await proved();
    expect(proof).toMatchObject({ good: false, detail: 'table shop.audit has 1 rows, expected 2' });
  }, 90_000);

  it('finds two sides equal at the same point, and names the table in which they are not', async () => {
    await loggedShop();
    await leaveWitness(options(sides.primary.login));
    await sides.bench.shipped();
    await sides.bench.apply(sides.standby.login);
    const witness = await newestWitness(sides.blobs.store.backups, sides.workload);
    if (witness === null) throw new Error('there is no witness');
    const base = sides.standby.root('SELECT gtid_set FROM pilotlight.loads');
    const standby = options(sides.standby.login);
    expect(await compareWith(standby, witness, base)).toEqual([]);
    sides.standby.root("SET sql_log_bin = 0; UPDATE shop.orders SET note = 'changed' WHERE id = 1");
    expect(await compareWith(standby, witness, base)).toEqual([
      'table shop.Orders has as many rows and another checksum',
    ]);
  }, 60_000);

  it('compares nothing where one side lacks what the other was counted with', async () => {
    await loggedShop();
    await sides.bench.apply(sides.standby.login);
    sides.primary.root('INSERT INTO shop.Orders (total) VALUES (6)');
    const witness = await leaveWitness(options(sides.primary.login));
    const base = sides.standby.root('SELECT gtid_set FROM pilotlight.loads');
    await expect(compareWith(options(sides.standby.login), witness, base)).rejects.toThrow(
      /does not stand where the figures of .* were taken: it lacks [0-9a-f-]{36}:\d+/,
    );
  }, 60_000);
});
