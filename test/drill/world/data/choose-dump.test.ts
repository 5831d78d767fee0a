import { chooseDump, refusalOf } from '../../../../drill/world/data/choose-dump.ts';
import { dataPlanOf } from '../../../../drill/world/data/data-plan.ts';
import type { Dump } from '../../../../drill/world/data/dumps.ts';

/** Twenty-five million bytes, which load in a second. */
const dump = (name: string, damaged = false): Dump => ({
  ...{ name, damaged, at: 0, storedAt: 0, users: 0, transactions: 0 },
  ...{ databaseBytes: 25_000_000, server: 's1', file: { name: 'f.000001', number: 1 } },
});
const ship = { mode: 'ship', applierFails: false } as const;
const dumpsOnly = { mode: 'dump', applierFails: false } as const;

describe('the dump that the standby loads', () => {
  it('is the newest', () => {
    expect(chooseDump([dump('a'), dump('b')], ship)).toMatchObject({ dump: { name: 'b' }, ms: 1_000 });
    expect(refusalOf([dump('a')], ship)).toBeNull();
  });

  it('is the one before where the newest is damaged and a log leads on, and takes as long as both', () => {
    expect(chooseDump([dump('a'), dump('b', true)], ship)).toMatchObject({ dump: { name: 'a' }, ms: 2_000 });
    expect(chooseDump([dump('a'), dump('b', true)], dumpsOnly)).toBeNull();
  });

  it('is none where all are damaged, or none is there, and it is said which it is', () => {
    expect(refusalOf([dump('a', true)], ship)).toMatchObject({ code: 'NEWEST_DUMP_DAMAGED' });
    expect(refusalOf([], ship)).toEqual({ code: 'NO_DUMP', detail: 'There is no whole dump in the store.' });
    expect(refusalOf([dump('a')], { ...ship, applierFails: true })).toMatchObject({ code: 'LOAD_FAILED' });
  });
});

describe('the plan of the data', () => {
  it('is that of a site on its own where nothing is said', () => {
    expect(dataPlanOf(undefined).mode).toBe('none');
    expect(dataPlanOf({ mode: 'none' }).mode).toBe('none');
  });

  it('takes from the configuration, and before it from the scenario', () => {
    const config = { mode: 'ship', account: 'stother', shipEverySeconds: 5, dumpEveryMinutes: 60 } as const;
    expect(dataPlanOf(config)).toMatchObject({
      ...{ mode: 'ship', account: 'stother', shipEverySeconds: 5, dumpEverySeconds: 3_600 },
      ...{ newestDump: 'good', shipperSilentForSeconds: 0 },
    });
    expect(dataPlanOf(config, { mode: 'dump', newestDump: 'damaged' })).toMatchObject({
      ...{ mode: 'dump', newestDump: 'damaged', account: 'stother' },
    });
  });
});
