import { makePromisePage } from '../../lambdas/promise-page/promise-page.ts';
import { DUMP } from './data-helpers.ts';
import {
  brokenRun,
  config,
  configWith,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
} from './fixture.ts';
import { callOf, MemoryLog, VirtualClock } from './helpers.ts';
import { homeLedger, homeRun } from './home-helpers.ts';

/*
 * Goal: nobody sees the page for longer than was promised to be the longest, and who decides reads how long it will be.
 */

function bench(own = config) {
  const clock = new VirtualClock();
  const ledger = homeLedger();
  const step = makePromisePage({ config: own, clock, log: new MemoryLog(), ledger });
  const promise = (dumpSeconds: number | null, loadSeconds: number | null, more: object = {}) =>
    step(
      { run: homeRun, lease, dumped: took('dump', dumpSeconds), loaded: took('load', loadSeconds), ...more },
      callOf(clock, 60),
    );
  return { promise, ledger, step };
}

/** What carry-home hands on. */
const took = (what: string, seconds: number | null): unknown =>
  seconds === null
    ? null
    : { state: 'done', equal: false, seconds: seconds + 9, result: { what, dump: DUMP, seconds } };

describe('promise-page', () => {
  it('reckons with the shield, what the first dump and load took, a comparison, and the switch', async () => {
    // 20 s of settling and a look of 2 s; 40 s of orders, 30 s, 60 s, a quarter of 60 s; 15 s for the switch.
    expect(await bench().promise(30, 60)).toEqual({
      pageSeconds: 182,
      sentence: 'No acknowledged write is lost. Users see the maintenance page for about 182 s.',
    });
  });

  it('promises the shield and the switch alone where the site brings its data home itself', async () => {
    expect(await bench().promise(null, null)).toMatchObject({ pageSeconds: 37 });
  });

  it('takes the settling that this run was given', async () => {
    const settled = { ...lease, settle: { seconds: 90, why: '90 s, as was measured' } };
    expect(await bench().promise(30, 60, { lease: settled })).toMatchObject({ pageSeconds: 252 });
  });

  it('promises the longest that is allowed, and no second more', async () => {
    const at = bench();
    expect(await at.promise(73, 600)).toMatchObject({ pageSeconds: 900 });
    const refusal = await refusalOf(at.promise(74, 600));
    expect(refusal).toMatchObject({ name: 'GateShut', retryable: false });
    expect(refusal.message).toBe(
      'A gate of the way home is shut: the lag is within the limit (lagWithinLimit): got 901 s behind the page at the most, expected ' +
        '900 s (policy.failback.pageSecondsMax); the first load took 600 s. Nobody was moved. ' +
        'Make the data smaller or the primary faster, or allow a longer page, then begin again: pilotlight failback shop --reason ...',
    );
    const longer = configWith((shop) => {
      Object.assign(shop.policy, { failback: { pageSecondsMax: 901 } });
    });
    expect(await bench(longer).promise(74, 600)).toMatchObject({ pageSeconds: 901 });
  });

  it('refuses nothing in a rehearsal on paper, and renews no lease', async () => {
    const at = bench();
    const run = { ...homeRun, dryRun: true };
    expect(await at.promise(74, 600, { run })).toMatchObject({ pageSeconds: 901 });
    expect(at.ledger.renewals).toEqual([]);
  });

  it('promises nothing for a run that has lost its lease', async () => {
    const at = bench();
    at.ledger.holder = 'run-2';
    expect((await refusalOf(at.promise(30, 60))).name).toBe('LeaseLost');
  });

  it('names everything that is wrong with its input', async () => {
    const { step } = bench();
    const input = { run: brokenRun, lease, dumped: null, loaded: null };
    expect(await problemsOf(step, input)).toEqual(problemsOfBrokenRun);
    expect(await problemsOf(step, { run: homeRun, lease, dumped: {} })).toHaveLength(2);
  });
});
