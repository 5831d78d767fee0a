import { home } from '../../drill/rules/home.ts';
import type { Evidence } from '../../drill/rules/rule.ts';
import { checkRules, splitBrainWrites } from '../../drill/rules/rules.ts';
import { after, evidenceOf, routeWriteOf, writeOf } from './fixture.ts';

/*
 * Goal: the drill fails where anybody who came home misses what was written on the standby.
 */

const page = routeWriteOf({ at: after(1000), by: 'failback-1', epoch: 3, primaryWasUp: true });
const toPrimary = routeWriteOf({ at: after(1100), origin: 'primary', by: 'failback-1', epoch: 4 });
/** The standby has accepted the writes 3 and 4 by then. */
const cameHome = (onPrimary: readonly number[] | null, more: Partial<Evidence> = {}): Evidence => {
  const { routeWrites, data } = evidenceOf();
  return evidenceOf({
    routeWrites: [...routeWrites, page, toPrimary],
    data: { ...data, onPrimary },
    ...more,
  });
};

describe('home', () => {
  it('holds where the primary has everything that the standby had accepted', () => {
    expect(home(cameHome([1, 2, 3, 4]))).toEqual({
      ...{ name: 'home', held: true },
      detail: '1 ways home, each with everything that was written on the standby',
    });
  });

  it('is broken by one write that is missing, and names how many and the first', () => {
    expect(home(cameHome([1, 2, 3]))).toEqual({
      ...{ name: 'home', held: false },
      detail: 'failback-1 left 1 acknowledged writes on the standby, the first of 2026-03-01T03:17:00.000Z',
    });
    expect(home(cameHome([])).detail).toBe(
      'failback-1 left 2 acknowledged writes on the standby, the first of 2026-03-01T03:16:50.000Z',
    );
  });

  it('is one of the rules of every drill', () => {
    const names = (evidence: Evidence) =>
      checkRules(evidence)
        .filter(({ held }) => !held)
        .map(({ name }) => name);
    expect(names(cameHome([1, 2, 3]))).toEqual(['home']);
    expect(names(cameHome([1, 2, 3, 4]))).toEqual([]);
  });

  it('counts from the first share that goes home, and not what came to the standby later', () => {
    const share = { ...page, at: after(1050), percentOnPrimary: 5, epoch: 4 };
    const { routeWrites } = evidenceOf();
    const inShares = { routeWrites: [...routeWrites, page, share, { ...toPrimary, epoch: 5 }] };
    const writes = (seconds: number) => ({ standbyWrites: [writeOf(3, 710), writeOf(4, seconds)] });
    expect(home(cameHome([1, 2, 3], { ...inShares, ...writes(1050) })).held).toBe(false);
    expect(home(cameHome([1, 2, 3], { ...inShares, ...writes(1051) })).held).toBe(true);
    // Without the share it would be the move of everybody.
    expect(home(cameHome([1, 2, 3], writes(1051))).held).toBe(false);
  });

  it('asks nothing of a move to the primary that is no way home, nor where nobody carries data', () => {
    const { routeWrites } = evidenceOf();
    const lowered = { ...toPrimary, by: 'run-1' };
    expect(home(cameHome([], { routeWrites: [...routeWrites, lowered] })).held).toBe(true);
    expect(home(cameHome([], { routeWrites: [...routeWrites, page] })).held).toBe(true);
    expect(home(cameHome(null)).held).toBe(true);
  });

  it('names each way home that left something', () => {
    const again = [
      routeWriteOf({ at: after(1500), origin: 'standby', by: 'run-2', epoch: 5 }),
      routeWriteOf({ at: after(1800), origin: 'primary', by: 'failback-2', epoch: 6 }),
    ];
    const { routeWrites } = evidenceOf();
    const evidence = cameHome([1, 2, 3], { routeWrites: [...routeWrites, page, toPrimary, ...again] });
    expect(home(evidence).detail).toMatch(/^failback-\d left 1 .*; failback-\d left 1 /);
  });
});

describe('one-writer on the way home', () => {
  it('lets the primary write again once the users are home, and the standby no more', () => {
    const world = {
      startsOn: 'standby',
      routeWrites: [routeWriteOf({ at: after(100) }), routeWriteOf({ at: after(200), origin: 'primary' })],
      standbyWrites: [writeOf(1, 10), writeOf(2, 90)],
      primaryWrites: [writeOf(3, 205)],
    };
    expect(splitBrainWrites(world)).toBe(0);
    expect(splitBrainWrites({ ...world, standbyWrites: [...world.standbyWrites, writeOf(4, 206)] })).toBe(1);
    expect(splitBrainWrites({ ...world, primaryWrites: [writeOf(5, 20), writeOf(3, 205)] })).toBe(1);
  });
});
