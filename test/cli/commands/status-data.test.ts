import type { DataReport } from '../../../core/data/report.ts';
import { applierAt, DUMP, reportAt } from '../../lambdas/data-helpers.ts';
import { isoAt, makeWorld, useNight } from '../world.ts';

/*
 * Goal: a person sees how old the data are that a failover could start from, what stands behind that figure, and whether it can
 * be believed; a program reads the same.
 * Method: what the measuring wrote, read back by the command over the ledger of the world.
 */

useNight();

const proof = {
  at: isoAt(-7_200),
  dump: DUMP,
  good: true,
  tables: 7,
  rows: 4_000,
  seconds: 90,
  detail: '',
};
const well = (more: Partial<DataReport> = {}): DataReport =>
  reportAt(isoAt(-20), isoAt(-12), {
    ...{ proof, applier: applierAt(isoAt(-3), { state: 'following', appliedUntil: isoAt(-30) }) },
    ...more,
  });

async function statusOf(report: DataReport | null, config: Readonly<Record<string, unknown>> = {}) {
  const world = makeWorld({ config });
  if (report !== null) await world.reports.write('petclinic', report);
  const { stdout } = await world.run('status', 'petclinic');
  const { workloads } = (await world.run('status', 'petclinic', '--json')).json();
  const [first] = workloads as { data: Record<string, unknown> | null }[];
  const line = (name: string) => stdout.split('\n').find((text) => text.startsWith(`  ${name} `));
  return { line, document: first?.data ?? null };
}

describe('pilotlight status, about the data of a workload', () => {
  it('shows the recovery point, the dump and its log, the proof and the standby’s side', async () => {
    const { line, document } = await statusOf(well());
    expect(line('data')).toBe('  data        12 s old (02:59:48 UTC); measured 20 s ago');
    expect(line('dump')).toBe(`  dump        ${DUMP}, 1.5 MB of log since ${DUMP}`);
    expect(line('proof')).toBe(`  proof       good, 2 h ago: ${DUMP}, 7 tables and 4000 rows in 1 min 30 s`);
    expect(line('applier')).toBe(
      `  applier     the standby’s side follows the log (dump ${DUMP}; applied until 02:59:30 UTC; 1.2 MB of log left; ` +
        'last heard of 02:59:57 UTC)',
    );
    expect(document).toMatchObject({
      ...{ recoveryPoint: '2026-11-23T02:59:48.000Z', ageSeconds: 12, from: 'log', backlogBytes: 1_500_000 },
      ...{ detail: null, dump: DUMP, proof, proofFault: null, measuredAt: '2026-11-23T02:59:40.000Z' },
      applier: { state: 'following' },
    });
  });

  it('shows why it is older than it should be, and what else is wrong', async () => {
    const { line } = await statusOf(
      well({
        point: { at: isoAt(-900), dump: DUMP, from: 'log', backlogBytes: 1 },
        detail: 'the shipper is silent since 2026-11-23T02:45:00.000Z',
        dumpFault: { at: isoAt(-60), detail: 'two tables differ by case' },
        proof: { ...proof, good: false, detail: 'shop.orders differs' },
        applier: null,
      }),
    );
    expect(line('data')).toBe(
      '  data        15 min old (02:45:00 UTC): the shipper is silent since 2026-11-23T02:45:00.000Z; measured 20 s ago',
    );
    expect(line('dump')).toContain('; the newest try failed at 02:59:00 UTC: two tables differ by case');
    expect(line('proof')).toBe(`  proof       the restore of ${DUMP} was bad: shop.orders differs`);
    expect(line('applier')).toBe('  applier     the standby’s side was never heard of');
  });

  it('doubts a figure that nobody has measured for minutes', async () => {
    const { line } = await statusOf({ ...well(), measuredAt: isoAt(-301) });
    expect(line('data')).toContain('measured 5 min 1 s ago: does the measuring run?');
  });

  it('says that it is not known, and why', async () => {
    const { line, document } = await statusOf(well({ point: null, detail: 'no whole dump is in the store' }));
    expect(line('data')).toBe('  data        not known: no whole dump is in the store; measured 20 s ago');
    expect(document).toMatchObject({ recoveryPoint: null, ageSeconds: null, backlogBytes: null });
  });

  it('says where nobody promised anything, and shows the lag of a replication alone', async () => {
    const none = { 'workloads.petclinic.data': { mode: 'none' } };
    expect((await statusOf(null, none)).line('data')).toBe(
      '  data        nobody knows what a failover would lose (data.mode none)',
    );
    const probed = { 'workloads.petclinic.data': { mode: 'none', probe: { url: 'https://lag.acme.org/' } } };
    const { line } = await statusOf(
      reportAt(isoAt(-20), isoAt(-4), {
        point: { at: isoAt(-4), dump: null, from: 'probe', backlogBytes: 0 },
      }),
      probed,
    );
    expect(line('data')).toBe('  data        4 s old (02:59:56 UTC); measured 20 s ago');
    expect([line('dump'), line('proof'), line('applier')]).toEqual([undefined, undefined, undefined]);
  });
});
