import { useVirtualTime } from '../../../drill/clouds/fixture.ts';
import {
  AT_HOME,
  AT_STANDBY,
  attempt,
  distributionWorld,
  passing,
  refusal,
  routeAt,
  SHIELDED,
  UPDATE,
} from './distribution-world.ts';
import { rejectionOf } from '../helpers.ts';

describe('stopping anywhere in a move', () => {
  useVirtualTime();

  it('before the claim: nothing has happened', async () => {
    const { store, faults, targets } = distributionWorld();
    faults.set('UpdateItem', () => refusal(403, 'AccessDenied'));
    await rejectionOf(attempt(store, 'standby', 3));
    faults.clear();
    expect((await store.read('petclinic')).route).toBeNull();
    expect(targets()).toEqual(AT_HOME);
  });

  it('between claim and update: the same step writes again, under a later epoch', async () => {
    const { store, faults, targets } = distributionWorld();
    faults.set(UPDATE, () => refusal(403, 'AccessDenied'));
    await rejectionOf(attempt(store, 'maintenance', 3));
    faults.clear();
    expect((await store.read('petclinic')).route).toMatchObject({ origin: 'primary', epoch: 1, fence: 0 });
    expect(targets()).toEqual(AT_HOME);
    expect(await attempt(store, 'maintenance', 3)).toBe('written');
    expect((await store.read('petclinic')).route).toEqual(routeAt('maintenance', 2, 3));
    expect(targets()).toEqual(SHIELDED);
  });

  it('between claim and update on the way home: the way home is not lost', async () => {
    const { store, faults, targets } = distributionWorld();
    await attempt(store, 'standby', 3);
    faults.set(UPDATE, () => refusal(403, 'AccessDenied'));
    await rejectionOf(attempt(store, 'primary', 4, true));
    faults.clear();
    expect(await attempt(store, 'maintenance', 5)).toBe('written');
    // The claim of a way home that was never gone has not made the writes of the standby forgotten.
    expect(await attempt(store, 'primary', 5)).toBe('would-lose-writes');
    expect(await attempt(store, 'primary', 5, true)).toBe('written');
    expect(targets()).toEqual(AT_HOME);
  });

  it('after an update whose answer was lost: the repeat of the SDK is refused, and the next look finds it done', async () => {
    const { store, faults, targets } = distributionWorld();
    let lost = false;
    faults.set(UPDATE, () => {
      if (lost) return null;
      lost = true;
      return 'answer-lost';
    });
    expect(await passing(attempt(store, 'standby', 3))).toBe('contended');
    expect(targets()).toEqual(AT_STANDBY);
    expect(await attempt(store, 'standby', 3)).toBe('already-there');
  });

  it('after a claim whose answer was lost: the repeat of the SDK finds its own claim and goes on', async () => {
    const { store, faults, targets } = distributionWorld();
    let lost = false;
    faults.set('UpdateItem', () => {
      if (lost) return null;
      lost = true;
      return 'answer-lost';
    });
    expect(await passing(attempt(store, 'standby', 3))).toBe('written');
    expect(targets()).toEqual(AT_STANDBY);
  });

  it('after both: nothing is left to do', async () => {
    const { store, calls } = distributionWorld();
    await attempt(store, 'standby', 3);
    const before = calls.length;
    expect(await attempt(store, 'standby', 3)).toBe('already-there');
    expect(calls.slice(before)).toEqual(['GET /config', 'GetItem']);
  });

  it('makes an update obsolete that is still on its way, even where nothing is left to change', async () => {
    const { store, faults, distribution, targets } = distributionWorld();
    let late = { version: '', body: '' };
    faults.set(UPDATE, () => {
      late = { version: distribution.etag, body: distribution.config };
      return refusal(403, 'AccessDenied');
    });
    await rejectionOf(attempt(store, 'maintenance', 3));
    faults.clear();
    expect(await attempt(store, 'primary', 4)).toBe('written');
    expect(targets()).toEqual(AT_HOME);
    expect(distribution.config).toBe(late.body);
    expect(distribution.etag).not.toBe(late.version);
  });
});
