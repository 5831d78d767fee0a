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
    expect(checkRules(arrange(shipped(), 'petclinic', readScenario(name).scenario))).toEqual([]);
  });

  it('sets what the scenario sets, and leaves everything else as it is shipped', () => {
    const config = shipped();
    const canary = { shares: [5], holdSeconds: 60, errorPercentMax: 5 };
    const { workloads } = arrange(config, 'petclinic', scenarioOf({ tier: 'cold', canary }));
    const { petclinic } = workloads;
    expect(petclinic).toMatchObject({ standby: { tier: 'cold' }, policy: { canary } });
    const before = config.workloads['petclinic']!;
    expect(petclinic).toMatchObject({ limits: before.limits, health: before.health, edge: before.edge });
    // The configuration that was handed in is somebody else's.
    expect(config).toEqual(shipped());
  });

  it('gives a distribution the time that it takes, and a store none of it', () => {
    const limitsOf = (strategy: 'key-value' | 'distribution') =>
      arrange(shipped(), 'petclinic', scenarioOf({ strategy })).workloads['petclinic']?.limits;
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
      arrange(parseConfig(data), 'petclinic', scenarioOf(scenario)).workloads['petclinic']?.edge;
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
    const asked = arrange(shipped(), 'petclinic', asking);
    expect(asked.controller.slack).toMatchObject({ channel: 'C0DRILL01' });
    expect(asked.workloads['petclinic']?.policy.approval).toMatchObject({
      mode: 'required',
      approvals: 2,
      approvers: { slackUserIds: ['U0FIRST01', 'U0SECOND1'] },
    });
    const quiet = arrange(shipped(), 'petclinic', scenarioOf());
    expect(quiet.controller).toEqual(shipped().controller);
    expect(quiet.workloads['petclinic']?.policy.approval).toEqual(
      shipped().workloads['petclinic']?.policy.approval,
    );
    expect([usesSlack(asking), usesSlack(scenarioOf())]).toEqual([true, false]);
  });

  it('knows no workload of another name', () => {
    expect(() => arrange(shipped(), 'shop', scenarioOf())).toThrow('no workload shop');
  });
});
