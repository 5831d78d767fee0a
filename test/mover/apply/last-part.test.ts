import type { Beat } from '../../../core/data/journal.ts';
import { RoundsSince } from '../../../mover/apply/last-part.ts';

/*
 * Goal: a planned move opens the standby only when a round of the shipper that began after the request is in the database, whatever
 * the clocks of the two sides say.
 */

const SECOND = 1_000;
/** A line of a shipper whose clock is so many seconds ahead, of a round that took one second. */
const beatAt = (second: number, { ahead = 0, roundSeconds = 1 } = {}): Beat => {
  const iso = (at: number): string => new Date((at + ahead) * SECOND).toISOString();
  return {
    schemaVersion: 1,
    at: iso(second),
    everySeconds: 10,
    dump: '20260302T030000Z',
    log: {
      segment: '0001-0a1b2c3d',
      file: 'binlog.000007',
      position: 900,
      wholeUntil: iso(second - roundSeconds),
      gtidSet: '0a1b2c3d-0000-4000-8000-000000000001:1-40',
    },
    fault: null,
    dumpFault: null,
    proof: null,
  };
};

/** Whether it is proven at each look, a second apart from the request on, of a journal whose newest line is this. */
function looks(newestAt: (second: number) => Beat | null, seconds: number): boolean[] {
  const rounds = new RoundsSince(100 * SECOND);
  return Array.from({ length: seconds }, (_, index) =>
    rounds.isAfterRequest(newestAt(100 + index), (100 + index) * SECOND),
  );
}

describe.each([0, 30, -30])('rounds of a shipper whose clock is %d s ahead', (ahead) => {
  it('do not count where their line was there at the first look', () => {
    expect(looks(() => beatAt(99, { ahead }), 5)).toEqual([false, false, false, false, false]);
  });

  it('do not count where they may have begun before the request', () => {
    // Written between the looks at 100 and 101, begun a second before.
    expect(looks((now) => beatAt(now >= 101 ? 100.5 : 95, { ahead }), 3)).toEqual([false, false, false]);
  });

  it('count from the first line that was begun after it', () => {
    // Not there at the look at 105, so begun after 104.
    expect(looks((now) => beatAt(now >= 106 ? 105.5 : 95, { ahead }), 8)).toEqual([
      ...[false, false, false, false, false, false],
      ...[true, true],
    ]);
  });

  it('do not count where the line comes and what it says is old', () => {
    const stuck = (now: number): Beat => beatAt(now, { ahead, roundSeconds: now - 95 });
    expect(looks(stuck, 10)).not.toContain(true);
  });
});

describe('a journal without lines', () => {
  it('proves nothing, and is told as that', () => {
    expect(looks(() => null, 3)).toEqual([false, false, false]);
    expect(new RoundsSince(0).words).toBe('nothing is heard of the shipper');
  });

  it('is told by its newest line otherwise', () => {
    const rounds = new RoundsSince(0);
    rounds.isAfterRequest(beatAt(60), 61 * SECOND);
    expect(rounds.words).toBe(
      'the shipper was last heard of at 1970-01-01T00:01:00.000Z; the log is whole until 1970-01-01T00:00:59.000Z',
    );
  });
});
