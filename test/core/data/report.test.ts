import {
  ageSecondsOf,
  proofFault,
  readReport,
  reportOf,
  reportOfLag,
  reportOfNothing,
  reportText,
} from '../../../core/data/report.ts';
import { applierAt, beatAt, DUMP, reportAt, storeAt } from '../../lambdas/data-helpers.ts';

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const beat = beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z');

describe('the report on a store', () => {
  it('has the recovery point, what stands behind it, and what both sides say', () => {
    const applier = applierAt('2026-03-02T09:59:59.000Z');
    expect(reportOf(storeAt(beat, { applier }), 'ship', NOW)).toEqual({
      schemaVersion: 1,
      measuredAt: '2026-03-02T10:00:00.000Z',
      point: { at: '2026-03-02T09:59:48.000Z', dump: DUMP, from: 'log', backlogBytes: 900 },
      detail: null,
      dump: DUMP,
      heardAt: '2026-03-02T09:59:58.000Z',
      dumpFault: null,
      proof: null,
      applier,
    });
  });

  it('says what lies there and cannot be read', () => {
    const report = reportOf(storeAt(beat, { problems: ['the manifest is odd'] }), 'ship', NOW);
    expect(report).toMatchObject({ detail: 'the manifest is odd', point: { from: 'log' } });
  });

  it('misses a shipper where one was promised, and none where dumps are all', () => {
    expect(reportOf(storeAt(null), 'ship', NOW).detail).toBe('no shipper was ever heard of');
    expect(reportOf(storeAt(null), 'dump', NOW).detail).toBeNull();
    const empty = { ...storeAt(null), contents: { dumps: [], beat: null, parts: [], start: null } };
    expect(reportOf(empty, 'dump', NOW)).toMatchObject({
      point: null,
      detail: 'no whole dump is in the store',
    });
  });

  it('is read back as it was kept, and one of another version is none', () => {
    const report = reportOf(storeAt(beat), 'ship', NOW);
    expect(readReport(reportText(report))).toEqual(report);
    expect(readReport(reportText({ ...report, schemaVersion: 2 as unknown as 1 }))).toBeNull();
    expect(readReport('{')).toBeNull();
  });
});

describe('the report on a site that replicates by its own means', () => {
  it('has the lag as its recovery point', () => {
    expect(reportOfLag(4, NOW)).toMatchObject({
      point: { at: '2026-03-02T09:59:56.000Z', dump: null, from: 'probe' },
      detail: null,
    });
  });

  it('knows nothing without a probe, or where nothing could be read', () => {
    expect(reportOfLag(null, NOW)).toMatchObject({
      point: null,
      detail: 'no probe is configured for its own replication (data.probe)',
    });
    expect(reportOfNothing('x'.repeat(5_000), NOW).detail).toHaveLength(1_000);
  });
});

describe('the age of a recovery point', () => {
  it('is counted in seconds, never less than none, and not known without one', () => {
    expect(ageSecondsOf(reportAt('2026-03-02T10:00:00.000Z', '2026-03-02T09:58:00.000Z'), NOW)).toBe(120);
    expect(ageSecondsOf(reportAt('2026-03-02T10:00:00.000Z', '2026-03-02T10:00:03.000Z'), NOW)).toBe(0);
    expect(ageSecondsOf(reportAt('2026-03-02T10:00:00.000Z', null), NOW)).toBeNull();
  });
});

describe('the proof that a restore works', () => {
  const proof = {
    at: '2026-03-01T22:00:00.000Z',
    dump: DUMP,
    good: true,
    tables: 7,
    rows: 4_000,
    seconds: 90,
    detail: '',
  };
  const late = (hours: number): number => Date.parse(proof.at) + hours * 3_600_000;

  it('is good for 36 hours, and not a minute longer', () => {
    expect(proofFault({ proof }, late(36))).toBeNull();
    expect(proofFault({ proof }, late(36) + 1)).toBe('the last restore was proven 36 hours ago');
  });

  it('is none where it was bad, or was never tried', () => {
    expect(proofFault({ proof: { ...proof, good: false, detail: 'shop.orders differs' } }, late(1))).toBe(
      `the restore of ${DUMP} was bad: shop.orders differs`,
    );
    expect(proofFault({ proof: null }, late(1))).toBe('no restore was ever proven');
  });
});
