import { StorageAccounts } from '../../../../drill/world/data/storage-accounts.ts';

describe('StorageAccounts', () => {
  it('has one store for each name, with the two containers, and keeps accounts apart', () => {
    const accounts = new StorageAccounts();
    const one = accounts.of('stone');
    expect(accounts.of('stone')).toBe(one);
    expect(accounts.of('stother')).not.toBe(one);
    expect(accounts.all.map(([name]) => name)).toEqual(['stone', 'stother']);
    expect(['backups', 'handover', 'tfstate'].map((container) => one.has(container))).toEqual([
      ...[true, true, false],
    ]);
    const blob = { text: '1', at: 0, onlyIfAbsent: false };
    expect([one.put('backups', 'a/1', blob), one.put('backups', 'a/1', blob)]).toEqual([
      'written',
      'immutable',
    ]);
  });
});
