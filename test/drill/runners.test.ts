import { parseScenario, type Scenario } from '../../drill/scenario.ts';
import { runScenario } from './fixture.ts';

/*
 * Goal: with two runners a failover gets its standby whatever Azure DevOps does, and Terraform works once. Method: the drill's
 * world with an Azure DevOps that is down in each of its ways.
 */

jest.setTimeout(120_000);

const seed = 7;
type Given = Pick<Partial<Scenario>, 'runner' | 'azureDevOps' | 'happenings' | 'tier'>;

const scenarioOf = (given: Given): Scenario =>
  parseScenario({
    title: 'Azure DevOps is down as well',
    story: 'The Region dies.',
    happenings: [{ what: 'region-dies', at: 0 }],
    ...given,
  });

async function drill(given: Given, faults = {}) {
  const { report, journal } = await runScenario('azure-devops-down', seed, {
    scenario: scenarioOf(given),
    ...faults,
  });
  const events = journal.map(({ event }) => event);
  return {
    report,
    broken: report.rules.filter(({ held }) => !held).map(({ name }) => name),
    applies: events.filter((event) => event === 'pipeline stage Infrastructure succeeded').length,
    locked: events.filter((event) => event.includes('waits for the lock of the Terraform state')).length,
    failedStages: events.filter((event) => /pipeline stage \w+ failed/.test(event)),
    cancelledStages: events.filter((event) => /pipeline stage \w+ canceled/.test(event)),
  };
}

describe('a failover with both runners', () => {
  it('goes by Azure DevOps on an ordinary day, and the job is left alone', async () => {
    const { report, applies, broken } = await drill({ runner: 'both' });
    expect({ outcome: report.outcome, applies, broken }).toEqual({
      outcome: 'FailedOver',
      applies: 1,
      broken: [],
    });
  });

  it('goes by the job at once where Azure DevOps does not know the identity', async () => {
    const { report, applies, broken } = await drill({
      runner: 'both',
      azureDevOps: { how: 'unauthorized' },
    });
    expect({ outcome: report.outcome, applies, broken }).toEqual({
      outcome: 'FailedOver',
      applies: 1,
      broken: [],
    });
    expect(report.rto?.totalSeconds).toBeLessThan(900);
  });

  it.each(['refuses', 'silent', 'never-begins'] as const)(
    'goes by the job after the limit where Azure DevOps %s',
    async (how) => {
      const { report, applies, broken } = await drill({ runner: 'both', azureDevOps: { how } });
      expect({ outcome: report.outcome, applies, broken }).toEqual({
        outcome: 'FailedOver',
        applies: 1,
        broken: [],
      });
      expect(report.rto?.totalSeconds).toBeGreaterThan(800);
      expect(report.rto?.totalSeconds).toBeLessThan(1_400);
    },
  );

  it('applies once where Azure DevOps comes back before the limit', async () => {
    const { report, applies } = await drill({
      runner: 'both',
      azureDevOps: { how: 'refuses', seconds: 120 },
    });
    expect({ outcome: report.outcome, applies }).toEqual({ outcome: 'FailedOver', applies: 1 });
  });

  it('keeps a run out that begins while the job holds the lock', async () => {
    const { report, locked, failedStages, broken } = await drill({
      runner: 'both',
      azureDevOps: { how: 'loses-touch', seconds: 500 },
    });
    expect({ outcome: report.outcome, locked, failedStages, broken }).toEqual({
      outcome: 'FailedOver',
      locked: 1,
      // Restore waits for what Infrastructure does not build.
      failedStages: ['pipeline stage Infrastructure failed', 'pipeline stage Restore failed'],
      broken: [],
    });
  });

  it('lets the job wait for the lock of a run that nobody sees, and go on from what that has built', async () => {
    const { report, locked, failedStages, broken } = await drill({
      runner: 'both',
      azureDevOps: { how: 'loses-touch', seconds: 100 },
    });
    expect({ outcome: report.outcome, locked, failedStages, broken }).toEqual({
      outcome: 'FailedOver',
      locked: 1,
      failedStages: [],
      broken: [],
    });
  });

  it('stops the job where the primary comes back meanwhile', async () => {
    const { report, applies, cancelledStages, broken } = await drill({
      runner: 'both',
      azureDevOps: { how: 'never-begins' },
      happenings: [
        { what: 'region-dies', at: 0 },
        { what: 'region-returns', at: 420 },
      ],
    });
    expect({ outcome: report.outcome, applies, broken }).toEqual({
      outcome: 'StoodDown',
      applies: 0,
      broken: [],
    });
    expect(cancelledStages).toEqual([
      'pipeline stage Infrastructure canceled',
      'pipeline stage Restore canceled',
    ]);
  });
});

describe('a failover with the container job alone', () => {
  it('needs no Azure DevOps at all', async () => {
    const { report, applies, broken } = await drill({ runner: 'container-job' });
    expect({ outcome: report.outcome, applies, broken }).toEqual({
      outcome: 'FailedOver',
      applies: 1,
      broken: [],
    });
  });
});

describe('a dry run', () => {
  const happenings: Scenario['happenings'] = [
    { what: 'manual-start', at: 0, input: { reason: 'rehearsal', requestedBy: 'on call', dryRun: true } },
  ];

  it.each(['container-job', 'both'] as const)(
    'reads what would be started, with the runner %s',
    async (runner) => {
      const { report, applies } = await drill({ runner, happenings });
      expect({ outcome: report.outcome, applies }).toEqual({ outcome: 'DryRun', applies: 0 });
    },
  );
});

describe('a failover without the second runner', () => {
  it('calls people where Azure DevOps is down: this is what the second runner is for', async () => {
    const { report, applies } = await drill({ azureDevOps: { how: 'refuses' } });
    expect({ outcome: report.outcome, applies }).toEqual({ outcome: 'Escalated', applies: 0 });
  });
});

describe('two runners under random faults', () => {
  it.each([1, 2, 5])('apply once and break no rule, seed %d', async (faultSeed) => {
    const { report, journal } = await runScenario('azure-devops-down', faultSeed, {
      scenario: scenarioOf({ runner: 'both', azureDevOps: { how: 'refuses', seconds: 60 * faultSeed } }),
      faults: { callShareMax: 0.08, invocationShareMax: 0.12 },
    });
    const applies = journal.filter(({ event }) => event === 'pipeline stage Infrastructure succeeded');
    expect(report.rules.filter(({ held }) => !held)).toEqual([]);
    expect(['FailedOver', 'Escalated', 'StoodDown']).toContain(report.outcome);
    if (report.outcome === 'FailedOver') expect(applies.length).toBeGreaterThanOrEqual(1);
  });
});
