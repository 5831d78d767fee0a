import { parkedOf } from '../../../core/config/parked-schema.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: a parked standby is refused together with everything that could not work with it, and told what would.
 */

const AT = 'workloads.petclinic';
const parsed = (more: Record<string, unknown> = {}) =>
  parseConfig(dataWithWorkload({ 'standby.tier': 'parked', ...more }));
const problems = (more: Record<string, unknown>): readonly string[] => problemsOf(() => parsed(more));
const warnings = (more: Record<string, unknown>): readonly string[] => {
  const made = new Set(warningsOf(parseConfig(dataWith())));
  return warningsOf(parsed(more)).filter((warning) => !made.has(warning));
};

describe('a parked standby', () => {
  it('may take ten minutes to wake, and is told about where it is awake without a reason', () => {
    const { standby } = workloadOf(parsed(), 'petclinic');
    expect(parkedOf(standby)).toEqual({ wakeSeconds: 600, whenAwake: 'tell' });
    expect(warnings({})).toEqual([]);
  });

  it('takes what is said of it, and the default for the rest', () => {
    const { standby } = workloadOf(parsed({ 'standby.parked': { whenAwake: 'park' } }), 'petclinic');
    expect(parkedOf(standby)).toEqual({ wakeSeconds: 600, whenAwake: 'park' });
  });

  it.each([
    [{ 'standby.parked': { wakeSeconds: 119 } }, 'standby.parked.wakeSeconds: got 119'],
    [{ 'standby.parked': { wakeSeconds: 1_801 } }, 'standby.parked.wakeSeconds: got 1801'],
    [{ 'standby.parked': { whenAwake: 'sell' } }, 'standby.parked.whenAwake: got "sell"'],
    [{ data: { mode: 'none' } }, 'data.mode: got "none", expected "dump" or "ship"'],
    [
      { 'policy.startStandby': 'on-suspicion' },
      'policy.startStandby: got "on-suspicion", expected "on-confirmation" or "on-approval"',
    ],
    [
      { 'policy.degraded': { then: 'failover', prepare: true } },
      'policy.degraded.prepare: got true, expected false',
    ],
    [
      { 'standby.parked': { wakeSeconds: 120 }, 'limits.standbyPollSeconds': 61 },
      'standby.parked.wakeSeconds: got 120, expected at least 122: two looks',
    ],
    [
      { 'standby.parked': { wakeSeconds: 1_800 }, 'limits.standbySeconds': 3_600 },
      'limits.standbyPollSeconds: got 8, expected at least 20: an execution keeps 25,000 events',
    ],
  ])('is refused with %j', (more, problem) => {
    expect(problems(more)).toEqual([expect.stringContaining(`${AT}.${problem}`)]);
  });

  it('takes the nearest thing that works in the place of what is refused', () => {
    const more = {
      'policy.startStandby': 'on-confirmation',
      'policy.degraded': { then: 'failover', prepare: false },
      'data.mode': 'ship',
    };
    expect(parsed(more).workloads['petclinic']?.standby.tier).toBe('parked');
  });

  it('is the only one that is woken', () => {
    expect(problems({ 'standby.tier': 'cold', 'standby.parked': {} })).toEqual([
      `${AT}.standby.parked: got an object, expected none where standby.tier is "cold": only a parked standby is ` +
        'woken. Leave it out, or set standby.tier to "parked"',
    ]);
  });

  it.each([
    [
      { 'standby.parked': { wakeSeconds: 479 } },
      'standby.parked.wakeSeconds: got 479: clusters were seen to take up to 452 s to start',
    ],
    [{ data: { mode: 'dump', account: 'petclinicbackups' } }, 'data.mode: got "dump": what a parked standby'],
    [
      { 'limits.pipelineSeconds': 1_199 },
      'limits.pipelineSeconds: got 1199: a standby was built in 12 to 20',
    ],
  ])('is warned of with %j', (more, warning) => {
    expect(warnings(more)).toEqual([expect.stringContaining(`${AT}.${warning}`)]);
  });
});
