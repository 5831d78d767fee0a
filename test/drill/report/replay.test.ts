import { paceOf, replay } from '../../../drill/report/replay.ts';
import { plain } from '../../../drill/report/text.ts';
import type { JournalEntry } from '../../../drill/world/journal.ts';
import { FAULT_AT, after } from '../fixture.ts';

const entry = (seconds: number, event = 'something'): JournalEntry => ({
  at: after(seconds),
  who: 'world',
  event,
});

const entries = [entry(0, 'first'), entry(1, 'second'), entry(1, 'third'), entry(101, 'last')];

describe('paceOf', () => {
  it('shares the whole time out among the entries', () => {
    const waits = paceOf(entries, 22_000);
    expect(waits.map(Math.round)).toEqual([0, 2_000, 0, 20_000]);
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeCloseTo(22_000, 6);
  });

  it('waits longer where more time passed, though not in proportion', () => {
    const waits = paceOf([entry(0), entry(1), entry(5), entry(30), entry(930)], 20_000);
    expect([...waits].sort((a, b) => a - b)).toEqual(waits);
    expect(waits.at(-1)! / waits[1]!).toBeCloseTo(30, 6);
  });

  it('waits for nothing where no time passed, and never a negative time', () => {
    expect(paceOf([entry(5), entry(5)], 20_000)).toEqual([0, 0]);
    expect(paceOf([entry(5), entry(4), entry(8)], 20_000)).toEqual([0, 0, 20_000]);
    expect(paceOf([], 20_000)).toEqual([]);
  });
});

describe('replay', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('tells every line in order, about twenty seconds in all', async () => {
    const lines: string[] = [];
    const told = replay(entries, {
      faultAt: FAULT_AT,
      dress: plain,
      fast: false,
      write: (line) => lines.push(line),
    });
    await jest.advanceTimersByTimeAsync(10_000);
    expect(lines).toEqual([
      'T+00:00  world       first',
      'T+00:01  world       second',
      'T+00:01  world       third',
    ]);
    await jest.advanceTimersByTimeAsync(10_001);
    await told;
    expect(lines.at(-1)).toBe('T+01:41  world       last');
  });

  it('does not wait at all when it is to be fast', async () => {
    const lines: string[] = [];
    await replay(entries, { faultAt: FAULT_AT, dress: plain, fast: true, write: (line) => lines.push(line) });
    expect(lines).toHaveLength(4);
    expect(jest.getTimerCount()).toBe(0);
    expect(Date.now()).toBe(0);
  });
});
