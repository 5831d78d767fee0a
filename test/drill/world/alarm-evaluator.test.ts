import type { AlarmDefinition } from '../../../core/watch/detection.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { AlarmEvaluator, alarmEventOf, type LiveAlarm } from '../../../drill/world/alarm-evaluator.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { MetricStore } from '../../../drill/world/metrics.ts';
import { START, useVirtualTime } from '../clouds/fixture.ts';

const definitionOf = (changes: Partial<AlarmDefinition> = {}): AlarmDefinition => ({
  name: 'errors',
  region: 'us-east-1',
  about: 'primary',
  eyes: 'others',
  description: 'errors of the load balancer',
  namespace: 'AWS/ApplicationELB',
  metricName: 'HTTPCode_ELB_5XX_Count',
  statistic: 'Sum',
  periodSeconds: 60,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  threshold: 10,
  comparison: 'GreaterThanOrEqualToThreshold',
  treatMissingData: 'notBreaching',
  dimensions: {},
  ...changes,
});

const MINUTE_MS = 60_000;

/** An evaluator of one alarm, with its datapoints by minutes before the start and the moment at which each is there. */
function watch(
  definition: AlarmDefinition,
  points: readonly { minutesAgo: number; value: number; deliveredAfterSeconds?: number }[],
): { evaluator: AlarmEvaluator; alarm: LiveAlarm; changes: string[]; region: { answers: boolean } } {
  const metrics = new MetricStore();
  for (const { minutesAgo, value, deliveredAfterSeconds = 0 } of points) {
    metrics.put(definition.name, {
      from: START - minutesAgo * MINUTE_MS,
      value,
      deliveredAt: START + deliveredAfterSeconds * 1000,
    });
  }
  const changes: string[] = [];
  const region = { answers: true };
  const evaluator = new AlarmEvaluator({
    definitions: [definition],
    metrics,
    journal: new Journal(),
    regionAnswers: () => region.answers,
    onChange: (alarm, previous) => changes.push(`${previous} -> ${alarm.state}`),
  });
  evaluator.start(new SeededRandom(1));
  return { evaluator, alarm: evaluator.alarms[0]!, changes, region };
}

const minutes = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * MINUTE_MS);

describe('AlarmEvaluator', () => {
  useVirtualTime();

  it('rings when M of the last N datapoints breach', async () => {
    const values = [10, 0, 11].map((value, i) => ({ minutesAgo: 3 - i, value }));
    const { alarm, changes } = watch(definitionOf(), values);
    expect(alarm.state).toBe('OK');
    await minutes(1);
    expect(alarm.state).toBe('ALARM');
    expect(changes).toEqual(['OK -> ALARM']);
    expect(alarm.reason).toBe(
      'Threshold Crossed: 2 out of the last 3 datapoints [10, 0, 11] ' +
        '(minimum 2 datapoints for OK -> ALARM transition).',
    );
  });

  it('stays quiet when fewer than M breach, be it by one or by one short of the threshold', async () => {
    const values = [0, 9.9, 11].map((value, i) => ({ minutesAgo: 3 - i, value }));
    const { alarm, changes } = watch(definitionOf(), values);
    await minutes(1);
    expect(alarm.state).toBe('OK');
    expect(changes).toEqual([]);
  });

  it('forgets what is older than the last N datapoints', async () => {
    const values = [50, 50, 0, 0, 11].map((value, i) => ({ minutesAgo: 5 - i, value }));
    const { alarm } = watch(definitionOf(), values);
    await minutes(1);
    expect(alarm.state).toBe('OK');
  });

  it('rings below the threshold where the comparison says so, and not at it', async () => {
    const low = { comparison: 'LessThanThreshold', evaluationPeriods: 1, datapointsToAlarm: 1 } as const;
    const below = watch(definitionOf({ ...low, threshold: 1 }), [{ minutesAgo: 1, value: 0 }]);
    const at = watch(definitionOf({ ...low, threshold: 1 }), [{ minutesAgo: 1, value: 1 }]);
    await minutes(1);
    expect([below.alarm.state, at.alarm.state]).toEqual(['ALARM', 'OK']);
  });

  it.each([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
  ] as const)('counts missing datapoints as %s', async (treatMissingData, state) => {
    const { alarm } = watch(definitionOf({ treatMissingData }), [{ minutesAgo: 1, value: 0 }]);
    await minutes(1);
    expect(alarm.state).toBe(state);
  });

  it.each([
    ['breaching', 0, 'ALARM'],
    ['notBreaching', 40, 'OK'],
  ] as const)(
    'takes datapoints for missing, %s, once none came for more than four minutes',
    async (treatMissingData, value, state) => {
      const old = [7, 6, 5].map((minutesAgo) => ({ minutesAgo, value }));
      const { alarm } = watch(definitionOf({ treatMissingData }), old);
      await minutes(1);
      expect(alarm.state).toBe(state);
    },
  );

  it('looks at the newest datapoints it has while others are late, and rings when they come', async () => {
    const bad = [2, 1].map((minutesAgo) => ({ minutesAgo, value: 40, deliveredAfterSeconds: 90 }));
    const { alarm, changes } = watch(definitionOf({ treatMissingData: 'breaching' }), [
      { minutesAgo: 4, value: 0 },
      { minutesAgo: 3, value: 0 },
      ...bad,
    ]);
    await minutes(1);
    expect(alarm.state).toBe('OK');
    await minutes(2);
    expect(alarm.state).toBe('ALARM');
    expect(changes).toEqual(['OK -> ALARM']);
    expect(alarm.updatedAt).toBeGreaterThanOrEqual(START + 90_000);
  });

  it('goes back to OK when the breach is over, and tells each change once', async () => {
    const { alarm, changes } = watch(definitionOf(), [
      { minutesAgo: 2, value: 40 },
      { minutesAgo: 1, value: 40 },
      ...[0, -1, -2].map((minutesAgo) => ({ minutesAgo, value: 0, deliveredAfterSeconds: 150 })),
    ]);
    await minutes(2);
    expect(alarm.state).toBe('ALARM');
    await minutes(8);
    expect(alarm.state).toBe('OK');
    expect(changes).toEqual(['OK -> ALARM', 'ALARM -> OK']);
  });

  it('is silent while its Region is down, and rings when the Region is back', async () => {
    const { changes, region } = watch(definitionOf({ treatMissingData: 'breaching' }), []);
    region.answers = false;
    await minutes(5);
    expect(changes).toEqual([]);
    region.answers = true;
    await minutes(1);
    expect(changes).toEqual(['OK -> ALARM']);
  });

  it('evaluates an alarm of high resolution every ten seconds', async () => {
    const fast = definitionOf({ periodSeconds: 10, evaluationPeriods: 2, datapointsToAlarm: 2 });
    const tenth = (periodsAgo: number, deliveredAfterSeconds: number) => ({
      ...{ minutesAgo: periodsAgo / 6, value: 40, deliveredAfterSeconds },
    });
    const { alarm } = watch(fast, [tenth(2, 0), tenth(1, 12)]);
    await jest.advanceTimersByTimeAsync(11_000);
    expect(alarm.state).toBe('OK');
    await jest.advanceTimersByTimeAsync(11_000);
    expect(alarm.state).toBe('ALARM');
    expect(alarm.reasonData).toContain('"period":10');
    expect(alarm.reasonData).toContain('"startDate":"2026-03-01T23:59:40.000+0000"');
  });

  it('takes a figure of high resolution for missing after forty seconds', async () => {
    const fast = definitionOf({ periodSeconds: 10, evaluationPeriods: 1, datapointsToAlarm: 1 });
    const old = (seconds: number) => watch(fast, [{ minutesAgo: seconds / 60, value: 40 }]).alarm;
    const [fresh, stale] = [old(30), old(50)];
    await jest.advanceTimersByTimeAsync(10_000);
    expect([fresh.state, stale.state]).toEqual(['ALARM', 'OK']);
  });

  it('makes the event that CloudWatch sends', async () => {
    const { alarm } = watch(
      definitionOf(),
      [1, 2].map((minutesAgo) => ({ minutesAgo, value: 40 })),
    );
    await minutes(1);
    expect(alarmEventOf(alarm, 'OK', '111122223333')).toMatchObject({
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      account: '111122223333',
      region: 'us-east-1',
      resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:errors'],
      detail: { alarmName: 'errors', state: { value: 'ALARM' }, previousState: { value: 'OK' } },
    });
  });
});
