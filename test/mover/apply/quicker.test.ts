import { isQuickerAnew, waysToNewest } from '../../../mover/apply/quicker.ts';
import { manifest } from '../../core/data/fixture.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

/*
 * Goal: a database that was stopped for days is loaded anew where that is clearly quicker than to replay the log of those days, and
 * one that was stopped for an hour is not.
 */

const [SUNDAY, MONDAY, TUESDAY] = ['20261122T030000Z', '20261123T030000Z', '20261124T030000Z'] as const;
const SEGMENT = '0001-0123abcd';
const GIGABYTE = 1_000_000_000;

describe('whether a load is quicker than the log', () => {
  it.each([
    // Twelve days of two transactions a second: 730 MB of log, half an hour, against 200 s.
    [730_000_000, 2 * GIGABYTE, true],
    // An hour of them: 2.5 MB, seven seconds.
    [2_500_000, 2 * GIGABYTE, false],
    // A large database: 50 000 s to load it, whatever the log.
    [730_000_000, 500 * GIGABYTE, false],
    // Hardly quicker is not worth throwing away what is there.
    [117_000_000, 2 * GIGABYTE, false],
    // A tiny database, and a log that is replayed in a minute all the same.
    [23_000_000, 1_000, false],
    [24_000_000, 1_000, true],
    [0, 0, false],
  ])('is, for %d bytes of log and %d of dump, %s', (logBytes, dumpBytes, is) => {
    expect(isQuickerAnew({ logBytes, dumpBytes })).toBe(is);
  });
});

describe('the two ways to the newest dump', () => {
  let blobs: BlobService;
  let round = 0;
  let workload = '';
  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    workload = `quick${round}`;
  });

  const dump = (name: string): Promise<boolean> =>
    blobs.store.backups.add(`${workload}/${name}/manifest.json`, JSON.stringify(manifest()));
  const log = (chain: string, file: string, bytes: number): Promise<boolean> =>
    blobs.store.backups.add(`${workload}/${chain}/log/${SEGMENT}/${file}/000000000000`, 'x'.repeat(bytes));
  const ways = (chain: string, more: object = {}) =>
    waysToNewest(blobs.store.backups, workload, {
      ...{
        chain,
        segment: '',
        file: '',
        position: 0,
        transactions: 0,
        lastCommitAt: null,
        appliedUntil: null,
      },
      ...more,
    });

  it('are the log of every dump before it, and its own bytes', async () => {
    for (const name of [SUNDAY, MONDAY, TUESDAY]) await dump(name);
    await log(SUNDAY, 'binlog.000001', 30);
    await log(SUNDAY, 'binlog.000002', 20);
    await log(MONDAY, 'binlog.000003', 7);
    await log(TUESDAY, 'binlog.000004', 1_000);
    expect(await ways(SUNDAY)).toEqual({ dump: TUESDAY, logBytes: 57, dumpBytes: 60 });
    // What is in the database already is not replayed.
    const halfway = { segment: SEGMENT, file: 'binlog.000002', position: 15 };
    expect(await ways(SUNDAY, halfway)).toEqual({ dump: TUESDAY, logBytes: 12, dumpBytes: 60 });
  });

  it('are none where the log has led to it, or no dump is whole', async () => {
    await dump(MONDAY);
    expect(await ways(MONDAY)).toBeNull();
    expect(await ways(TUESDAY)).toBeNull();
    workload = 'empty';
    expect(await ways(SUNDAY)).toBeNull();
  });
});
