import { START } from './fixture.ts';
import { bad, goodFrom, MemoryMemories, type Sight } from './helpers.ts';

import { bench, observations, past, watch } from './confirm-outage-bench.ts';

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

describe('confirm-outage: what the watch has just seen of a primary that users left', () => {
  it('is enough where it was bad: nobody is asked again', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 4) });
    const seen = await watch(at);
    expect(seen).toMatchObject({ recovered: false, trial: false, mayTry: true, down: true });
    expect(observations(seen)).toEqual({
      'probe:primary:tokyo': 'bad',
      'probe:primary:dublin': 'bad',
      'probe:edge:tokyo': 'bad',
      'probe:edge:dublin': 'bad',
    });
    expect(seen.signals[0]?.detail).toBe('3 of 3 looks bad; seen by the watch');
    expect(at.prober.asked).toEqual([]);
    expect(at.memories.version).toBe(1);
  });

  it('is enough up to five seconds, and is judged as of then: the look before it counts too', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300, 5) });
    const seen = await watch(at);
    expect(at.prober.asked).toEqual([]);
    expect(seen).toMatchObject({ down: true, decidedAt: '2026-03-02T09:59:55.000Z' });
  });

  it.each<[string, MemoryMemories]>([
    ['it is older than five seconds', past(300, 6)],
    ['it was good', past(0, 1)],
    ['there is none', new MemoryMemories()],
    ['it is of another address', past(300, 1, '000000000000')],
  ])('is not enough where %s', async (_, memories) => {
    const at = bench({}, () => bad, { memories });
    await watch(at);
    expect(at.prober.asked).toHaveLength(4);
  });

  it('is not enough where it was good at the door and bad for users: only the primary is waited for', async () => {
    const memories = past(300, 1);
    const { rounds } = memories.memory!.health;
    rounds.splice(-1, 1, { ...rounds.at(-1)!, primary: { tokyo: true, dublin: true } });
    const at = bench({}, () => bad, { memories });
    await watch(at);
    expect(at.prober.asked).toHaveLength(4);
  });

  it('leaves a place unknown that saw one of both alone', async () => {
    const memories = past(300, 1);
    const { rounds } = memories.memory!.health;
    const some = rounds.map((round) => ({ ...round, edge: { tokyo: false } }));
    rounds.splice(0, rounds.length, ...some);
    const seen = await watch(bench({}, () => bad, { memories }));
    expect(observations(seen)).toMatchObject({ 'probe:edge:dublin': 'unknown', 'probe:edge:tokyo': 'bad' });
  });
});
