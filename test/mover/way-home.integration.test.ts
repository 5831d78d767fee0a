import { setTimeout as wait } from 'node:timers/promises';
import { dumpHome } from '../../mover/home/dump-home.ts';
import { loadHome, settle } from '../../mover/home/load-home.ts';
import { exportOrphans } from '../../mover/home/orphans.ts';
import { leaveFigures, verifyHome } from '../../mover/home/verify-home.ts';
import { newestDump } from '../../mover/store/dumps.ts';
import { describeMover } from './helpers/mysql.ts';
import { useSides } from './helpers/sides.ts';
import { failOver, homeSides, shop } from './helpers/way-home.ts';

describeMover('the way home, from the standby to the primary', () => {
  const sides = useSides();
  const columns = (sql: string): string => sides.primary.root(sql);

  beforeAll(() => {
    sides.primary.root('SET GLOBAL log_bin_trust_function_creators = ON');
  });

  it('brings home what users did on the standby, under the names of the primary, with what runs', async () => {
    sides.primary.root(
      `${shop}CREATE TABLE items (id INT PRIMARY KEY, orderId INT, CONSTRAINT of_order FOREIGN KEY (orderId) REFERENCES Orders (id) ON DELETE CASCADE);
       INSERT INTO items VALUES (1, 1), (2, 2);`,
    );
    await failOver(sides);
    sides.standby.root("INSERT INTO shop.orders (total, note) VALUES (77, 'on the standby')");
    const { primary, standby } = homeSides(sides);
    const { manifest } = await exportOrphans(primary, false);
    expect(manifest.transactions).toBe(0);
    const first = await dumpHome(standby, null);
    const rehearsal = await loadHome(primary, first.dump, false);
    expect(rehearsal).toMatchObject({ isLast: false, changed: null, tables: 3 });
    // The rehearsal has changed nothing of the site's.
    expect(columns('SELECT COUNT(*) FROM shop.Orders')).toBe('2');
    sides.standby.root('DELETE FROM shop.orders WHERE id = 2');
    await wait(1_100);
    const last = await dumpHome(standby, first.dump);
    expect(last.changed).toEqual([
      { schema: 'shop', name: 'orders' },
      { schema: 'shop', name: 'items' },
    ]);
    await leaveFigures(standby);
    const loaded = await loadHome(primary, last.dump, true);
    expect(loaded).toMatchObject({ isLast: true, tables: 2 });
    expect((await verifyHome(primary)).map(({ name, rows }) => [name, rows])).toEqual([
      ['Orders', 2],
      ['audit', 1],
      ['items', 1],
    ]);
    expect(columns('SELECT GROUP_CONCAT(total ORDER BY id) FROM shop.Orders')).toBe('1.50,77.00');
    expect(columns('SELECT COUNT(*) FROM shop.recent; CALL shop.total_of(1)')).toBe('2\n1.50');
    expect(
      columns(
        'SELECT trigger_name, event_object_table FROM information_schema.triggers WHERE trigger_schema = "shop"',
      ),
    ).toBe('t1\tOrders');
    const event = "SELECT status FROM information_schema.events WHERE event_schema = 'shop'";
    expect(columns(event)).toMatch(/SIDE_DISABLED$/);
    const { eventsWoken, dump: chain } = await settle(primary);
    expect(eventsWoken).toBe(1);
    // The next failover is restored from what users have now.
    expect((await newestDump(sides.blobs.store.backups, sides.workload))?.name).toBe(chain);
    expect(columns(event)).toBe('ENABLED');
    expect(
      columns("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name LIKE 'pilotlight%_%'"),
    ).toBe('0');
  }, 120_000);
});
