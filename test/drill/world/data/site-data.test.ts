import { useVirtualTime } from '../../clouds/fixture.ts';
import { dataOf, pass, storeOf, writeFor } from './fixture.ts';
import { dumpNameOf } from '../../../../drill/world/data/dumps.ts';

describe('the data of a site', () => {
  useVirtualTime();

  it('tell what the rules look at: lines, dumps, what was applied, and when the standby was opened', async () => {
    const { data } = dataOf({}, 'follows');
    await writeFor(data, 100);
    const { mode, beats, dumps, applied, openedAt } = data.truth();
    expect({ mode, openedAt }).toEqual({ mode: 'ship', openedAt: null });
    expect(beats.at(-1)?.storedAt).toBeLessThanOrEqual(Date.now());
    expect(dumps.map(({ at }) => dumpNameOf(at))).toEqual([
      ...['20260228T000000Z', '20260301T000000Z', '20260302T000000Z'],
    ]);
    expect(applied.length).toBeGreaterThanOrEqual(85);
  });

  it('have a standby that takes writes only where an earlier run has opened it, and that is no opening of this drill', () => {
    expect(dataOf({}, 'follows').data.standby.writable).toBe(false);
    const { data } = dataOf({}, 'served');
    expect([data.standby.writable, data.truth().openedAt]).toEqual([true, null]);
  });

  it('have nothing in a store where the site has its own means', async () => {
    const { data, store } = dataOf({ mode: 'none' }, 'follows');
    await writeFor(data, 20);
    data.primaryDied();
    expect(store.list('backups', '')).toEqual([]);
    expect(data.truth()).toEqual({
      mode: 'none',
      beats: [],
      dumps: [],
      applied: [],
      openedAt: null,
      onPrimary: null,
    });
    expect([data.source, data.applier]).toEqual([null, null]);
    data.standbyBuilt();
    data.switched();
    await pass(1);
    expect([data.standby.holds(15), data.standby.holds(16)]).toEqual([true, false]);
    data.primaryCameBack();
    expect(storeOf().list('backups', '')).toEqual([]);
  });
});
