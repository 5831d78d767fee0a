import { barrierNow, barrierToPlanning, pageSecondsOf, wholeSecondsOf } from '../../../core/data/planned.ts';
import { lossText } from '../../../core/data/loss.ts';
import type { DataReport } from '../../../core/data/report.ts';
import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { applierAt, DUMP, reportAt } from '../../lambdas/data-helpers.ts';
import { dataWithWorkload } from '../config-fixture.ts';

/*
 * Goal: nobody is sent to the page for a promise that cannot be kept, and whoever decides reads for how long it will be up.
 */

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const AT = '2026-03-02T10:00:00.000Z';
const ship = {
  mode: 'ship' as const,
  ...{ account: 'shopdata', shipEverySeconds: 10, dumpEveryMinutes: 1440 },
  ...{ maxLossSeconds: 300, handoverSeconds: 600 },
};
const workload = (changes: object = {}) =>
  workloadOf(
    parseConfig(dataWithWorkload({ data: { mode: 'ship', account: 'shopdata' }, ...changes })),
    'petclinic',
  );

describe('what stands against any planned move', () => {
  it('is nothing where the log is shipped, or the own replication says how far it is', () => {
    expect(barrierToPlanning(ship)).toBeNull();
    expect(barrierToPlanning({ mode: 'none', probe: { url: 'https://shop.example.com/lag' } })).toBeNull();
  });

  it('is a way of the data that cannot lose nothing, with what would do instead', () => {
    expect(barrierToPlanning({ mode: 'none' })).toMatch(
      /^data\.probe: got none with data\.mode "none", .*--skip-confirmation$/,
    );
    expect(barrierToPlanning({ ...ship, mode: 'dump' })).toMatch(
      /^data\.mode: got "dump", expected "ship" for a planned move; .*an ordinary failover/,
    );
  });
});

describe('what stands against the page now', () => {
  const loss = (lossSeconds: number | null, detail: string | null = null) => ({
    point: lossSeconds === null ? null : '2026-03-02T09:59:50.000Z',
    ...{ lossSeconds, detail, measuredAt: AT },
  });
  const report = (applier: DataReport['applier'] = null) => reportAt(AT, null, { applier });
  const barrier = (lossSeconds: number | null, more: object = {}) =>
    barrierNow(ship, { report: report(), loss: loss(lossSeconds), isPrepared: false, ...more }, NOW);

  it('is nothing where the store is as new as was promised', () => {
    expect(barrier(300)).toBeNull();
  });

  it('is a store that is older than that, or of which nobody knows', () => {
    expect(barrier(301)).toBe(
      'the data in the store are 5 min 1 s old (recovery point 09:59:50 UTC), expected at most 300 s (data.maxLossSeconds)',
    );
    expect(barrier(null, { loss: loss(null, 'no whole dump is in the store') })).toBe(
      'Nobody knows what would be lost: no whole dump is in the store',
    );
  });

  it('is a standby’s side that cannot take the last data', () => {
    const of = (applier: DataReport['applier'], isPrepared = false) =>
      barrier(10, { report: report(applier), isPrepared });
    expect(of(applierAt(AT, { state: 'following' }), true)).toBeNull();
    expect(of(applierAt(AT, { state: 'failed', fault: { code: 'LOAD_FAILED', detail: 'full' } }))).toBe(
      'the standby’s side has failed (LOAD_FAILED)',
    );
    expect(of(applierAt(AT, { state: 'open', dump: DUMP }))).toContain('has to be loaded anew');
    // What an earlier standby has said long ago counts for nothing.
    expect(of(applierAt('2026-03-02T09:58:59.000Z', { state: 'open' }))).toBeNull();
  });

  it('is a standby’s side that nobody hears of, once the standby is there', () => {
    expect(barrier(10, { isPrepared: true })).toBe('nothing is heard of the standby’s side (last never)');
  });

  it('is for a replication of the site’s own only that nobody knows it', () => {
    const own = { mode: 'none' } as const;
    const seen = { report: report(), isPrepared: true };
    expect(barrierNow(own, { ...seen, loss: loss(900) }, NOW)).toBeNull();
    expect(barrierNow(own, { ...seen, loss: loss(null) }, NOW)).toBe('Nobody knows what would be lost');
  });
});

describe('the page of a planned move', () => {
  it('is up for the settling of the shield, the last data and the switch', () => {
    // 90 s + 2 s, 10 s + 15 s, 15 s.
    expect(pageSecondsOf(workload(), { seconds: 90 })).toBe(132);
  });

  it('is up for the draining where the primary has a fence', () => {
    const listenerRuleArn =
      'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/petclinic-alb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';
    expect(
      pageSecondsOf(workload({ 'primary.fence': { listenerRuleArn, drainSeconds: 15 } }), { seconds: 90 }),
    ).toBe(65);
  });

  it('is up for longer with slower shipping, and for all shares', () => {
    expect(pageSecondsOf(workload({ 'data.shipEverySeconds': 30 }), { seconds: 90 })).toBe(152);
    const canary = { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5 };
    expect(pageSecondsOf(workload({ 'policy.canary': canary }), { seconds: 90 })).toBe(252);
  });

  it('is what people are promised, unless something stands against it', () => {
    const loss = { point: AT, lossSeconds: 4, detail: null, measuredAt: AT };
    expect(lossText({ ...loss, planned: { pageSeconds: 65, barrier: null } }, 'To approve now')).toBe(
      'No acknowledged write is lost. Users see the maintenance page for about 65 s.',
    );
    expect(
      lossText({ ...loss, planned: { pageSeconds: 65, barrier: 'the shipper is silent' } }, 'To approve now'),
    ).toBe('To approve now would lose 4 s of writes (recovery point 10:00:00 UTC).');
  });

  it('ends where the last data do not come', () => {
    expect(wholeSecondsOf(ship)).toBe(60);
    expect(wholeSecondsOf({ ...ship, shipEverySeconds: 30 })).toBe(120);
    expect(wholeSecondsOf({ mode: 'none' })).toBe(60);
  });
});
