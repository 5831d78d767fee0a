import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import type { Workload } from '../../../core/config/schema.ts';
import { runSchema, type Run } from '../../../core/run/run.ts';
import { workflowStateSchema } from '../../../core/run/state.ts';
import { announcementOf, recordOf } from '../../../core/run/story.ts';
import { planOf } from '../../../core/run/trigger.ts';
import { preparingOf } from '../../../core/slack/preparing.ts';
import { azureStandbyOf, deepLookAtStandby, requireAzureStandby } from '../../../core/standby/tier.ts';
import { edgeTarget, standbyTarget } from '../../../core/watch/targets.ts';
import { dataWithWorkload, problemsOf, shippedWorkload } from '../config-fixture.ts';

/*
 * Goal: whoever works with a standby that is somebody else's does nothing about Azure: not in the plan, not in the looks, and
 * not in what people are told.
 */

const external = (more: Readonly<Record<string, unknown>> = {}): Workload => {
  const standby = { domainName: 'nginx.elsewhere.net', tier: 'external', ...more };
  return workloadOf(parseConfig(dataWithWorkload({ standby, data: { mode: 'none' } })), 'petclinic');
};
const run: Run = runSchema.parse({
  execution: 'run-1',
  workload: 'petclinic',
  startedAt: '2026-03-02T10:00:00.000Z',
  trigger: 'alarm',
  reason: 'an alarm',
  requestedBy: 'CloudWatch',
  skipConfirmation: false,
  dryRun: false,
});

describe('a standby', () => {
  it('is in Azure or it is not', () => {
    expect(azureStandbyOf(shippedWorkload())?.azure.aksCluster).toBe('aks-petclinic');
    expect(azureStandbyOf(external())).toBeNull();
    expect(requireAzureStandby('petclinic', shippedWorkload()).tier).toBe('cold');
    expect(problemsOf(() => requireAzureStandby('petclinic', external()))).toEqual([
      'workloads.petclinic.standby.tier: got "external", expected a tier in Azure: nothing of this standby is there',
    ]);
  });
});

describe('the looks at an external standby', () => {
  const deep = { path: '/status?deep=1', contains: 'Second house' };

  it('ask for the page of the site, unless it has one of its own', () => {
    expect(deepLookAtStandby(external())).toEqual(shippedWorkload().health.deep);
    expect(standbyTarget(external({ deep }))).toMatchObject({
      url: 'https://petclinic.example.com/__pilotlight/standby/status?deep=1',
      contains: 'Second house',
    });
    expect(edgeTarget(external({ deep }), 'standby')).toMatchObject({
      url: 'https://petclinic.example.com/status?deep=1',
      contains: 'Second house',
    });
  });

  it('leave the page of the primary as it is', () => {
    expect(edgeTarget(external({ deep }), 'primary')).toEqual(edgeTarget(shippedWorkload(), 'primary'));
  });
});

describe('the plan of a run to an external standby', () => {
  it('starts nothing, hands nothing over, and takes no turn in the clouds of the others', () => {
    expect(planOf(external(), run, 9)).toMatchObject({
      tier: 'external',
      startOnSuspicion: false,
      startOnApproval: false,
      prepareDegraded: false,
      handsOver: false,
      limitsLoss: false,
      takesTurns: false,
    });
    expect(planOf(shippedWorkload(), run, 9)).toMatchObject({ tier: 'cold', takesTurns: true });
  });
});

describe('what people are told of an external standby', () => {
  it('is that nothing is started, and whose matter its costs and data are', () => {
    expect(preparingOf(external())).toEqual({
      happens: 'the standby at nginx.elsewhere.net is looked at, and nothing is started (limit 15 min)',
      costs: 'Nothing is started. What its owner asks for the traffic is between you and them.',
      losses:
        'Whatever the primary took and the site has not brought over by its own means is not there. ' +
        'The shield keeps new writes from being lost.',
    });
  });

  it('has no word of a pipeline, even where nothing could be read', () => {
    const failure = { Error: 'CloudUnavailable', Cause: '{"errorMessage":"no answer"}' };
    const tell = (tier: string): string => {
      const state = workflowStateSchema.parse({
        run,
        plan: { tier },
        outcome: { name: 'Escalated' },
        failure,
        stopFailure: failure,
        worldFailure: failure,
      });
      const site = { name: 'Shop', url: 'https://shop.example.com' };
      return announcementOf(recordOf(state, '2026-03-02T10:10:00.000Z'), site).text;
    };
    expect(tell('cold')).toContain('The pipeline run could not be cancelled');
    expect(tell('external')).not.toMatch(/pipeline|Azure/);
    expect(tell('external')).toContain('Where the users are could not be read');
  });
});
