import {
  askForTurn,
  giveTurnBack,
  noTurns,
  turnsSchema,
  type Asker,
  type Turns,
} from '../../../core/fleet/turns.ts';

/*
 * Goal: never more runs at once than are allowed, each in its order, and no place is lost to a run that is gone.
 * Method: runs that ask in an order, and the clock.
 */

const NOW = 1_772_445_600_000;
const SECOND = 1_000;
const asker = (execution: string, change: Partial<Asker> = {}): Asker => ({
  execution,
  workload: `site-of-${execution}`,
  priority: 5,
  holdMs: 600 * SECOND,
  yieldMs: 0,
  ...change,
});
const ask = (
  known: Turns,
  run: string,
  { seconds = 0, ...change }: Partial<Asker> & { seconds?: number } = {},
) => askForTurn(known, asker(run, change), { now: NOW + seconds * SECOND, movesAtOnce: 2 });
/** The turns after these runs have asked, one after the other. */
const afterAsking = (...runs: readonly string[]): Turns =>
  runs.reduce<Turns>((known, run) => ask(known, run).turns, noTurns);

describe('a turn', () => {
  it('is given where there is room, for as long as it may be held', () => {
    expect(ask(noTurns, 'a')).toEqual({
      turns: { holders: { a: { workload: 'site-of-a', until: NOW + 600_000 } }, waiting: {} },
      granted: true,
      ahead: 0,
      changed: true,
    });
  });

  it('is given to as many as may move at once, and to no more', () => {
    expect(ask(afterAsking('a'), 'b').granted).toBe(true);
    const third = ask(afterAsking('a', 'b'), 'c');
    expect(third).toMatchObject({ granted: false, ahead: 1, changed: true });
    expect(Object.keys(third.turns.holders)).toEqual(['a', 'b']);
    expect(third.turns.waiting).toEqual({
      c: { workload: 'site-of-c', priority: 5, since: NOW, until: NOW + 60_000 },
    });
  });

  it('is its own where a run asks again, without a write and without a second one', () => {
    const again = ask(afterAsking('a', 'b'), 'a', { seconds: 10 });
    expect(again).toMatchObject({ granted: true, changed: false });
    expect(Object.keys(again.turns.holders)).toEqual(['a', 'b']);
    expect(again.turns.holders['a']?.until).toBe(NOW + 600_000);
  });

  it('goes to the next where one is given back', () => {
    const freed = giveTurnBack(afterAsking('a', 'b', 'c'), 'a');
    expect(ask(freed!, 'c').granted).toBe(true);
  });

  it('ends by itself where nobody gives it back', () => {
    const full = afterAsking('a', 'b');
    expect(ask(full, 'c', { seconds: 599 }).granted).toBe(false);
    expect(ask(full, 'c', { seconds: 600 }).granted).toBe(true);
  });
});

describe('those who wait', () => {
  const full = afterAsking('a', 'b');
  const one = (known: Turns): Turns => giveTurnBack(known, 'a')!;

  it('go in the order in which they came', () => {
    const both = ask(ask(full, 'c').turns, 'd', { seconds: 1 });
    expect(both).toMatchObject({ granted: false, ahead: 2 });
    expect(ask(one(both.turns), 'd', { seconds: 2 }).granted).toBe(false);
    expect(ask(one(both.turns), 'c', { seconds: 2 }).granted).toBe(true);
  });

  it('go by their priority before that: 1 goes first', () => {
    const both = ask(ask(full, 'c').turns, 'd', { seconds: 1, priority: 1 });
    expect(both.ahead).toBe(1);
    expect(ask(one(both.turns), 'c', { seconds: 2 }).granted).toBe(false);
    expect(ask(one(both.turns), 'd', { seconds: 2, priority: 1 }).granted).toBe(true);
  });

  it('go in one order for all where they came in the same moment', () => {
    const both = ask(ask(full, 'd').turns, 'c').turns;
    expect(ask(one(both), 'd').granted).toBe(false);
    expect(ask(one(both), 'c').granted).toBe(true);
  });

  it('keep nobody waiting who asks no more', () => {
    const left = one(ask(full, 'c').turns);
    expect(ask(left, 'd', { seconds: 59 }).granted).toBe(false);
    expect(ask(left, 'd', { seconds: 60 }).granted).toBe(true);
  });

  it('keep their place by asking again, and write that down only where half of its time is over', () => {
    const waiting = ask(full, 'c').turns;
    expect(ask(waiting, 'c', { seconds: 30 }).changed).toBe(false);
    const renewed = ask(waiting, 'c', { seconds: 31 });
    expect(renewed.changed).toBe(true);
    expect(renewed.turns.waiting['c']).toMatchObject({ since: NOW, until: NOW + 91_000 });
  });
});

describe('a run that lets others come first', () => {
  const shy = { yieldMs: 8 * SECOND };

  it('waits for them, though there is room', () => {
    const first = ask(noTurns, 'a', shy);
    expect(first).toMatchObject({ granted: false, changed: true });
    expect(ask(first.turns, 'a', { ...shy, seconds: 7 }).granted).toBe(false);
    expect(ask(first.turns, 'a', { ...shy, seconds: 8 }).granted).toBe(true);
  });

  it('goes after those with a better priority who came meanwhile', () => {
    const shyFirst = ask(noTurns, 'a', shy).turns;
    const others = ['b', 'c', 'd'].reduce(
      (known, run) => ask(known, run, { seconds: 3, priority: 1, yieldMs: 0 }).turns,
      shyFirst,
    );
    expect(Object.keys(others.holders)).toEqual(['b', 'c']);
    expect(ask(others, 'a', { ...shy, seconds: 8 })).toMatchObject({ granted: false, ahead: 2 });
  });
});

describe('a run that is over', () => {
  it('leaves its turn, and its place among those who wait', () => {
    const known = afterAsking('a', 'b', 'c');
    expect(Object.keys(giveTurnBack(known, 'b')?.holders ?? {})).toEqual(['a']);
    expect(giveTurnBack(known, 'c')?.waiting).toEqual({});
  });

  it('has nothing to leave where it never asked', () => {
    expect(giveTurnBack(afterAsking('a'), 'b')).toBeNull();
    expect(giveTurnBack(noTurns, 'a')).toBeNull();
  });
});

describe('the turns as they are kept', () => {
  it('are read back', () => {
    const known = afterAsking('a', 'b', 'c');
    expect(turnsSchema.parse(JSON.parse(JSON.stringify(known)))).toEqual(known);
    expect(turnsSchema.safeParse({ holders: {} }).success).toBe(false);
  });
});
