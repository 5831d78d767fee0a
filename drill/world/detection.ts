import type { Config, Workload } from '../../core/config/schema.ts';
import { alarmsOf } from '../../core/watch/detection.ts';
import type { SeededRandom } from '../random.ts';
import { AlarmEvaluator, alarmEventOf } from './alarm-evaluator.ts';
import { HealthCheck } from './health-check.ts';
import type { Journal } from './journal.ts';
import { MetricStore } from './metrics.ts';
import { Observers } from './observers.ts';
import type { Site } from './site.ts';

/** What watches the site: health check, metrics, alarms. */
export interface Detection {
  readonly evaluator: AlarmEvaluator;
  readonly observers: Observers;
  start(): void;
  stop(): void;
}

/** More than any alarm looks back. */
const PAST_MINUTES = 10;

/** Sets up the alarms that the detection stack deploys, over the metrics of this world. */
export function watchSite(options: {
  readonly id: string;
  readonly workload: Workload;
  readonly config: Config;
  readonly site: Site;
  readonly random: SeededRandom;
  readonly journal: Journal;
  readonly regionAnswers: (region: string) => boolean;
  readonly strayErrors: () => number;
  readonly onEvent: (event: Record<string, unknown>) => void;
}): Detection {
  const { site, journal, regionAnswers } = options;
  const definitions = alarmsOf(options.id, options.workload);
  const metrics = new MetricStore();
  const healthCheck = new HealthCheck(site.primary);
  const observers = new Observers({
    definitions,
    metrics,
    healthCheck,
    regionAnswers,
    primary: site.primary,
    random: options.random.fork('delivery'),
    strayErrors: options.strayErrors,
  });
  const evaluator = new AlarmEvaluator({
    definitions,
    metrics,
    journal,
    regionAnswers,
    onChange: (alarm, previous) => {
      options.onEvent(alarmEventOf(alarm, previous, options.config.controller.account));
    },
  });
  return {
    evaluator,
    observers,
    start: () => {
      healthCheck.start();
      observers.fillPast(PAST_MINUTES);
      observers.start();
      evaluator.start(options.random.fork('evaluation'));
    },
    stop: () => {
      healthCheck.stop();
      observers.stop();
    },
  };
}
