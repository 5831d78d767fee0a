import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { homePageSeconds } from '../../../core/data/home-plan.ts';
import { dataWithWorkload } from '../config-fixture.ts';

/*
 * Goal: users see the page for no longer than they were promised, so the promise reckons with everything at its worst.
 */

const workload = (changes: object = {}) =>
  workloadOf(
    parseConfig(dataWithWorkload({ data: { mode: 'ship', account: 'shopdata' }, ...changes })),
    'petclinic',
  );
const page = (rehearsed: { dumpSeconds: number; loadSeconds: number } | null, changes: object = {}) =>
  homePageSeconds(workload(changes), { rehearsed, settle: { seconds: 90 } });

describe('the page of a way home', () => {
  it('is up for the settling of the shield, the last data at their worst, the comparison and the switch', () => {
    // 90 + 2; 40 + 30 + 100 + 25; 15.
    expect(page({ dumpSeconds: 30, loadSeconds: 100 })).toBe(302);
  });

  it('is up for the shield and the switch alone where no data are carried', () => {
    expect(page(null)).toBe(107);
  });

  it('is told in whole seconds, none too few', () => {
    expect(page({ dumpSeconds: 0.1, loadSeconds: 0 })).toBe(148);
  });

  it('is up while each share is held', () => {
    const canary = { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5 };
    expect(page(null, { 'policy.canary': canary })).toBe(227);
  });

  it('is up for both of its changes where each takes the edge minutes', () => {
    const slow = {
      ...{ 'edge.strategy': 'distribution', 'edge.stack': undefined, 'edge.keyValueStoreArn': undefined },
      'limits.convergeSeconds': 420,
    };
    // 420 + 2 and 420.
    expect(page(null, slow)).toBe(842);
  });
});
