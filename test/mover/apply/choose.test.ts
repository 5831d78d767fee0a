import { chooseDump } from '../../../mover/apply/choose.ts';
import { manifest } from '../../core/data/fixture.ts';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

const NONE: ReadonlySet<string> = new Set();
const [SUNDAY, MONDAY, TUESDAY] = ['20261122T030000Z', '20261123T030000Z', '20261124T030000Z'] as const;
const BY_HAND = {
  ...{ schemaVersion: 1, sha256: 'a'.repeat(64), size: 17, createdAt: '2026-11-22T03:00:00Z' },
  sourceServer: 'replica.example.com',
};

describe('the dump that is loaded', () => {
  let blobs: BlobService;
  let round = 0;
  let workload = '';
  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    workload = `shop${round}`;
  });

  const put = (name: string, value: unknown = manifest()): Promise<boolean> =>
    blobs.store.backups.add(
      `${workload}/${name}/manifest.json`,
      typeof value === 'string' ? value : JSON.stringify(value),
    );
  const choose = async (wanted: string | null = null, damaged = NONE): Promise<string> =>
    (await chooseDump({ backups: blobs.store.backups, workload }, wanted, damaged)).name;

  it('is the newest', async () => {
    await put(TUESDAY);
    await put(SUNDAY);
    await put(MONDAY);
    expect(await choose()).toBe(TUESDAY);
  });

  it('is the newest whole one: a dump without a manifest is still being made, or was given up', async () => {
    await put(MONDAY);
    await blobs.store.backups.add(`${workload}/${TUESDAY}/structure.sql.zst`, 'x');
    expect(await choose()).toBe(MONDAY);
  });

  it('is no folder of another kind', async () => {
    await put(MONDAY);
    await blobs.store.backups.add(`${workload}/journal/2026-11-24.jsonl`, 'x');
    await put('20261125T030000Z-old');
    expect(await choose()).toBe(MONDAY);
  });

  it('is no dump of another workload whose name begins the same', async () => {
    await put(MONDAY);
    await blobs.store.backups.add(`${workload}2/${TUESDAY}/manifest.json`, JSON.stringify(manifest()));
    expect(await choose()).toBe(MONDAY);
  });

  it('is the one that a person names', async () => {
    await put(MONDAY);
    await put(TUESDAY);
    expect(await choose(MONDAY)).toBe(MONDAY);
  });

  it('is the one before a damaged one, whose log leads as far', async () => {
    await put(MONDAY);
    await put(TUESDAY);
    expect(await choose(null, new Set([TUESDAY]))).toBe(MONDAY);
  });

  it.each<[string, unknown]>([
    ['a server without GTIDs', manifest({ gtidSet: null })],
    ['the first layout', BY_HAND],
  ])('is none before a damaged one where it is of %s: that is for a person to say', async (_, before) => {
    await put(MONDAY, before);
    await put(TUESDAY);
    await expect(choose(null, new Set([TUESDAY]))).rejects.toMatchObject({
      ...{ code: 'NEWEST_DUMP_DAMAGED', failure: 'damaged' },
      message: `The newest dump cannot be used (${TUESDAY} is damaged), and no log leads from ${MONDAY} to it: whatever was written since would be lost. Whoever accepts that names the dump: --dump ${MONDAY}.`,
    });
    expect(await choose(MONDAY, new Set([TUESDAY]))).toBe(MONDAY);
  });

  it('is none where all of them are damaged, and each is named', async () => {
    await put(MONDAY, 'half a mani');
    await put(TUESDAY);
    await expect(choose(null, new Set([TUESDAY]))).rejects.toMatchObject({
      ...{ code: 'NO_GOOD_DUMP', failure: 'damaged' },
      message: `No dump can be used: ${TUESDAY} is damaged; ${MONDAY}: manifest.json is not JSON. Name another with --dump, or make one from the primary.`,
    });
  });

  it('is none where there is none, and the message says what to do', async () => {
    await expect(choose()).rejects.toMatchObject({
      ...{ code: 'NO_DUMP', failure: 'refused' },
      message: `There is no whole dump of ${workload} in the store. Make one: mover dump, on the primary's side.`,
    });
    await expect(choose(TUESDAY)).rejects.toThrow(
      `There is no whole dump ${TUESDAY} of ${workload} in the store. Leave --dump out for the newest.`,
    );
  });
});
