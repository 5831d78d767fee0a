import { PLACES, alarm, bench, confirm, observations, past, quiet, ringing } from './confirm-outage-bench.ts';
import { configWith, lease, run, START } from './fixture.ts';
import { bad, blind, goodFrom, type MemoryMemories, type Sight } from './helpers.ts';

/*
 * Goal: what is decided is what the independent signals say together, with what was seen before; a source that does not
 * speak holds up nothing and votes for nothing.
 * Method: the watch has seen the primary for some minutes before each test; then the step looks for itself.
 */

describe('confirm-outage: deciding about an outage', () => {
  it('confirms with one fresh look what the watch has seen for a minute', async () => {
    const decided = await confirm(bench(ringing, () => bad, { memories: past(60) }));
    expect(decided).toMatchObject({
      verdict: 'outage',
      summary:
        '8 of 9 signals bad (3 needed) of 2 kinds (2 needed); the primary is bad from 2 places (1 needed), ' +
        'good from 0; 0 unknown',
      since: '2026-03-02T09:56:00.000Z',
      decidedAt: '2026-03-02T10:00:00.000Z',
      lookAgain: false,
    });
    expect(decided.signals[0]).toMatchObject({
      ...{ source: 'alarm:pilotlight-shop-watch', kind: 'alarm', eyes: 'watch', place: 'ap-northeast-1' },
    });
    expect(decided.signals[1]).toEqual({
      source: 'alarm:pilotlight-shop-primary-health-check',
      kind: 'alarm',
      eyes: 'others',
      about: 'primary',
      place: 'us-east-1',
      observation: 'bad',
      at: '2026-03-02T10:00:00.000Z',
      since: '2026-03-02T09:57:00.000Z',
      detail: 'primary-health-check is ALARM',
    });
    expect(decided.signals[8]).toEqual({
      source: 'probe:edge:dublin',
      kind: 'probe',
      eyes: 'watch',
      about: 'edge',
      place: 'dublin',
      observation: 'bad',
      at: '2026-03-02T10:00:00.000Z',
      detail: '3 of 3 looks bad; answered 502',
    });
  });

  it('looks for itself, for as long as an outage must last, where the watch saw nothing yet', async () => {
    const decided = await confirm(bench(ringing, () => bad));
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:20.000Z' });
  });

  it('asks the primary past the edge for a page that needs its database, and the edge as a user would', async () => {
    const at = bench(quiet, () => goodFrom('primary'));
    await confirm(at);
    expect(at.prober.asked.map(({ place, target }) => `${place} ${target.url}`)).toEqual([
      'tokyo https://alb.shop.example.com/owners',
      'tokyo https://shop.example.com/owners',
      'dublin https://alb.shop.example.com/owners',
      'dublin https://shop.example.com/owners',
    ]);
  });

  it('stands down at once where nothing fails and nothing rings', async () => {
    const decided = await confirm(bench(quiet, () => goodFrom('primary')));
    expect(decided).toMatchObject({ verdict: 'healthy', since: null, decidedAt: '2026-03-02T10:00:00.000Z' });
  });

  it('does not call a primary healthy while alarms ring, and looks again', async () => {
    const decided = await confirm(bench(ringing, () => goodFrom('primary')));
    expect(decided).toMatchObject({ verdict: 'inconclusive', lookAgain: true });
  });

  it('does not call a primary healthy that is good at its door and bad for users', async () => {
    const at = bench(quiet, (_, { about }) => (about === 'edge' ? bad : goodFrom('primary')));
    expect(await confirm(at)).toMatchObject({ verdict: 'inconclusive', lookAgain: true });
  });

  it('does not call a primary healthy whose database is dead behind a living door', async () => {
    // The shallow health path would answer; nobody asks it.
    const at = bench(ringing, (_, { url }) => (url.endsWith('/health') ? goodFrom('primary') : bad));
    expect((await confirm(at)).verdict).toBe('outage');
  });

  it('stops looking again when patience is over', async () => {
    const startedAt = '2026-03-02T09:57:00.000Z';
    const memories = past();
    memories.memory!.health.goodSince = START - 360_000;
    const at = bench(ringing, () => goodFrom('primary'), { memories });
    expect((await confirm(at, { run: { ...run, startedAt } })).lookAgain).toBe(false);
  });

  it('waits for an alarm that rings still for twice its patience after the last bad look', async () => {
    const startedAt = '2026-03-02T09:57:00.000Z';
    const at = bench(ringing, () => goodFrom('primary'));
    expect((await confirm(at, { run: { ...run, startedAt } })).lookAgain).toBe(true);
  });

  it.each([
    ['2026-03-02T09:54:21.000Z', true],
    ['2026-03-02T09:54:20.000Z', false],
  ])(
    'waits for the first alarm on a dead primary for twice its patience, begun at %s: %s',
    async (startedAt, lookAgain) => {
      // The last look of the call is at 10:00:20.
      const at = bench(quiet, () => bad, { memories: past(60) });
      expect(await confirm(at, { run: { ...run, startedAt } })).toMatchObject({
        verdict: 'inconclusive',
        decidedAt: '2026-03-02T10:00:20.000Z',
        lookAgain,
      });
    },
  );

  it.each<[string, Sight, boolean]>([
    ['looks again where a streak of good looks has begun', () => goodFrom('primary'), true],
    ['looks no more where nobody sees the primary', () => blind, false],
  ])('%s, when patience is over', async (_, sight, lookAgain) => {
    const at = bench(quiet, sight, { memories: past(30) });
    const startedAt = '2026-03-02T09:50:00.000Z';
    expect(await confirm(at, { run: { ...run, startedAt } })).toMatchObject({
      verdict: 'inconclusive',
      lookAgain,
    });
  });

  it('takes the alarm on what users get for no evidence while they are answered by the page', async () => {
    const rings = {
      ...quiet,
      'us-east-1': [alarm('primary-health-check', 'OK'), alarm('edge-5xx', 'ALARM')],
    };
    const at = bench(rings, (_, { about }) => goodFrom(about === 'edge' ? 'maintenance' : 'primary'));
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject({ 'alarm:pilotlight-shop-edge-5xx': 'unknown' });
    expect(decided.verdict).toBe('healthy');
  });

  it('is inconclusive where only probes speak: one kind of signal is not enough', async () => {
    expect(await confirm(bench(quiet, () => bad, { memories: past(60) }))).toMatchObject({
      verdict: 'inconclusive',
      lookAgain: true,
    });
  });

  it('looks once in a dry run', async () => {
    const at = bench(ringing, () => goodFrom('primary'));
    await confirm(at, { run: { ...run, dryRun: true } });
    expect(at.prober.asked).toHaveLength(4);
  });

  it('tells how restless the primary is, and demands more of an outage', async () => {
    const at = bench(ringing, () => bad, { memories: past(60) });
    const decided = await confirm(at, { lease: { ...lease, recentMoves: 1 } });
    expect(decided).toMatchObject({
      verdict: 'outage',
      decidedAt: '2026-03-02T10:00:20.000Z',
      unrest:
        'The primary is restless: users were moved away once in the last 6 h. So it counts as down only after 80 s, and ' +
        'as well only after 120 s without a bad answer.',
    });
  });

  it('remembers its own looks, for whoever looks next', async () => {
    const at = bench(quiet, () => goodFrom('primary'));
    await confirm(at);
    expect(at.memories.memory?.health.rounds.at(-1)).toEqual({
      at: START,
      primary: { tokyo: true, dublin: true },
      edge: { tokyo: true, dublin: true },
      elsewhere: {},
    });
  });

  it('takes what the watch wrote meanwhile into account', async () => {
    const at = bench(quiet, () => goodFrom('primary'));
    const busy = past(60);
    at.memories.beforeWrite = () => {
      at.memories.memory = busy.memory;
      at.memories.version = 2;
      at.memories.beforeWrite = () => undefined;
    };
    expect((await confirm(at)).verdict).toBe('inconclusive');
  });

  it('learned nothing of addresses that were not asked before', async () => {
    const memories = past(60);
    memories.memory = { ...memories.memory!, asked: '000000000000' };
    expect((await confirm(bench(ringing, () => bad, { memories }))).verdict).toBe('inconclusive');
  });
});

describe('confirm-outage: a degraded primary', () => {
  const everyThird: Sight = (place, _, second) =>
    (second / 4 + PLACES.indexOf(place)) % 3 === 0 ? bad : goodFrom('primary');
  function limping(minutes = 5): MemoryMemories {
    const memories = past();
    const { health, ...rest } = memories.memory!;
    const rounds = health.rounds.map((round, index) => {
      const seen = Object.fromEntries(PLACES.map((place, p) => [place, (index + p) % 3 !== 0]));
      return { ...round, primary: seen, edge: seen };
    });
    const troubleFrom = START - minutes * 60_000;
    memories.memory = {
      ...rest,
      health: {
        ...health,
        rounds,
        troubleFrom,
        lastBadAt: START - 10_000,
        goodSince: null,
        health: 'degraded',
      },
    };
    return memories;
  }

  it('is told with figures, once', async () => {
    const at = bench(quiet, everyThird, { memories: limping() });
    expect(await confirm(at)).toMatchObject({ verdict: 'degraded', news: true, lasts: false });
    expect(await confirm(at)).toMatchObject({ verdict: 'degraded', news: false });
  });

  it('lasts too long after the minutes of the policy', async () => {
    const at = bench(quiet, everyThird, { memories: limping(10) });
    expect(await confirm(at)).toMatchObject({ verdict: 'degraded', lasts: true });
    const patient = configWith((shop) => {
      Object.assign(shop.policy, { degraded: { minutes: 11 } });
    });
    const other = bench(quiet, everyThird, { memories: limping(10), own: patient });
    expect(await confirm(other)).toMatchObject({ verdict: 'degraded', lasts: false });
  });
});
