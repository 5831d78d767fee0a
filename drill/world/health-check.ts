import type { Application } from './application.ts';

/** A Route 53 fast health check: every 10 s, unhealthy after three failures in a row. Source: FACTS section 8. */
const INTERVAL_MS = 10_000;
const FAILURES_TO_UNHEALTHY = 3;

/** Asks the primary from outside and keeps what Route 53 believes. */
export class HealthCheck {
  healthy = true;
  private streak = 0;
  private stopped = false;
  private readonly primary: Application;
  /** Whether it was healthy during all of the current minute, which is what the metric's minimum tells. */
  private minuteWasHealthy = true;

  constructor(primary: Application) {
    this.primary = primary;
  }

  start(): void {
    if (this.stopped) return;
    const good =
      this.primary.answer({ method: 'GET', path: '/actuator/health', write: null })?.status === 200;
    // The same number of good answers in a row is needed to come back.
    this.streak = good === this.healthy ? 0 : this.streak + 1;
    if (this.streak >= FAILURES_TO_UNHEALTHY) {
      this.healthy = good;
      this.streak = 0;
    }
    if (!this.healthy) this.minuteWasHealthy = false;
    setTimeout(() => {
      this.start();
    }, INTERVAL_MS);
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
