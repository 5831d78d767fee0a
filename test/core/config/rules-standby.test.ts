import { parseConfig } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { shippedWorkload, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: a standby that is somebody else's takes nothing of Azure, a primary may be anything that speaks HTTPS, and what
 * cannot go together is refused with the reason and the nearest thing that works.
 */

const AT = 'workloads.petclinic';
const EXTERNAL = { standby: { domainName: 'nginx.elsewhere.net', tier: 'external' }, data: { mode: 'none' } };
/** What the shipped primary is, but for its load balancer. */
const PLAIN = {
  'primary.loadBalancer': undefined,
  'primary.targetGroup': undefined,
  'policy.confirm.quorum.signals': 4,
};

const problems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWithWorkload(changes)));
const accepted = (changes: Record<string, unknown>) =>
  parseConfig(dataWithWorkload(changes)).workloads['petclinic']!;

describe('an external standby', () => {
  it('needs a name and nothing else', () => {
    expect(accepted(EXTERNAL).standby).toEqual({ domainName: 'nginx.elsewhere.net', tier: 'external' });
  });

  it('may have a page of its own to be known by', () => {
    const deep = { path: '/status', contains: 'Shop, second house' };
    expect(accepted({ ...EXTERNAL, standby: { ...EXTERNAL.standby, deep } }).standby).toMatchObject({ deep });
  });

  it('refuses a page of its own that nobody could tell from the maintenance page', () => {
    const deep = { path: '/status', contains: 'shortly' };
    expect(problems({ ...EXTERNAL, standby: { ...EXTERNAL.standby, deep } })).toEqual([
      `${AT}.standby.deep.contains: got "shortly", expected text that neither contains maintenance.contains ` +
        '("We will be back shortly") nor is a part of it: a probe could not tell the page from the standby',
    ]);
  });

  it('refuses everything of Azure, and says why and what would work', () => {
    const why =
      'expected nothing: an external standby is somebody else’s, and nothing of it is in Azure. ' +
      'Take it out, or choose tier cold, parked or warm';
    const pipeline = { organization: 'shop', project: 'shop', pipelineId: 42 };
    const standby = { ...EXTERNAL.standby, warmNodeCount: 3, azure: {}, pipeline };
    expect(problems({ ...EXTERNAL, standby })).toEqual([
      `${AT}.standby.warmNodeCount: got 3, ${why}`,
      `${AT}.standby.azure: got {}, ${why}`,
      `${AT}.standby.pipeline: got {"organization":"shop","project":"shop","pipelineId":42}, ${why}`,
    ]);
  });

  it('leaves a tier in Azure without its own page, which health.deep already is', () => {
    expect(problems({ 'standby.deep': { path: '/', contains: 'Owners' } })).toEqual([
      `${AT}.standby.deep: got {"path":"/","contains":"Owners"}, expected nothing: the application of a standby in ` +
        'Azure is that of the primary, so health.deep is asked of it',
    ]);
  });

  it.each([
    ['ship', { mode: 'ship', account: 'shopdata' }],
    ['dump', { mode: 'dump', account: 'shopdata' }],
  ])('refuses data of mode %s, which go by way of Azure', (mode, data) => {
    expect(problems({ ...EXTERNAL, data })).toEqual([
      `${AT}.data.mode: got "${mode}", expected "none" with tier external: dumps and log are kept in Azure and loaded ` +
        'there. Bring the data over by your own means, and name in data.probe an address that tells how far they are behind',
    ]);
  });

  it('takes the lag of the own replication', () => {
    const data = { mode: 'none', probe: { url: 'https://nginx.elsewhere.net/lag' } };
    expect(accepted({ ...EXTERNAL, data }).data).toEqual(data);
  });

  it('refuses to be started early, late or beside a degraded primary: there is nothing to start', () => {
    const why = (got: string): string =>
      `${AT}.policy.startStandby: got "${got}", expected "on-confirmation" with tier external: there is nothing to start. ` +
      'The standby is looked at while people are asked, and nobody is moved without them';
    expect(problems({ ...EXTERNAL, 'policy.startStandby': 'on-suspicion' })).toEqual([why('on-suspicion')]);
    const approval = {
      mode: 'required',
      approvers: { principals: ['arn:aws:iam::111122223333:user/on-call'] },
      timeLimitSeconds: 600,
      reminderSeconds: 120,
      onTimeout: 'proceed',
    };
    expect(
      problems({ ...EXTERNAL, 'policy.approval': approval, 'policy.startStandby': 'on-approval' }),
    ).toEqual([why('on-approval')]);
    const degraded = { then: 'failover', prepare: true };
    expect(problems({ ...EXTERNAL, 'policy.degraded': degraded })).toEqual([
      `${AT}.policy.degraded.prepare: got true, expected false with tier external: there is nothing to prepare. ` +
        'policy.degraded.then alone decides',
    ]);
    expect(() => accepted({ ...EXTERNAL, 'policy.degraded': { ...degraded, prepare: false } })).not.toThrow();
  });

  it('has no pipeline whose polls must fit into an execution', () => {
    const often = { 'limits.pipelineSeconds': 14_400, 'limits.pipelinePollSeconds': 5 };
    expect(problems(often)).toEqual([
      expect.stringContaining('limits.pipelinePollSeconds: got 5, expected at least'),
    ]);
    expect(() => accepted({ ...EXTERNAL, ...often })).not.toThrow();
  });

  it('is warned of where it would die with the primary', () => {
    const warned = (domainName: string): readonly string[] =>
      warningsOf(
        parseConfig(dataWithWorkload({ ...EXTERNAL, standby: { domainName, tier: 'external' } })),
      ).filter((words) => words.includes('standby.domainName'));
    expect(warned('abc.execute-api.ap-northeast-2.amazonaws.com')).toEqual([
      `${AT}.standby.domainName: got "abc.execute-api.ap-northeast-2.amazonaws.com": it is in the Region of the primary, ` +
        'so both are gone on the same day. Safer: a standby in another Region, or with another provider',
    ]);
    expect(warned('abc.execute-api.eu-west-1.amazonaws.com')).toEqual([]);
    expect(warned('nginx.elsewhere.net')).toEqual([]);
  });
});

describe('a primary that is no ALB', () => {
  it('needs no load balancer, and no Region where it is not in AWS', () => {
    const plain = accepted({ ...PLAIN, 'primary.region': undefined }).primary;
    expect(plain).toEqual({ domainName: shippedWorkload().primary.domainName });
    // Nobody shares a Region with it: the controller may be anywhere.
    expect(() => accepted(PLAIN)).not.toThrow();
  });

  it.each([
    ['loadBalancer', 'targetGroup'],
    ['targetGroup', 'loadBalancer'],
  ])('refuses %s without %s', (given, missing) => {
    expect(problems({ [`primary.${missing}`]: undefined })).toContainEqual(
      `${AT}.primary.${missing}: got nothing, expected a value beside primary.${given}: the alarms of an ALB watch both. ` +
        'Take both out where the primary is no ALB',
    );
  });

  it('refuses a load balancer without its Region', () => {
    expect(problems({ 'primary.region': undefined })).toEqual([
      `${AT}.primary.region: got nothing, expected the Region of primary.loadBalancer: its alarms live there`,
    ]);
  });

  it('is in the Region that its own name tells, so that the controller keeps out of it', () => {
    const domainName = 'abc.execute-api.eu-west-1.amazonaws.com';
    const of = (region: string | undefined) => ({
      ...PLAIN,
      'primary.domainName': domainName,
      'primary.region': region,
    });
    const why = `expected "eu-west-1": primary.domainName is a name of that Region`;
    expect(problems(of(undefined))).toEqual([`${AT}.primary.region: got nothing, ${why}`]);
    expect(problems(of('eu-west-2'))).toEqual([`${AT}.primary.region: got "eu-west-2", ${why}`]);
    expect(() => accepted(of('eu-west-1'))).not.toThrow();
  });

  it.each(['primary', 'standby'])(
    'refuses a website endpoint of S3 as the %s: it speaks no HTTPS',
    (origin) => {
      const name = 'shop.s3-website-eu-west-1.amazonaws.com';
      const standby = origin === 'standby' ? { domainName: name, tier: 'external' } : EXTERNAL.standby;
      const primary = origin === 'primary' ? { 'primary.domainName': name } : {};
      expect(problems({ ...EXTERNAL, ...PLAIN, ...primary, standby })).toEqual([
        `${AT}.${origin}.domainName: got "${name}", expected a name that speaks HTTPS: the website endpoints of S3 do not. ` +
          'Take "shop.s3.eu-west-1.amazonaws.com", or a name of yours in front of it',
      ]);
    },
  );

  it('counts in the quorum only what can speak: three alarms, and two probes from each place', () => {
    // With the ALB those in its own Region are silent with it, so that as many can speak.
    const quorum = (signals: number) => ({ ...PLAIN, 'policy.confirm.quorum.signals': signals });
    expect(() => accepted(quorum(9))).not.toThrow();
    expect(problems(quorum(10))).toEqual([
      `${AT}.policy.confirm.quorum.signals: got 10, expected at most 9: so many can speak while ap-northeast-2 is silent`,
    ]);
    expect(problems({ ...quorum(10), 'primary.region': undefined })).toEqual([
      `${AT}.policy.confirm.quorum.signals: got 10, expected at most 9: so many can speak while the primary is silent`,
    ]);
  });

  it('has no fence at its door', () => {
    const listenerRuleArn =
      'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/petclinic-alb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';
    expect(problems({ ...PLAIN, 'primary.fence': { listenerRuleArn } })).toEqual([
      `${AT}.primary.fence: got a rule of a load balancer, expected primary.loadBalancer and primary.targetGroup beside it, or no fence`,
    ]);
  });
});
