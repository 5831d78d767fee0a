import { runRecordSchema, type RunRecord } from '../../../core/run/record.ts';
import { announcementOf, recordOf } from '../../../core/run/story.ts';
import { begunState, RUN, SIGNALS, stateWith } from './state-fixture.ts';

/*
 * Goal: the record keeps everything that the run carried, and the announcement tells it on one page.
 */

const ENDED = '2026-11-22T03:21:00.000Z';

describe('the record of a run', () => {
  it('keeps who, why, what happened and the evidence', () => {
    const record = recordOf(stateWith({}), ENDED);
    expect(record).toMatchObject({ run: RUN, outcome: 'FailedOver', endedAt: ENDED, evidence: SIGNALS });
    expect(record.rto?.totalSeconds).toBe(1200);
    expect(record.timeline).toHaveLength(10);
    expect(runRecordSchema.safeParse(record).success).toBe(true);
  });

  it('keeps how the last move spread, place by place', () => {
    expect(recordOf(stateWith({}), ENDED).convergence).toEqual({
      firstPlaceSeconds: 20,
      lastPlaceSeconds: 30,
      places: [
        { place: 'ap-southeast-1', seconds: 20 },
        { place: 'us-west-2', seconds: 30 },
      ],
    });
  });

  it('keeps neither evidence nor a spread where there was none', () => {
    expect(recordOf(begunState('NothingToDo'), ENDED)).toMatchObject({
      evidence: [],
      rto: null,
      convergence: null,
    });
  });

  it('of a dry run that went all the way has no RTO: nobody was moved', () => {
    expect(recordOf(stateWith({ outcome: { name: 'DryRun' } }), ENDED)).toMatchObject({
      outcome: 'DryRun',
      rto: null,
    });
  });
});

describe('the announcement', () => {
  const site = { name: 'PetClinic', url: 'https://petclinic.example.com' };
  const record = (): RunRecord => recordOf(stateWith({}), ENDED);

  it('tells people who were asleep a minute ago everything on one page', () => {
    const { subject, text } = announcementOf(record(), site);
    expect(subject).toBe('[Pilotlight] PetClinic: failed over to the standby');
    expect(text.split('\n').slice(0, 8)).toEqual([
      'PetClinic (https://petclinic.example.com): failed over to the standby',
      '',
      'The outage was confirmed and everybody is served by the standby. ' +
        'Bring the site home when the primary is well.',
      'RTO 1200 s: detect 120 s, confirm 15 s, shield 1 s, prepare 1004 s, switch 30 s, converge 30 s',
      '',
      'Started by CloudWatch: alarm pilotlight-petclinic-edge-5xx in us-east-1: over 25',
      'Execution execution-1',
      '',
    ]);
    expect(text.split('\n').at(-1)).toBe('2026-11-22T03:21:00.000Z  the run ended: FailedOver');
  });

  it('has no line for an RTO where nothing was switched', () => {
    expect(announcementOf({ ...record(), rto: null }, site).text).not.toContain('RTO');
  });

  it.each([
    ['StoodDown', 'stood down, the primary serves'],
    ['Rejected', 'not approved, nothing was switched'],
    ['DryRun', 'dry run, nothing was changed'],
    ['NothingToDo', 'nothing to do'],
    ['Escalated', 'A PERSON IS NEEDED'],
    ['InvalidInput', 'start refused'],
  ] as const)('of %s says so in its subject', (outcome, headline) => {
    expect(announcementOf({ ...record(), outcome }, site).subject).toBe(
      `[Pilotlight] PetClinic: ${headline}`,
    );
  });

  it('says how a run ended in the 100 characters of a subject, however long the name of the site is', () => {
    const { subject } = announcementOf(
      { ...record(), outcome: 'Rejected' },
      { ...site, name: 'x'.repeat(80) },
    );
    expect(subject).toBe(
      `[Pilotlight] ${'x'.repeat(30)}…${'x'.repeat(14)}: not approved, nothing was switched`,
    );
    // SNS gets three points for the one letter.
    expect(subject.length + 2).toBeLessThanOrEqual(100);
  });
});
