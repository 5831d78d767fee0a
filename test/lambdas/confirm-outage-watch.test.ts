import { START } from './fixture.ts';
import { bad, goodFrom, type Sight } from './helpers.ts';

import { bench, past, watch } from './confirm-outage-bench.ts';

describe('confirm-outage: watching a primary that users left', () => {
  it('sees in one round that the primary is still down, and asks no alarm', async () => {
    const at = bench({}, () => bad, { memories: past(300, 20) });
    expect(await watch(at)).toMatchObject({
      recovered: false,
      trial: false,
      down: true,
      decidedAt: '2026-03-02T10:00:00.000Z',
    });
  });

  it('lets users home on trial after some seconds of good looks, where the primary was cleanly gone', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 20) });
    expect(await watch(at)).toMatchObject({
      recovered: false,
      trial: true,
      decidedAt: '2026-03-02T10:00:08.000Z',
      summary: 'the primary is good for 8 s (60 needed)',
    });
  });

  it('gives the trial up for now with one bad look', async () => {
    const sight: Sight = (place, _, second) =>
      place === 'dublin' && second === 4 ? bad : goodFrom('primary');
    expect(await watch(bench({}, sight, { memories: past(300, 20) }))).toMatchObject({
      trial: false,
      decidedAt: '2026-03-02T10:00:04.000Z',
      summary: 'the primary is good for 0 s (60 needed)',
    });
  });

  it('believes nothing at once after a way home that failed', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 20) });
    expect(await watch(at, { failedWaysHome: 1 })).toMatchObject({
      trial: false,
      mayTry: false,
      decidedAt: '2026-03-02T10:00:00.000Z',
      summary: 'the primary is good for 0 s (120 needed)',
    });
  });

  it('carries the streak from look to look', async () => {
    const memories = past(300, 20);
    const { health, ...rest } = memories.memory!;
    memories.memory = {
      ...rest,
      health: { ...health, goodSince: START - 60_000, lastBadAt: START - 65_000 },
    };
    expect(await watch(bench({}, () => goodFrom('primary'), { memories }))).toMatchObject({
      recovered: true,
      summary: 'the primary is good for 60 s (60 needed)',
    });
  });
});
