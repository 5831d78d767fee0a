import { parseConfig } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWith, dataWithWorkload } from '../config-fixture.ts';

/*
 * Goal: what is allowed and dangerous is told, with what may come of it and what would be safer; its neighbour on the safe
 * side is not.
 */

const AT = 'workloads.petclinic';
/** What the shipped example is always warned of: its names and ids are made up. */
const shipped = (): readonly string[] => warningsOf(parseConfig(dataWith()));
const more = (data: Record<string, unknown>): readonly string[] => {
  const made = new Set(shipped());
  return warningsOf(parseConfig(data)).filter((warning) => !made.has(warning));
};
const warnings = (changes: Record<string, unknown>): readonly string[] => more(dataWith(changes));
const workloadWarnings = (changes: Record<string, unknown>): readonly string[] =>
  more(dataWithWorkload(changes));

describe('the shipped example', () => {
  it('is warned of its made-up names and ids, and of nothing else', () => {
    const left =
      'these are values of a documentation, which nobody can have, so nothing is there on the day. Safer: your own';
    expect(shipped()).toEqual([
      `controller: got an example in account, onCall.0: ${left}`,
      `${AT}: got an example in url, primary.domainName, primary.loadBalancer, primary.targetGroup, ` +
        'standby.azure.tenantId, standby.azure.subscriptionId, ' +
        'standby.azure.clientId, edge.distributionId, edge.keyValueStoreArn, edge.stack.hostedZone.id, ' +
        `edge.stack.hostedZone.name: ${left}, in every field of workload petclinic`,
    ]);
  });

  it.each([
    ['primary.domainName', 'alb.example.org', 'alb.myexample.org'],
    ['primary.domainName', 'alb.shop.example', 'alb.example.shop'],
    [
      'standby.azure.clientId',
      '12345678-1234-4234-8234-123456789012',
      '62345678-1234-4234-8234-123456789012',
    ],
    ['primary.loadBalancer', 'app/shop/0123456789abcdef', 'app/shop/1123456789abcdef'],
    ['primary.targetGroup', 'targetgroup/shop/73e2d6bc24d8a067', 'targetgroup/shop/83e2d6bc24d8a067'],
    ['standby.azure.mysqlServer', 'mysql-shop-example', 'mysql-shop-examples'],
    ['standby.pipeline.organization', 'example', 'example-shop'],
    ['standby.pipeline.pipelineId', 2_147_483_647, 42],
    ['health.deep.contains', 'EXAMPLE: words of the page', 'example of the month'],
  ])('is not the only one: in %s %s is nobody’s, %s may be somebody’s', (field, example, own) => {
    const named = (value: string | number): boolean =>
      warningsOf(parseConfig(dataWithWorkload({ [field]: value }))).some((warning) =>
        new RegExp(`got an example in [^:]*\\b${field.replaceAll('.', '\\.')}\\b`).test(warning),
      );
    expect([named(example), named(own)]).toEqual([true, false]);
  });
});

describe('places', () => {
  const optInWords =
    'an account does not have this Region until somebody turns it on, and not every service is there. ' +
    'Safer: turn it on in the account settings and try every stack in it, or take a Region that every account has';

  it('warn of a Region that an account does not have by itself', () => {
    expect(warnings({ 'controller.region': 'ap-southeast-4' })).toEqual([
      `controller.region: got "ap-southeast-4": ${optInWords}`,
    ]);
    expect(warnings({ 'controller.probeRegions': ['ap-southeast-1', 'ca-west-1', 'eu-central-1'] })).toEqual([
      `controller.probeRegions.1: got "ca-west-1": ${optInWords}`,
    ]);
    expect(workloadWarnings({ 'primary.region': 'af-south-1' })).toEqual([
      `${AT}.primary.region: got "af-south-1": ${optInWords}`,
    ]);
    expect(warnings({ 'controller.region': 'ap-southeast-2' })).toEqual([]);
  });

  it('warn of a controller beside the control planes of what it moves', () => {
    expect(warnings({ 'controller.region': 'us-east-1' })).toEqual([
      'controller.region: got "us-east-1": the control planes of CloudFront, IAM and Route 53 are there too, so one ' +
        'bad day takes the signals, the edge and the controller. Safer: any other Region',
    ]);
    expect(warnings({ 'controller.region': 'us-east-2' })).toEqual([]);
  });

  it('warn of probes from the Region of the controller', () => {
    expect(warnings({ 'controller.probeRegions': ['ap-northeast-1', 'us-west-2', 'eu-central-1'] })).toEqual([
      'controller.probeRegions: got "ap-northeast-1": a place in the Region of the controller shares its faults, so it ' +
        'is no second opinion. Safer: a Region that nothing else of Pilotlight is in',
    ]);
  });

  it('warn of probes from one continent', () => {
    expect(warnings({ 'controller.probeRegions': ['us-west-1', 'ca-central-1', 'us-east-2'] })).toEqual([
      'controller.probeRegions: got us-west-1, ca-central-1, us-east-2: all are in North America, so a network that ' +
        'fails there blinds all of them at once. Safer: at least one on another continent',
    ]);
    expect(warnings({ 'controller.probeRegions': ['us-west-1', 'sa-east-1', 'us-east-2'] })).toEqual([]);
  });
});

describe('a quorum', () => {
  const quorum = (signals: number, kinds: number, places: number) => ({
    'policy.confirm.quorum': { signals, kinds, places },
  });
  const told = (...counts: [number, number, number]): readonly string[] =>
    workloadWarnings(quorum(...counts)).map((warning) => warning.replace(`${AT}.policy.confirm.quorum.`, ''));

  it.each<[[number, number, number], string]>([
    [
      [4, 1, 2],
      'kinds: got 1: a fault of CloudWatch alone, or of all probes alone, is enough for an outage. Safer: 2',
    ],
    [
      [4, 2, 1],
      'places: got 1: the bad network of one probe Region is enough to take the primary for dead. Safer: 2',
    ],
    [
      [4, 2, 3],
      'places: got 3: these are all places, so one that does not answer stops every failover, and every switch from ' +
        'being verified. Safer: one more in controller.probeRegions',
    ],
    [
      [2, 2, 2],
      'signals: got 2: two sources that are wrong at once are an outage. Safer: half of those that can speak',
    ],
    [
      [9, 2, 2],
      'signals: got 9: these are all that can speak on the day, so one that is late or silent stops every failover. Safer: 7 or fewer',
    ],
  ])('of signals, kinds and places %j is warned of', (counts, warning) => {
    expect(told(...counts)).toEqual([warning]);
  });

  it('that one fault neither reaches nor keeps out of reach is not', () => {
    expect(told(3, 2, 2)).toEqual([]);
    expect(told(8, 2, 2)).toEqual([]);
  });
});

describe('people', () => {
  const KIM = 'arn:aws:iam::111122223333:user/kim';
  const JO = 'arn:aws:iam::111122223333:user/jo';
  const ROLE = 'arn:aws:sts::111122223333:assumed-role/on-call/*';
  const told = (change: Record<string, unknown>): readonly string[] =>
    workloadWarnings({
      'policy.approval': {
        mode: 'required',
        approvers: { principals: [KIM, JO] },
        timeLimitSeconds: 600,
        reminderSeconds: 120,
        onTimeout: 'escalate',
        ...change,
      },
    }).map((warning) => warning.replace(`${AT}.policy.approval.`, ''));

  it('who are enough are not warned of', () => {
    expect(told({})).toEqual([]);
    expect(told({ approvers: { principals: [ROLE] }, approvals: 2 })).toEqual([]);
    expect(told({ timeLimitSeconds: 300 })).toEqual([]);
  });

  it.each([
    [
      { onTimeout: 'proceed' },
      'onTimeout: got "proceed": a site is moved although nobody has looked at it. Safer: escalate',
    ],
    [
      { approvers: { principals: [KIM] } },
      'approvers: got one person: while one of them sleeps nobody can decide. Safer: more than 1',
    ],
    [
      { approvals: 2 },
      'approvers: got 2 people: while one of them sleeps nobody can decide. Safer: more than 2',
    ],
    [
      { approvers: { principals: ['arn:aws:sts::111122223333:assumed-role/*'] } },
      'approvers.principals: got "arn:aws:sts::111122223333:assumed-role/*": anybody who may use the account may move ' +
        'the site. Safer: one role, by its name',
    ],
    [
      { approvers: { principals: ['arn:aws:iam::111122223333:*'] } },
      'approvers.principals: got "arn:aws:iam::111122223333:*": anybody who may use the account may move the site. ' +
        'Safer: one role, by its name',
    ],
    [
      { timeLimitSeconds: 299 },
      'timeLimitSeconds: got 299: somebody who is woken by it needs longer to look. Safer: 300 or more',
    ],
  ])('%j are warned of', (change, warning) => {
    expect(told(change)).toEqual([warning]);
  });
});
