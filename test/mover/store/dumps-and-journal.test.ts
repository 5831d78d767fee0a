import { dumpNames, logParts, newestDump, readDump } from '../../../mover/store/dumps.ts';
import { Journal, newestBeat } from '../../../mover/store/journal.ts';
import { beat, DUMP, manifest } from '../../core/data/fixture.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

describe('what the store says', () => {
  let blobs: BlobService;
  let round = 0;
  let shop = '';
  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    shop = `shop${round}`;
  });
  const add = (name: string, value: unknown): Promise<boolean> =>
    blobs.store.backups.add(`${shop}/${name}`, typeof value === 'string' ? value : JSON.stringify(value));

  it('of its dumps: whole or not, the newest first, and nothing that is none', async () => {
    await add('20261125T030000Z/manifest.json', manifest());
    await add('20261127T030000Z/structure.sql.zst', 'x');
    await add('20261126T030000Z/manifest.json', manifest());
    await add('journal/2026-11-27.jsonl', 'x');
    expect(await dumpNames(blobs.store.backups, shop)).toEqual([
      '20261127T030000Z',
      '20261126T030000Z',
      '20261125T030000Z',
    ]);
    expect(await readDump(blobs.store.backups, shop, '20261127T030000Z')).toBeNull();
  });

  it('of the newest whole dump, passing over one that is being made and one that cannot be read', async () => {
    await add('20261125T030000Z/manifest.json', manifest());
    await add('20261126T030000Z/manifest.json', { schemaVersion: 3 });
    await add('20261127T030000Z/structure.sql.zst', 'x');
    expect((await newestDump(blobs.store.backups, shop))?.name).toBe('20261125T030000Z');
    expect(await newestDump(blobs.store.backups, 'nobody')).toBeNull();
  });

  it('of the parts of a log, and of nothing else that lies below it', async () => {
    const log = `${DUMP}/log/0001-0123abcd`;
    await add(`${log}/binlog.000002/000000000000`, '12345');
    await add(`${log}/binlog.000001/000000000003`, '12');
    await add(`${log}/binlog.000001/000000000000`, '123');
    await add(`${log}/binlog.000001/notes.txt`, 'x');
    await add(`${DUMP}/witness/20261127T080000Z.json`, 'x');
    expect(await logParts(blobs.store.backups, shop, DUMP)).toEqual([
      { segment: '0001-0123abcd', file: 'binlog.000001', offset: 0, length: 3 },
      { segment: '0001-0123abcd', file: 'binlog.000001', offset: 3, length: 2 },
      { segment: '0001-0123abcd', file: 'binlog.000002', offset: 0, length: 5 },
    ]);
  });

  it('of the newest beat, over midnight, and after a line that a writer died in', async () => {
    const { backups } = blobs.store;
    const journal = new Journal(backups, shop);
    const read = (now: string): Promise<string | undefined> =>
      newestBeat(backups, shop, Date.parse(now)).then((found) => found?.at);
    expect(await read('2026-11-27T23:59:50Z')).toBeUndefined();
    await journal.write(beat({ at: '2026-11-27T23:59:40.000Z' }));
    await journal.write(beat({ at: '2026-11-27T23:59:50.000Z' }));
    expect(await read('2026-11-27T23:59:55Z')).toBe('2026-11-27T23:59:50.000Z');
    expect(await read('2026-11-28T00:00:05Z')).toBe('2026-11-27T23:59:50.000Z');
    await journal.write(beat({ at: '2026-11-28T00:00:00.000Z' }));
    expect(await read('2026-11-28T00:00:05Z')).toBe('2026-11-28T00:00:00.000Z');
    await backups.append(`${shop}/journal/2026-11-28.jsonl`, Buffer.from('{"schemaVersion":1,"at":"20'));
    expect(await read('2026-11-28T00:00:05Z')).toBe('2026-11-28T00:00:00.000Z');
  });

  it('of the newest beat also where somebody took the journal away meanwhile', async () => {
    const { backups } = blobs.store;
    const journal = new Journal(backups, shop);
    await journal.write(beat({ at: '2026-11-27T23:59:40.000Z' }));
    await blobs.remove(`${shop}/journal/2026-11-27.jsonl`);
    await journal.write(beat({ at: '2026-11-27T23:59:50.000Z' }));
    expect((await newestBeat(backups, shop, Date.parse('2026-11-27T23:59:55.000Z')))?.at).toBe(
      '2026-11-27T23:59:50.000Z',
    );
  });

  it('of the newest beat at the end of a journal that is long', async () => {
    const { backups } = blobs.store;
    const name = `${shop}/journal/2026-11-27.jsonl`;
    await backups.createAppendable(name);
    await backups.append(name, Buffer.from(`${JSON.stringify(beat())}\n`.repeat(200)));
    await new Journal(backups, shop).write(beat({ at: '2026-11-27T08:00:20.000Z' }));
    const found = await newestBeat(backups, shop, Date.parse('2026-11-27T09:00:00Z'));
    expect(found?.at).toBe('2026-11-27T08:00:20.000Z');
  });
});
