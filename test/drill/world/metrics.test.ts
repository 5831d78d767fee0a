import { MetricStore } from '../../../drill/world/metrics.ts';
import { START } from '../clouds/fixture.ts';

/* Goal: alarms see what CloudWatch would have by now, whatever comes late, twice or in parts. */

const PERIOD = 10_000;
/** A store with one metric: the period of each datapoint, its value, and the second at which it is there. */
function storeOf(...points: readonly (readonly [period: number, value: number, second: number])[]) {
  const store = new MetricStore();
  for (const [period, value, second] of points) {
    store.put('failing', { from: START + period * PERIOD, value, deliveredAt: START + second * 1000 });
  }
  return (count: number, second: number): (readonly [number, number])[] =>
    store
      .newest('failing', count, START + second * 1000)
      .map(({ from, value }) => [(from - START) / PERIOD, value] as const);
}

describe('MetricStore', () => {
  it('has a datapoint from the moment of its delivery on', () => {
    const newest = storeOf([0, 3, 12]);
    expect(newest(1, 11.999)).toEqual([]);
    expect(newest(1, 12)).toEqual([[0, 3]]);
  });

  it('gives the newest periods, oldest first, and as many as are asked for', () => {
    const newest = storeOf([0, 1, 0], [1, 2, 0], [2, 3, 0]);
    expect(newest(2, 60)).toEqual([
      [1, 2],
      [2, 3],
    ]);
    expect(newest(9, 60)).toHaveLength(3);
  });

  it('orders by the period, and not by the moment of delivery', () => {
    expect(storeOf([1, 2, 5], [0, 1, 30])(2, 60)).toEqual([
      [0, 1],
      [1, 2],
    ]);
  });

  it('takes what came twice, or in parts, for one period, and the highest of it', () => {
    const newest = storeOf([0, 0, 0], [1, 2, 0], [1, 2, 0], [1, 0, 0]);
    expect(newest(2, 60)).toEqual([
      [0, 0],
      [1, 2],
    ]);
  });

  it('takes no part that is not there yet', () => {
    const newest = storeOf([0, 0, 1], [0, 3, 20]);
    expect(newest(1, 19)).toEqual([[0, 0]]);
    expect(newest(1, 20)).toEqual([[0, 3]]);
  });

  it('knows no metric that nobody put', () => {
    expect(new MetricStore().newest('failing', 1, START)).toEqual([]);
  });

  it('keeps more than any alarm looks back, and not everything', () => {
    const many = Array.from({ length: 10_000 }, (_, n) => [n, n, 0] as const);
    const kept = storeOf(...many)(10_000, 60);
    expect(kept.length).toBeGreaterThanOrEqual(200);
    expect(kept.length).toBeLessThanOrEqual(400);
    expect(kept.at(-1)).toEqual([9_999, 9_999]);
  });
});
