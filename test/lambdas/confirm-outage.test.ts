import type { Confirmation, Watch } from '../../core/watch/confirmation.ts';
import { newMemory } from '../../core/watch/memory.ts';
import type { AlarmState } from '../../core/watch/signal.ts';
import { makeConfirmOutage } from '../../lambdas/confirm-outage/confirm-outage.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  configWith,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
  START,
} from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryAlarms,
  MemoryLedger,
  MemoryLog,
  MemoryMemories,
  MemoryProber,
  unavailable,
  VirtualClock,
  type RegionAnswer,
  type Sight,
} from './helpers.ts';

/*
 * Goal: what is decided is what the independent signals say together, with what was seen before; a source that does not
 * speak holds up nothing and votes for nothing.
 * Method: the watch has seen the primary for some minutes before each test; then the step looks for itself.
 */

const alarm = (name: string, state: AlarmState['state'], since: string | null = null): AlarmState => ({
  name: `pilotlight-shop-${name}`,
  state,
  since,
  reason: `${name} is ${state}`,
});
const ringing = {
  'us-east-1': [
    alarm('primary-health-check', 'ALARM', '2026-03-02T09:57:00.000Z'),
    alarm('edge-5xx', 'ALARM', '2026-03-02T09:56:00.000Z'),
  ],
  'ap-northeast-2': [alarm('alb-5xx', 'ALARM'), alarm('alb-unhealthy-hosts', 'OK')],
};
const quiet = {
  'us-east-1': [alarm('primary-health-check', 'OK'), alarm('edge-5xx', 'OK')],
  'ap-northeast-2': [alarm('alb-5xx', 'OK'), alarm('alb-unhealthy-hosts', 'INSUFFICIENT_DATA')],
};

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly log: MemoryLog;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
  readonly memories: MemoryMemories;
}

const ASKED = 'https://alb.shop.example.com/owners https://shop.example.com/owners';
const PLACES = ['tokyo', 'dublin'];

/** What the watch saw every ten seconds of the last five minutes: good, and since `badFrom` seconds before the start bad. */
function past(badFrom = 0): MemoryMemories {
  const memories = new MemoryMemories();
  const memory = newMemory(ASKED, START - 300_000);
  const rounds = Array.from({ length: 30 }, (_, index) => {
    const at = START - 300_000 + index * 10_000;
    const seen = Object.fromEntries(PLACES.map((place) => [place, at < START - badFrom * 1000]));
    return { at, primary: seen, edge: seen, elsewhere: {} };
  });
  const dead = badFrom > 0;
  memories.memory = {
    ...memory,
    health: {
      ...memory.health,
      rounds,
      goodFrom: { primary: START - 300_000, edge: START - 300_000 },
      goodSince: dead ? null : START - 300_000,
      troubleFrom: dead ? START - badFrom * 1000 : null,
      spellFrom: dead ? START - badFrom * 1000 : null,
      lastBadAt: dead ? START - 10_000 : null,
    },
  };
  memories.version = 1;
  return memories;
}

function bench(
  regions: Readonly<Record<string, RegionAnswer>>,
  sight: Sight,
  { memories = past(), own = config }: { memories?: MemoryMemories; own?: typeof config } = {},
): Bench {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  const alarms = new MemoryAlarms(regions);
  const step = makeConfirmOutage({ config: own, clock, log, ledger, prober, alarms, memories });
  return { step, clock, log, ledger, prober, memories };
}

const confirm = async (at: Bench, change: object = {}): Promise<Confirmation> =>
  (await at.step({ run, lease, purpose: 'confirm', ...change }, callOf(at.clock))) as Confirmation;
const watch = async (at: Bench, change: object = {}): Promise<Watch> =>
  (await at.step({ run, lease, purpose: 'watch', ...change }, callOf(at.clock))) as Watch;

const observations = (decided: Confirmation | Watch): Record<string, string> =>
  Object.fromEntries(decided.signals.map((signal) => [signal.source, signal.observation]));

describe('confirm-outage: deciding about an outage', () => {
  it('confirms with one fresh look what the watch has seen for a minute', async () => {
    const decided = await confirm(bench(ringing, () => bad, { memories: past(60) }));
    expect(decided).toMatchObject({
      verdict: 'outage',
      summary:
        '7 of 8 signals bad (3 needed) of 2 kinds (2 needed); the primary is bad from 2 places (1 needed), ' +
        'good from 0; 0 unknown',
      since: '2026-03-02T09:56:00.000Z',
      decidedAt: '2026-03-02T10:00:00.000Z',
      lookAgain: false,
    });
    expect(decided.signals[0]).toEqual({
      source: 'alarm:pilotlight-shop-primary-health-check',
      kind: 'alarm',
      about: 'primary',
      place: 'us-east-1',
      observation: 'bad',
      at: '2026-03-02T10:00:00.000Z',
      since: '2026-03-02T09:57:00.000Z',
      detail: 'primary-health-check is ALARM',
    });
    expect(decided.signals[7]).toEqual({
      source: 'probe:edge:dublin',
      kind: 'probe',
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
    const at = bench(ringing, () => goodFrom('primary'));
    expect((await confirm(at, { run: { ...run, startedAt } })).lookAgain).toBe(false);
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
        'The primary is restless: once users were moved away in the last 6 h. So it counts as down only after 80 s, and ' +
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
    memories.memory = { ...memories.memory!, asked: 'https://old.example.com https://shop.example.com' };
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

describe('confirm-outage: sources that do not speak', () => {
  const unknownInSeoul = {
    'alarm:pilotlight-shop-alb-5xx': 'unknown',
    'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
  };
  const dead = { memories: past(60) };

  it('counts the alarms of a dead Region as unknown, waits four seconds for them and confirms without them', async () => {
    const at = bench({ ...ringing, 'ap-northeast-2': 'silent' }, () => bad, { memories: past(60) });
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:04.000Z' });
    expect(at.log.warnings).toEqual([
      { message: 'a Region did not answer about its alarms in time', facts: { region: 'ap-northeast-2' } },
    ]);
  });

  it('counts alarms that cannot be read as unknown and says which Region it was', async () => {
    const error = unavailable('CloudWatch DescribeAlarms');
    const at = bench({ ...ringing, 'ap-northeast-2': error }, () => bad, { memories: past(60) });
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:00.000Z' });
    expect(at.log.warnings).toEqual([
      { message: 'the alarms of a Region could not be read', facts: { region: 'ap-northeast-2', error } },
    ]);
  });

  it('counts an alarm that its Region does not know as unknown', async () => {
    const at = bench({ ...quiet, 'us-east-1': [alarm('edge-5xx', 'OK')] }, () => bad, dead);
    expect(observations(await confirm(at))).toMatchObject({
      'alarm:pilotlight-shop-primary-health-check': 'unknown',
      'alarm:pilotlight-shop-edge-5xx': 'good',
      'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
    });
  });

  it('decides nothing from places that cannot probe', async () => {
    const decided = await confirm(bench(quiet, () => blind));
    expect(decided.verdict).toBe('inconclusive');
  });
});

describe('confirm-outage: watching a primary that users left', () => {
  it('sees in one round that the primary is still down, and asks no alarm', async () => {
    const at = bench({}, () => bad, { memories: past(300) });
    expect(await watch(at)).toMatchObject({
      recovered: false,
      trial: false,
      down: true,
      decidedAt: '2026-03-02T10:00:00.000Z',
    });
  });

  it('lets users home on trial after some seconds of good looks, where the primary was cleanly gone', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300) });
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
    expect(await watch(bench({}, sight, { memories: past(300) }))).toMatchObject({
      trial: false,
      decidedAt: '2026-03-02T10:00:04.000Z',
      summary: 'the primary is good for 0 s (60 needed)',
    });
  });

  it('believes nothing at once after a way home that failed', async () => {
    const at = bench({}, () => goodFrom('primary'), { memories: past(300) });
    expect(await watch(at, { failedWaysHome: 1 })).toMatchObject({
      trial: false,
      mayTry: false,
      decidedAt: '2026-03-02T10:00:00.000Z',
      summary: 'the primary is good for 0 s (120 needed)',
    });
  });

  it('carries the streak from look to look', async () => {
    const memories = past(300);
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

describe('confirm-outage: what is refused', () => {
  it('stops before it asks anybody when the lease is lost', async () => {
    const at = bench({}, () => bad);
    at.ledger.holder = 'run-2';
    const input = { run, lease, purpose: 'confirm' };
    expect((await refusalOf(at.step(input, callOf(at.clock)))).name).toBe('LeaseLost');
    expect(at.prober.asked).toEqual([]);
  });

  it('decides nothing where what was seen before cannot be read', async () => {
    const memories = past();
    memories.read = () => Promise.reject(unavailable('DynamoDB GetItem'));
    const at = bench(ringing, () => bad, { memories });
    expect((await refusalOf(at.step({ run, lease, purpose: 'confirm' }, callOf(at.clock)))).name).toBe(
      'CloudUnavailable',
    );
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench({}, () => bad);
    const input = { run: brokenRun, lease: { taken: false, epoch: 0 }, purpose: 'wait' };
    expect(await problemsOf(at.step, input)).toEqual([
      ...problemsOfBrokenRun,
      'lease.taken: got false, expected true',
      'lease.epoch: got 0, expected number to be >0',
      'purpose: got "wait", expected one of "confirm"|"watch"',
    ]);
    expect(at.ledger.renewals).toEqual([]);
  });
});
