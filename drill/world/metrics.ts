/** One datapoint of a metric: what was counted in one period, or a part of it. */
interface Datapoint {
  /** When its period began; milliseconds since the Unix epoch. */
  readonly from: number;
  readonly value: number;
  /** When CloudWatch has it; milliseconds since the Unix epoch. */
  readonly deliveredAt: number;
}

export const MINUTE_MS = 60_000;

/** More than any alarm looks back. */
const KEPT = 200;

/** Metrics of the world by their periods, each datapoint delivered some time after it was made. */
export class MetricStore {
  private readonly series = new Map<string, Datapoint[]>();

  put(metric: string, point: Datapoint): void {
    const points = this.series.get(metric) ?? [];
    points.push(point);
    if (points.length > 2 * KEPT) points.splice(0, KEPT);
    this.series.set(metric, points);
  }

  /**
   * The newest periods that CloudWatch has data of by now, oldest first. What came twice, or in parts, counts as the highest
   * of it: of all our metrics that are told in parts, the alarms take the maximum.
   */
  newest(metric: string, count: number, now: number): readonly { from: number; value: number }[] {
    const points = (this.series.get(metric) ?? []).filter((point) => point.deliveredAt <= now);
    const periods = Map.groupBy(points, ({ from }) => from);
    return [...periods.entries()]
      .map(([from, parts]) => ({ from, value: Math.max(...parts.map(({ value }) => value)) }))
      .sort((a, b) => a.from - b.from)
      .slice(-count);
  }
}
