import type { Application } from './application.ts';

/** How often Route 53 asks, and after how many failures in a row it believes them. Source: Route 53 Developer Guide. */
const INTERVAL_MS = { tcp: 30_000, https: 30_000, 'https-fast': 10_000 } as const;
const FAILURES_TO_UNHEALTHY = 3;

/** What a health check of the configuration does. */
export type HealthCheckKind = keyof typeof INTERVAL_MS;

/** Asks the primary from outside and keeps what Route 53 believes. */
export class HealthCheck {
  healthy = true;
  private streak = 0;
  private stopped = false;
  private readonly primary: Application;
  private readonly kind: HealthCheckKind;
  /** Whether it was healthy during all of the current minute, which is what the metric's minimum tells. */
  private minuteWasHealthy = true;

  constructor(primary: Application, kind: HealthCheckKind) {
    this.primary = primary;
    this.kind = kind;
  }

  start(): void {
    if (this.stopped) return;
    const answer = this.primary.answer({ method: 'GET', path: '/actuator/health', write: null });
    // A port that answers at all is enough for a check that only connects.
    const good = this.kind === 'tcp' ? answer !== null : answer?.status === 200;
    // The same number of good answers in a row is needed to come back.
    this.streak = good === this.healthy ? 0 : this.streak + 1;
    if (this.streak >= FAILURES_TO_UNHEALTHY) {
      this.healthy = good;
      this.streak = 0;
    }
    if (!this.healthy) this.minuteWasHealthy = false;
    setTimeout(() => {
      this.start();
    }, INTERVAL_MS[this.kind]);
  }

  stop(): void {
    this.stopped = true;
  }

  /** The value of the metric for the minute that ends now. */
  takeMinute(): number {
    const value = this.minuteWasHealthy ? 1 : 0;
    this.minuteWasHealthy = this.healthy;
    return value;
  }
}
