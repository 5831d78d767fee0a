import { Database } from '../../../drill/world/database.ts';

describe('Database', () => {
  it('holds what it accepted, and nothing else', () => {
    const database = new Database();
    database.accept({ id: 1, at: 1000 });
    expect(database.holds(1)).toBe(true);
    expect(database.holds(2)).toBe(false);
  });

  it('gives every write up to a moment, that moment with it', () => {
    const database = new Database();
    for (const id of [1, 2, 3]) database.accept({ id, at: id * 1000 });
    expect(database.upTo(2000).map((write) => write.id)).toEqual([1, 2]);
    expect(database.upTo(999)).toEqual([]);
  });

  it('is filled from another without a tie between the two', () => {
    const primary = new Database();
    primary.accept({ id: 1, at: 1000 });
    const standby = new Database();
    standby.load(primary.upTo(5000));
    primary.accept({ id: 2, at: 2000 });
    expect([standby.holds(1), standby.holds(2)]).toEqual([true, false]);
  });
});
