import { makeTargets } from '../../../../clouds/aws/route/targets-client.ts';
import { elbRulesService } from '../../../../drill/clouds/aws/elb-rules.ts';
import { Network } from '../../../../drill/clouds/wire/wire.ts';
import { awsAnswering, rejectionOf, xmlError } from '../helpers.ts';

const GROUP =
  'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:targetgroup/petclinic/0123456789abcdef';

/** The real client of the SDK over the simulated service, with servers in these states. */
function targetsOf(states: readonly string[], targetGroupArn = GROUP, region = 'ap-northeast-2') {
  const targets = new Map([[GROUP, () => states]]);
  const network = new Network({ services: [elbRulesService({ rules: new Map(), targets })] });
  return makeTargets({
    ...{ region, transport: network.awsRequestHandler(), targetGroupArn },
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  });
}

describe('the servers of a target group', () => {
  it('are counted, and each that is not healthy is named with its reason', async () => {
    expect(await targetsOf(['healthy', 'unhealthy', 'healthy', 'initial']).health()).toEqual({
      healthy: 2,
      all: 4,
      unhealthy: ['10.0.1.10: Target.FailedHealthChecks', '10.0.3.10: Target.FailedHealthChecks'],
    });
  });

  it.each(['unused', 'draining', 'unhealthy.draining'])('do not count where they are %s', async (state) => {
    expect(await targetsOf(['healthy', state]).health()).toEqual({ healthy: 1, all: 1, unhealthy: [] });
  });

  it('are none where the group is empty', async () => {
    expect(await targetsOf([]).health()).toEqual({ healthy: 0, all: 0, unhealthy: [] });
  });

  it.each([
    ['a group that does not exist', GROUP.replace(/0123456789abcdef$/, 'fedcba9876543210'), 'ap-northeast-2'],
    ['a group of another Region', GROUP, 'ap-northeast-1'],
  ])('of %s are refused, with what to do', async (_, arn, region) => {
    expect(await rejectionOf(targetsOf(['healthy'], arn, region).health())).toMatchObject({
      name: 'CloudRefused',
      message: expect.stringMatching(/ELBv2 DescribeTargetHealth.*TargetGroupNotFound/s) as unknown,
    });
  });

  it.each([
    ['Throttling', 400],
    ['ServiceUnavailable', 503],
  ])('are asked for again where the service says %s', async (code, status) => {
    const { access } = awsAnswering(...Array.from({ length: 10 }, () => xmlError(status, code)));
    const targets = makeTargets({ ...access, targetGroupArn: GROUP });
    expect(await rejectionOf(targets.health())).toMatchObject({ name: 'CloudUnavailable' });
  });
});
