import type { AlarmDefinition } from '../../core/watch/detection.ts';
import type { AlarmView } from '../clouds/aws/cloudwatch.ts';
import type { SeededRandom } from '../random.ts';
import type { Journal } from './journal.ts';
import type { MetricStore } from './metrics.ts';

/** The state of one alarm, as CloudWatch keeps it. */
export interface LiveAlarm {
  readonly definition: AlarmDefinition;
  state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  reason: string;
  /** JSON text, as in the real service. */
  reasonData: string;
  /** Milliseconds since the Unix epoch. */
  updatedAt: number;
}

/** The alarms of a Region as CloudWatch shows them. */
export const alarmViews = ({ alarms }: AlarmEvaluator, region: string): readonly AlarmView[] =>
  alarms
    .filter((alarm) => alarm.definition.region === region)
    .map((alarm) => ({
      name: alarm.definition.name,
      state: alarm.state,
      reason: alarm.reason,
      reasonData: alarm.reasonData,
      stateUpdated: alarm.updatedAt,
    }));

/** A datapoint is late, not missing, for so many periods: then the alarm looks at the newest ones it has. */
const LATE_PERIODS = 4;

const periodMsOf = ({ periodSeconds }: AlarmDefinition): number => periodSeconds * 1000;

/** Evaluates the deployed alarm definitions against the metrics of the world, each once in its period. */
export class AlarmEvaluator {
  readonly alarms: readonly LiveAlarm[];
  private readonly metrics: MetricStore;
  private readonly journal: Journal;
  private readonly regionAnswers: (region: string) => boolean;
  private readonly onChange: (alarm: LiveAlarm, previous: LiveAlarm['state']) => void;

  constructor(options: {
    readonly definitions: readonly AlarmDefinition[];
    readonly metrics: MetricStore;
    readonly journal: Journal;
    /** A Region that is down evaluates nothing and tells nobody. */
    readonly regionAnswers: (region: string) => boolean;
    readonly onChange: (alarm: LiveAlarm, previous: LiveAlarm['state']) => void;
  }) {
    this.metrics = options.metrics;
    this.journal = options.journal;
    this.regionAnswers = options.regionAnswers;
    this.onChange = options.onChange;
    this.alarms = options.definitions.map((definition) => ({
      definition,
      state: 'OK',
      reason: 'Threshold not crossed',
      reasonData: '{}',
      updatedAt: Date.now(),
    }));
  }

  /** Each alarm is evaluated at its own moment of the period. */
  start(random: SeededRandom): void {
    for (const alarm of this.alarms) {
      this.evaluateLater(alarm, random.between(0, periodMsOf(alarm.definition)));
    }
  }

  private evaluateLater(alarm: LiveAlarm, ms: number): void {
    setTimeout(() => {
      if (this.regionAnswers(alarm.definition.region)) this.evaluate(alarm);
      this.evaluateLater(alarm, periodMsOf(alarm.definition));
    }, ms);
  }

  private evaluate(alarm: LiveAlarm): void {
    const { definition } = alarm;
    const now = Date.now();
    const points = this.metrics.newest(definition.name, definition.evaluationPeriods, now);
    const periodMs = periodMsOf(definition);
    const oldest = (Math.floor(now / periodMs) - LATE_PERIODS) * periodMs;
    const recent = points.filter((point) => point.from >= oldest);
    const missing = definition.evaluationPeriods - recent.length;
    const breaching =
      recent.filter((point) => breaches(definition, point.value)).length +
      (definition.treatMissingData === 'breaching' ? missing : 0);
    const state = breaching >= definition.datapointsToAlarm ? 'ALARM' : 'OK';
    if (state === alarm.state) return;
    const previous = alarm.state;
    const start = recent[0]?.from ?? Math.floor(now / periodMs) * periodMs;
    const values = recent.map((point) => point.value);
    alarm.state = state;
    alarm.updatedAt = now;
    alarm.reason =
      `Threshold Crossed: ${breaching} out of the last ${definition.evaluationPeriods} datapoints [${values.join(', ')}] ` +
      `(minimum ${definition.datapointsToAlarm} datapoints for ${previous} -> ${state} transition).`;
    alarm.reasonData = JSON.stringify({
      version: '1.0',
      startDate: new Date(start).toISOString().replace('Z', '+0000'),
      statistic: definition.statistic,
      period: definition.periodSeconds,
      recentDatapoints: values,
      threshold: definition.threshold,
    });
    this.journal.note('alarm', `${definition.name} (${definition.region}) goes to ${state}`);
    this.onChange(alarm, previous);
  }
}

function breaches(definition: AlarmDefinition, value: number): boolean {
  switch (definition.comparison) {
    case 'GreaterThanOrEqualToThreshold':
      return value >= definition.threshold;
    case 'LessThanThreshold':
      return value < definition.threshold;
  }
}

/** The event that CloudWatch sends to EventBridge. Shape: FACTS section 5. */
export function alarmEventOf(
  alarm: LiveAlarm,
  previous: LiveAlarm['state'],
  account: string,
): Record<string, unknown> {
  const { definition } = alarm;
  const timestamp = new Date(alarm.updatedAt).toISOString().replace('Z', '+0000');
  return {
    version: '0',
    id: `drill-${definition.name}-${alarm.updatedAt}`,
    'detail-type': 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account,
    time: new Date(alarm.updatedAt).toISOString(),
    region: definition.region,
    resources: [`arn:aws:cloudwatch:${definition.region}:${account}:alarm:${definition.name}`],
    detail: {
      alarmName: definition.name,
      state: { value: alarm.state, reason: alarm.reason, reasonData: alarm.reasonData, timestamp },
      previousState: { value: previous, reason: '', reasonData: '{}', timestamp },
      configuration: {
        description: definition.description,
        metrics: [
          {
            id: 'm1',
            metricStat: {
              metric: { namespace: definition.namespace, name: definition.metricName, dimensions: {} },
              period: definition.periodSeconds,
              stat: definition.statistic,
            },
            returnData: true,
          },
        ],
      },
    },
  };
}
