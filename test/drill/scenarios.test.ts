import { statesOf } from '../../drill/engine/executions.ts';
import { workflowNames } from '../../core/names.ts';
import { readScenario, scenarioNames } from '../../drill/scenario.ts';
import { readWorkflow } from '../../statemachines/load.ts';
import { runScenario } from './fixture.ts';

/*
 * Goal: every scenario comes to what it expects and breaks no rule, and together they go everywhere in the workflow.
 * One seed shows that a scenario is right; `npm run bench` plays those that move users with a hundred.
 */

const MORE_SEEDS: Readonly<Record<string, readonly number[]>> = {
  'region-outage-warm': [1, 2, 3],
};
const runs = scenarioNames().flatMap((name) =>
  (MORE_SEEDS[name] ?? [1]).map((seed): [string, number] => [name, seed]),
);
const PHASES = ['detect', 'confirm', 'shield', 'prepare', 'switch', 'converge'];

/** Every state of the workflows, those inside branches too. */
const allStates = (): string[] =>
  workflowNames.flatMap((workflow) => {
    const { States } = JSON.parse(readWorkflow(workflow)) as { States: Parameters<typeof statesOf>[0] };
    return statesOf(States).map(([name]) => name);
  });

/** Whether the scenario plays a planned move. */
const isPlanned = (name: string): boolean =>
  readScenario(name).scenario.happenings.some(
    (happening) => happening.what === 'manual-start' && happening.input['planned'] === true,
  );

/** What the executions of all scenarios entered; filled by the tests in their order. */
const entered = new Set<string>();

describe('a scenario', () => {
  it.each(runs)(
    'comes to what it expects and breaks no rule: %s, seed %d',
    async (name, seed) => {
      const { report, journal, unexpected } = await runScenario(name, seed);
      for (const state of report.states) entered.add(state);
      // The report names the states of the main execution; the journal tells those of the others.
      for (const { who, event } of journal) if (who === 'controller') entered.add(event);
      const broken = report.rules.filter((rule) => !rule.held).map((rule) => `${rule.name}: ${rule.detail}`);
      expect({ unexpected, broken }).toEqual({ unexpected: [], broken: [] });
      const workload = readScenario(name).scenario.fleet === undefined ? 'petclinic' : 'site001';
      expect(report).toMatchObject({ scenario: name, seed, workload });
      const { rto, limit } = report;
      if (rto !== null) {
        const sum = Object.values(rto.phases).reduce((total, seconds) => total + seconds, 0);
        expect(sum).toBeCloseTo(rto.totalSeconds, 6);
        expect(Object.keys(rto.phases)).toEqual(PHASES);
        // Nobody is faster than what cannot be avoided; a planned move has begun before the fault, and so has no such limit.
        expect(limit === null).toBe(isPlanned(name));
        expect(limit?.ratio ?? 1).toBeGreaterThanOrEqual(1);
      }
      const times = report.timeline.map((line) => Date.parse(line.at));
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      // Of an hour in which nothing happens there is nothing to tell.
      expect(times.length > 0).toBe(name !== 'ordinary-hour');
    },
    // Fifty workloads take fifty times the work of one.
    240_000,
  );
});

describe('the scenarios together', () => {
  it('enter every state of the workflows', () => {
    const missing = allStates().filter((state) => !entered.has(state));
    expect(missing).toEqual([]);
  });
});
