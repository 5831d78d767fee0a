import type { Route } from '../../../core/route/route.ts';
import {
  judgeParked,
  needlessMessage,
  recordAfter,
  startedByItself,
  type ParkedFacts,
} from '../../../core/standby/parked-look.ts';
import {
  daysToAutoStart,
  readParked,
  parkedText,
  recordOf,
  wokenBy,
  type ParkedRecord,
} from '../../../core/standby/parked.ts';
import type { PowerLook, PowerState } from '../../../core/standby/power.ts';

/*
 * Goal: a set is stopped only where nobody has a reason for it to be awake, and where one is not known it is left alone; people
 * hear once of one that is.
 */

const NOW = Date.parse('2026-03-02T10:00:00Z');
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();
const look = (gateway: PowerState, cluster = gateway, database = gateway): PowerLook => {
  const view = (state: PowerState) => ({ state, detail: state });
  return { gateway: view(gateway), cluster: view(cluster), database: view(database) };
};
const route = (more: Partial<Route>): ParkedFacts['route'] => ({
  value: { v: 1, origin: 'primary', epoch: 3, fence: 3, by: 'run-0', at: ago(60), ...more },
});
const said = (wanted: 'awake' | 'parked', kind: 'run' | 'person', minutes = 5): ParkedRecord =>
  recordOf(null, {
    wanted,
    by: { kind, name: kind === 'run' ? 'run-0' : 'kim' },
    at: ago(minutes),
    why: 'exercise',
  });
const judge = (more: Partial<ParkedFacts> = {}) =>
  judgeParked({
    ...{ look: look('running'), record: null, route: { value: null }, isHeld: false },
    ...{ whenAwake: 'tell', now: NOW },
    ...more,
  });

describe('a parked standby that is awake', () => {
  it.each<[string, Partial<ParkedFacts>, string]>([
    ['users are on it', { route: route({ origin: 'standby' }) }, 'the users are on the standby'],
    ['users see the page', { route: route({ origin: 'maintenance' }) }, 'the users see the maintenance page'],
    [
      'a share is on it',
      { route: route({ canary: { origin: 'standby', percent: 5 } }) },
      'a share of the users is on it',
    ],
    ['nobody knows where users are', { route: null }, 'where the users are could not be read'],
    ['a run is at work', { isHeld: true }, 'a run is at work'],
    ['a person woke it', { record: said('awake', 'person') }, 'kim woke it: exercise'],
  ])('is needed where %s', (_case, more, why) => {
    expect(judge({ ...more, whenAwake: 'park' })).toEqual({ kind: 'needed', why });
  });

  it('is started where a person wants it awake and it is not, unless a run is at work', () => {
    const record = said('awake', 'person');
    expect(judge({ record, look: look('stopped') })).toEqual({ kind: 'wake', why: 'exercise' });
    expect(judge({ record, look: look('running', 'failed') })).toMatchObject({ kind: 'wake' });
    expect(judge({ record, look: look('stopped'), isHeld: true })).toEqual({ kind: 'parked' });
    expect(judge({ record: said('awake', 'run'), look: look('stopped') })).toEqual({ kind: 'parked' });
  });

  it('is stopped for a person behind the page too, and never under users', () => {
    const record = said('parked', 'person');
    expect(judge({ record, route: route({ origin: 'maintenance' }) })).toEqual({ kind: 'finish' });
    expect(judge({ record, route: route({ origin: 'standby' }) })).toMatchObject({ kind: 'needed' });
  });

  it('is needless where nobody has said anything, and where the run that woke it is over', () => {
    const needless = { kind: 'needless', since: ago(0), tell: true, park: false };
    expect(judge()).toEqual(needless);
    expect(judge({ record: said('awake', 'run') })).toEqual(needless);
    expect(judge({ route: route({}), whenAwake: 'park' })).toEqual({ ...needless, park: true });
  });

  it('is told of once, and counted from when it was found', () => {
    const record = { ...said('awake', 'run'), needless: { since: ago(45), toldAt: ago(45) } };
    expect(judge({ record })).toEqual({ kind: 'needless', since: ago(45), tell: false, park: false });
    const untold = { ...record, needless: { since: ago(45), toldAt: null } };
    expect(judge({ record: untold })).toMatchObject({ tell: true });
  });

  it('is stopped in silence where somebody wanted it parked, for an hour', () => {
    expect(judge({ record: said('parked', 'run', 59) })).toEqual({ kind: 'finish' });
    expect(judge({ record: said('parked', 'person', 61) })).toMatchObject({ kind: 'needless', tell: true });
    // It was seen stopped since: somebody else has started it.
    const record = { ...said('parked', 'run', 20), parkedSince: ago(10) };
    expect(judge({ record })).toMatchObject({ kind: 'needless' });
  });

  it('is awake also where only one part runs, or begins to', () => {
    expect(judge({ look: look('stopped', 'stopped', 'running') })).toMatchObject({ kind: 'needless' });
    expect(judge({ look: look('stopped', 'starting', 'stopped') })).toMatchObject({ kind: 'needless' });
    for (const parked of [look('stopped'), look('stopping', 'stopped', 'unknown'), look('missing')])
      expect(judge({ look: parked })).toEqual({ kind: 'parked' });
  });
});

describe('what is remembered', () => {
  const after = (before: ParkedRecord | null, seen: PowerLook, told = false) =>
    recordAfter(before, { look: seen, verdict: judge({ look: seen, record: before }), now: NOW, told });

  it('is since when it is stopped, kept from look to look and lost when it wakes', () => {
    const first = after(null, look('stopped'));
    expect(first).toMatchObject({
      wanted: 'parked',
      by: { kind: 'watch' },
      parkedSince: ago(0),
      needless: null,
    });
    const known = { ...first, parkedSince: ago(500) };
    expect(after(known, look('stopped')).parkedSince).toBe(ago(500));
    expect(after(known, look('running'), true)).toMatchObject({
      parkedSince: null,
      needless: { since: ago(0), toldAt: ago(0) },
      seen: { at: ago(0), gateway: 'running', cluster: 'running', database: 'running' },
    });
  });

  it('is read back as it was written, and is nothing where it is damaged', () => {
    const record = after(null, look('stopped'));
    expect(readParked(parkedText(record))).toEqual(record);
    expect([readParked('{'), readParked('{"schemaVersion":2}')]).toEqual([null, null]);
  });

  it('says who woke it, and how long until MySQL starts by itself', () => {
    expect(wokenBy(said('awake', 'run'), 'run-0')).toBe(true);
    expect(
      [said('awake', 'person'), said('parked', 'run'), null].map((one) => wokenBy(one, 'run-0')),
    ).toEqual([false, false, false]);
    const record = { ...said('parked', 'run'), parkedSince: ago(29.5 * 1440) };
    expect([daysToAutoStart(record, NOW), daysToAutoStart(null, NOW)]).toEqual([0, null]);
    expect(daysToAutoStart({ ...record, parkedSince: ago(1440) }, NOW)).toBe(29);
  });
});

describe('the message', () => {
  const site = { id: 'shop', name: 'Shop', url: 'https://shop.example.com', group: 'rg-shop' };
  const alone = look('stopped', 'stopped', 'running');

  it('says what is awake, why nobody needs it, and what to do', () => {
    const { subject, text } = needlessMessage(site, { look: look('running'), byItself: false, parked: null });
    expect(subject).toBe('[Pilotlight] Shop: the parked standby is awake without a reason');
    expect(text).toContain('application gateway running, kubernetes cluster running, database running');
    expect(text).toMatch(/pilotlight park shop\. If you need it awake, say so: pilotlight wake shop\.$/);
  });

  it('knows the reason that Azure has for MySQL alone', () => {
    const record = { ...said('parked', 'run'), parkedSince: ago(30 * 1440) };
    expect(startedByItself(alone, record, NOW)).toBe(true);
    expect(startedByItself(look('running'), record, NOW)).toBe(false);
    expect(startedByItself(alone, { ...record, parkedSince: ago(28 * 1440) }, NOW)).toBe(false);
    expect(
      needlessMessage(site, { look: alone, byItself: true, parked: 'database: is being stopped' }).text,
    ).toMatch(/by itself after 30 days[^]*It is being parked again: database: is being stopped/);
  });
});
