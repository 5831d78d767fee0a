import { SeededRandom } from '../../../drill/random.ts';
import { Noise } from '../../../drill/world/noise.ts';
import { useVirtualTime } from '../clouds/fixture.ts';
import { pass } from './fixture.ts';

/* Goal: the small troubles of an ordinary hour are as rare as they are said to be, and one place at a time has bad minutes. */

const PLACES = ['us-west-2', 'eu-central-1', 'ap-southeast-1'];
const QUIET = { lostShare: 0, slowShare: 0, badMinutes: 0 };
const noise = (change: Partial<typeof QUIET>): Noise =>
  new Noise({ ...QUIET, ...change }, PLACES, new SeededRandom(1));
const times = <T>(count: number, once: () => T): T[] => Array.from({ length: count }, once);

describe('Noise', () => {
  useVirtualTime();

  it('is none where nothing is asked for', async () => {
    const quiet = noise({});
    await pass(3_600);
    expect(new Set(times(500, () => quiet.fault('us-west-2')))).toEqual(new Set([null]));
    expect(new Set(times(500, () => quiet.delayMs()))).toEqual(new Set([0]));
  });

  it('loses a share of the requests, in both ways in which one is lost', () => {
    const lossy = noise({ lostShare: 0.1 });
    const faults = times(4_000, () => lossy.fault('us-west-2'));
    const lost = faults.filter((fault) => fault !== null);
    expect(lost.length).toBeGreaterThan(300);
    expect(lost.length).toBeLessThan(500);
    expect(new Set(lost)).toEqual(new Set(['timeout', 'reset']));
  });

  it('makes a share of the answers seconds later', () => {
    const slow = noise({ slowShare: 0.1 });
    const late = times(4_000, () => slow.delayMs()).filter((ms) => ms > 0);
    expect(late.length).toBeGreaterThan(300);
    expect(late.length).toBeLessThan(500);
    for (const ms of late) {
      expect(ms).toBeGreaterThanOrEqual(1_000);
      expect(ms).toBeLessThanOrEqual(4_000);
    }
  });

  it('gives bad minutes to one place at a time, and ends them', async () => {
    const bad = noise({ badMinutes: 2 });
    const seen = new Set<string>();
    let worst = 0;
    let quietMinutes = 0;
    for (let minute = 0; minute < 120; minute += 1) {
      const failing = PLACES.filter((place) =>
        times(40, () => bad.fault(place)).some((fault) => fault !== null),
      );
      worst = Math.max(worst, failing.length);
      if (failing.length === 0) quietMinutes += 1;
      for (const place of failing) seen.add(place);
      await pass(60);
    }
    expect(worst).toBe(1);
    expect(seen.size).toBeGreaterThan(1);
    expect(quietMinutes).toBeGreaterThan(60);
    expect(quietMinutes).toBeLessThan(120);
  });
});
