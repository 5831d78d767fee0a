import { manifestBlob } from '../../../../core/data/layout.ts';
import { readManifest } from '../../../../core/data/manifest.ts';
import { beatSchema } from '../../../../core/data/journal.ts';
import { useVirtualTime } from '../../clouds/fixture.ts';
import { WORKLOAD, beatIn, dataOf, dumpsIn, pass, pointOf, writeFor } from './fixture.ts';

/* Goal: what the primary's side writes is what core/data reads. The virtual clock begins on 2026-03-02 at 00:00 UTC, with a dump. */

const DUMPS = ['20260228T000000Z', '20260301T000000Z', '20260302T000000Z'];

describe('the dumps of the primary', () => {
  useVirtualTime();

  it('are there of the nights before, and one of this night as soon as it is whole', async () => {
    const { store } = dataOf();
    expect(dumpsIn(store)).toEqual(DUMPS.slice(0, 2));
    // Two billion bytes at sixty million a second.
    await pass(33);
    expect(dumpsIn(store)).toEqual(DUMPS.slice(0, 2));
    await pass(1);
    expect(dumpsIn(store)).toEqual(DUMPS);
  });

  it('have manifests that core reads without a complaint', async () => {
    const { store } = dataOf();
    await pass(60);
    for (const dump of DUMPS) {
      const text = store.find('backups', manifestBlob(WORKLOAD, dump))?.text ?? '';
      expect(readManifest(text)).toMatchObject({ manifest: { schemaVersion: 2, workload: WORKLOAD } });
    }
  });

  it('are not there of a night on which the dump was refused, and the journal says why', async () => {
    const { store } = dataOf({ newestDump: 'refused' });
    await pass(300);
    expect(dumpsIn(store)).toEqual(DUMPS.slice(0, 2));
    expect(beatIn(store)?.dumpFault).toEqual({
      at: '2026-03-02T00:00:00.000Z',
      detail: 'petclinic.visits is MyISAM, which has no snapshot',
    });
    const good = dataOf();
    await pass(300);
    expect(beatIn(good.store)?.dumpFault).toBeNull();
  });

  it('are not there where the Region died before the end', async () => {
    const { data, store } = dataOf();
    await pass(20);
    data.primaryDied();
    await pass(600);
    expect(dumpsIn(store)).toEqual(DUMPS.slice(0, 2));
  });
});

describe('the shipper of the primary', () => {
  useVirtualTime();

  it('writes a line each ten seconds, and each is one of the contract', async () => {
    const { store } = dataOf();
    await pass(120);
    const lines = (store.find('backups', 'petclinic/journal/2026-03-02.jsonl')?.text ?? '')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(12);
    for (const line of lines) expect(() => beatSchema.parse(JSON.parse(line))).not.toThrow();
  });

  it('lets the recovery point be seconds old, from the first moment on', async () => {
    const { data, store } = dataOf();
    for (const seconds of [0, 1, 30, 60, 300, 900]) {
      await writeFor(data, seconds);
      const point = pointOf(store);
      if (!point.known) throw new Error(point.detail);
      expect(point.from).toBe('log');
      expect(point.detail).toBeNull();
      expect((Date.now() - point.at) / 1000).toBeLessThanOrEqual(14);
    }
  });

  it('goes on behind the dump of the night once that is whole', async () => {
    const { store } = dataOf();
    await pass(30);
    expect(pointOf(store)).toMatchObject({ dump: '20260301T000000Z' });
    await pass(60);
    expect(pointOf(store)).toMatchObject({ dump: '20260302T000000Z', from: 'log', detail: null });
  });

  it('has a day of log behind the dump of the night before where this one was refused', async () => {
    const { store } = dataOf({ newestDump: 'refused' });
    await pass(60);
    const point = pointOf(store);
    if (!point.known) throw new Error(point.detail);
    // Two transactions of 352 bytes a second, over a day and a minute.
    expect(point.backlogBytes).toBeGreaterThan(60_000_000);
    expect(point.backlogBytes).toBeLessThan(62_000_000);
  });

  it('does not claim what was on its way when the Region died', async () => {
    const { data, store } = dataOf();
    await writeFor(data, 95);
    data.primaryDied();
    const before = pointOf(store);
    await pass(600);
    expect(pointOf(store)).toEqual({
      ...before,
      detail: expect.stringMatching(/^the shipper is silent since/),
    });
  });

  it('ships again half a minute after the Region is back', async () => {
    const { data, store } = dataOf();
    await pass(60);
    data.primaryDied();
    await pass(600);
    data.primaryCameBack();
    await pass(29);
    expect(pointOf(store)).toMatchObject({ detail: expect.stringMatching(/silent/) });
    await pass(15);
    expect(pointOf(store)).toMatchObject({ from: 'log', detail: null });
  });

  it('says that the database does not answer, and claims nothing new', async () => {
    const { data, store } = dataOf();
    await pass(60);
    data.source?.setDatabase(false);
    const { log } = beatIn(store)!;
    await pass(60);
    expect(beatIn(store)).toMatchObject({ log, fault: { name: 'database-unreachable' } });
    data.source?.setDatabase(true);
    await pass(20);
    expect(beatIn(store)?.fault).toBeNull();
    expect(pointOf(store)).toMatchObject({ detail: null });
  });

  it('says that its disk is full, and goes on when it is not any more', async () => {
    const { data, store } = dataOf();
    await pass(60);
    data.source?.setDiskFull(true);
    await pass(60);
    expect(pointOf(store)).toMatchObject({
      detail: expect.stringMatching(/^the disk of the backup instance is full/),
    });
    data.source?.setDiskFull(false);
    await pass(20);
    expect(pointOf(store)).toMatchObject({ detail: null });
  });

  it('is silent as long as it does not run, and ships what it has missed when it does', async () => {
    const { data, store } = dataOf({ shipperSilentForSeconds: 7_200 });
    await pass(30);
    const silent = pointOf(store);
    if (!silent.known) throw new Error(silent.detail);
    expect(new Date(silent.at).toISOString()).toBe('2026-03-01T22:00:00.000Z');
    data.source?.setShipper(true);
    await pass(15);
    expect(pointOf(store)).toMatchObject({ from: 'log', detail: null });
  });

  it('finds its log thrown away, says so, and has a new dump made at once', async () => {
    const { data, store } = dataOf({
      shipperSilentForSeconds: 7_200,
      logRetentionSeconds: 3_600,
      newestDump: 'refused',
    });
    await pass(100);
    data.source?.setShipper(true);
    await pass(15);
    expect(beatIn(store)).toMatchObject({ fault: { name: 'log-purged', since: '2026-03-02T00:01:40.000Z' } });
    expect(dumpsIn(store)).toEqual(DUMPS.slice(0, 2));
    await pass(60);
    expect(dumpsIn(store)).toEqual([...DUMPS.slice(0, 2), '20260302T000140Z']);
    expect(pointOf(store)).toMatchObject({ dump: '20260302T000140Z', from: 'log', detail: null });
    expect(
      data.source?.shipper.marks.map(({ missingBefore }) => missingBefore).filter((at) => at !== null),
    ).toEqual([Date.parse('2026-03-02T00:01:40.000Z')]);
  });

  it('tells the newest restore that was tried for proof, ten minutes after its dump, good or bad', async () => {
    const { store } = dataOf({ newestDump: 'damaged' });
    await pass(60);
    expect(beatIn(store)?.proof).toMatchObject({
      dump: '20260301T000000Z',
      good: true,
      tables: 7,
      rows: 7000,
    });
    await pass(700);
    expect(beatIn(store)?.proof).toMatchObject({
      ...{ dump: '20260302T000000Z', good: false, tables: 0 },
      detail: 'rows-0001.sql.zst does not match its checksum',
    });
  });

  it('begins a segment with the log of the server that took over, and leaves nothing out', async () => {
    const { data, store } = dataOf();
    await writeFor(data, 100);
    data.source?.failOver();
    await writeFor(data, 60, 101);
    const beat = beatIn(store);
    expect(beat?.log?.segment).toMatch(/^0002-[0-9a-f]{8}$/);
    expect(beat?.log?.file).toBe('mysql-bin-changelog.000002');
    expect(beat?.log?.gtidSet.split(',')).toHaveLength(2);
    expect(pointOf(store)).toMatchObject({ from: 'log', detail: null });
  });
  it('knows a gap on the server that took over, too', async () => {
    const { data, store } = dataOf();
    await pass(60);
    data.source?.setShipper(false);
    data.source?.failOver();
    await writeFor(data, 10);
    data.source?.purgeLog();
    data.source?.setShipper(true);
    await pass(20);
    expect(beatIn(store)).toMatchObject({ fault: { name: 'log-purged' } });
    await pass(60);
    expect(pointOf(store)).toMatchObject({ dump: '20260302T000110Z', from: 'log', detail: null });
  });
});
