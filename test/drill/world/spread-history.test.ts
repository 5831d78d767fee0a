import { summaryOf } from '../../../core/route/spread.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { Edge } from '../../../drill/world/edge.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { measuredSpread } from '../../../drill/world/spread-history.ts';
import { START } from '../clouds/fixture.ts';

/*
 * Goal: the history that a drill begins with is one of its own edge: as slow as what the places can see of it, and no slower.
 */

const nobody = (): null => null;
const edgeWith = (slow: string, seconds: readonly [number, number]) =>
  new Edge({
    plans: ['ICN-2', 'NRT', 'SIN', 'FRA', 'PDX'].map((name) => ({
      name,
      learnsWithinSeconds: name === slow ? seconds : ([3, 32] as const),
    })),
    strategy: 'key-value',
    origins: { primary: nobody, standby: nobody, maintenance: nobody },
    random: new SeededRandom(4),
    journal: new Journal(),
  });
const PLACES = ['ap-southeast-1', 'eu-central-1', 'us-west-2'];
const historyOf = (edge: Edge, seed = 1) =>
  measuredSpread({ edge, store: 'store', places: PLACES, random: new SeededRandom(seed), now: START });

describe('what was measured before a drill', () => {
  it('is a quarter of a year, six times a day, the newest within four hours', () => {
    const history = historyOf(edgeWith('none', [0, 0]));
    const summary = summaryOf(history, START);
    expect(summary?.measurements).toBe(534);
    expect(summary?.worstSeconds).toBeGreaterThan(30);
    expect(summary?.worstSeconds).toBeLessThan(35);
    expect(history.last?.at).toBe('2026-03-01T20:00:00.000Z');
  });

  it('knows a slow location that a place comes through, and none that nobody does', () => {
    expect(summaryOf(historyOf(edgeWith('SIN', [65, 70])), START)).toMatchObject({ place: 'ap-southeast-1' });
    expect(summaryOf(historyOf(edgeWith('SIN', [65, 70])), START)?.worstSeconds).toBeGreaterThan(68);
    expect(summaryOf(historyOf(edgeWith('ICN-2', [65, 70])), START)?.worstSeconds).toBeLessThan(35);
  });

  it('is the same for the same seed', () => {
    const edge = edgeWith('none', [0, 0]);
    expect(historyOf(edge)).toEqual(historyOf(edge));
    expect(historyOf(edge, 2)).not.toEqual(historyOf(edge));
  });
});
