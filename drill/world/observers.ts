import type { AlarmDefinition } from '../../core/watch/detection.ts';
import { NAMESPACE } from '../../core/watch/figures.ts';
import type { SeededRandom } from '../random.ts';
import type { Application } from './application.ts';
import type { ViewerResponse } from './edge-host.ts';
import type { HealthCheck } from './health-check.ts';
import { MINUTE_MS, type MetricStore } from './metrics.ts';

/** Seconds from the end of a minute until CloudWatch has its datapoint; AWS publishes no figure, see FACTS section 5. */
const DELIVERY_SECONDS: Readonly<Record<string, readonly [number, number]>> = {
  'AWS/Route53': [10, 40],
  'AWS/CloudFront': [60, 150],
  'AWS/ApplicationELB': [30, 90],
};

/** Counts what the clouds' own metrics count, and puts a datapoint a minute for every alarm. */
export class Observers {
  private edgeRequests = 0;
  private edgeErrors = 0;
  private stopped = false;
  private readonly options: {
    readonly definitions: readonly AlarmDefinition[];
    readonly metrics: MetricStore;
    readonly primary: Application;
    readonly healthCheck: HealthCheck;
    readonly random: SeededRandom;
    readonly regionAnswers: (region: string) => boolean;
    /** Errors that a short trouble of the load balancer itself adds to its count. */
    readonly strayErrors: () => number;
  };

  /** The alarms on metrics that the clouds publish; the watch tells its figures itself. */
  private readonly own: readonly AlarmDefinition[];

  constructor(options: Observers['options']) {
    this.options = options;
    this.own = options.definitions.filter(({ namespace }) => namespace !== NAMESPACE);
  }

  /** What CloudFront counts of one response. */
  count(response: ViewerResponse): void {
    this.edgeRequests += 1;
    if (response.status >= 500) this.edgeErrors += 1;
  }

  /** An ordinary past: alarms look back for some minutes, and a metric without a past looks like a fault. */
  fillPast(minutes: number): void {
    const current = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    for (const definition of this.own) {
      const value = definition.metricName === 'HealthCheckStatus' ? 1 : 0;
      for (let from = current - minutes * MINUTE_MS; from < current; from += MINUTE_MS) {
        this.options.metrics.put(definition.name, { from, value, deliveredAt: Date.now() });
      }
    }
  }

  start(): void {
    const intoMinute = Date.now() % MINUTE_MS;
    setTimeout(() => {
      if (this.stopped) return;
      this.closeMinute();
      this.start();
    }, MINUTE_MS - intoMinute);
  }

  stop(): void {
    this.stopped = true;
  }

  private closeMinute(): void {
    const from = (Math.floor(Date.now() / MINUTE_MS) - 1) * MINUTE_MS;
    for (const definition of this.own) {
      const value = this.valueOf(definition);
      if (value === null || !this.options.regionAnswers(definition.region)) continue;
      const [low, high] = DELIVERY_SECONDS[definition.namespace] ?? [30, 90];
      const deliveredAt = Date.now() + this.options.random.between(low, high) * 1000;
      this.options.metrics.put(definition.name, { from, value, deliveredAt });
    }
    this.edgeRequests = 0;
    this.edgeErrors = 0;
  }

  private valueOf(definition: AlarmDefinition): number | null {
    switch (definition.metricName) {
      case 'HealthCheckStatus':
        return this.options.healthCheck.takeMinute();
      case '5xxErrorRate':
        return this.edgeRequests === 0 ? null : (100 * this.edgeErrors) / this.edgeRequests;
      case 'HTTPCode_ELB_5XX_Count':
        // Counts are absent when zero.
        return this.options.strayErrors() === 0 ? null : this.options.strayErrors();
      case 'UnHealthyHostCount':
        return this.options.primary.condition === 'erring' ? 2 : 0;
      default:
        throw new Error(
          `the world has no metric ${definition.metricName}; teach it to drill/world/observers.ts`,
        );
    }
  }
}
