import { statesOf } from '../../drill/engine/executions.ts';
import { scenarioNames } from '../../drill/scenario.ts';
import { readWorkflow } from '../../statemachines/load.ts';
import { runScenario } from './fixture.ts';

const SEEDS = [1, 2, 3];

/** Every state of the workflow, those inside branches too. */
const allStates = (): string[] => {
  const { States } = JSON.parse(readWorkflow('failover')) as { States: Parameters<typeof statesOf>[0] };
  return statesOf(States).map(([name]) => name);
};

/** What the executions of all scenarios entered; filled by the tests in their order. */
const entered = new Set<string>();

describe.each(scenarioNames())('the scenario %s', (name) => {
  it.each(SEEDS)(
    'comes to what it expects and breaks no rule, seed %d',
    async (seed) => {
      const { report, journal, unexpected } = await runScenario(name, seed);
      for (const state of report.states) entered.add(state);
      // The report names the states of the main execution; the journal tells those of the others.
      for (const { who, event } of journal) if (who === 'controller') entered.add(event);
      const broken = report.rules.filter((rule) => !rule.held).map((rule) => `${rule.name}: ${rule.detail}`);
      expect({ unexpected, broken }).toEqual({ unexpected: [], broken: [] });
      expect(report).toMatchObject({ scenario: name, seed, workload: 'petclinic' });
      const { rto } = report;
      if (rto !== null) {
        const sum = Object.values(rto.phases).reduce((total, seconds) => total + seconds, 0);
        expect(sum).toBe(rto.totalSeconds);
        expect(Object.keys(rto.phases)).toEqual([
          'detect',
          'confirm',
          'shield',
          'prepare',
          'switch',
          'converge',
        ]);
      }
      const times = report.timeline.map((line) => Date.parse(line.at));
      expect([...times].sort((a, b) => a - b)).toEqual(times);
      expect(times).not.toHaveLength(0);
    },
    60_000,
  );
});

describe('the scenarios together', () => {
  it('enter every state of the workflow', () => {
    const missing = allStates().filter((state) => !entered.has(state));
    expect(missing).toEqual([]);
  });
});

describe('a seed', () => {
  const documentOf = async (seed: number): Promise<string> =>
    JSON.stringify((await runScenario('region-outage-warm', seed)).report, null, 2);

  it('gives the same bytes each time, and another seed gives others', async () => {
    const first = await documentOf(11);
    expect(await documentOf(11)).toBe(first);
    const other = JSON.parse(await documentOf(12)) as Record<string, unknown>;
    const known = JSON.parse(first) as Record<string, unknown>;
    expect(other['timeline']).not.toEqual(known['timeline']);
    expect(other['rto']).not.toEqual(known['rto']);
  }, 60_000);
});
