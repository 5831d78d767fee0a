import { OwnReplication } from '../../../../drill/world/data/own-replication.ts';
import { Database } from '../../../../drill/world/database.ts';
import { START, useVirtualTime } from '../../clouds/fixture.ts';
import { pass } from './fixture.ts';

describe('a site that brings its data over by its own means', () => {
  useVirtualTime();

  /** A write each second from the beginning on; its id is the second. */
  function site() {
    const [primary, standby] = [new Database(), new Database()];
    for (let second = 0; second <= 2_000; second += 1) {
      primary.accept({ id: second, at: START + second * 1000 });
    }
    return { own: new OwnReplication(primary, standby), holds: (id: number) => standby.holds(id) };
  }

  it('has a replica five seconds behind, which stays where it is when the primary dies', async () => {
    const { own, holds } = site();
    await pass(1_000);
    own.primaryDied();
    await pass(100);
    own.replicate();
    expect([995, 996].map(holds)).toEqual([true, false]);
    expect(own.lagSeconds).toBe(105);
    own.primaryCameBack();
    own.replicate();
    expect([1_095, 1_096].map(holds)).toEqual([true, false]);
    expect(own.lagSeconds).toBe(5);
  });

  it('restores the backup of the last quarter of an hour', async () => {
    const { own, holds } = site();
    await pass(1_000);
    own.restore();
    expect([900, 901].map(holds)).toEqual([true, false]);
  });
});
