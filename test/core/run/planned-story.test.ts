import { plannedText, ungracefulAnnouncement } from '../../../core/run/planned-story.ts';
import { announcementOf, recordOf } from '../../../core/run/story.ts';
import { RUN, stateWith, wholeState, worldOf } from './state-fixture.ts';

/*
 * Goal: of a planned move people read that it was planned, what was promised and what became of it, and never of an outage.
 */

const ENDED = '2026-11-22T03:21:00.000Z';
const SITE = { name: 'PetClinic', url: 'https://petclinic.example.com' };
const run = { ...RUN, trigger: 'manual', reason: 'maintenance', requestedBy: 'mina', planned: true };
const loss = {
  ...{
    point: '2026-11-22T03:01:50.000Z',
    lossSeconds: 10,
    detail: null,
    measuredAt: '2026-11-22T03:02:00.000Z',
  },
  planned: { pageSeconds: 132, barrier: null },
};
const last = {
  ...{ applied: true, whole: true, appliedUntil: '2026-11-22T03:19:10.000Z', lostSeconds: 0 },
  ...{ transactions: 17, seconds: 9, at: '2026-11-22T03:19:20.000Z' },
};
const { prepared } = wholeState() as { prepared: object };
/** The page from 03:18:10 on, the first good answer after it at 03:20:00. */
const moved = (parts: object = {}) =>
  stateWith({
    run,
    confirmation: undefined,
    shield: { value: { origin: 'maintenance', movedAt: '2026-11-22T03:18:10.000Z' } },
    prepared: { ...prepared, approval: { decision: 'not-needed', loss }, lastData: { value: last } },
    ...parts,
  });
const home = {
  outcome: { name: 'StoodDown' },
  switched: undefined,
  lowered: { value: { origin: 'primary', movedAt: '2026-11-22T03:19:30.000Z' } },
  failure: { Error: 'LastDataNotApplied', Cause: '{"errorMessage":"The last data were not applied."}' },
  world: worldOf('primary'),
};

describe('a planned move that is done', () => {
  it('is recorded with the page that was promised and the real one, with nothing lost and no RTO', () => {
    const record = recordOf(moved(), ENDED);
    expect(record.planned).toEqual({ pageSeconds: { promised: 132, real: 110 }, ungracefulAt: null });
    expect(record).toMatchObject({ rto: null, data: { lostSeconds: 0 }, run: { planned: true } });
    expect(record.why).toBe(
      'The planned move is done: everybody is served by the standby. No acknowledged write was lost. Bring the site home when you want to.',
    );
  });

  it('is announced as that, and never as an outage', () => {
    const { subject, text } = announcementOf(recordOf(moved(), ENDED), SITE);
    expect(subject).toBe('[Pilotlight] PetClinic: planned move done, on the standby');
    expect(text).toContain('Page: users saw it for 110 s, about 132 s were promised.');
    expect(text).toContain('the planned move began: maintenance');
    expect(text).not.toContain('outage');
  });
});

describe('a planned move that was given up', () => {
  it('says why, where users are, and that nothing was lost', () => {
    const record = recordOf(moved(home), ENDED);
    expect(record.why).toBe(
      'The planned move was given up: LastDataNotApplied: The last data were not applied. Users are back on the primary, which was verified ' +
        'through the edge. Nothing was lost. The database of the standby was opened already: load it anew before the next move (docs/procedures.md).',
    );
    expect(record.planned).toEqual({ pageSeconds: { promised: 132, real: 110 }, ungracefulAt: null });
    expect(announcementOf(record, SITE).subject).toBe(
      '[Pilotlight] PetClinic: planned move given up, the primary serves',
    );
  });

  it('says that users never left where it did not come to the page', () => {
    const early = {
      ...home,
      shield: undefined,
      lowered: undefined,
      verified: undefined,
      prepared: undefined,
    };
    const record = recordOf(moved({ ...early, loss: { value: loss } }), ENDED);
    expect(record.why).toContain('Users never left the primary. Nothing was lost.');
    expect(plannedText(record.planned)).toEqual([]);
  });
});

describe('a planned move whose primary dies', () => {
  const dead = { ungraceful: { at: '2026-11-22T03:10:00.000Z' } };

  it('is told as a failover, with an RTO from the moment on at which it was seen down', () => {
    const record = recordOf(moved(dead), ENDED);
    expect(record.why).toBe(
      'The primary died at 2026-11-22T03:10:00.000Z during a planned move, which goes on ungracefully, as a failover. ' +
        'The primary was seen down and everybody is served by the standby. Bring the site home when the primary is well.',
    );
    expect(record.rto?.totalSeconds).toBe(600);
    expect(record.planned?.ungracefulAt).toBe('2026-11-22T03:10:00.000Z');
    expect(announcementOf(record, SITE).subject).toContain('planned move, became a failover');
  });

  it('is told at once, before anybody knows how it ends', () => {
    const { subject, text } = ungracefulAnnouncement(moved(dead), SITE);
    expect(subject).toBe('[Pilotlight] PetClinic: the planned move has become a failover');
    expect(text).toContain('goes on ungracefully');
    expect(text).toContain('Execution execution-1');
  });
});

it('says nothing of a page of a run that was not planned', () => {
  const record = recordOf(stateWith({}), ENDED);
  expect([record.planned, plannedText(record.planned)]).toEqual([null, []]);
});
