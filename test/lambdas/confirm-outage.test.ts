import type { Confirmation, Watch } from '../../core/watch/confirmation.ts';
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
} from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryAlarms,
  MemoryLedger,
  MemoryLog,
  MemoryProber,
  unavailable,
  VirtualClock,
  type RegionAnswer,
  type Sight,
} from './helpers.ts';

/*
 * Goal: what is decided is what the independent signals say together, at the moment when the last of them spoke; a source
 * that does not speak holds up nothing and votes for nothing.
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
}

function bench(regions: Readonly<Record<string, RegionAnswer>>, sight: Sight, own = config): Bench {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  const alarms = new MemoryAlarms(regions);
  return {
    step: makeConfirmOutage({ config: own, clock, log, ledger, prober, alarms }),
    clock,
    log,
    ledger,
    prober,
  };
}

const confirm = async (at: Bench): Promise<Confirmation> =>
  (await at.step({ run, lease, purpose: 'confirm' }, callOf(at.clock))) as Confirmation;
const watch = async (at: Bench): Promise<Watch> =>
  (await at.step({ run, lease, purpose: 'watch' }, callOf(at.clock))) as Watch;

const observations = (decided: Confirmation | Watch): Record<string, string> =>
  Object.fromEntries(decided.signals.map((signal) => [signal.source, signal.observation]));

describe('confirm-outage: deciding about an outage', () => {
  it('confirms an outage with the numbers, its beginning and every signal as evidence', async () => {
    const at = bench(ringing, () => bad);
    const decided = await confirm(at);
    expect(decided).toMatchObject({
      verdict: 'outage',
      summary:
        '7 of 8 signals bad (3 needed) of 2 kinds (2 needed); the primary is bad from 2 places (1 needed), ' +
        'good from 0; 0 unknown',
      since: '2026-03-02T09:56:00.000Z',
      decidedAt: '2026-03-02T10:00:08.000Z',
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
      at: '2026-03-02T10:00:08.000Z',
      detail: '3 of 3 rounds bad; answered 502',
    });
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('asks the primary past the edge, and the edge as a user would, three times from each place', async () => {
    const at = bench(quiet, () => goodFrom('primary'));
    await confirm(at);
    const urls = at.prober.asked.map(({ place, target }) => `${place} ${target.url}`);
    expect(urls).toHaveLength(12);
    expect(urls.slice(0, 4)).toEqual([
      'tokyo https://alb.shop.example.com/health',
      'dublin https://alb.shop.example.com/health',
      'tokyo https://shop.example.com/owners',
      'dublin https://shop.example.com/owners',
    ]);
  });

  it('stands down where the places see the primary good, though alarms ring', async () => {
    const decided = await confirm(bench(ringing, () => goodFrom('primary')));
    expect(decided).toMatchObject({ verdict: 'healthy', since: null });
  });

  it('is inconclusive where the places contradict each other', async () => {
    const at = bench(ringing, (place) => (place === 'tokyo' ? bad : goodFrom('primary')));
    expect((await confirm(at)).verdict).toBe('inconclusive');
  });

  it('is inconclusive where only probes speak: one kind of signal is not enough', async () => {
    expect((await confirm(bench(quiet, () => bad))).verdict).toBe('inconclusive');
  });

  it('does not call a place bad for one bad round of three', async () => {
    const at = bench(quiet, (_, __, second) => (second === 4 ? bad : goodFrom('primary')));
    const decided = await confirm(at);
    expect(decided.verdict).toBe('healthy');
    expect(decided.signals.find((signal) => signal.source === 'probe:primary:tokyo')?.detail).toBe(
      '1 of 3 rounds bad; answered 200',
    );
  });
});

describe('confirm-outage: sources that do not speak', () => {
  const unknownInSeoul = {
    'alarm:pilotlight-shop-alb-5xx': 'unknown',
    'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
  };

  it('counts the alarms of a dead Region as unknown and confirms without them', async () => {
    const at = bench({ ...ringing, 'ap-northeast-2': 'silent' }, () => bad);
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage' });
    expect(at.log.warnings).toEqual([
      {
        message: 'a Region did not answer about its alarms in time',
        facts: { region: 'ap-northeast-2' },
      },
    ]);
  });

  it('is not slowed by a dead Region while its probes time out, which is what a dead Region does', async () => {
    const dead = bench({ ...ringing, 'ap-northeast-2': 'silent' }, () => bad);
    const alive = bench(ringing, () => bad);
    dead.prober.latencyMs = 3000;
    alive.prober.latencyMs = 3000;
    // Three rounds of 3 s and two pauses of 4 s.
    expect((await confirm(dead)).decidedAt).toBe('2026-03-02T10:00:17.000Z');
    expect((await confirm(alive)).decidedAt).toBe('2026-03-02T10:00:17.000Z');
  });

  it('waits for a dead Region no longer than the rounds of probes and a grace of 3 s', async () => {
    const at = bench({ ...ringing, 'ap-northeast-2': 'silent' }, () => bad);
    expect((await confirm(at)).decidedAt).toBe('2026-03-02T10:00:15.000Z');
  });

  it('counts alarms that cannot be read as unknown and says which Region it was', async () => {
    const error = unavailable('CloudWatch DescribeAlarms');
    const at = bench({ ...ringing, 'ap-northeast-2': error }, () => bad);
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:08.000Z' });
    expect(at.log.warnings).toEqual([
      {
        message: 'the alarms of a Region could not be read',
        facts: { region: 'ap-northeast-2', error },
      },
    ]);
  });

  it('counts an alarm that its Region does not know as unknown', async () => {
    const at = bench({ ...quiet, 'us-east-1': [alarm('edge-5xx', 'OK')] }, () => bad);
    expect(observations(await confirm(at))).toMatchObject({
      'alarm:pilotlight-shop-primary-health-check': 'unknown',
      'alarm:pilotlight-shop-edge-5xx': 'good',
      'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
    });
  });

  it('decides nothing from places that cannot probe', async () => {
    const decided = await confirm(bench(quiet, () => blind));
    expect(decided.verdict).toBe('inconclusive');
    expect(observations(decided)['probe:primary:tokyo']).toBe('unknown');
  });
});

describe('confirm-outage: watching a shielded primary', () => {
  it('sees in one round that the primary is still down, and asks no alarm', async () => {
    const at = bench({}, () => bad);
    expect(await watch(at)).toMatchObject({
      recovered: false,
      summary: 'the primary is good from 0 places (2 needed), bad from 2 (0 allowed)',
      decidedAt: '2026-03-02T10:00:00.000Z',
    });
    expect(at.prober.asked.map(({ target }) => target.url)).toEqual([
      'https://alb.shop.example.com/health',
      'https://alb.shop.example.com/health',
    ]);
  });

  it('believes good news only after all rounds', async () => {
    const at = bench({}, () => goodFrom('primary'));
    expect(await watch(at)).toMatchObject({
      recovered: true,
      summary: 'the primary is good from 2 places (2 needed), bad from 0 (0 allowed)',
      decidedAt: '2026-03-02T10:00:08.000Z',
    });
    expect(at.prober.asked).toHaveLength(6);
  });

  it.each([
    [0, '2026-03-02T10:00:00.000Z'],
    [4, '2026-03-02T10:00:04.000Z'],
    [8, '2026-03-02T10:00:08.000Z'],
  ])('one bad round in second %i is enough to stay away', async (badSecond, decidedAt) => {
    const at = bench({}, (place, _, second) =>
      place === 'dublin' && second === badSecond ? bad : goodFrom('primary'),
    );
    expect(await watch(at)).toMatchObject({ recovered: false, decidedAt });
  });

  it('does not take a place that cannot probe for one that sees the primary good', async () => {
    const at = bench({}, (place) => (place === 'dublin' ? blind : goodFrom('primary')));
    expect(await watch(at)).toMatchObject({
      recovered: false,
      summary: 'the primary is good from 1 places (2 needed), bad from 0 (0 allowed)',
    });
  });

  it('is content with one round where the policy has only one', async () => {
    const single = configWith((shop) => {
      shop.policy.confirm.rounds = 1;
    });
    const at = bench({}, () => goodFrom('primary'), single);
    expect(await watch(at)).toMatchObject({ recovered: true, decidedAt: '2026-03-02T10:00:00.000Z' });
    expect(at.prober.asked).toHaveLength(2);
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
