import { readExpectations } from '../../drill/expectations.ts';
import type { DrillReport } from '../../drill/report/summary.ts';
import type { Evidence } from '../../drill/rules/rule.ts';
import type { Expectation } from '../../drill/scenario.ts';
import { evidenceOf, executionOf, reportOf } from './fixture.ts';

const differences = (
  expected: Partial<Expectation>,
  got: { report?: Partial<DrillReport>; evidence?: Partial<Evidence> } = {},
): string[] =>
  readExpectations(
    {
      outcome: 'FailedOver',
      says: [],
      enters: [],
      avoids: [],
      rtoAtMostSeconds: null,
      ...expected,
    },
    reportOf(got.report),
    evidenceOf(got.evidence),
  );

describe('readExpectations', () => {
  it('finds no difference where everything is as expected', () => {
    const expected = {
      says: ['PetClinic failed over'],
      enters: ['Begin', 'Failed over'],
      avoids: ['Escalated'],
      executions: 1,
      rtoAtMostSeconds: 720,
    };
    expect(differences(expected)).toEqual([]);
  });

  it('tells another outcome', () => {
    expect(differences({ outcome: 'StoodDown' })).toEqual(['outcome: got FailedOver, expected StoodDown']);
  });

  it('tells more lost writes than there may be', () => {
    // The report of the fixture has 12.
    expect(differences({ writesLostAtMost: 12 })).toEqual([]);
    expect(differences({ writesLostAtMost: 11 })).toEqual(['writes lost: got 12, expected at most 11']);
  });

  it('tells more or fewer measurements of the edge than there were', () => {
    expect(differences({ measurements: 1 }, { evidence: { measurements: 1 } })).toEqual([]);
    expect(differences({ measurements: 1 }, { evidence: { measurements: 0 } })).toEqual([
      'measurements of the edge: got 0, expected 1',
    ]);
  });

  it('tells words that nobody said', () => {
    expect(differences({ says: ['NotConverged'] })).toEqual(['nobody said "NotConverged"']);
  });

  it('finds the words in the cause of an execution too', () => {
    const refused = { executions: [executionOf({ cause: 'workload: got "petclinc"' })] };
    expect(differences({ says: ['petclinc'] }, { evidence: refused })).toEqual([]);
  });

  it('tells a state that was not entered, and one that was', () => {
    expect(differences({ enters: ['Lower the shield'], avoids: ['Begin'] })).toEqual([
      '"Lower the shield" was not entered',
      '"Begin" was entered',
    ]);
  });

  it('tells another number of executions', () => {
    expect(differences({ executions: 2 })).toEqual(['executions: got 1, expected 2']);
  });

  it('tells more moves than may be, and users who end somewhere else', () => {
    const route = (origin: string) => ({
      ...{ at: 0, origin, percentOnStandby: 0, percentOnPrimary: 0, by: 'drill-1-1', epoch: 1, change: 0 },
      ...{ standbyWasFit: true, primaryWasUp: false },
    });
    const evidence = { routeWrites: [route('maintenance'), route('standby')] };
    expect(differences({ movesAtMost: 1, servedAtEnd: 'primary' }, { evidence })).toEqual([
      'moves: got 2, expected at most 1',
      'users at the end: got standby, expected primary',
    ]);
    expect(differences({ movesAtMost: 2, servedAtEnd: 'standby' }, { evidence })).toEqual([]);
  });

  it('takes users for being on the primary where nobody moved them', () => {
    const evidence = { routeWrites: [] };
    expect(differences({ movesAtMost: 0, servedAtEnd: 'primary' }, { evidence })).toEqual([]);
  });

  it('tells more announcements than may be', () => {
    const evidence = { announcements: ['one', 'two'] };
    expect(differences({ announcementsAtMost: 1 }, { evidence })).toEqual([
      'announcements: got 2, expected at most 1',
    ]);
  });

  it('tells news of a stopped execution that came late, or never, and takes those in time', () => {
    const stopped = { ...executionOf(), name: 'run-1', stopped: 'ABORTED', endedAt: 10_000 } as const;
    const evidence = {
      executions: [stopped],
      announcements: ['run-1 is degraded', 'run-1 was stopped'],
      announcedAt: [5_000, 60_000],
    };
    expect(differences({ toldAtMostSeconds: 49 }, { evidence })).toEqual([
      'people told after: got 50 s, expected at most 49 s',
    ]);
    expect(differences({ toldAtMostSeconds: 50 }, { evidence })).toEqual([]);
    expect(differences({ toldAtMostSeconds: 50 }, { evidence: { ...evidence, announcements: [] } })).toEqual([
      'people told after: got never s, expected at most 50 s',
    ]);
  });

  it('tells an RTO above the bound, and takes one at it', () => {
    expect(differences({ rtoAtMostSeconds: 717 })).toEqual(['RTO: got 717.5 s, expected at most 717 s']);
    expect(differences({ rtoAtMostSeconds: 717.5 })).toEqual([]);
  });

  it('tells that there is no RTO where one is bounded, and asks for none where none is', () => {
    expect(differences({ rtoAtMostSeconds: 900 }, { report: { rto: null } })).toEqual([
      'RTO: got none s, expected at most 900 s',
    ]);
    expect(differences({ rtoAtMostSeconds: null }, { report: { rto: null } })).toEqual([]);
  });

  it('tells every difference at once', () => {
    expect(
      differences({ outcome: 'Escalated', says: ['shield'], enters: ['Escalated'], executions: 3 }),
    ).toHaveLength(4);
  });
});
