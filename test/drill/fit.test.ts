import type { Config } from '../../core/config/schema.ts';
import { defaultScenarioFor } from '../../drill/default-scenario.ts';
import { refuseUnfit } from '../../drill/fit.ts';
import { readScenario, type Scenario } from '../../drill/scenario.ts';
import { problemsOf } from '../core/config-fixture.ts';
import { shipped } from './fixture.ts';

/*
 * Goal: a scenario runs with the configurations that it can happen to, and no other; and the one that runs by itself fits.
 */

const externalConfig = (): Config => {
  const config = shipped();
  const { petclinic } = config.workloads;
  const { loadBalancer, targetGroup, ...primary } = petclinic!.primary;
  expect([loadBalancer, targetGroup]).not.toContain(undefined);
  return {
    ...config,
    workloads: {
      petclinic: {
        ...petclinic!,
        primary,
        standby: { domainName: 'nginx.elsewhere.net', tier: 'external' },
        data: { mode: 'none' },
      },
    },
  };
};
const scenarioOf = (name: string): Scenario => readScenario(name).scenario;
const refused = (name: string): readonly string[] =>
  problemsOf(() => {
    refuseUnfit(name, scenarioOf(name), externalConfig());
  });

describe('a scenario for an external standby', () => {
  it.each([
    ['region-outage', 'a cold standby'],
    // These tell of a primary that comes back while the standby is being built.
    ['primary-recovers', 'a cold standby'],
    ['region-outage-warm', 'a warm standby'],
    ['pipeline-waits', 'its pipeline'],
    ['standby-sick', 'its gateway'],
    ['dumps-only', 'data that are shipped to it'],
    ['on-suspicion', 'an early start of it'],
  ])('is not %s, which is about %s', (name, about) => {
    expect(refused(name)).toEqual([
      `--scenario: got "${name}", which is about ${about}; the standby of the configuration is external, ` +
        'and nothing of it is in Azure. Run external, or manual-start, database-dies, switch-not-verified, maintenance-missing',
    ]);
  });

  it('is not one about a load balancer that its primary does not have', () => {
    expect(refused('false-alarm')).toEqual([
      '--scenario: got "false-alarm", which is about the load balancer; the primary of the configuration has none. ' +
        'Run database-dies, or external',
    ]);
  });

  it.each(['external', 'manual-start', 'database-dies', 'switch-not-verified', 'maintenance-missing'])(
    'may be %s',
    (name) => {
      expect(() => {
        refuseUnfit(name, scenarioOf(name), externalConfig());
      }).not.toThrow();
    },
  );
});

describe('a scenario for a standby in Azure', () => {
  it.each(['region-outage', 'on-suspicion', 'false-alarm', 'external'])('may be %s', (name) => {
    expect(() => {
      refuseUnfit(name, scenarioOf(name), shipped());
    }).not.toThrow();
  });
});

describe('the scenario that runs by itself', () => {
  it('is a dead Region, with the standby that there is', () => {
    expect(defaultScenarioFor(shipped())).toBe('region-outage');
    expect(defaultScenarioFor(externalConfig())).toBe('external');
  });
});
