import { setTimeout as wait } from 'node:timers/promises';
import { startBlobService, type BlobService } from './blob-service.ts';
import { MoverBench } from './mover.ts';
import { moverPath, startMySql, type MySql } from './mysql.ts';

/** A primary, a standby and a store, for all tests of a file; each test has a workload of its own and finds both servers empty. */
export interface Sides {
  readonly blobs: BlobService;
  readonly primary: MySql;
  readonly standby: MySql;
  readonly bench: MoverBench;
  readonly workload: string;
}

const NOT_OURS = "('mysql', 'sys', 'information_schema', 'performance_schema')";

/** Called within `describe`; what it returns is filled before each test. */
export function useSides(): Sides {
  const sides = {} as { -readonly [Key in keyof Sides]: Sides[Key] };
  let round = 0;

  beforeAll(async () => {
    process.env['PATH'] = moverPath;
    [sides.blobs, sides.primary, sides.standby] = await Promise.all([
      startBlobService(),
      startMySql('primary'),
      startMySql('standby'),
    ]);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([sides.blobs.stop(), sides.primary.stop(), sides.standby.stop()]);
  });

  beforeEach(() => {
    round += 1;
    sides.workload = `shop${round}`;
    sides.bench = new MoverBench(sides.blobs.store, sides.workload);
  });

  afterEach(async () => {
    await sides.bench.end();
    for (const server of [sides.primary, sides.standby]) {
      const own = server
        .root(`SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ${NOT_OURS}`)
        .split('\n')
        .filter((name) => name !== '');
      server.root(own.map((name) => `DROP DATABASE \`${name}\`;`).join(''));
    }
    sides.standby.root("DROP USER IF EXISTS 'shop_app'@'%', 'master'@'%'");
  });

  return sides;
}

/** Waits until something holds. */
export async function until(is: () => boolean): Promise<void> {
  for (const limit = Date.now() + 20_000; !is();) {
    if (Date.now() > limit) throw new Error('it did not come within 20 s');
    await wait(100);
  }
}
