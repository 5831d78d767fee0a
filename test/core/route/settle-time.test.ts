import { workloadOf } from '../../../core/config/parse.ts';
import { settleTimeOf } from '../../../core/route/settle-time.ts';
import { newSpreadHistory, type SpreadHistory } from '../../../core/route/spread.ts';
import { fixtureConfig } from './settle-fixture.ts';

/*
 * Goal: the shield settles as long as the slowest measured spread, times the margin, and never less than the floor; whatever is not
 * known makes it no shorter.
 */

const NOW = Date.parse('2026-11-22T12:00:00.000Z');
const STORE = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';

/** So many measurements whose slowest took so long, the newest so many hours ago. */
const measured = (worstSeconds: number, measurements = 412, hoursAgo = 3): SpreadHistory => ({
  ...newSpreadHistory(STORE),
  days: [
    { day: '2026-11-20', measurements: measurements - 6, worstSeconds: 20, place: 'eu-central-1' },
    { day: '2026-11-21', measurements: 6, worstSeconds, place: 'us-west-2' },
  ],
  last: { at: new Date(NOW - hoursAgo * 3_600_000).toISOString(), places: [], leftOut: [] },
});

const settle = (history: Parameters<typeof settleTimeOf>[1], changes: Record<string, unknown> = {}) =>
  settleTimeOf(workloadOf(fixtureConfig(changes), 'petclinic'), history, NOW);

describe('the settle time of an edge that was measured', () => {
  it('is the slowest measurement times the margin, and says so', () => {
    expect(settle(measured(36))).toEqual({
      seconds: 72,
      why: '72 s: 2 times the slowest of 412 measurements, 36 s',
    });
  });

  it('is a whole number of seconds, rounded up', () => {
    expect(settle(measured(36.1))).toEqual({
      seconds: 73,
      why: '73 s: 2 times the slowest of 412 measurements, 36.1 s',
    });
  });

  it('is never below the floor: locations that nobody probes are not measured', () => {
    expect(settle(measured(34))).toEqual({
      seconds: 70,
      why: '70 s, the least there is: 2 times the slowest of 412 measurements, 34 s',
    });
    expect(settle(measured(35)).seconds).toBe(70);
    expect(settle(measured(30), { 'limits.shieldSettle': { floorSeconds: 80 } }).seconds).toBe(80);
  });

  it('is longer than the default where the edge is slow: that is what it is for', () => {
    expect(settle(measured(70)).seconds).toBe(140);
  });

  it('leaves time for a streak of good answers within convergeSeconds', () => {
    expect(settle(measured(115)).seconds).toBe(230);
    expect(settle(measured(180))).toEqual({
      seconds: 230,
      why: '230 s, the most that limits.convergeSeconds leaves time for: 2 times the slowest of 412 measurements, 180 s',
    });
  });

  it('forgets what is older than ninety days', () => {
    const { days, ...history } = measured(36);
    const old = { day: '2026-08-24', measurements: 6, worstSeconds: 100, place: 'us-west-2' };
    expect(settle({ ...history, days: [old, ...days] }).seconds).toBe(72);
    expect(settle({ ...history, days: [{ ...old, day: '2026-08-25' }, ...days] }).seconds).toBe(200);
  });
});

describe('the default of 90 s holds', () => {
  it.each([
    ['before anything was measured', null, 'nothing was measured yet'],
    ['where the ledger says nothing', 'unreadable', 'what was measured could not be read'],
    ['with too few measurements', measured(20, 29), '29 measurements, and at least 30 are needed'],
    [
      'where the newest is too old',
      measured(20, 412, 49),
      'the newest measurement is 49 h old, and one of the last 48 h is needed',
    ],
    ['for another store', { ...measured(20), store: `${STORE}-old` }, 'nothing was measured yet'],
    ['for a history without a day', newSpreadHistory(STORE), 'nothing was measured yet'],
  ] as const)('%s', (_case, history, why) => {
    expect(settle(history)).toEqual({ seconds: 90, why: `90 s: ${why}` });
  });

  it('no longer with thirty measurements, the newest 48 h old', () => {
    expect(settle(measured(20, 30, 48)).seconds).toBe(70);
  });

  it('but where the little that is known is slow already', () => {
    expect(settle(measured(60, 7)).seconds).toBe(120);
    expect(settle(measured(60, 412, 500)).seconds).toBe(120);
    expect(settle(measured(45, 7)).seconds).toBe(90);
  });

  it('for a distribution without a store', () => {
    const { edge, ...workload } = workloadOf(fixtureConfig(), 'petclinic');
    const plain = { ...workload, edge: { ...edge, strategy: 'distribution' as const } };
    expect(settleTimeOf(plain, measured(20), NOW)).toEqual({
      seconds: 90,
      why: '90 s: this edge has no store whose spread could be measured',
    });
  });
});

describe('a fixed settle time', () => {
  it.each([20, 90, 200])('of %d s holds whatever was measured', (seconds) => {
    const fixed = { 'limits.shieldSettleSeconds': seconds };
    expect(settle(measured(60), fixed)).toEqual({
      seconds,
      why: `${seconds} s, as limits.shieldSettleSeconds says, whatever was measured`,
    });
    expect(settle('unreadable', fixed).seconds).toBe(seconds);
  });
});
