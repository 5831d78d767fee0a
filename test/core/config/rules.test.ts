import { parseConfig } from '../../../core/config/parse.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: each rule between fields refuses what it is there to refuse and takes the value beside it.
 */

const problems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWith(changes)));
const workloadProblems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWithWorkload(changes)));
const accepts = (changes: Record<string, unknown>): void => {
  expect(() => parseConfig(dataWithWorkload(changes))).not.toThrow();
};

const AT = 'workloads.petclinic';

describe('regions and accounts', () => {
  it('refuse a controller in the Region that it protects', () => {
    expect(problems({ 'controller.region': 'ap-northeast-2' })).toEqual([
      `${AT}.primary.region: got "ap-northeast-2", expected another Region than controller.region: ` +
        'a controller must not die with what it protects',
    ]);
  });

  it('refuse a place for probes in the Region that is protected', () => {
    expect(problems({ 'controller.probeRegions': ['ap-northeast-2', 'us-west-2', 'eu-central-1'] })).toEqual([
      `${AT}.primary.region: got "ap-northeast-2", expected a Region that is not among controller.probeRegions: ` +
        'a place inside the outage cannot tell what the world sees',
    ]);
    const beside = { 'controller.probeRegions': ['ap-northeast-1', 'us-west-2', 'eu-central-1'] };
    expect(() => parseConfig(dataWith(beside))).not.toThrow();
  });

  it('refuse a store of the route that the controller could never write to', () => {
    const store = 'arn:aws:cloudfront::999988887777:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
    expect(workloadProblems({ 'edge.keyValueStoreArn': store })).toEqual([
      `${AT}.edge.keyValueStoreArn: got "${store}", expected a store in the account of the controller, 111122223333`,
    ]);
  });
});

describe('names', () => {
  it.each([
    ['standby', 'url', 'petclinic.example.com'],
    ['standby', 'primary.domainName', 'alb.petclinic.example.com'],
    ['maintenance', 'standby.domainName', 'petclinic-standby.koreacentral.cloudapp.azure.com'],
  ])('refuse a %s that has the name of %s', (origin, other, name) => {
    expect(workloadProblems({ [`${origin}.domainName`]: name })).toEqual([
      `${AT}.${origin}.domainName: got "${name}", expected a name of its own, not that of ${other}`,
    ]);
  });

  it.each(['PetClinic', 'p', '1st', 'pet_clinic', 'pet-clinic', '', 'x'.repeat(13)])(
    'refuse the workload id %s',
    (id) => {
      const { petclinic } = dataWith()['workloads'] as Record<string, unknown>;
      expect(problems({ workloads: { [id]: petclinic } })).toEqual([
        `workloads: got the id "${id}", expected 2 to 12 of a-z and 0-9, first a letter: Azure takes no other in its names`,
      ]);
    },
  );

  it.each(['pc', 'p1', 'x'.repeat(12)])('take the workload id %s', (id) => {
    const { petclinic } = dataWith()['workloads'] as Record<string, unknown>;
    expect(Object.keys(parseConfig(dataWith({ workloads: { [id]: petclinic } })).workloads)).toEqual([id]);
  });

  it('refuse two workloads on one distribution or one store, whose routes would overwrite each other', () => {
    const { petclinic } = dataWith()['workloads'] as Record<string, unknown>;
    const store = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';
    expect(problems({ workloads: { petclinic, vets: petclinic } })).toEqual([
      'workloads.vets.edge.distributionId: got "E2EXAMPLE1PETC", expected one of its own, not that of workload petclinic',
      `workloads.vets.edge.keyValueStoreArn: got "${store}", expected one of its own, not that of workload petclinic`,
    ]);
  });

  it('take two workloads that share nothing', () => {
    const { petclinic } = dataWith()['workloads'] as { petclinic: Record<string, unknown> };
    const edge = {
      distributionId: 'E3EXAMPLE2VETS',
      keyValueStoreArn:
        'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab',
    };
    const config = parseConfig(dataWith({ workloads: { petclinic, vets: { ...petclinic, edge } } }));
    expect(Object.keys(config.workloads)).toEqual(['petclinic', 'vets']);
  });
});

describe('a distribution that our stack makes', () => {
  const ZONE = `${AT}.edge.stack.hostedZone.name`;

  it.each([
    // of the site, and of the zone
    ['https://petclinic.example.com', 'petclinic.example.com'],
    ['https://petclinic.example.com', 'example.com'],
    ['https://www.petclinic.example.com/', 'petclinic.example.com'],
  ])('may have the name of %s in the zone %s', (url, zone) => {
    accepts({ url, 'edge.stack.hostedZone.name': zone });
  });

  it.each([
    ['https://petclinic.example.org', 'petclinic.example.org'],
    // ends with the letters of the zone, and not with the zone
    ['https://notpetclinic.example.com', 'notpetclinic.example.com'],
    ['https://example.com', 'example.com'],
  ])('is refused for %s, which is not in its zone', (url, host) => {
    expect(workloadProblems({ url })).toEqual([
      `${ZONE}: got "petclinic.example.com", expected the zone that holds ${host}: ` +
        'certificate and alias records are written there',
    ]);
  });

  it('is refused with strategy distribution, whose moves a deployment would undo', () => {
    const slow = { 'edge.strategy': 'distribution', 'limits.convergeSeconds': 420 };
    expect(workloadProblems(slow)).toEqual([
      `${AT}.edge.strategy: got "distribution", expected "key-value" where edge.stack makes the distribution: ` +
        'a deployment of the stack would undo what the controller has moved',
    ]);
    accepts({ ...slow, 'edge.stack': undefined });
  });

  it('is refused for a name that no certificate takes', () => {
    const host = (length: number): string => `${'a'.repeat(length - 22)}.petclinic.example.com`;
    accepts({ url: `https://${host(64)}` });
    expect(workloadProblems({ url: `https://${host(65)}` })).toEqual([
      `${AT}.url: got "https://${host(65)}", expected a name of at most 64 characters where edge.stack makes its certificate`,
    ]);
    accepts({ url: `https://${host(65)}`, 'edge.stack': undefined });
  });

  it('does not hide one mistake behind the other, nor behind one elsewhere', () => {
    const found = workloadProblems({
      displayName: 7,
      url: 'https://petclinic.example.org',
      'edge.strategy': 'distribution',
      'limits.convergeSeconds': 420,
    });
    expect(found.map((problem) => problem.split(':')[0])).toEqual([
      `${AT}.displayName`,
      `${AT}.edge.strategy`,
      ZONE,
    ]);
  });

  it('says nothing about the zone of a url that is none', () => {
    const found = workloadProblems({ url: 'petclinic' });
    expect(found.map((problem) => problem.split(':')[0])).toEqual([`${AT}.url`]);
  });
});

describe('a quorum', () => {
  it('takes as many signals as can speak while the primary is silent, and no more', () => {
    // Three alarms live elsewhere, and each of three places sends two probes.
    accepts({ 'policy.confirm.quorum.signals': 9 });
    expect(workloadProblems({ 'policy.confirm.quorum.signals': 10 })).toEqual([
      `${AT}.policy.confirm.quorum.signals: got 10, expected at most 9: so many can speak while ap-northeast-2 is silent`,
    ]);
  });

  it('counts on alarms of the site’s own that are signals and live elsewhere', () => {
    const alarms = [
      { region: 'eu-west-1', name: 'elsewhere', use: ['signal'] },
      { region: 'ap-northeast-2', name: 'beside', use: ['signal'] },
      { region: 'eu-west-1', name: 'starts-only', use: ['trigger'] },
    ];
    accepts({ 'detection.alarms': alarms, 'policy.confirm.quorum.signals': 10 });
    expect(
      workloadProblems({ 'detection.alarms': alarms, 'policy.confirm.quorum.signals': 11 }),
    ).toHaveLength(1);
  });

  it('takes as many places as there are, and no more', () => {
    accepts({ 'policy.confirm.quorum.places': 3 });
    expect(workloadProblems({ 'policy.confirm.quorum.places': 4 })).toEqual([
      `${AT}.policy.confirm.quorum.places: got 4, expected at most 3: there are no more places`,
    ]);
    expect(
      problems({
        'controller.probeRegions': ['us-west-2', 'eu-central-1'],
        'workloads.petclinic.policy.confirm.quorum.places': 3,
      }),
    ).toEqual([`${AT}.policy.confirm.quorum.places: got 3, expected at most 2: there are no more places`]);
  });

  it('takes two kinds for a primary beside the metrics of CloudFront too: the alarm of the watch lives elsewhere', () => {
    const inVirginia = { 'primary.region': 'us-east-1' };
    accepts({ ...inVirginia, 'policy.confirm.quorum': { signals: 7, kinds: 2, places: 3 } });
    expect(
      workloadProblems({ ...inVirginia, 'policy.confirm.quorum': { signals: 8, kinds: 2, places: 3 } }),
    ).toEqual([
      `${AT}.policy.confirm.quorum.signals: got 8, expected at most 7: so many can speak while us-east-1 is silent`,
    ]);
  });
});

describe('the settle time of the shield', () => {
  const settle = (policy: Record<string, unknown>) => ({ 'limits.shieldSettle': policy });

  it('takes a floor of 70 s and more, and refuses less: locations that nobody probes are not measured', () => {
    expect(workloadProblems(settle({ floorSeconds: 69 }))).toEqual([
      `${AT}.limits.shieldSettle.floorSeconds: got 69, expected number to be >=70`,
    ]);
    accepts(settle({ floorSeconds: 70 }));
  });

  it('refuses a margin that a slow minute would use up', () => {
    expect(workloadProblems(settle({ margin: 1.4 }))).toEqual([
      `${AT}.limits.shieldSettle.margin: got 1.4, expected number to be >=1.5`,
    ]);
    accepts(settle({ margin: 1.5 }));
  });

  it('does not wait shorter while less is known', () => {
    expect(workloadProblems(settle({ floorSeconds: 100 }))).toEqual([
      `${AT}.limits.shieldSettle.untilMeasuredSeconds: got 90, expected at least 100 (floorSeconds): who knows less does not wait shorter`,
    ]);
    accepts(settle({ floorSeconds: 100, untilMeasuredSeconds: 100 }));
  });

  it('is fixed or measured, and not both', () => {
    const both = { ...settle({ margin: 3 }), 'limits.shieldSettleSeconds': 90 };
    expect(workloadProblems(both)).toEqual([
      `${AT}.limits.shieldSettleSeconds: got 90 beside shieldSettle, expected one of the two: a fixed time leaves nothing to ` +
        'measurements. Remove shieldSettleSeconds to let them decide, or shieldSettle to keep it fixed',
    ]);
    accepts(settle({ margin: 3 }));
    accepts({ 'limits.shieldSettleSeconds': 90 });
  });

  it('leaves time for a streak within convergeSeconds while nothing is measured', () => {
    expect(workloadProblems({ 'limits.convergeSeconds': 99 })).toEqual([
      `${AT}.limits.convergeSeconds: got 99, expected at least 100: shieldSettle.untilMeasuredSeconds and a streak`,
    ]);
    accepts({ 'limits.convergeSeconds': 100 });
  });
});

describe('time limits', () => {
  it.each([
    // 3 rounds of 4 s and a probe of 3 s
    ['confirmSeconds', 25, 24, {}, 'policy.outage.seconds, and a last look that times out'],
    [
      'convergeSeconds',
      120,
      119,
      { convergeStreak: 20, convergePollSeconds: 3, shieldSettleSeconds: 0 },
      'two streaks of convergeStreak polls',
    ],
    ['convergeSeconds', 210, 209, { shieldSettleSeconds: 200 }, 'shieldSettleSeconds and a streak'],
    ['standbySeconds', 240, 239, { standbyPollSeconds: 120 }, 'two polls'],
    // 3600 s in at most 700 polls
    ['pipelinePollSeconds', 8, 7, {}, 'an execution keeps 25,000 events, about 20 a poll'],
    // 3600 s, 16 events a look, in 4500 events
    [
      'standbyPollSeconds',
      13,
      12,
      { standbySeconds: 3600 },
      'an execution keeps 25,000 events, about 16 a look',
    ],
    // the confirmation's function has 250 s, and the lease a minute more
    ['leaseSeconds', 310, 309, {}, 'the longest step between two renewals, and a minute'],
    [
      'leaseSeconds',
      760,
      759,
      { convergeSeconds: 700 },
      'the longest step between two renewals, and a minute',
    ],
  ])('refuse %s below %d', (field, low, below, others, why) => {
    const rest = Object.fromEntries(Object.entries(others).map(([name, value]) => [`limits.${name}`, value]));
    accepts({ ...rest, [`limits.${field}`]: low });
    expect(workloadProblems({ ...rest, [`limits.${field}`]: below })).toEqual([
      `${AT}.limits.${field}: got ${below}, expected at least ${low}: ${why}`,
    ]);
  });

  it('refuse an alarm that needs more bad minutes than it looks at', () => {
    accepts({ detection: { evaluationPeriods: 3, datapointsToAlarm: 3 } });
    expect(workloadProblems({ detection: { evaluationPeriods: 3, datapointsToAlarm: 4 } })).toEqual([
      `${AT}.detection.datapointsToAlarm: got 4, expected at most evaluationPeriods (3)`,
    ]);
  });
});
