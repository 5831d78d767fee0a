import type { LeaseItem } from '../../../core/ledger/lease.ts';
import { newMemory } from '../../../core/watch/memory.ts';
import { noHour, withLooks } from '../../../core/watch/hour.ts';
import type { Round } from '../../../core/watch/round.ts';
import { healthView } from '../../../core/watch/view.ts';
import { at, DEAD, live, POLICY, roundAt, START } from './history.ts';

/* Goal: what people and programs are told of a primary is what the watch remembers, and says how far it can be trusted. */

const LEASE: LeaseItem = {
  ...{ holder: null, expiresAt: 0, epoch: 3, cooldownUntil: 0, disarmed: false, vouch: null },
  moves: [START - 3_600_000],
};
const viewOf = (rounds: readonly Round[], now: number, places: readonly string[] = ['a', 'b', 'c']) => {
  const memory = newMemory('x', START);
  const health = { ...memory.health, rounds: [...rounds] };
  return healthView({ memory: { ...memory, health }, lease: null, policy: POLICY, places }, now);
};

describe('the view of a primary', () => {
  it('says what it is, since when, how much of it fails and when somebody looked', () => {
    const { memory, now } = live([[60, DEAD]]);
    const about = { memory: { ...newMemory('x', START), health: memory }, lease: null, policy: POLICY };
    expect(healthView({ ...about, places: ['a', 'b', 'c'] }, now + 4_000)).toMatchObject({
      health: 'down',
      since: at(20),
      failingPercent: { primary: 100, edge: 100 },
      lookedAt: at(50),
      silent: false,
      silentPlaces: [],
      unrest: null,
    });
  });

  it('names no share where there is no trouble', () => {
    expect(viewOf([roundAt(0)], at(5)).failingPercent).toBeNull();
  });

  it.each([
    [60, false],
    [61, true],
  ])('calls a watch silent that wrote nothing for more than a minute: %d s, %s', (seconds, silent) => {
    expect(viewOf([roundAt(0)], at(seconds)).silent).toBe(silent);
  });

  it('calls a watch silent that never wrote a look', () => {
    expect(viewOf([], at(0))).toMatchObject({ lookedAt: null, silent: true, silentPlaces: [] });
  });

  it('tells of the moves of the last hours, which make the next one harder', () => {
    const memory = newMemory('x', START);
    const about = { memory, policy: POLICY, places: [] };
    expect(healthView({ ...about, lease: LEASE }, START).unrest).toContain('users were moved away once');
    expect(healthView({ ...about, lease: { ...LEASE, moves: [] } }, START).unrest).toBeNull();
  });

  it('shows the last hour by the minute', () => {
    const memory = { ...newMemory('x', START), hour: withLooks(noHour(START), roundAt(0, DEAD)) };
    const { lastHour } = healthView({ memory, lease: null, policy: POLICY, places: [] }, at(60));
    expect(lastHour.slice(-2)).toEqual([
      { at: START, failingPercent: 100 },
      { at: at(60), failingPercent: null },
    ]);
  });
});

describe('a place', () => {
  const nothing = { primary: {}, edge: {}, elsewhere: {} };

  it.each<[string, Partial<Round>]>([
    ['the door alone', { primary: { a: false } }],
    ['the site alone', { edge: { a: true } }],
    ['another origin', { elsewhere: { a: 'maintenance' } }],
  ])('is silent unless it saw something: %s', (_, seen) => {
    expect(viewOf([{ at: at(0), ...nothing, ...seen }], at(1)).silentPlaces).toEqual(['b', 'c']);
    expect(viewOf([{ at: at(0), ...nothing }], at(1)).silentPlaces).toEqual(['a', 'b', 'c']);
  });

  it('is judged by the newest look alone', () => {
    const blind = { at: at(10), ...nothing };
    expect(viewOf([blind, roundAt(20)], at(21)).silentPlaces).toEqual([]);
    expect(viewOf([roundAt(0), blind], at(11)).silentPlaces).toEqual(['a', 'b', 'c']);
  });
});
