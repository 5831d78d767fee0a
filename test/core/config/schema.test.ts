import { parseConfig } from '../../../core/config/parse.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: each field takes what its class of values allows and refuses the nearest thing that is wrong, and the message
 * names path, value and expectation.
 */

const problems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWith(changes)));
const workloadProblems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWithWorkload(changes)));

describe('the top of the configuration', () => {
  it.each([
    ['version', 2, 'version: got 2, expected 1'],
    ['version', undefined, 'version: got nothing, expected 1'],
    ['controller', undefined, 'controller: got nothing, expected object'],
    ['workloads', {}, 'workloads: got {}, expected at least one workload'],
    ['workloads', 'petclinic', 'workloads: got "petclinic", expected object'],
    ['moon', 1, 'moon: got 1, an unknown field: remove it or correct its spelling'],
  ])('refuses %s = %j', (field, value, problem) => {
    expect(problems({ [field]: value })).toEqual([problem]);
  });

  it('refuses what is not an object', () => {
    expect(problemsOf(() => parseConfig(null))).toEqual(['(the whole): got null, expected object']);
    expect(problemsOf(() => parseConfig([1]))).toEqual(['(the whole): got [1], expected object']);
  });

  it('lets an editor write its schema into the file', () => {
    expect(parseConfig(dataWith({ $schema: './pilotlight.schema.json' })).$schema).toBe(
      './pilotlight.schema.json',
    );
  });
});

describe('the controller', () => {
  it.each([
    ['account', '11112222333', '"11112222333"', 'a 12-digit AWS account id'],
    ['account', 111122223333, '111122223333', 'string'],
    ['region', 'Tokyo', '"Tokyo"', 'an AWS Region such as ap-northeast-2; did you mean "ap-northeast-1"?'],
    ['region', 'atlantis-1', '"atlantis-1"', 'an AWS Region such as ap-northeast-2'],
    ['region', 7, '7', 'string'],
    ['account', '000000000000', '"000000000000"', 'an AWS account of yours: this one is nobody’s'],
    [
      'onCall',
      ['kim@example.com', 'Kim@example.com'],
      '["kim@example.com","Kim@example.com"]',
      'each address once: SNS has one subscription for it',
    ],
    ['probeRegions', [], '[]', 'at least two Regions: one place with a bad network must not decide'],
    [
      'probeRegions',
      ['us-west-2'],
      '["us-west-2"]',
      'at least two Regions: one place with a bad network must not decide',
    ],
    ['probeRegions', undefined, 'nothing', 'array'],
    [
      'probeRegions',
      ['us-west-2', 'us-west-2'],
      '["us-west-2","us-west-2"]',
      'each Region once: a place has one vote',
    ],
    ['onCall', [], '[]', 'at least one address: somebody must be told'],
    ['logRetentionDays', 31, '31', 'one of 30|60|90|180|365|731'],
  ])('refuses %s = %j', (field, value, got, expected) => {
    expect(problems({ [`controller.${field}`]: value })).toEqual([
      `controller.${field}: got ${got}, expected ${expected}`,
    ]);
  });

  it('names the address that is none', () => {
    expect(problems({ 'controller.onCall': ['a@example.com', 'nobody'] })).toEqual([
      'controller.onCall.1: got "nobody", expected a valid email address',
    ]);
  });

  const slack = { channel: 'C012AB3CD', teamId: 'T012AB3CD', secretName: 'pilotlight/slack' };

  it('may know a Slack channel, or none', () => {
    expect(parseConfig(dataWith({ 'controller.slack': slack })).controller.slack).toEqual(slack);
    expect(parseConfig(dataWith()).controller.slack).toBeUndefined();
  });

  it.each([
    ['channel', '#incidents', '"#incidents"', 'a Slack channel id such as C012AB3CD'],
    ['teamId', 'petclinic', '"petclinic"', 'a Slack team id such as T012AB3CD'],
    ['secretName', 'a secret', '"a secret"', 'the name of a secret in Secrets Manager'],
  ])('refuses slack.%s = %j', (field, value, got, expected) => {
    expect(problems({ 'controller.slack': { ...slack, [field]: value } })).toEqual([
      `controller.slack.${field}: got ${got}, expected ${expected}`,
    ]);
  });

  it('keeps logs for a year where nothing is said', () => {
    const config = parseConfig(dataWith({ 'controller.logRetentionDays': undefined }));
    expect(config.controller.logRetentionDays).toBe(365);
  });

  it.each(['us-east-1', 'ap-southeast-4', 'sa-west-1'])('takes the Region %s', (region) => {
    expect(parseConfig(dataWith({ 'controller.region': region })).controller.region).toBe(region);
  });
});

describe('a workload', () => {
  it.each([
    ['displayName', '', '""', 'string to have >=1 characters'],
    [
      'primary.region',
      'ap-northeast',
      '"ap-northeast"',
      'an AWS Region such as ap-northeast-2; did you mean "ap-northeast-1", "ap-northeast-2" or "ap-northeast-3"?',
    ],
    ['standby.tier', 'hot', '"hot"', 'one of "cold"|"parked"|"warm"|"external"'],
    ['standby.warmNodeCount', 0, '0', 'number to be >=1'],
    ['standby.warmNodeCount', 1.5, '1.5', 'int'],
    ['standby.azure.tenantId', 'x', '"x"', 'a UUID'],
    ['standby.pipeline.pipelineId', 0, '0', 'number to be >0'],
    ['standby.pipeline.pipelineId', '42', '"42"', 'number'],
    ['maintenance.contains', '', '""', 'string to have >=1 characters'],
    ['edge.distributionId', 'dist', '"dist"', 'a CloudFront distribution id'],
    ['edge.keyValueStoreArn', 'store', '"store"', 'the ARN of a CloudFront KeyValueStore'],
    ['health.path', 'actuator/health', '"actuator/health"', 'a path that begins with /'],
    ['health.deep.path', '/a b', '"/a b"', 'a path that begins with /'],
    ['health.deep.contains', '', '""', 'string to have >=1 characters'],
    ['health.probeTimeoutMs', 10_001, '10001', 'number to be <=10000'],
    ['detection.edgeErrorPercent', 0, '0', 'number to be >0'],
    ['detection.edgeErrorPercent', 101, '101', 'number to be <=100'],
    ['policy.outage.errorPercent', 19, '19', 'number to be >=20'],
    ['policy.outage.seconds', 301, '301', 'number to be <=300'],
    ['policy.degraded.then', 'move', '"move"', 'one of "tell"|"ask"|"failover"'],
    ['policy.recovery.trialSeconds', 4, '4', 'number to be >=5'],
    ['policy.confirm.patienceSeconds', 901, '901', 'number to be <=900'],
    ['policy.confirm.quorum.kinds', 3, '3', 'number to be <=2'],
    ['policy.confirm.quorum', undefined, 'nothing', 'object'],
    ['policy.approval.mode', 'perhaps', '"perhaps"', 'one of "none"|"required"'],
    ['policy.startStandby', 'at once', '"at once"', 'one of "on-suspicion"|"on-confirmation"|"on-approval"'],
    ['edge.strategy', 'dns', '"dns"', 'one of "key-value"|"distribution"'],
    ['policy.onPrimaryRecovery', 'wait', '"wait"', 'one of "stand-down"|"proceed"'],
    ['policy.cooldownMinutes', -1, '-1', 'number to be >=0'],
    ['limits.convergeStreak', 21, '21', 'number to be <=20'],
    ['limits.leaseSeconds', Number.NaN, 'NaN', 'number'],
  ])('refuses %s = %j', (field, value, got, expected) => {
    expect(workloadProblems({ [field]: value })).toEqual([
      `workloads.petclinic.${field}: got ${got}, expected ${expected}`,
    ]);
  });

  it('refuses an origin of a distribution without an id', () => {
    expect(workloadProblems({ 'edge.originIds': { standby: '' } })).toEqual([
      'workloads.petclinic.edge.originIds.standby: got "", expected string to have >=1 characters',
    ]);
  });

  const required = {
    mode: 'required',
    approvers: { principals: ['arn:aws:sts::111122223333:assumed-role/on-call/*'] },
    timeLimitSeconds: 600,
    reminderSeconds: 120,
    onTimeout: 'abort',
  };
  const hours = { timeZone: 'Asia/Seoul', days: ['Mon'], from: '09:00', to: '18:00' };

  it('may want an approval, by one person where no number is given', () => {
    const data = dataWithWorkload({ 'policy.approval': { ...required, onlyWithin: hours } });
    expect(parseConfig(data).workloads['petclinic']?.policy.approval).toEqual({
      ...required,
      approvers: { slackUserIds: [], principals: ['arn:aws:sts::111122223333:assumed-role/on-call/*'] },
      approvals: 1,
      onlyWithin: hours,
    });
  });

  it.each([
    ['timeLimitSeconds', 59, '59', 'number to be >=60'],
    ['timeLimitSeconds', 7_201, '7201', 'number to be <=7200'],
    ['reminderSeconds', 29, '29', 'number to be >=30'],
    ['approvals', 3, '3', 'one of 1|2'],
    ['onTimeout', undefined, 'nothing', 'one of "proceed"|"abort"|"escalate"'],
    ['approvers', undefined, 'nothing', 'object'],
    ['onlyWithin.timeZone', 'Asia/Soul', '"Asia/Soul"', 'the IANA name of a time zone such as Asia/Seoul'],
    ['onlyWithin.from', '9:00', '"9:00"', 'a time of day such as 09:00'],
    ['onlyWithin.to', '24:00', '"24:00"', 'a time of day such as 09:00'],
    ['onlyWithin.days', [], '[]', 'array to have >=1 items'],
    ['onlyWithin.days.0', 'Monday', '"Monday"', 'one of "Mon"|"Tue"|"Wed"|"Thu"|"Fri"|"Sat"|"Sun"'],
  ])('refuses policy.approval.%s = %j', (field, value, got, expected) => {
    const approval = structuredClone({ ...required, onlyWithin: hours });
    const data = dataWithWorkload({ 'policy.approval': approval, [`policy.approval.${field}`]: value });
    expect(problemsOf(() => parseConfig(data))).toEqual([
      `workloads.petclinic.policy.approval.${field}: got ${got}, expected ${expected}`,
    ]);
  });

  it('refuses a field that it does not know, in every section', () => {
    const sections = [
      'primary',
      'standby',
      'standby.azure',
      'standby.pipeline',
      'maintenance',
      'edge',
      'health',
    ];
    const more = ['health.deep', 'detection', 'policy', 'policy.confirm', 'policy.confirm.quorum', 'limits'];
    for (const section of [...sections, ...more]) {
      expect(workloadProblems({ [`${section}.typo`]: true })).toEqual([
        `workloads.petclinic.${section}.typo: got true, an unknown field: remove it or correct its spelling`,
      ]);
    }
  });

  it('names the field that a misspelt one was meant to be, in every kind of section', () => {
    const approval = { mode: 'required', aprovers: {} };
    const meant = (changes: Record<string, unknown>): (string | undefined)[] =>
      workloadProblems(changes).map(
        (problem) => /did you mean "(?<name>\w+)"\?$/.exec(problem)?.groups?.['name'],
      );
    expect(meant({ 'limits.convergSeconds': 1 })).toEqual(['convergeSeconds']);
    expect(meant({ 'edge.originIds': { primry: 'x' } })).toEqual(['primary']);
    expect(meant({ 'policy.approval': approval })).toContain('approvers');
    expect(meant({ healht: 1 })).toEqual(['health']);
    expect(meant({ 'health.deep.kontent': 1 })).toEqual([undefined]);
    expect(problems({ workload: {} })).toEqual([
      'workload: got {}, an unknown field: remove it or correct its spelling; did you mean "workloads"?',
    ]);
  });

  it('has the documented defaults where sections are left out', () => {
    const config = parseConfig(dataWithWorkload({ detection: undefined, limits: undefined }));
    expect(config.workloads['petclinic']).toMatchObject({
      detection: { edgeErrorPercent: 25, loadBalancerErrors: 10, evaluationPeriods: 2, datapointsToAlarm: 2 },
      limits: {
        confirmSeconds: 60,
        convergeSeconds: 240,
        convergeStreak: 5,
        convergePollSeconds: 2,
        runnerSeconds: 180,
        pipelineSeconds: 3600,
        pipelinePollSeconds: 10,
        standbySeconds: 900,
        standbyPollSeconds: 8,
        leaseSeconds: 900,
      },
    });
  });

  it('cuts a long value short in the message', () => {
    const [problem] = workloadProblems({ 'primary.domainName': 'X'.repeat(300) });
    expect(problem).toBe(
      `workloads.petclinic.primary.domainName: got "${'X'.repeat(79)}…, expected a domain name in lower case`,
    );
  });
});
