import { readAlarm, type RingingAlarm } from '../../../core/run/trigger.ts';
import { parseConfig } from '../../../core/config/parse.ts';
import { dataWith, problemsOf } from '../config-fixture.ts';

/*
 * Goal: whoever's alarm an event is of, it starts a run only of the workload that is meant, and only from the account of the
 * controller. Method: two workloads, one of which names alarms that it has already.
 */

const own = (name: string, use: readonly string[], region = 'eu-west-1') => ({ name, region, use });
const { petclinic } = dataWith()['workloads'] as Record<string, Record<string, unknown>>;
const CONFIG = parseConfig(
  dataWith({
    'workloads.petclinic.detection.alarms': [
      own('site-down', ['trigger', 'signal']),
      own('db-slow', ['signal']),
    ],
    'workloads.shop': {
      ...petclinic,
      url: 'https://shop.example.com',
      detection: { alarms: [own('shop-down', ['trigger'])] },
      edge: {
        distributionId: 'E2EXAMPLE1SHOP',
        keyValueStoreArn:
          'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab',
      },
    },
  }),
);

const event = (alarmName: string, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '111122223333',
  time: '2026-11-22T03:02:10Z',
  region: 'eu-west-1',
  detail: {
    alarmName,
    state: { value: 'ALARM', reason: 'because', timestamp: '2026-11-22T03:02:10.394+0000' },
  },
  ...change,
});
const read = (input: unknown): RingingAlarm => readAlarm(CONFIG, input);
const problems = (input: unknown): readonly string[] => problemsOf(() => read(input));
const nobodys = (name: string, region: string): string =>
  `detail.alarmName: got "${name}" in ${region}, expected an alarm of a configured workload (petclinic, shop); ` +
  'deploy the detection stack again if the config has changed';

describe('an alarm of a site’s own', () => {
  it('starts the run of the workload that names it as a trigger', () => {
    expect(read(event('site-down'))).toEqual({
      workload: 'petclinic',
      name: 'site-down',
      region: 'eu-west-1',
      eyes: 'others',
      at: '2026-11-22T03:02:10.394+0000',
      reason: 'because',
    });
    expect(read(event('shop-down')).workload).toBe('shop');
  });

  it.each([
    ['is a signal alone', 'db-slow', 'eu-west-1'],
    ['lives in another Region', 'site-down', 'eu-west-2'],
    ['is not named', 'disk-full', 'eu-west-1'],
    ['is not named in that spelling', 'Site-down', 'eu-west-1'],
  ])('starts nothing where it %s', (_, name, region) => {
    expect(problems(event(name, { region }))).toEqual([nobodys(name, region)]);
  });
});

describe('an alarm of ours', () => {
  it('on the figures of the watch is known in the Region of the controller, and in no other', () => {
    const name = 'pilotlight-shop-watch';
    expect(read(event(name, { region: 'ap-northeast-1' }))).toMatchObject({
      workload: 'shop',
      eyes: 'watch',
    });
    expect(problems(event(name, { region: 'us-east-1' }))).toEqual([nobodys(name, 'us-east-1')]);
  });

  it('on the figures of AWS sees with other eyes than the watch', () => {
    expect(read(event('pilotlight-shop-edge-5xx', { region: 'us-east-1' })).eyes).toBe('others');
  });

  it.each(['pilotlight-vets-watch', 'pilotlight-constructor-watch', 'pilotlight-shop-disk'])(
    'is not %s, whatever it begins with',
    (name) => {
      expect(problems(event(name, { region: 'ap-northeast-1' }))).toEqual([nobodys(name, 'ap-northeast-1')]);
    },
  );
});

describe('an alarm of another account', () => {
  it.each(['site-down', 'pilotlight-petclinic-edge-5xx'])(
    'starts nothing, though it is called %s',
    (name) => {
      const region = name === 'site-down' ? 'eu-west-1' : 'us-east-1';
      expect(problems(event(name, { region, account: '999999999999' }))).toEqual([
        'account: got "999999999999", expected 111122223333, that of the controller',
      ]);
      expect(read(event(name, { region })).workload).toBe('petclinic');
    },
  );

  it('is told with all that is wrong with it', () => {
    const state = { value: 'OK', timestamp: '2026-11-22T03:02:10Z' };
    const wrong = event('x', { account: '999999999999', detail: { alarmName: 'x', state } });
    expect(problems(wrong)).toEqual([
      'account: got "999999999999", expected 111122223333, that of the controller',
      'detail.state.value: got "OK", expected "ALARM"; only an alarm that rings starts a failover',
      nobodys('x', 'eu-west-1'),
    ]);
  });
});
