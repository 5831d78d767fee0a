import { START } from './fixture.ts';
import { bad, goodFrom } from './helpers.ts';
import { bench, diesAt, FREE } from './watch-bench.ts';

/*
 * Goal: a site that is down and has no run is asked about, once an incident; nothing else ever starts a run.
 * Method: looks every ten seconds for minutes, over a site that dies at some second.
 */

describe('watch: asking for a run', () => {
  it('asks once where the primary is down, with a name for the incident and figures', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(5);
    expect(at.asked.map(({ name, input }) => [name, input])).toEqual([
      [
        'watch-shop-20260302T100300Z-down-1',
        {
          watch: 'down',
          workload: 'shop',
          reason:
            'the primary is down since 2026-03-02T10:03:00.000Z: 100 % of the looks at it fail, 100 % of those through the edge',
        },
      ],
    ]);
    expect(at.metrics.figures.filter(([name]) => name === 'RunAsked')).toEqual([['RunAsked', 1]]);
  });

  it('asks twenty seconds after the first bad look', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(4);
    expect(at.asked.map(({ second }) => second)).toEqual([200]);
  });

  it('never asks on an ordinary day, nor for a lost look', async () => {
    const at = bench((_, __, second) => (second === 190 ? bad : goodFrom('primary')), { lease: FREE });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
  });

  it('never asks before it has learned what good looks like', async () => {
    const at = bench(() => bad, { lease: FREE });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
  });

  it('asks as soon as the brake is off again', async () => {
    const at = bench(diesAt(180), {
      lease: FREE,
      brake: { on: true, owner: 'on call', reason: 'migration' },
    });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
    at.become({ lease: FREE, brake: null });
    await at.minutes(1);
    expect(at.asked.map(({ name, second }) => [name, second])).toEqual([
      ['watch-shop-20260302T100300Z-down-1', 360],
    ]);
  });

  it.each([
    ['a run holds the lease', { ...FREE, holder: 'run-1', expiresAt: START + 3_600_000 }],
    ['a failover was not acknowledged', { ...FREE, disarmed: true }],
    ['the cooldown goes on', { ...FREE, cooldownUntil: START + 3_600_000 }],
  ])('does not ask while %s', async (_, lease) => {
    const at = bench(diesAt(180), { lease });
    await at.minutes(6);
    expect(at.asked).toEqual([]);
    expect(at.memories.memory?.health.health).toBe('down');
  });

  it('asks again after five minutes, where the first run changed nothing', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    await at.minutes(10);
    expect(at.asked.map(({ name, second }) => [name, second])).toEqual([
      ['watch-shop-20260302T100300Z-down-1', 200],
      ['watch-shop-20260302T100300Z-down-2', 500],
    ]);
  });

  it('asks under another name at the next look, where a run of that name was there already and does not act', async () => {
    const at = bench(diesAt(180), { lease: FREE });
    at.starts.next = false;
    await at.minutes(3);
    await at.minutes(0.5);
    at.starts.next = true;
    await at.minutes(1);
    expect(at.asked.map(({ name, second }) => [name, second])).toEqual([
      ['watch-shop-20260302T100300Z-down-1', 200],
      ['watch-shop-20260302T100300Z-down-2', 210],
    ]);
  });
});

describe('watch: telling people', () => {
  it('says that the look was never good, once', async () => {
    const at = bench((_, { about }) => (about === 'primary' ? bad : goodFrom('primary')));
    await at.minutes(13);
    expect(at.announcer.messages.map(({ subject }) => subject)).toEqual([
      '[Pilotlight] Shop: the watch cannot see the primary',
    ]);
  });

  it('says that a degraded primary is well again, once', async () => {
    const at = bench(() => goodFrom('primary'));
    await at.minutes(3);
    at.memories.memory = { ...at.memories.memory!, told: { at: START, percent: 30 } };
    await at.minutes(2);
    expect(at.announcer.messages.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['[Pilotlight] Shop: well again', 'Watch'],
    ]);
    expect(at.memories.memory.told).toBeNull();
  });
});
