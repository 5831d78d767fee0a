import { drawRates } from '../../drill/faults.ts';
import { SeededRandom } from '../../drill/random.ts';
import { runScenario } from './fixture.ts';

/*
 * Goal: whatever fails by chance, nothing unsafe happens and every run comes to an end. Each seed draws rates of its own
 * for throttled calls, errors of a service, broken connections, lost answers, and functions that die before or after
 * their effect; at the bounds a third of all calls and a quarter of all invocations fail.
 */
const FAULTS = { callShareMax: 0.08, invocationShareMax: 0.12 };
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);
const OUTCOMES = ['FailedOver', 'StoodDown', 'Escalated'];

/** Everything that a person needs to run a broken seed again. */
const describeSeed = (seed: number): string =>
  `seed ${seed}, rates ${JSON.stringify(drawRates(FAULTS, new SeededRandom(seed).fork('faults')))}`;

describe('a Region outage under random faults', () => {
  const retries = new Map<number, number>();
  const outcomes: string[] = [];

  it.each(SEEDS)(
    'breaks no rule and ends with a named outcome, seed %d',
    async (seed) => {
      const { report, journal } = await runScenario('region-outage', seed, { faults: FAULTS });
      retries.set(seed, journal.filter((entry) => entry.event.startsWith('retries "')).length);
      outcomes.push(report.outcome);
      const broken = report.rules.filter((rule) => !rule.held).map((rule) => `${rule.name}: ${rule.detail}`);
      expect({ run: describeSeed(seed), broken }).toEqual({ run: describeSeed(seed), broken: [] });
      expect(OUTCOMES).toContain(report.outcome);
    },
    60_000,
  );

  it('was really under faults: all but a few runs had to repeat steps', () => {
    expect(retries.size).toBe(30);
    expect([...retries.values()].filter((count) => count > 0).length).toBeGreaterThanOrEqual(27);
  });

  it('still moves the users in most runs', () => {
    expect(outcomes.filter((outcome) => outcome === 'FailedOver').length).toBeGreaterThanOrEqual(20);
  });
});
