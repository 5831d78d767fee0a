/** One datapoint of a metric, once its minute is over. */
interface Datapoint {
  readonly minute: number;
  readonly value: number;
  /** When CloudWatch has it; milliseconds since the Unix epoch. */
  readonly deliveredAt: number;
}

export const MINUTE_MS = 60_000;

/** Metrics of the world by the minute, each delivered some time after its minute is over. */
export class MetricStore {
  private readonly series = new Map<string, Datapoint[]>();

  put(metric: string, point: Datapoint): void {
    const points = this.series.get(metric) ?? [];
    points.push(point);
    this.series.set(metric, points);
  }

  /** The newest datapoints that CloudWatch has by now, oldest first. */
  newest(metric: string, count: number, now: number): readonly Datapoint[] {
    const points = (this.series.get(metric) ?? []).filter((point) => point.deliveredAt <= now);
    return points.slice(-count);
  }
}
