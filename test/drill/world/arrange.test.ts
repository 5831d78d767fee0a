import { parseConfig } from '../../../core/config/parse.ts';
import { checkRules } from '../../../core/config/rules.ts';
import { readScenario, scenarioNames } from '../../../drill/scenario.ts';
import { arrange, usesSlack } from '../../../drill/world/arrange.ts';
import { dataWithWorkload } from '../../core/config-fixture.ts';
import { shipped } from '../fixture.ts';
import { scenarioOf } from './fixture.ts';

const approval = { approvals: 2, timeLimitSeconds: 300, reminderSeconds: 120, onTimeout: 'abort' } as const;

describe('arrange', () => {
  it.each(scenarioNames())('makes of %s a configuration that keeps the rules of a shipped one', (name) => {
    expect(checkRules(arrange(shipped(), readScenario(name).scenario))).toEqual([]);
  });

  it('sets what the scenario sets, and leaves everything else as it is shipped', () => {
    const config = shipped();
    const canary = { shares: [5], holdSeconds: 60, errorPercentMax: 5 };
    const { workloads } = arrange(config, scenarioOf({ tier: 'cold', canary }));
    const { petclinic } = workloads;
    expect(petclinic).toMatchObject({ standby: { tier: 'cold' }, policy: { canary } });
    const before = config.workloads['petclinic']!;
    expect(petclinic).toMatchObject({ limits: before.limits, health: before.health, edge: before.edge });
    // The configuration that was handed in is somebody else's.
    expect(config).toEqual(shipped());
  });

  it('sets the mode of the data and its limit, and leaves the rest as it is shipped', () => {
    const dataWith = (data: Parameters<typeof scenarioOf>[0]) =>
      arrange(shipped(), scenarioOf(data)).workloads['petclinic']?.data;
    expect(dataWith({})).toEqual(shipped().workloads['petclinic']?.data);
    expect(dataWith({ data: { mode: 'none' } })).toEqual({ mode: 'none' });
    const probeUrl = 'https://replica.example.com/lag';
    expect(dataWith({ data: { mode: 'none', probeUrl } })).toEqual({
      mode: 'none',
      probe: { url: probeUrl },
    });
    expect(dataWith({ data: { mode: 'dump' } })).toEqual({
      ...{ mode: 'dump', account: 'petclinicbackups', dumpEveryMinutes: 1440 },
      ...{ maxLossSeconds: 93_600, handoverSeconds: 600 },
    });
    expect(dataWith({ data: { maxLossSeconds: 120 } })).toMatchObject({ mode: 'ship', maxLossSeconds: 120 });
  });

  it('gives a distribution the time that it takes, and a store none of it', () => {
    const limitsOf = (strategy: 'key-value' | 'distribution') =>
      arrange(shipped(), scenarioOf({ strategy })).workloads['petclinic']?.limits;
    expect(limitsOf('distribution')).toMatchObject({ convergeSeconds: 600, leaseSeconds: 900 });
    expect(limitsOf('key-value')).toEqual(shipped().workloads['petclinic']?.limits);
  });

  it('drills the strategy of the configuration where the scenario names none', () => {
    const data = dataWithWorkload({
      'edge.strategy': 'distribution',
      'edge.stack': undefined,
      'edge.keyValueStoreArn': undefined,
      'edge.originIds': { primary: 'alb', standby: 'appgw', maintenance: 'blob' },
      'limits.convergeSeconds': 600,
    });
    const edgeWith = (scenario: Parameters<typeof scenarioOf>[0]) =>
      arrange(parseConfig(data), scenarioOf(scenario)).workloads['petclinic']?.edge;
    expect(edgeWith({})).toEqual({
      strategy: 'distribution',
      distributionId: 'E2EXAMPLE1PETC',
      originIds: { primary: 'alb', standby: 'appgw', maintenance: 'blob' },
    });
    expect(edgeWith({ strategy: 'key-value' })).toEqual({
      strategy: 'key-value',
      distributionId: 'E2EXAMPLE1PETC',
      keyValueStoreArn: expect.stringMatching(/^arn:aws:cloudfront::111122223333:key-value-store\//),
      originIds: { primary: 'primary', standby: 'standby', maintenance: 'maintenance' },
    });
  });

  it('puts Slack and an approval there only where the scenario has one', () => {
    const asking = scenarioOf({ approval });
    const asked = arrange(shipped(), asking);
    expect(asked.controller.slack).toMatchObject({ channel: 'C0DRILL01' });
    expect(asked.workloads['petclinic']?.policy.approval).toMatchObject({
      mode: 'required',
      approvals: 2,
      approvers: { slackUserIds: ['U0FIRST01', 'U0SECOND1'] },
    });
    const quiet = arrange(shipped(), scenarioOf());
    expect(quiet.controller).toEqual(shipped().controller);
    expect(quiet.workloads['petclinic']?.policy.approval).toEqual(
      shipped().workloads['petclinic']?.policy.approval,
    );
    expect([usesSlack(asking), usesSlack(scenarioOf())]).toEqual([true, false]);
  });

  it('needs a workload', () => {
    expect(() => arrange({ ...shipped(), workloads: {} }, scenarioOf())).toThrow(
      'the configuration has no workload',
    );
  });

  it('puts the Regions of the scenario there, and leaves the others where they are', () => {
    const regions = {
      ...{ primary: 'us-east-1', controller: 'eu-west-1' },
      probes: ['us-west-2', 'eu-central-1', 'ap-southeast-1'],
    };
    const { controller, workloads } = arrange(shipped(), scenarioOf({ regions }));
    expect(controller).toMatchObject({ region: 'eu-west-1', probeRegions: regions.probes });
    expect(workloads['petclinic']?.primary.region).toBe('us-east-1');
    const as = arrange(shipped(), scenarioOf());
    expect(as.controller.region).toBe('ap-northeast-1');
    expect(as.workloads['petclinic']?.primary.region).toBe('ap-northeast-2');
  });

  it('names the alarms of the scenario as triggers and signals, and no other', () => {
    const own = { region: 'eu-west-1', name: 'site-down', kind: 'metric' } as const;
    const alarmsOf = (scenario: Parameters<typeof scenarioOf>[0]) =>
      arrange(shipped(), scenarioOf(scenario)).workloads['petclinic']?.detection.alarms;
    expect(alarmsOf({})).toEqual([]);
    expect(alarmsOf({ ownAlarms: [own] })).toEqual([
      { region: 'eu-west-1', name: 'site-down', about: 'primary', use: ['trigger', 'signal'] },
    ]);
  });
});

describe('a fleet', () => {
  const fleet = {
    ...{ workloads: 3, movesAtOnce: 2 },
    ...{ priorities: { 2: 1 }, dependsOn: { 3: [1, 2] } },
  };
  const { controller, workloads } = arrange(shipped(), scenarioOf({ fleet }));

  it('is so many workloads, in the order and with the ties of the scenario', () => {
    expect(Object.keys(workloads)).toEqual(['site001', 'site002', 'site003']);
    expect(controller.fleet.movesAtOnce).toBe(2);
    expect(Object.values(workloads).map(({ priority }) => priority)).toEqual([5, 1, 5]);
    expect(workloads['site003']?.dependsOn).toEqual(['site001', 'site002']);
  });

  it('shares no address, distribution, store or resource group', () => {
    const own = Object.values(workloads).map(({ url, primary, standby, maintenance, edge }) => [
      url,
      primary.domainName,
      standby.domainName,
      standby.azure?.resourceGroup,
      maintenance.domainName,
      edge.distributionId,
      edge.keyValueStoreArn,
    ]);
    expect(new Set(own.flat()).size).toBe(21);
  });
});
