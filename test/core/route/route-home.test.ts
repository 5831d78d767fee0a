import { decideMove, type Mover, type Route, type WantedRoute } from '../../../core/route/route.ts';

/*
 * Goal: the store itself knows which side has writes that the other one lacks, and refuses the way to the other one.
 */

const AT = '2026-11-22T03:04:05.000Z';
const unserved: Route = {
  ...{ v: 1, origin: 'maintenance', epoch: 7, fence: 3 },
  ...{ by: 'failback-1', at: '2026-11-22T03:00:00.000Z' },
};
const page: Route = { ...unserved, standbyServed: true };
const decide = (current: Route | null, wanted: WantedRoute, more: Partial<Mover> = {}) =>
  decideMove(current, wanted, { fence: 3, by: 'failback-1', at: AT, ...more });
const share = { origin: 'primary', percent: 5 } as const;

describe('a move home', () => {
  it.each<[string, WantedRoute]>([
    ['all users', { origin: 'primary' }],
    ['a share of them', { origin: 'maintenance', canary: share }],
  ])('of %s needs somebody who has seen to the data, and clears what the standby had', (_, wanted) => {
    expect(decide(page, wanted)).toEqual({ kind: 'would-lose-writes', on: 'standby' });
    expect(decide(page, wanted, { dataSeenTo: false })).toEqual({ kind: 'would-lose-writes', on: 'standby' });
    expect(decide(page, wanted, { dataSeenTo: true })).toEqual({
      kind: 'write',
      route: { v: 1, ...wanted, epoch: 8, fence: 3, by: 'failback-1', at: AT },
    });
  });

  it('is not made under an older lease, whoever has seen to the data', () => {
    const wanted = { origin: 'primary' } as const;
    expect(decide(page, wanted, { fence: 2, dataSeenTo: true })).toEqual({ kind: 'lease-lost', fence: 3 });
  });
});

describe('a return to the standby', () => {
  const wanted = { origin: 'standby' } as const;

  it('is made where nobody was on the primary since', () => {
    expect(decide(page, wanted, { returns: true })).toMatchObject({
      kind: 'write',
      route: { origin: 'standby', epoch: 8, standbyServed: true },
    });
  });

  it('is refused where somebody was, or where nobody was ever on the standby', () => {
    for (const current of [unserved, { ...unserved, canary: share }, null])
      expect(decide(current, wanted, { returns: true })).toEqual({
        kind: 'would-lose-writes',
        on: 'primary',
      });
  });

  it('is no failover, which moves users there from the primary', () => {
    expect(decide(unserved, wanted)).toMatchObject({ kind: 'write', route: { standbyServed: true } });
  });
});

it('the page of a way home keeps in mind that the standby has served, and forgets it after a share', () => {
  const onStandby: Route = { ...page, origin: 'standby' };
  expect(decide(onStandby, { origin: 'maintenance' })).toMatchObject({ route: { standbyServed: true } });
  const begun = decide(page, { origin: 'maintenance', canary: share }, { dataSeenTo: true });
  if (begun.kind !== 'write') throw new Error('the share was not written');
  const again = decide(begun.route, { origin: 'maintenance' });
  expect(again).toMatchObject({ kind: 'write', route: { origin: 'maintenance', epoch: 9 } });
  expect(again.kind === 'write' && again.route).not.toHaveProperty('standbyServed');
});
