import { makeAlarms } from '../../../../clouds/aws/watch/alarms.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable } from '../../../../core/errors.ts';
import { awsAnswering, jsonError, jsonOf, ok, rejectionOf, targetOf } from '../helpers.ts';

const metricAlarm = (more: Record<string, unknown> = {}) => ({
  AlarmName: 'petclinic-edge-5xx',
  StateValue: 'ALARM',
  StateReason: 'Threshold Crossed',
  ...more,
});

describe('the states of alarms', () => {
  it('asks for the alarms by name in the region that is named', async () => {
    const { access, sent } = awsAnswering(ok({ MetricAlarms: [metricAlarm()] }));
    await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx', 'petclinic-down']);
    expect(sent.map(({ hostname }) => hostname)).toEqual(['monitoring.us-east-1.amazonaws.com']);
    expect(sent.map(targetOf)).toEqual(['GraniteServiceVersion20100801.DescribeAlarms']);
    expect(jsonOf(sent[0])).toEqual({
      AlarmNames: ['petclinic-edge-5xx', 'petclinic-down'],
      AlarmTypes: ['MetricAlarm', 'CompositeAlarm'],
      MaxRecords: 100,
    });
  });

  it('asks for metric and composite alarms on every page, and reads both', async () => {
    const { access, sent } = awsAnswering(
      ok({
        MetricAlarms: [metricAlarm()],
        CompositeAlarms: [metricAlarm({ AlarmName: 'all', StateValue: 'OK', StateReason: 'nothing rings' })],
        NextToken: 'n',
      }),
      ok({ CompositeAlarms: [metricAlarm({ AlarmName: 'any', StateReason: 'one rings' })] }),
    );
    const states = await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx', 'all', 'any']);
    expect(states.map(({ name, state, reason }) => [name, state, reason])).toEqual([
      ['petclinic-edge-5xx', 'ALARM', 'Threshold Crossed'],
      ['all', 'OK', 'nothing rings'],
      ['any', 'ALARM', 'one rings'],
    ]);
    expect(sent.map((request) => (jsonOf(request) as { AlarmTypes: unknown }).AlarmTypes)).toEqual([
      ['MetricAlarm', 'CompositeAlarm'],
      ['MetricAlarm', 'CompositeAlarm'],
    ]);
  });

  it('calls a composite alarm in a state that nobody documented unreadable too', async () => {
    const { access } = awsAnswering(ok({ CompositeAlarms: [metricAlarm({ StateValue: 'PANIC' })] }));
    expect(await rejectionOf(makeAlarms(access).states('us-east-1', ['all']))).toBeInstanceOf(
      CloudAnswerUnreadable,
    );
  });

  it('leaves out the alarms that the region does not know', async () => {
    const { access } = awsAnswering(ok({ MetricAlarms: [metricAlarm()] }));
    expect(await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx', 'gone'])).toEqual([
      { name: 'petclinic-edge-5xx', state: 'ALARM', since: null, reason: 'Threshold Crossed' },
    ]);
  });

  it.each([
    [
      'with an offset without a colon',
      '{"startDate":"2026-11-23T00:00:00.000+0000"}',
      '2026-11-23T00:00:00.000Z',
    ],
    ['with another offset', '{"startDate":"2026-11-23T09:00:00.000+0900"}', '2026-11-23T00:00:00.000Z'],
    ['with a Z', '{"version":"1.0","startDate":"2026-11-23T00:01:00Z"}', '2026-11-23T00:01:00.000Z'],
  ])('says since when from the start of the data, %s', async (_what, StateReasonData, since) => {
    const { access } = awsAnswering(ok({ MetricAlarms: [metricAlarm({ StateReasonData })] }));
    const [state] = await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx']);
    expect(state?.since).toBe(since);
  });

  it.each([
    ['is not JSON', 'oops'],
    ['has no start', '{"triggeringAlarms":[]}'],
    ['has a start that is no date', '{"startDate":"yesterday"}'],
    ['is null', 'null'],
  ])('falls back to the moment of the change where the reason data %s', async (_what, StateReasonData) => {
    // 1795392120 is 2026-11-23T00:02:00Z.
    const alarm = metricAlarm({ StateReasonData, StateTransitionedTimestamp: 1795392120 });
    const { access } = awsAnswering(ok({ MetricAlarms: [alarm] }));
    const [state] = await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx']);
    expect(state?.since).toBe('2026-11-23T00:02:00.000Z');
  });

  it('asks nothing when no names are given, because no names would mean every alarm', async () => {
    const { access, sent } = awsAnswering();
    expect(await makeAlarms(access).states('us-east-1', [])).toEqual([]);
    expect(sent).toEqual([]);
  });

  it('asks for at most a hundred names at a time', async () => {
    const names = Array.from({ length: 101 }, (_, index) => `alarm-${index}`);
    const { access, sent } = awsAnswering(
      ok({}),
      ok({ MetricAlarms: [metricAlarm({ AlarmName: 'alarm-100' })] }),
    );
    const states = await makeAlarms(access).states('us-east-1', names);
    expect(states.map(({ name }) => name)).toEqual(['alarm-100']);
    expect(sent.map((request) => (jsonOf(request) as { AlarmNames: string[] }).AlarmNames.length)).toEqual([
      100, 1,
    ]);
  });

  it('follows the pages of an answer', async () => {
    const { access, sent } = awsAnswering(
      ok({ MetricAlarms: [metricAlarm()], NextToken: 'more' }),
      ok({ MetricAlarms: [metricAlarm({ AlarmName: 'second' })] }),
    );
    const states = await makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx', 'second']);
    expect(states.map(({ name }) => name)).toEqual(['petclinic-edge-5xx', 'second']);
    expect(jsonOf(sent[1])).toMatchObject({ NextToken: 'more' });
  });

  it('reads each region from its own endpoint', async () => {
    const { access, sent } = awsAnswering(ok({}), ok({}), ok({}));
    const alarms = makeAlarms(access);
    await alarms.states('us-east-1', ['a']);
    await alarms.states('ap-northeast-2', ['b']);
    await alarms.states('us-east-1', ['a']);
    expect(sent.map(({ hostname }) => hostname)).toEqual([
      'monitoring.us-east-1.amazonaws.com',
      'monitoring.ap-northeast-2.amazonaws.com',
      'monitoring.us-east-1.amazonaws.com',
    ]);
  });

  it('calls an alarm state that nobody documented unreadable, and says which', async () => {
    const { access } = awsAnswering(ok({ MetricAlarms: [metricAlarm({ StateValue: 'PANIC' })] }));
    const error = await rejectionOf(makeAlarms(access).states('us-east-1', ['petclinic-edge-5xx']));
    expect(error).toBeInstanceOf(CloudAnswerUnreadable);
    expect((error as CloudAnswerUnreadable).problems.join()).toContain(
      'MetricAlarms.0.StateValue: got "PANIC"',
    );
  });

  it.each([
    ['denied is refused', jsonError(403, 'AccessDeniedException'), CloudRefused],
    ['a dead region is unavailable', { status: 503, body: '' }, CloudUnavailable],
  ])('%s', async (_what, answer, kind) => {
    const { access } = awsAnswering(answer, answer, answer);
    expect(await rejectionOf(makeAlarms(access).states('ap-northeast-2', ['a']))).toBeInstanceOf(kind);
  });
});
