import { CloudWatchClient, DescribeAlarmsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { cloudWatchService, type AlarmView } from '../../../../drill/clouds/aws/cloudwatch.ts';
import { awsOptions, networkOf, REGION, rejection, START } from '../fixture.ts';

const alarm = (name: string, state: AlarmView['state'], more: Partial<AlarmView> = {}): AlarmView => ({
  name,
  state,
  reason: `${name} is ${state}`,
  reasonData: '{"version":"1.0"}',
  stateUpdated: START + 500,
  ...more,
});

function world(alarms: readonly AlarmView[]) {
  const network = networkOf([
    cloudWatchService({ account: '111122223333', alarms: (region) => (region === REGION ? alarms : []) }),
  ]);
  return { network, client: new CloudWatchClient(awsOptions(network)) };
}

describe('the simulated CloudWatch', () => {
  it('answers the state of the alarms asked for, and leaves out the ones it does not have', async () => {
    const { client } = world([alarm('b', 'OK'), alarm('a', 'ALARM'), alarm('c', 'INSUFFICIENT_DATA')]);
    const answer = await client.send(
      new DescribeAlarmsCommand({ AlarmNames: ['a', 'b', 'nope'], AlarmTypes: ['MetricAlarm'] }),
    );
    expect(answer.MetricAlarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue])).toEqual([
      ['a', 'ALARM'],
      ['b', 'OK'],
    ]);
    expect(answer.MetricAlarms?.[0]).toMatchObject({
      AlarmArn: 'arn:aws:cloudwatch:ap-northeast-1:111122223333:alarm:a',
      StateReason: 'a is ALARM',
      StateReasonData: '{"version":"1.0"}',
      StateUpdatedTimestamp: new Date('2026-03-02T00:00:00.500Z'),
    });
    expect(answer.NextToken).toBeUndefined();
  });

  it('answers composite alarms to who asks for them, beside the metric ones, and to nobody else', async () => {
    const { client } = world([alarm('a', 'ALARM'), alarm('all', 'OK', { kind: 'composite' })]);
    const ask = async (AlarmTypes?: ('MetricAlarm' | 'CompositeAlarm')[]) => {
      const answer = await client.send(
        new DescribeAlarmsCommand({ AlarmNames: ['a', 'all'], ...(AlarmTypes && { AlarmTypes }) }),
      );
      return [answer.MetricAlarms, answer.CompositeAlarms].map((alarms) =>
        alarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]),
      );
    };
    expect(await ask(['MetricAlarm', 'CompositeAlarm'])).toEqual([[['a', 'ALARM']], [['all', 'OK']]]);
    expect(await ask(['CompositeAlarm'])).toEqual([[], [['all', 'OK']]]);
    expect(await ask()).toEqual([[['a', 'ALARM']], []]);
  });

  it('has the alarms of one Region only', async () => {
    const { network } = world([alarm('a', 'ALARM')]);
    const elsewhere = new CloudWatchClient({ ...awsOptions(network), region: 'us-east-1' });
    expect((await elsewhere.send(new DescribeAlarmsCommand({ AlarmNames: ['a'] }))).MetricAlarms).toEqual([]);
  });

  it('pages: 50 alarms where nothing is said, and the rest by the token', async () => {
    const { client } = world(Array.from({ length: 60 }, (_, n) => alarm(`a${String(n + 10)}`, 'OK')));
    const first = await client.send(new DescribeAlarmsCommand({}));
    expect(first.MetricAlarms).toHaveLength(50);
    const second = await client.send(new DescribeAlarmsCommand({ NextToken: first.NextToken }));
    expect(second.MetricAlarms).toHaveLength(10);
    expect(second.NextToken).toBeUndefined();
  });

  it('refuses more than 100 records, and names nobody simulates loudly', async () => {
    const { client, network } = world([]);
    const tooMany = await rejection(client.send(new DescribeAlarmsCommand({ MaxRecords: 101 })));
    expect(tooMany.name).toMatch(/^Validation/);
    expect(network.unexpected).toEqual([]);
    const prefixed = new DescribeAlarmsCommand({ AlarmNamePrefix: 'a' });
    expect((await rejection(client.send(prefixed))).name).toBe('UnexpectedCall');
    expect((await rejection(client.send(new ListMetricsCommand({})))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(2);
  });
});
