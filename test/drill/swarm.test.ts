import { drawRates } from '../../drill/faults.ts';
import { SeededRandom } from '../../drill/random.ts';
import { runScenario } from './fixture.ts';

/*
 * Goal: whatever fails by chance, nothing unsafe happens and every run comes to an end. Each seed draws rates of its own
 * for throttled calls, errors of a service, broken connections, lost answers, and functions that die before or after
 * their effect; at the bounds a third of all calls and a quarter of all invocations fail.
 */
const FAULTS = { callShareMax: 0.08, invocationShareMax: 0.12 };
const OUTCOMES = ['FailedOver', 'StoodDown', 'Escalated'];

const swarms = [
  // Behind an approval less is done in all: fewer calls, fewer repeats.
  { name: 'region-outage', count: 30, repeatedAtLeast: 27, movedAtLeast: 20 },
  { name: 'approval-approved', count: 10, repeatedAtLeast: 8, movedAtLeast: 6 },
];

/** Everything that a person needs to run a broken seed again. */
const describeSeed = (seed: number): string =>
  `seed ${seed}, rates ${JSON.stringify(drawRates(FAULTS, new SeededRandom(seed).fork('faults')))}`;

describe.each(swarms)('$name under random faults', ({ name, count, repeatedAtLeast, movedAtLeast }) => {
  const retries = new Map<number, number>();
  const outcomes: string[] = [];

  it.each(Array.from({ length: count }, (_, i) => i + 1))(
    'breaks no rule and ends with a named outcome, seed %d',
    async (seed) => {
      const { report, journal } = await runScenario(name, seed, { faults: FAULTS });
      retries.set(seed, journal.filter((entry) => entry.event.startsWith('retries "')).length);
      outcomes.push(report.outcome);
      const broken = report.rules.filter((rule) => !rule.held).map((rule) => `${rule.name}: ${rule.detail}`);
      expect({ run: describeSeed(seed), broken }).toEqual({ run: describeSeed(seed), broken: [] });
      expect(OUTCOMES).toContain(report.outcome);
    },
    60_000,
  );

  it('was really under faults: all but a few runs had to repeat steps', () => {
    expect(retries.size).toBe(count);
    expect([...retries.values()].filter((times) => times > 0).length).toBeGreaterThanOrEqual(repeatedAtLeast);
  });

  it('still moves the users in most runs', () => {
    expect(outcomes.filter((outcome) => outcome === 'FailedOver').length).toBeGreaterThanOrEqual(
      movedAtLeast,
    );
  });
});
