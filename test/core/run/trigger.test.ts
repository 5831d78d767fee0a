import { readStart, type Start } from '../../../core/run/trigger.ts';
import { runSchema, type Run } from '../../../core/run/run.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { parseConfig } from '../../../core/config/parse.ts';
import type { Config } from '../../../core/config/schema.ts';
import { dataWithWorkload, problemsOf, shippedConfig } from '../config-fixture.ts';

/*
 * Goal: only a ringing alarm of a configured workload, or a complete manual start, becomes a run; everything else is
 * refused with the whole list of what is wrong.
 */

const CONFIG = shippedConfig();

/** An event as EventBridge delivers it, fields that we do not use included. */
const alarmEvent = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '111122223333',
  time: '2026-11-22T03:02:10Z',
  region: 'us-east-1',
  resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:pilotlight-petclinic-edge-5xx'],
  detail: alarmDetail(),
  ...change,
});
const alarmDetail = (
  state: Record<string, unknown> = {},
  change: Record<string, unknown> = {},
): Record<string, unknown> => ({
  alarmName: 'pilotlight-petclinic-edge-5xx',
  state: {
    value: 'ALARM',
    reason: 'Threshold Crossed: 2 datapoints were over 25',
    reasonData: '{"version":"1.0"}',
    timestamp: '2026-11-22T03:02:10.394+0000',
    ...state,
  },
  previousState: { value: 'OK' },
  ...change,
});
const start = (input: unknown): Start => ({
  input,
  execution: 'execution-1',
  startedAt: '2026-11-22T03:02:12.000Z',
});
const run = (input: unknown): Run => readStart(CONFIG, start(input));
const problems = (input: unknown): readonly string[] => problemsOf(() => run(input));

describe('an alarm event', () => {
  it('becomes the run of the workload that the alarm watches', () => {
    expect(run(alarmEvent())).toEqual({
      execution: 'execution-1',
      workload: 'petclinic',
      startedAt: '2026-11-22T03:02:12.000Z',
      trigger: 'alarm',
      reason:
        'alarm pilotlight-petclinic-edge-5xx in us-east-1: Threshold Crossed: 2 datapoints were over 25',
      requestedBy: 'CloudWatch',
      skipConfirmation: false,
      dryRun: false,
      planned: false,
      workflow: 'failover',
    });
  });

  it('may give no reason', () => {
    const state = { value: 'ALARM', timestamp: '2026-11-22T03:02:10.394+0000' };
    const event = alarmEvent({ detail: { alarmName: 'pilotlight-petclinic-edge-5xx', state } });
    expect(run(event).reason).toBe('alarm pilotlight-petclinic-edge-5xx in us-east-1: no reason given');
  });

  it('is a run that every later step can read', () => {
    expect(runSchema.safeParse(run(alarmEvent())).success).toBe(true);
  });

  it.each(['OK', 'INSUFFICIENT_DATA'])('that goes to %s starts nothing', (value) => {
    expect(problems(alarmEvent({ detail: alarmDetail({ value }) }))).toEqual([
      `detail.state.value: got "${value}", expected "ALARM"; only an alarm that rings starts a failover`,
    ]);
  });

  it.each([
    ['an alarm that nobody configured', 'somebody-elses-alarm', 'us-east-1'],
    ['a known name in another Region', 'pilotlight-petclinic-edge-5xx', 'ap-northeast-2'],
  ])('of %s starts nothing', (_case, alarmName, region) => {
    expect(problems(alarmEvent({ region, detail: alarmDetail({}, { alarmName }) }))).toEqual([
      `detail.alarmName: got "${alarmName}" in ${region}, expected an alarm of a configured workload (petclinic); ` +
        'deploy the detection stack again if the config has changed',
    ]);
  });

  it('is refused with everything that is wrong with it', () => {
    const detail = alarmDetail({ value: 'OK' }, { alarmName: 'other' });
    expect(problems(alarmEvent({ detail }))).toHaveLength(2);
  });

  it.each<[string, unknown, string[]]>([
    ['without a detail', alarmEvent({ detail: undefined }), ['detail: got nothing, expected object']],
    [
      'with a state that does not exist',
      alarmEvent({ detail: alarmDetail({ value: 'RINGING' }) }),
      ['detail.state.value: got "RINGING", expected one of "OK"|"ALARM"|"INSUFFICIENT_DATA"'],
    ],
    [
      'without name, region and moment',
      alarmEvent({ region: '', time: 5, detail: alarmDetail({}, { alarmName: '' }) }),
      [
        'region: got "", expected string to have >=1 characters',
        'time: got 5, expected string',
        'detail.alarmName: got "", expected string to have >=1 characters',
      ],
    ],
    [
      'of another service',
      alarmEvent({ source: 'aws.ec2' }),
      ['source: got "aws.ec2", expected "aws.cloudwatch"'],
    ],
    [
      'of another kind',
      alarmEvent({ 'detail-type': 'CloudWatch Alarm Configuration Change' }),
      ['detail-type: got "CloudWatch Alarm Configuration Change", expected "CloudWatch Alarm State Change"'],
    ],
    [
      'without its kind',
      { source: 'aws.cloudwatch' },
      [
        'detail-type: got nothing, expected "CloudWatch Alarm State Change"',
        'account: got nothing, expected string',
        'region: got nothing, expected string',
        'time: got nothing, expected string',
        'detail: got nothing, expected object',
      ],
    ],
  ])('%s is refused', (_case, input, expected) => {
    expect(problems(input)).toEqual(expected);
  });
});

describe('a manual start', () => {
  const manual = { workload: 'petclinic', reason: 'Seoul is dark', requestedBy: 'j.doe' };

  describe('of a planned move', () => {
    const planned = { ...manual, reason: 'maintenance', planned: true };
    const withData = (data: unknown): Config => parseConfig(dataWithWorkload({ data }));
    const problemsWith = (data: unknown, input: unknown): readonly string[] =>
      problemsOf(() => readStart(withData(data), start(input)));
    const shipped = { mode: 'ship', account: 'petclinicdata' };

    it('becomes a run that is planned', () => {
      expect(readStart(withData(shipped), start(planned))).toMatchObject({
        planned: true,
        trigger: 'manual',
      });
      const own = { mode: 'none', probe: { url: 'https://petclinic.example.com/lag' } };
      expect(readStart(withData(own), start({ ...planned, dryRun: true }))).toMatchObject({
        planned: true,
        dryRun: true,
      });
    });

    it('is refused with everything that stands against it', () => {
      expect(problemsWith(shipped, { ...planned, skipConfirmation: true })).toEqual([
        expect.stringContaining('skipConfirmation: got true with planned, expected one of the two'),
      ]);
      expect(problemsWith({ mode: 'none' }, { ...planned, skipConfirmation: true })).toEqual([
        expect.stringContaining('skipConfirmation: got true with planned'),
        expect.stringContaining('data.probe: got none with data.mode "none"'),
      ]);
      expect(problemsWith({ mode: 'dump', account: 'petclinicdata' }, planned)).toEqual([
        expect.stringContaining('data.mode: got "dump", expected "ship" for a planned move'),
      ]);
    });

    it('is no word of an alarm or of the watch', () => {
      expect(run({ ...alarmEvent(), planned: true }).planned).toBe(false);
      const asked = { watch: 'down', workload: 'petclinic', reason: 'no look is good', planned: true };
      expect(problems(asked)).toEqual([expect.stringContaining('planned')]);
    });
  });

  it('becomes a run that is confirmed like any other', () => {
    expect(run(manual)).toEqual({
      execution: 'execution-1',
      workload: 'petclinic',
      startedAt: '2026-11-22T03:02:12.000Z',
      trigger: 'manual',
      reason: 'Seoul is dark',
      requestedBy: 'j.doe',
      skipConfirmation: false,
      dryRun: false,
      planned: false,
      workflow: 'failover',
    });
  });

  it('may vouch for the outage', () => {
    expect(run({ ...manual, skipConfirmation: true, dryRun: false }).skipConfirmation).toBe(true);
  });

  it.each<[string, unknown, string[]]>([
    ['null', null, ['(the whole): got null, expected object']],
    ['a text', 'failover', ['(the whole): got "failover", expected object']],
    ['a list', [], ['(the whole): got [], expected object']],
    ['nothing', undefined, ['(the whole): got nothing, expected object']],
    [
      'an empty object',
      {},
      [
        'workload: got nothing, expected string',
        'reason: got nothing, expected string',
        'requestedBy: got nothing, expected string',
      ],
    ],
    [
      'an unknown workload',
      { ...manual, workload: 'vets' },
      ['workload: got "vets", expected one of petclinic'],
    ],
    [
      'a workload that is only a property of every object',
      { ...manual, workload: 'constructor' },
      ['workload: got "constructor", expected one of petclinic'],
    ],
    [
      'an unknown field',
      { ...manual, force: true },
      ['force: got true, an unknown field: remove it or correct its spelling'],
    ],
    [
      'a stray field that events have',
      { ...manual, source: 'me' },
      ['source: got "me", an unknown field: remove it or correct its spelling'],
    ],
    [
      'a reason that is too long',
      { ...manual, reason: 'x'.repeat(501) },
      [`reason: got "${'x'.repeat(79)}…, expected string to have <=500 characters`],
    ],
    [
      'a word where a truth value belongs',
      { ...manual, skipConfirmation: 'yes' },
      ['skipConfirmation: got "yes", expected boolean'],
    ],
    [
      'several mistakes',
      { workload: 'vets', reason: '', requestedBy: 7, extra: null },
      [
        'reason: got "", expected string to have >=1 characters',
        'requestedBy: got 7, expected string',
        'extra: got null, an unknown field: remove it or correct its spelling',
        'workload: got "vets", expected one of petclinic',
      ],
    ],
  ])('of %s is refused', (_case, input, expected) => {
    expect(problems(input)).toEqual(expected);
  });

  it('says what it was that was refused', () => {
    expect(() => run({})).toThrow('The input of a manual start is not valid:\n- workload: got nothing');
    expect(() => run(alarmEvent({ detail: 1 }))).toThrow('The alarm event is not valid:\n- detail: got 1');
  });
});

describe('a start that is larger than it should be', () => {
  it('is refused in few words', () => {
    const big = 'x'.repeat(200_000);
    const inputs = [
      { workload: big, reason: big, requestedBy: big, [big]: big },
      {
        workload: 'petclinic',
        reason: 'r',
        requestedBy: 'kim',
        list: Array.from({ length: 50_000 }, () => 1),
      },
      Object.fromEntries([
        ['workload', 'petclinic'],
        ...Array.from({ length: 20_000 }, (_, i) => [`f${i}`, i]),
      ]),
      alarmEvent({ detail: alarmDetail({}, { alarmName: big }), region: big }),
    ];
    for (const input of inputs) {
      expect(() => run(input)).toThrow(InvalidInput);
      expect(problems(input).join('\n').length).toBeLessThan(6_000);
    }
  });

  it('keeps the reason of an alarm to what people read', () => {
    const { reason } = run(alarmEvent({ detail: alarmDetail({ reason: 'x'.repeat(100_000) }) }));
    expect(reason).toHaveLength(1_493);
    expect(reason).toMatch(
      /^alarm pilotlight-petclinic-edge-5xx in us-east-1: x+ … \(\d+ characters left out\) … x+$/,
    );
  });
});
