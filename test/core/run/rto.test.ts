import fc from 'fast-check';
import { phases, rtoOf, type Milestones } from '../../../core/run/rto.ts';

const BEGAN = Date.UTC(2026, 10, 22, 3, 0, 0);
const milestones = (change: Partial<Milestones> = {}): Milestones => ({
  outageBegan: BEGAN,
  executionStarted: BEGAN + 120_000,
  confirmed: BEGAN + 135_000,
  shielded: BEGAN + 136_500,
  prepared: BEGAN + 1_000_000,
  switched: BEGAN + 1_002_250,
  firstGood: BEGAN + 1_030_250,
  ...change,
});

describe('the RTO', () => {
  it('is the time from the first failed request to the first good one, by phase', () => {
    expect(rtoOf(milestones())).toEqual({
      totalSeconds: 1030.25,
      phases: { detect: 120, confirm: 15, shield: 1.5, prepare: 863.5, switch: 2.25, converge: 28 },
    });
  });

  it('lists its phases in the order in which they happen', () => {
    expect(Object.keys(rtoOf(milestones()).phases)).toEqual([
      'detect',
      'confirm',
      'shield',
      'prepare',
      'switch',
      'converge',
    ]);
  });

  it('counts a milestone before its predecessor as no time, and does not count the lost time twice', () => {
    // The standby was ready before the shield was written.
    expect(rtoOf(milestones({ prepared: BEGAN + 100_000 })).phases).toEqual({
      detect: 120,
      confirm: 15,
      shield: 1.5,
      prepare: 0,
      switch: 865.75,
      converge: 28,
    });
  });

  it('is nothing where everything was before the outage', () => {
    const early = BEGAN - 1000;
    const rto = rtoOf({
      outageBegan: BEGAN,
      executionStarted: early,
      confirmed: early,
      shielded: early,
      prepared: early,
      switched: early,
      firstGood: early,
    });
    expect(rto).toEqual({
      totalSeconds: 0,
      phases: { detect: 0, confirm: 0, shield: 0, prepare: 0, switch: 0, converge: 0 },
    });
  });

  it('gives what is rounded off one phase to the next', () => {
    const rto = rtoOf(milestones({ executionStarted: BEGAN + 120_060, confirmed: BEGAN + 135_070 }));
    expect(rto.phases).toMatchObject({ detect: 120, confirm: 15.125, shield: 1.375 });
    expect(rto.totalSeconds).toBe(1030.25);
  });
});

describe('any RTO', () => {
  const moment = fc.integer({ min: -3_600_000, max: 36_000_000 }).map((offset) => BEGAN + offset);
  const anyMilestones: fc.Arbitrary<Milestones> = fc.record({
    outageBegan: fc.constant(BEGAN),
    executionStarted: moment,
    confirmed: moment,
    shielded: moment,
    prepared: moment,
    switched: moment,
    firstGood: moment,
  });

  it('is exactly the sum of its phases, none of which is negative', () => {
    fc.assert(
      fc.property(anyMilestones, (given) => {
        const rto = rtoOf(given);
        const lengths = phases.map((phase) => rto.phases[phase]);
        expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(rto.totalSeconds);
        expect(Math.min(...lengths)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is the whole time to within a sixteenth of a second where the milestones are in order', () => {
    const inOrder = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(inOrder, (offsets) => {
        const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = offsets
          .sort((x, y) => x - y)
          .map((ms) => BEGAN + ms);
        const rto = rtoOf({
          outageBegan: BEGAN,
          executionStarted: a,
          confirmed: b,
          shielded: c,
          prepared: d,
          switched: e,
          firstGood: f,
        });
        expect(Math.abs(rto.totalSeconds - (f - BEGAN) / 1000)).toBeLessThanOrEqual(0.0625);
      }),
    );
  });
});
