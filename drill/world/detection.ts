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
  /** A figure that the watch tells CloudWatch about this workload, in high resolution. */
  tellLevel(metric: string, value: number): void;
  start(): void;
  stop(): void;
}

/** From a line in the log of a function to a datapoint that alarms see. Seconds; FACTS2 4 says "seconds", so assumed. */
const FIGURE_SECONDS = [1.5, 6] as const;
/** Share of the figures that never arrive; assumed. */
const LOST_SHARE = 0.002;

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
  const definitions = alarmsOf(options.id, options.workload, options.config.controller.region);
  const metrics = new MetricStore();
  const figures = options.random.fork('figures');
  const healthCheck = new HealthCheck(site.primary, options.workload.detection.healthCheck);
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
    tellLevel: (metric, value) => {
      const definition = definitions.find(({ metricName }) => metricName === metric);
      if (definition === undefined || figures.next() < LOST_SHARE) return;
      const periodMs = definition.periodSeconds * 1000;
      metrics.put(definition.name, {
        from: Math.floor(Date.now() / periodMs) * periodMs,
        value,
        deliveredAt: Date.now() + figures.between(...FIGURE_SECONDS) * 1000,
      });
    },
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
