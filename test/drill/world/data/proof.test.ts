import { proofOf } from '../../../../drill/world/data/proof.ts';

describe('the proof of a dump', () => {
  const dump = {
    ...{ name: '20260302T000000Z', at: 0, storedAt: 0, users: 0, transactions: 0, server: 's1' },
    ...{ databaseBytes: 25_000_000, file: { name: 'f.000001', number: 1 } },
  };

  it('comes ten minutes and its load after the dump, and is bad where the dump is', () => {
    expect(proofOf({ ...dump, damaged: false })).toEqual({
      ...{ at: '1970-01-01T00:10:01.000Z', dump: '20260302T000000Z', good: true },
      ...{ tables: 7, rows: 7_000, seconds: 1, detail: '' },
    });
    expect(proofOf({ ...dump, damaged: true })).toMatchObject({ good: false, rows: 0 });
  });
});
