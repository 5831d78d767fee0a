import { announcementOf, recordOf, timelineOf } from '../../../core/run/story.ts';
import { homeText } from '../../../core/run/home-story.ts';
import type { WorkflowState } from '../../../core/run/state.ts';
import { homeState, homeWith } from './home-fixture.ts';
import { RUN, stateWith, worldOf } from './state-fixture.ts';

/*
 * Goal: of a way home people read how long the page was up, what was compared and kept, and what is still to be done.
 */

const ENDED = '2026-11-22T05:00:00.000Z';
const SITE = { name: 'PetClinic', url: 'https://petclinic.example.com' };
const failure = { Error: 'DataNotHome', Cause: '{"errorMessage":"The standby is silent."}' };
const whyOf = (state: WorkflowState): string => recordOf(state, ENDED).why;
const textOf = (state: WorkflowState): string => announcementOf(recordOf(state, ENDED), SITE).text;

describe('a way home that is done', () => {
  it('is recorded with the page, the orphans, what was compared and what was done with the standby', () => {
    expect(recordOf(homeState(), ENDED)).toMatchObject({
      outcome: 'CameHome',
      why:
        'Everybody is served by the primary again, with everything that was written on the standby. ' +
        'The standby: it shrinks to 1 node. Automation is armed again.',
      ...{ rto: null, planned: null },
      home: {
        pageSeconds: { promised: 302, real: 210 },
        orphans: { transactions: 2, folder: 'petclinic/orphans/20261122T040100Z-2', missing: false },
        ...{ tables: 7, rows: 700, standby: 'it shrinks to 1 node' },
      },
    });
  });

  it('is announced as that, with the page promised and real', () => {
    const { subject, text } = announcementOf(recordOf(homeState(), ENDED), SITE);
    expect(subject).toBe('[Pilotlight] PetClinic: home again, the primary serves');
    expect(text.split('\n').slice(3, 6)).toEqual([
      'Page: users saw it for 210 s, at most 302 s were promised.',
      'Compared: 700 rows in 7 tables are the same on both sides.',
      'Orphans: the primary had acknowledged 2 transactions that the standby never got. They are kept in ' +
        'backups/petclinic/orphans/20261122T040100Z-2; a person decides what becomes of them (docs/procedures.md, "Orphans").',
    ]);
    expect(text).not.toContain('outage');
  });

  it('is told in the order of its moments', () => {
    expect(timelineOf(homeState(), ENDED).map(({ at, event }) => `${at.slice(11, 19)} ${event}`)).toEqual([
      '04:00:00 the way home began: Seoul is well',
      '04:00:50 the primary was seen well: the primary is good for 60 s (60 needed)',
      '04:01:00 2 orphans of the primary were exported',
      '04:30:00 the shield was raised',
      '04:31:30 the whole edge served the shield',
      '04:33:20 the route was moved home',
      '04:33:30 the first good answer came through the edge',
      '04:33:40 every place was served by the wanted origin',
      '05:00:00 the run ended: CameHome',
    ]);
  });

  it('claims no page where nobody promised one, and none that is still up', () => {
    expect(textOf(homeWith({ page: undefined }))).toContain(
      'Page: users saw it for 210 s, nothing was promised.',
    );
    const still = homeState({ reshielded: { value: { origin: 'maintenance', movedAt: ENDED } } });
    expect(recordOf(still, ENDED).home?.pageSeconds).toEqual({ promised: 302, real: null });
    expect(textOf(still)).not.toContain('Page:');
  });

  it('says by whose word nothing is missing where nobody compared', () => {
    const state = homeWith({
      ...{ orphans: undefined, settled: undefined, follows: undefined },
      data: { value: { state: 'done', seconds: 4, result: { what: 'even' } } },
    });
    expect(whyOf(state)).toContain(
      'again, and by the word of the site, or of a person, nothing is missing there.',
    );
    expect(whyOf(state)).not.toContain('backup');
    expect(recordOf(state, ENDED).home).toMatchObject({ orphans: null, tables: null, rows: null });
    expect(textOf(state)).not.toMatch(/Compared|Orphans/);
  });

  it('is no story of a failover', () => {
    const { home } = recordOf(stateWith({}), ENDED);
    expect([home, homeText(home)]).toEqual([null, []]);
    expect(RUN.workflow).toBe('failover');
  });
});

describe('the orphans of a way home', () => {
  const lines = (transactions: number, missing = ''): string => {
    const orphans = homeState().home?.orphans;
    if (orphans === undefined) throw new Error('the fixture has orphans');
    const { result } = orphans.value;
    const manifest = { ...result.manifest, transactions, missing };
    const state = homeWith({ orphans: { value: { ...orphans.value, result: { ...result, manifest } } } });
    return homeText(recordOf(state, ENDED).home).at(-1) ?? '';
  };

  it('are none, one or many', () => {
    expect(lines(0)).toBe('Orphans: none; the standby had everything that the primary had.');
    expect(lines(1)).toBe(
      'Orphans: the primary had acknowledged 1 transaction that the standby never got. It is kept in ' +
        'backups/petclinic/orphans/20261122T040100Z-2; a person decides what becomes of it (docs/procedures.md, "Orphans").',
    );
    expect(lines(12)).toContain(
      'had acknowledged 12 transactions that the standby never got. They are kept in',
    );
  });

  it('may be more than anybody can count where the log is gone in part', () => {
    const words =
      'A part of the log of the primary was gone already: what is missing is named in its manifest.';
    expect(lines(0, 'a:1-9')).toBe(`Orphans: none in what is left of its log. ${words}`);
    expect(lines(3, 'a:1-9')).toMatch(new RegExp(`"Orphans"\\)\\. ${words.replace(/\.$/, '\\.')}$`));
  });

  it('are not told of a rehearsal on paper, which has looked at none', () => {
    const dry = homeState({ run: { ...homeState().run, dryRun: true }, outcome: { name: 'DryRun' } });
    expect(recordOf(dry, ENDED).home).toMatchObject({
      ...{ pageSeconds: { promised: 302, real: null }, orphans: null, tables: null, rows: null },
    });
  });
});

describe('what is left to be done once users are home', () => {
  it('is a backup, where none has begun there', () => {
    expect(whyOf(homeWith({ settled: undefined }))).toContain(
      'No new backup has begun at home: look at the backup instance now, and make one (docs/runbook.md, "The data do not come home").',
    );
    expect(whyOf(homeState())).not.toContain('No new backup');
  });

  it('is a load of the standby, where that has not loaded anew, also where no backup has begun', () => {
    const words =
      'The standby has not loaded the new data (DataNotHome: The standby is silent.): load it anew before the next failover';
    expect(whyOf(homeWith({ follows: undefined }, { failure }))).toContain(words);
    expect(whyOf(homeWith({ follows: undefined, settled: undefined }, { failure }))).toContain(words);
    expect(whyOf(homeWith({}, { failure }))).not.toContain(words);
  });

  it('is no load of a standby that is destroyed, and one of a cold standby that is kept', () => {
    const cold = (followsAgain: boolean): string =>
      whyOf(homeWith({ follows: undefined }, { failure, plan: { tier: 'cold', followsAgain } }));
    expect(cold(false)).not.toContain('has not loaded');
    expect(cold(true)).toContain('has not loaded');
  });

  it('is a standby that costs money, where it stays or could not be put away', () => {
    expect(whyOf(homeWith({ putAway: undefined }))).toContain('The standby stays as it is, and costs money.');
    const putAwayFailure = { Error: 'CloudRefused', Cause: 'HTTP 403' };
    expect(whyOf(homeWith({ putAway: undefined }, { putAwayFailure }))).toContain(
      'The standby could not be put away (CloudRefused: HTTP 403) and costs money (docs/procedures.md, "Leave no standby behind").',
    );
  });

  it('is automation, where nobody saw all users at home: it is armed only where they are', () => {
    const why = whyOf(homeState({ world: worldOf('maintenance', { by: 'failback-1' }) }));
    expect(why).toContain(
      'The primary was verified through the edge, with everything that was written on the standby.',
    );
    expect(why).toContain(
      'Users see the maintenance page: the shield stays up. Automation was left as it was',
    );
    expect(why).toContain('once all users are at home, arm it with: pilotlight acknowledge petclinic.');
    expect(why).not.toContain('Automation is armed');
  });
});
