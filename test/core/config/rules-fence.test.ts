import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { dataWithWorkload, problemsOf } from '../config-fixture.ts';

const AT = 'workloads.petclinic.primary.fence';
const arn = ({
  region = 'ap-northeast-2',
  account = '111122223333',
  balancer = 'petclinic-alb/50dc6c495c0c9188',
} = {}) =>
  `arn:aws:elasticloadbalancing:${region}:${account}:listener-rule/app/${balancer}/f2f7dc8efc522ab2/9683b2d02a6cabee`;
const parsed = (fence: unknown) => parseConfig(dataWithWorkload({ 'primary.fence': fence }));
const problems = (fence: unknown): readonly string[] => problemsOf(() => parsed(fence));

describe('the fence of a primary', () => {
  it('is a rule of its load balancer, and waits 15 s for writes that were let in', () => {
    expect(workloadOf(parsed({ listenerRuleArn: arn() }), 'petclinic').primary.fence).toEqual({
      listenerRuleArn: arn(),
      drainSeconds: 15,
    });
  });

  it.each([
    ['of another Region', arn({ region: 'eu-west-1' }), 'a rule in primary.region, ap-northeast-2'],
    [
      'of another account',
      arn({ account: '999988887777' }),
      'a rule in the account of the controller, 111122223333',
    ],
    [
      'of another load balancer',
      arn({ balancer: 'other/50dc6c495c0c9188' }),
      'a rule of primary.loadBalancer, app/petclinic-alb/50dc6c495c0c9188',
    ],
  ])('cannot be one %s', (_, listenerRuleArn, expected) => {
    expect(problems({ listenerRuleArn })).toEqual([
      `${AT}.listenerRuleArn: got "${listenerRuleArn}", expected ${expected}`,
    ]);
  });

  it.each([
    [{ listenerRuleArn: 'listener-rule/app/x' }, `${AT}.listenerRuleArn: got "listener-rule/app/x"`],
    [{ listenerRuleArn: arn(), drainSeconds: 4 }, `${AT}.drainSeconds: got 4`],
    [{ listenerRuleArn: arn(), drainSeconds: 121 }, `${AT}.drainSeconds: got 121`],
    [{}, `${AT}.listenerRuleArn: `],
  ])('is refused as %j', (fence, problem) => {
    expect(problems(fence)).toEqual([expect.stringContaining(problem)]);
  });
});
