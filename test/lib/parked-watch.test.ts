import { Match } from 'aws-cdk-lib/assertions';
import { dataWith } from '../core/config-fixture.ts';
import { parseConfig } from '../../core/config/parse.ts';
import { actionsIn } from './needs-of.ts';
import { Permissions } from './permissions-of.ts';
import { configOf, templateOf, templatesOf } from './synthesized.ts';

/*
 * Goal: parked standbys are looked at four times an hour, by the role that Entra ID trusts and with no right more; where none is parked
 * nothing of it is there.
 */

const parked = templateOf(
  templatesOf(parseConfig(dataWith({ 'workloads.petclinic.standby.tier': 'parked' }))),
  'PilotlightController',
);

describe('the standing look at parked standbys', () => {
  it('is called each quarter of an hour, and not again where a call failed', () => {
    parked.hasResourceProperties('AWS::Events::Rule', {
      Name: 'pilotlight-parked',
      ScheduleExpression: 'rate(15 minutes)',
      Targets: [Match.objectLike({ RetryPolicy: { MaximumRetryAttempts: 0 } })],
    });
    parked.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'pilotlight-look-at-parked',
      Timeout: 120,
      TracingConfig: Match.absent(),
    });
  });

  it('adds no action to the role that Entra ID trusts', () => {
    const permissions = new Permissions(parked);
    expect(permissions.roleIdOf('look-at-parked')).toBe(permissions.roleIdOf('poll-standby'));
    const plain = new Permissions(templateOf(templatesOf(configOf()), 'PilotlightController'));
    expect(actionsIn(permissions.ofFunction('look-at-parked'))).toEqual(
      actionsIn(plain.ofFunction('poll-standby')),
    );
  });

  it('is not there where no standby is parked', () => {
    const template = templateOf(templatesOf(configOf()), 'PilotlightController');
    template.resourcePropertiesCountIs('AWS::Events::Rule', { Name: 'pilotlight-parked' }, 0);
    template.resourcePropertiesCountIs(
      'AWS::Lambda::Function',
      { FunctionName: 'pilotlight-look-at-parked' },
      0,
    );
  });
});
