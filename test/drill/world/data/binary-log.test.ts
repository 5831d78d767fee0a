import { LOG_FILE_NAME } from '../../../../core/data/layout.ts';
import { BinaryLog } from '../../../../drill/world/data/binary-log.ts';

const logOf = (transactionsPerSecond = 0): BinaryLog =>
  new BinaryLog({ server: 's1', from: 0, firstNumber: 7, transactionsPerSecond, earlier: 0, inherited: 0 });

describe('BinaryLog', () => {
  it('grows by 352 bytes with each write, at its end', () => {
    const log = logOf();
    expect(log.end).toMatchObject({ position: 197, transactions: 0 });
    log.append();
    log.append();
    expect(log.end).toMatchObject({ position: 901, transactions: 2 });
    expect(log.gtidSet).toBe(`${log.uuid}:1-2`);
  });

  it('has no GTID before its first transaction', () => {
    expect(logOf().gtidSet).toBe('');
  });

  it('begins a file every five minutes, with the next number', () => {
    const log = logOf(2);
    log.advanceTo(299_999);
    expect(log.current.name).toBe('mysql-bin-changelog.000007');
    log.advanceTo(900_000);
    expect(log.filesFrom(7)?.map(({ name, length }) => [name, length])).toEqual([
      ['mysql-bin-changelog.000007', 211_397],
      ['mysql-bin-changelog.000008', 211_397],
      ['mysql-bin-changelog.000009', 211_397],
      ['mysql-bin-changelog.000010', 197],
    ]);
    expect(log.end.transactions).toBe(1_800);
    expect(log.current.name).toMatch(LOG_FILE_NAME);
  });

  it('comes to the same end in one step and in many', () => {
    const [once, often] = [logOf(0.3), logOf(0.3)];
    once.advanceTo(1_000_000);
    for (let at = 0; at <= 1_000_000; at += 1_000) often.advanceTo(at);
    expect(often.end).toEqual(once.end);
    expect(once.end.transactions).toBe(300);
  });

  it('does not go back', () => {
    const log = logOf(1);
    log.advanceTo(10_000);
    log.advanceTo(5_000);
    expect(log.end.transactions).toBe(10);
  });

  it('has nothing of the time in which its server was gone', () => {
    const log = logOf(1);
    log.advanceTo(10_000);
    log.skipTo(100_000);
    log.advanceTo(110_000);
    expect(log.end.transactions).toBe(20);
  });

  it('says which files it still has, and that it has thrown away what is asked for', () => {
    const log = logOf(1);
    log.advanceTo(900_000);
    log.purgeBefore(600_000);
    expect(log.filesFrom(9)?.map(({ number }) => number)).toEqual([9, 10]);
    expect(log.filesFrom(8)).toBeNull();
    // The file that is written to stays, however old.
    log.purgeBefore(9_000_000);
    expect(log.filesFrom(9)).toBeNull();
    expect(log.filesFrom(10)).toHaveLength(1);
  });

  it('knows the newest file that leaves nothing out, by what the whole site has done before', () => {
    const log = new BinaryLog({
      ...{ server: 's2', from: 0, firstNumber: 2, transactionsPerSecond: 1, earlier: 510, inherited: 10 },
    });
    log.advanceTo(700_000);
    // Files begin after 500, 810 and 1,110 transactions; ten of the first file are of another server.
    expect([499, 500, 809, 810, 5_000].map((done) => log.fileAfter(done))).toEqual([null, 2, 2, 3, 4]);
    expect(log.filesFrom(2)?.[0]?.length).toBe(197 + 310 * 352);
    expect(log.gtidSet).toBe(`${log.uuid}:1-700`);
  });

  it('gives another server another UUID', () => {
    const other = new BinaryLog({
      server: 's2',
      from: 0,
      firstNumber: 1,
      transactionsPerSecond: 0,
      earlier: 0,
      inherited: 0,
    });
    expect(other.uuid).not.toBe(logOf().uuid);
    expect(other.uuid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});
