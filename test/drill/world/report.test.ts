import { Database } from '../../../drill/world/database.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { reportOf, type ReportSources } from '../../../drill/world/report.ts';
import { after, evidenceOf, executionOf, requestOf, routeWriteOf } from '../fixture.ts';

const requests = [
  requestOf(2, { experience: 'failed', servedBy: null }),
  requestOf(719.5, { servedBy: 'standby', writeId: 1 }),
];

function sourcesOf(changes: Partial<ReportSources> = {}): ReportSources {
  return {
    scenario: 'region-outage',
    seed: 7,
    workload: 'petclinic',
    evidence: evidenceOf({ requests }),
    main: executionOf(),
    journal: new Journal(),
    standby: new Database(),
    serving: new Database(),
    convergenceOf: () => ({ strategy: 'key-value', firstSeconds: 3.00049, lastSeconds: 29.9996 }),
    gatewayAnswers: [],
    azure: { prepare: 500, handover: 5 },
    ...changes,
  };
}

describe('reportOf', () => {
  it('measures the limit from two looks, from what Azure needed and from the first edge location', () => {
    // 20 s of looking, 500 s of Azure, 5 s of the last data, 14.5 s until the first good answer; 717.5 s in all.
    expect(reportOf(sourcesOf())).toMatchObject({
      outcome: 'FailedOver',
      rto: { totalSeconds: 717.5 },
      limit: { seconds: 539.5, ratio: 1.33 },
      states: ['Begin', 'Raise the shield', 'Look again at the primary', 'Failed over'],
    });
  });

  it('counts the spreading of the shield where it takes longer than Azure', () => {
    const azure = { prepare: 0, handover: 5 };
    const shield = [routeWriteOf(), routeWriteOf({ origin: 'standby' })];
    const evidence = evidenceOf({ requests, routeWrites: shield });
    // 20 s of looking, 28 s until no write could come any more, 5 s of the last data, and 19.5 s.
    expect(reportOf(sourcesOf({ azure, evidence })).limit?.seconds).toBe(72.5);
  });

  it('has no limit where Azure was asked for nothing, and none where nothing was switched', () => {
    expect(reportOf(sourcesOf({ azure: null })).limit).toBeNull();
    const shieldOnly = evidenceOf({ requests, routeWrites: [routeWriteOf()] });
    expect(reportOf(sourcesOf({ evidence: shieldOnly }))).toMatchObject({
      rto: null,
      limit: null,
      convergence: null,
    });
  });

  it('tells how the switch spread, in whole milliseconds, and nothing while it still spreads', () => {
    expect(reportOf(sourcesOf()).convergence).toEqual({
      strategy: 'key-value',
      firstSeconds: 3,
      lastSeconds: 30,
    });
    expect(reportOf(sourcesOf({ convergenceOf: () => null })).convergence).toBeNull();
  });

  it('tells the slowest answer of the gateway, and nothing where nobody clicked', () => {
    const gatewayAnswers = [{ tookMs: 120.4 }, { tookMs: 362.4 }, { tookMs: 90 }];
    expect(reportOf(sourcesOf({ gatewayAnswers })).gateway).toEqual({ requests: 3, slowestMs: 362 });
    expect(reportOf(sourcesOf()).gateway).toBeNull();
  });

  it('counts the writes that the serving database does not hold', () => {
    expect(reportOf(sourcesOf()).users.writesLost).toBe(1);
    const serving = new Database();
    serving.accept({ id: 1, at: after(719.5) });
    expect(reportOf(sourcesOf({ serving })).users.writesLost).toBe(0);
  });

  it('says so where no run was started', () => {
    expect(reportOf(sourcesOf({ main: null }))).toMatchObject({
      outcome: 'NothingStarted',
      rto: null,
      convergence: null,
      limit: null,
      states: [],
    });
  });

  it.each([
    ['Failed over', 'FailedOver'],
    ['Stood down', 'StoodDown'],
    ['Rejected', 'Rejected'],
    ['Dry run done', 'DryRun'],
    ['Nothing to do', 'NothingToDo'],
    ['Escalated', 'Escalated'],
    ['Refused at the door', 'InvalidInput'],
    ['Raise the shield', 'Unnamed (Raise the shield)'],
  ])('reads the outcome off the last state: %s', (state, outcome) => {
    const main = executionOf({ states: [{ name: state, at: after(1) }] });
    expect(reportOf(sourcesOf({ main })).outcome).toBe(outcome);
  });
});
