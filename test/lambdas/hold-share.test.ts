import { order, ordersOf } from './orders-helpers.ts';
import { makeHoldShare } from '../../lambdas/hold-share/hold-share.ts';
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
  MemoryLedger,
  MemoryLog,
  MemoryProber,
  unavailable,
  VirtualClock,
  type Sight,
} from './helpers.ts';

/*
 * Goal: while a share of the users is on the standby its error rate is read all the time, from every place, and the first
 * moment at which it is worse than the policy allows ends it.
 * Two places ask every two seconds: ten answers, the fewest that say anything, are there after the fifth round.
 */

const canary = { shares: [5, 25], holdSeconds: 60, errorPercentMax: 10 };
const shared = configWith((shop) => {
  Object.assign(shop.policy, { canary });
});

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
}

function bench(sight: Sight, own = shared): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const prober = new MemoryProber(clock, sight);
  return {
    step: makeHoldShare({ config: own, clock, log: new MemoryLog(), ledger, prober }),
    clock,
    ledger,
    prober,
  };
}

const hold = async (at: Bench, share = 0): Promise<unknown> =>
  at.step({ run, lease, share }, callOf(at.clock, 840));
const well: Sight = () => goodFrom('standby');

describe('hold-share: a standby that answers well', () => {
  it('is held for the whole time and read all the while, from every place', async () => {
    const at = bench(well);
    expect(await hold(at)).toEqual({ next: 1, more: true, asked: 60, failed: 0 });
    expect(at.clock.now()).toBe(START + 60_000);
    expect(at.prober.asked).toHaveLength(60);
    expect(at.prober.asked[0]).toEqual({
      place: 'tokyo',
      target: {
        about: 'standby',
        url: 'https://shop.example.com/__pilotlight/standby/owners',
        status: 200,
        contains: 'Owners',
        timeoutMs: 3000,
      },
    });
    expect(new Set(at.prober.asked.map(({ place }) => place))).toEqual(new Set(['tokyo', 'dublin']));
  });

  it('says after the last share that there is no other', async () => {
    expect(await hold(bench(well), 1)).toMatchObject({ next: 2, more: false });
  });

  it('may fail as often as the policy allows', async () => {
    // Both places fail in three rounds of thirty: 6 of 60 answers, and never more than one in ten before.
    const rounds = new Set([20, 40, 58]);
    const at = bench((_, __, second) => (rounds.has(second) ? bad : goodFrom('standby')));
    expect(await hold(at)).toEqual({ next: 1, more: true, asked: 60, failed: 6 });
  });

  it('is not judged by fewer than ten answers: one slow start sends nobody back', async () => {
    const slow: Sight = (_, __, second) => (second === 0 ? bad : goodFrom('standby'));
    const lenient = configWith((shop) => {
      Object.assign(shop.policy, { canary: { ...canary, errorPercentMax: 20 } });
    });
    expect(await hold(bench(slow, lenient))).toMatchObject({ failed: 2 });
    // The same start is one in five of the first ten answers: too many where one in ten is allowed.
    expect((await refusalOf(hold(bench(slow)))).name).toBe('CanaryFailed');
  });
});

describe('hold-share: a standby that answers worse than the policy allows', () => {
  it('ends the share at once, and says what was seen', async () => {
    const at = bench((_, __, second) => (second >= 20 ? bad : goodFrom('standby')));
    const error = await refusalOf(hold(at));
    expect(error).toMatchObject({ name: 'CanaryFailed', retryable: false });
    // 20 good answers until then; at second 20 there are 2 of 22, at second 22 there are 4 of 24.
    expect(error.message).toBe(
      'With 5 % of the users on the standby, 4 of 24 answers failed (16.7 %, at most 10 % allowed). The shield goes up ' +
        'again; look at the application on Azure before anybody is sent there.',
    );
    expect(at.clock.now()).toBe(START + 22_000);
  });

  it('names the share that was held', async () => {
    expect(
      (
        await refusalOf(
          hold(
            bench(() => bad),
            1,
          ),
        )
      ).message,
    ).toContain('With 25 % of the users');
  });
});

describe('hold-share: a way home', () => {
  const homeRun = { ...run, trigger: 'manual', workflow: 'failback' };
  const holdHome = (at: Bench) => at.step({ run: homeRun, lease, share: 0 }, callOf(at.clock, 840));

  it('looks at the primary, which has the share, and at nothing else', async () => {
    const at = bench(() => goodFrom('primary'));
    expect(await holdHome(at)).toMatchObject({ next: 1, asked: 60, failed: 0 });
    expect(new Set(at.prober.asked.map(({ target }) => `${target.about} ${target.url}`))).toEqual(
      new Set(['primary https://alb.shop.example.com/owners']),
    );
  });

  it('ends the share where the primary answers badly, and says where to look', async () => {
    const at = bench((_, { about }) => (about === 'primary' ? bad : goodFrom('standby')));
    expect(await refusalOf(holdHome(at))).toMatchObject({
      name: 'CanaryFailed',
      message:
        'With 5 % of the users on the primary, 10 of 10 answers failed (100.0 %, at most 10 % allowed). The shield goes up ' +
        'again; look at the application of the primary before anybody is sent there.',
    });
  });
});

describe('hold-share: a place that sees nothing', () => {
  it('has not asked: the other place alone is counted', async () => {
    const at = bench((place) => (place === 'dublin' ? blind : goodFrom('standby')));
    expect(await hold(at)).toMatchObject({ asked: 30, failed: 0 });
  });

  it('does not hide the failures that the other one sees', async () => {
    const at = bench((place) => (place === 'dublin' ? blind : bad));
    expect((await refusalOf(hold(at))).message).toContain('10 of 10 answers failed (100.0 %');
    expect(at.clock.now()).toBe(START + 18_000);
  });

  it('is no failure where nobody sees anything', async () => {
    expect(await hold(bench(() => blind))).toEqual({ next: 1, more: true, asked: 0, failed: 0 });
  });
});

describe('hold-share: the lease', () => {
  it('is renewed at the beginning and then every ten seconds, so that orders are heard soon', async () => {
    const long = configWith((shop) => {
      Object.assign(shop.policy, { canary: { ...canary, holdSeconds: 150 } });
    });
    const at = bench(well, long);
    await hold(at);
    expect(at.ledger.renewals.slice(0, 3)).toEqual([1_772_446_000_000, 1_772_446_010_000, 1_772_446_020_000]);
  });

  it('ends the share at once where somebody skips the rest of it, and not for a word about an earlier one', async () => {
    const long = configWith((shop) => {
      Object.assign(shop.policy, { canary: { ...canary, holdSeconds: 150 } });
    });
    const at = bench(well, long);
    at.ledger.orders = ordersOf(order('skip', -60, { step: 'share' }));
    at.ledger.beforeRenewal = () => {
      if (at.clock.now() >= START + 20_000) at.ledger.orders = ordersOf(order('skip', 15, { step: 'share' }));
    };
    expect(await hold(at)).toMatchObject({ next: 1 });
    expect(at.clock.now()).toBe(START + 20_000);
  });

  it('ends the share when it is lost', async () => {
    const at = bench(well);
    at.ledger.holder = 'run-2';
    expect((await refusalOf(hold(at))).name).toBe('LeaseLost');
    expect(at.prober.asked).toEqual([]);
  });

  it('ends the share when nobody can say whose it is', async () => {
    const at = bench(well);
    at.ledger.failure = unavailable('DynamoDB UpdateItem');
    expect((await refusalOf(hold(at))).name).toBe('CloudUnavailable');
  });
});

describe('hold-share: what is refused at the door', () => {
  it('refuses a share that the policy does not have, and any share where it has none', async () => {
    const refused = [
      'share: got 2, expected a share of policy.canary',
      'share: got 0, expected a share of policy.canary',
    ];
    expect(await problemsOf(bench(well).step, { run, lease, share: 2 })).toEqual([refused[0]]);
    expect(await problemsOf(bench(well, config).step, { run, lease, share: 0 })).toEqual([refused[1]]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench(well);
    expect(await problemsOf(at.step, { run: brokenRun, lease, share: -1 })).toEqual([
      ...problemsOfBrokenRun,
      'share: got -1, expected number to be >=0',
    ]);
    expect(at.prober.asked).toEqual([]);
  });
});
