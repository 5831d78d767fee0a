import { announcementOf, recordOf } from '../../../core/run/story.ts';
import type { RunRecord } from '../../../core/run/record.ts';
import { homeWith, HOME_RUN } from './home-fixture.ts';
import { worldOf } from './state-fixture.ts';

/*
 * Goal: of a way home that was given up, or that went wrong, people read why, where the users are, and what was lost: nothing.
 */

const ENDED = '2026-11-22T05:00:00.000Z';
const SITE = { name: 'PetClinic', url: 'https://petclinic.example.com' };
const failure = { Error: 'GateShut', Cause: '{"errorMessage":"A gate of the way home is shut."}' };
const later = {
  ...{ shield: undefined, lastLoaded: undefined, data: undefined, routed: undefined },
  ...{ settled: undefined, follows: undefined, putAway: undefined },
};
const standby = worldOf('standby', { by: 'run-1' });
/** Given up before anybody saw the page. */
const early = (parts: object = {}): RunRecord =>
  recordOf(
    homeWith(later, {
      ...{ outcome: { name: 'StayedAway' }, shield: undefined, verified: undefined, world: standby },
      ...parts,
    }),
    ENDED,
  );
/** Given up behind the page, and all users went back. */
const returned = (parts: object = {}): RunRecord =>
  recordOf(
    homeWith(
      { ...later, returned: { value: { origin: 'standby', movedAt: '2026-11-22T04:33:00.000Z' } } },
      { outcome: { name: 'StayedAway' }, world: worldOf('standby', { by: 'failback-1' }), failure, ...parts },
    ),
    ENDED,
  );

describe('a way home that was given up', () => {
  it('says why, and that users never left the standby', () => {
    const record = early({ failure });
    expect(record.why).toBe(
      'The way home was given up: GateShut: A gate of the way home is shut. Users never left the standby. Nothing was lost.',
    );
    expect(record.home?.pageSeconds).toEqual({ promised: 302, real: null });
    const { subject, text } = announcementOf(record, SITE);
    expect(subject).toBe('[Pilotlight] PetClinic: way home given up, users stay on the standby');
    expect(text).not.toContain('Page:');
  });

  it('says who has rejected it', () => {
    const rejection = { Error: 'Rejected', Cause: 'Mina rejected the way home.' };
    expect(early({ rejection, failure }).why).toContain(
      'The way home was given up: Rejected: Mina rejected the way home. Users never left',
    );
  });

  it('says who has cancelled it, which is the reason whatever failed by that', () => {
    const given = [{ order: 'cancel', by: 'mina', reason: 'not today', at: '2026-11-22T04:10:00.000Z' }];
    const { value } = standby as { value: object };
    const orders = { execution: 'failback-1', given, held: null };
    const cancelled = { Error: 'CancelledByOrder', Cause: 'an order' };
    expect(early({ failure: cancelled, world: { value: { ...value, orders } } }).why).toBe(
      'The way home was given up: mina ordered at 2026-11-22T04:10:00.000Z to cancel it: not today. Users never left the standby. Nothing was lost.',
    );
  });

  it('says that it could not go on where nothing is known', () => {
    expect(early().why).toContain('The way home was given up: it could not go on. Users never left');
  });

  it('says that users are back where they had seen the page, and for how long they did', () => {
    const record = returned();
    expect(record.why).toBe(
      'The way home was given up: GateShut: A gate of the way home is shut. ' +
        'Users are back on the standby, which was verified through the edge. Nothing was lost.',
    );
    expect(record.home?.pageSeconds).toEqual({ promised: 302, real: 210 });
    expect(record.timeline.map(({ event }) => event)).toContain('the route was moved back to the standby');
    expect(record.timeline.map(({ event }) => event)).not.toContain('the route was moved home');
    expect(announcementOf(record, SITE).text).toContain(
      'Page: users saw it for 210 s, at most 302 s were promised.',
    );
  });

  it('says where the users are, where that is not the standby', () => {
    expect(returned({ world: worldOf('primary', { by: 'mina' }) }).why).toContain(
      'Users are on the primary; mina moved them there. Nothing was lost.',
    );
    expect(early({ failure, world: undefined }).why).toContain('Where the users are could not be read');
  });
});

describe('a way home that needs a person', () => {
  const escalated = (world: unknown, parts: object = {}): string =>
    recordOf(homeWith({}, { outcome: { name: 'Escalated' }, failure, world, ...parts }), ENDED).why;

  it('says that automation is armed where the users are at home and not well there', () => {
    expect(escalated(worldOf('primary', { by: 'failback-1' }))).toBe(
      'A person is needed. GateShut: A gate of the way home is shut. Users are on the primary. ' +
        'Automation is armed: if the primary is down, a new failover begins by itself.',
    );
  });

  it('says nothing of automation where they are not', () => {
    const why = escalated(worldOf('maintenance', { by: 'failback-1' }));
    expect(why).toContain('Users see the maintenance page: the shield stays up.');
    expect(why).not.toContain('Automation');
  });

  it('says that a share of them is at home, which may have written there', () => {
    const route = {
      ...{ known: true, origin: 'maintenance', percentOnStandby: 0, percentOnPrimary: 5 },
      by: HOME_RUN.execution,
    };
    const why = escalated({ value: { route, pipeline: { known: true, run: null } } });
    expect(why).toContain('5 % of the users are on the primary, the others see the maintenance page.');
    expect(why).not.toContain('Automation');
  });

  it('says why users could not go back', () => {
    const returnFailure = { Error: 'UnsafeMove', Cause: 'Users were on the primary.' };
    expect(escalated(worldOf('maintenance', { by: 'failback-1' }), { returnFailure })).toContain(
      'A person is needed. UnsafeMove: Users were on the primary.',
    );
  });
});
