import fc from 'fast-check';
import {
  dueWorkloads,
  newSpreadHistory,
  readSpreadHistory,
  slowestOf,
  summaryOf,
  withMeasurement,
  type SpreadHistory,
  type SpreadMeasurement,
} from '../../../core/route/spread.ts';
import { fixtureConfig } from './settle-fixture.ts';

/*
 * Goal: a quarter of a year of measurements stays a bounded item, and nothing slow in it is lost before its time.
 */

const at = (day: string, seconds: readonly number[]): SpreadMeasurement => ({
  at: `${day}T08:00:00.000Z`,
  places: seconds.map((one, index) => ({ place: `place-${index + 1}`, seconds: one })),
  leftOut: [],
});
const empty = newSpreadHistory('store');
const after = (measurements: readonly SpreadMeasurement[], placesMin = 2): SpreadHistory =>
  measurements.reduce((history, one) => withMeasurement(history, one, placesMin), empty);

describe('a history', () => {
  it('keeps the slowest place of each day, and the newest measurement whole', () => {
    const history = after([
      at('2026-11-20', [21, 33.04]),
      at('2026-11-20', [25, 20]),
      at('2026-11-21', [30, 4]),
    ]);
    expect(history.days).toEqual([
      { day: '2026-11-20', measurements: 2, worstSeconds: 33, place: 'place-2' },
      { day: '2026-11-21', measurements: 1, worstSeconds: 30, place: 'place-1' },
    ]);
    expect(history.last).toEqual(at('2026-11-21', [30, 4]));
    expect(history.trouble).toBeNull();
  });

  it('counts no measurement from too few places, and remembers what it saw slow', () => {
    const few = { ...at('2026-11-21', [50]), leftOut: [{ place: 'us-west-2', why: 'no network' }] };
    const history = after([at('2026-11-20', [21, 33]), few]);
    expect(summaryOf(history, Date.parse('2026-11-22'))).toEqual({
      measurements: 1,
      worstSeconds: 50,
      place: 'place-1',
    });
    expect(history.last?.at).toBe('2026-11-20T08:00:00.000Z');
    expect(history.trouble).toEqual({
      at: '2026-11-21T08:00:00.000Z',
      what: 'asked from too few places; left out: us-west-2 (no network)',
    });
  });

  it('says why where no place could be asked, and forgets that with the next good one', () => {
    const none = { ...at('2026-11-21', []), leftOut: [{ place: 'us-west-2', why: 'no network' }] };
    expect(after([at('2026-11-20', [21, 33]), none]).trouble?.what).toContain('us-west-2 (no network)');
    expect(after([none, at('2026-11-22', [21, 33])]).trouble).toBeNull();
  });

  it('keeps ninety days, and so stays below 8 KB however long it is measured', () => {
    const days = Array.from({ length: 400 }, (_, index) =>
      new Date(Date.parse('2025-01-01') + index * 86_400_000).toISOString().slice(0, 10),
    );
    const history = after(days.flatMap((day) => [at(day, [21.25, 33.333]), at(day, [19, 180])]));
    expect(history.days).toHaveLength(90);
    expect(history.days[0]?.day).toBe('2025-11-07');
    expect(JSON.stringify(history).length).toBeLessThan(8_000);
  });

  it('never says less than the slowest of its measurements', () => {
    const seconds = fc.array(fc.double({ min: 0, max: 180, noNaN: true }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(seconds, { minLength: 1, maxLength: 20 }), (all) => {
        const history = after(all.map((one, index) => at(`2026-11-${10 + (index % 5)}`, one)));
        const worst = summaryOf(history, Date.parse('2026-11-16'))?.worstSeconds ?? -1;
        // Kept to a tenth of a second.
        expect(worst).toBeGreaterThanOrEqual(Math.max(...all.flat()) - 0.05);
      }),
    );
  });

  it('is read back as it was written, and null where it is of another shape or damaged', () => {
    const history = after([at('2026-11-20', [21, 33])]);
    expect(readSpreadHistory(JSON.stringify(history))).toEqual(history);
    expect(readSpreadHistory(JSON.stringify({ ...history, schemaVersion: 2 }))).toBeNull();
    expect(readSpreadHistory('{"schemaVersion":1,')).toBeNull();
  });
});

describe('the slowest place', () => {
  it('is the one that learned last, and nobody where nobody could be asked', () => {
    expect(slowestOf(at('2026-11-20', [21, 33, 4]))).toEqual({ place: 'place-2', seconds: 33 });
    expect(slowestOf(at('2026-11-20', []))).toBeNull();
  });
});

describe('whose turn it is', () => {
  const config = fixtureConfig();
  const site = config.workloads['petclinic']!;
  const ids = Array.from({ length: 30 }, (_, index) => `site${index}`);
  const fleet = { ...config, workloads: Object.fromEntries(ids.map((id) => [id, site])) };
  const dueAt = (time: string) => dueWorkloads(fleet, Date.parse(time));

  it('comes every four hours, and not at once for a whole fleet', () => {
    expect(dueAt('2026-11-22T00:00:00Z')).toEqual(['site0', 'site24']);
    expect(dueAt('2026-11-22T00:09:59Z')).toEqual(['site0', 'site24']);
    expect(dueAt('2026-11-22T00:10:00Z')).toEqual(['site1', 'site25']);
    expect(dueAt('2026-11-22T03:50:00Z')).toEqual(['site23']);
    expect(dueAt('2026-11-22T04:00:00Z')).toEqual(['site0', 'site24']);
  });

  it('is never that of a workload whose edge reads no store', () => {
    const plain = { ...site, edge: { ...site.edge, strategy: 'distribution' as const } };
    const one = { ...config, workloads: { plain } };
    expect(dueWorkloads(one, Date.parse('2026-11-22T00:00:00Z'))).toEqual([]);
  });
});
