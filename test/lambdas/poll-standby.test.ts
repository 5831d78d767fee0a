import type { Config } from '../../core/config/schema.ts';
import { makePollStandby } from '../../lambdas/poll-standby/poll-standby.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  configWith,
  externalConfig,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
} from './fixture.ts';
import { healthyMachinery, MemoryStandby, onlyFor } from './azure-helpers.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryLedger,
  MemoryLog,
  MemoryProber,
  VirtualClock,
  type Sight,
} from './helpers.ts';

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly prober: MemoryProber;
  readonly standby: MemoryStandby;
}

function bench(sight: Sight = () => goodFrom('standby'), own: Config = config): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const standby = new MemoryStandby();
  const prober = new MemoryProber(clock, sight);
  const deps = { config: own, clock, log: new MemoryLog(), ledger, prober, standby: onlyFor(standby) };
  return { step: makePollStandby(deps), clock, ledger, prober, standby };
}

const poll = async (at: Bench): Promise<unknown> =>
  at.step({ run, lease, waitingSince: '2026-03-02T10:00:00.000Z' }, callOf(at.clock, 90));

const sick = (detail: string): { good: false; detail: string } => ({ good: false, detail });

describe('poll-standby: one look', () => {
  it('is ready when gateway, cluster, database and application are good, and says when it saw that', async () => {
    const at = bench();
    at.prober.latencyMs = 500;
    expect(await poll(at)).toEqual({
      ready: true,
      checks: [
        { name: 'application gateway', good: true, detail: '2 of 2 backends Up' },
        { name: 'kubernetes cluster', good: true, detail: 'running' },
        { name: 'database', good: true, detail: 'Ready' },
        { name: 'application', good: true, detail: '2 of 2 places get the deep answer' },
      ],
      growing: null,
      checkedAt: '2026-03-02T10:00:00.500Z',
    });
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('asks of a cold standby that all of it is there, and of a warm one that it serves, if the policy has it so', async () => {
    const asked = async (tier: 'cold' | 'warm', serveFirst: boolean): Promise<unknown> => {
      const own = configWith((shop) => {
        Object.assign(shop.standby, { tier });
        Object.assign(shop.policy, { serveFirst });
      });
      const at = bench(undefined, own);
      await poll(at);
      return at.standby.wanted;
    };
    expect(await asked('cold', true)).toEqual(['whole']);
    expect(await asked('warm', true)).toEqual(['serving']);
    expect(await asked('warm', false)).toEqual(['whole']);
  });

  it('asks the standby through the edge, whatever the route says, for a page that needs its database', async () => {
    const at = bench();
    await poll(at);
    expect(at.prober.asked[1]).toEqual({
      place: 'dublin',
      target: {
        about: 'standby',
        url: 'https://shop.example.com/__pilotlight/standby/owners',
        status: 200,
        contains: 'Owners',
        timeoutMs: 3000,
      },
    });
  });

  it.each(['gateway', 'cluster', 'database'] as const)('is not ready while the %s is not', async (part) => {
    const at = bench();
    at.standby.checks = { ...healthyMachinery, [part]: sick('not yet') };
    expect(await poll(at)).toMatchObject({ ready: false });
  });

  it('is not ready while one place does not get the deep answer, and names that place', async () => {
    const at = bench((place) => (place === 'dublin' ? bad : goodFrom('standby')));
    const application = { name: 'application', good: false, detail: 'dublin: answered 502' };
    expect(await poll(at)).toMatchObject({ ready: false, checks: [{}, {}, {}, application] });
  });

  it('does without a place that cannot ask, but not without all of them', async () => {
    const some = bench((place) => (place === 'dublin' ? blind : goodFrom('standby')));
    expect(await poll(some)).toMatchObject({
      ready: true,
      checks: [{}, {}, {}, { good: true, detail: '1 of 2 places get the deep answer' }],
    });
    expect(await poll(bench(() => blind))).toMatchObject({
      ready: false,
      checks: [{}, {}, {}, { good: false, detail: '0 of 2 places get the deep answer' }],
    });
  });
});

describe('poll-standby: a gateway that does not believe its backends yet', () => {
  const believing = (at: Bench, looks: number): void => {
    const { standby } = at;
    Object.defineProperty(standby, 'checks', {
      get: () =>
        standby.wanted.length > looks
          ? healthyMachinery
          : { ...healthyMachinery, gateway: sick('10.0.0.5 is Unknown') },
    });
  };

  it('is looked at once more in the same step, and the evidence is of that look', async () => {
    const at = bench();
    believing(at, 1);
    expect(await poll(at)).toMatchObject({ ready: true, checkedAt: '2026-03-02T10:00:03.000Z' });
    expect(at.standby.wanted).toHaveLength(2);
  });

  it('is no readier than that second look, and no third one follows', async () => {
    const at = bench();
    believing(at, 9);
    expect(await poll(at)).toMatchObject({
      ready: false,
      checks: [{ detail: '10.0.0.5 is Unknown' }, {}, {}, {}],
    });
    expect(at.standby.wanted).toHaveLength(2);
  });

  it('is not waited for where something else is missing too, or where the look itself took long', async () => {
    const more = bench();
    more.standby.checks = { ...healthyMachinery, gateway: sick('not yet'), cluster: sick('Starting') };
    expect(await poll(more)).toMatchObject({ ready: false });
    expect(more.standby.wanted).toHaveLength(1);
    const slow = bench();
    slow.prober.latencyMs = 20_000;
    believing(slow, 1);
    expect(await poll(slow)).toMatchObject({ ready: false });
    expect(slow.standby.wanted).toHaveLength(1);
  });
});

describe('poll-standby: the time limit', () => {
  it('names every check that is not good', async () => {
    const at = bench(() => bad);
    at.standby.checks = {
      gateway: sick('1 of 2 backends Up; 10.0.0.5 is Down'),
      cluster: healthyMachinery.cluster,
      database: sick('Starting'),
    };
    await at.clock.sleep(301_000);
    const error = await refusalOf(poll(at));
    expect(error).toMatchObject({ name: 'StandbyNotReady', retryable: false });
    expect(error.message).toBe(
      'The standby is not healthy after 301 s, the limit is 300 s. application gateway: 1 of 2 backends Up; 10.0.0.5 ' +
        'is Down; database: Starting; application: tokyo: answered 502, dublin: answered 502. Nothing was switched; ' +
        'the shield stays.',
    );
  });

  it.each(['cold', 'warm'] as const)(
    'is for a %s standby its own time alone, from the first look on',
    async (tier) => {
      const config = configWith((shop) => {
        shop.standby.tier = tier;
      });
      const at = bench(() => bad, config);
      await at.clock.sleep(300_000);
      expect(await poll(at)).toMatchObject({ ready: false });
      await at.clock.sleep(1_000);
      expect((await refusalOf(poll(at))).message).toContain('after 301 s, the limit is 300 s.');
    },
  );

  it('takes a standby that is good at last, however late', async () => {
    const at = bench();
    await at.clock.sleep(5_000_000);
    expect(await poll(at)).toMatchObject({ ready: true });
  });
});

describe('poll-standby: what is refused', () => {
  it('stops before it asks anybody when the lease is lost', async () => {
    const at = bench();
    at.ledger.holder = 'run-2';
    expect((await refusalOf(poll(at))).name).toBe('LeaseLost');
    expect(at.prober.asked).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    expect(await problemsOf(at.step, { run: brokenRun, lease, waitingSince: 12 })).toEqual([
      ...problemsOfBrokenRun,
      'waitingSince: got 12, expected string',
    ]);
    expect(at.prober.asked).toEqual([]);
  });
});

describe('poll-standby: an external standby', () => {
  const own = (places: number): Config => {
    const external = externalConfig();
    const { shop } = external.workloads;
    return {
      ...external,
      workloads: {
        shop: {
          ...shop!,
          policy: {
            ...shop!.policy,
            confirm: { ...shop!.policy.confirm, quorum: { signals: 3, kinds: 2, places } },
          },
        },
      },
    };
  };

  it('is judged by its application alone, and nobody asks Azure', async () => {
    const at = bench(undefined, own(2));
    expect(await poll(at)).toEqual({
      ready: true,
      checks: [{ name: 'application', good: true, detail: '2 of 2 places get the deep answer' }],
      growing: null,
      checkedAt: '2026-03-02T10:00:00.000Z',
    });
    expect(at.standby.wanted).toEqual([]);
  });

  it('is not ready while fewer places than the quorum have seen it good: nothing else speaks for it', async () => {
    const half: Sight = (place) => (place === 'dublin' ? goodFrom('standby') : blind);
    const detail = '1 of 2 places get the deep answer, expected at least 2';
    expect(await poll(bench(half, own(2)))).toMatchObject({
      ready: false,
      checks: [{ name: 'application', good: false, detail }],
    });
    expect(await poll(bench(half, own(1)))).toMatchObject({ ready: true });
  });

  it('is looked at by a dry run too: it is always on, and a look changes nothing', async () => {
    const dry = async (sight: Sight): Promise<unknown> => {
      const at = bench(sight, own(2));
      const input = { run: { ...run, dryRun: true }, lease, waitingSince: '2026-03-02T10:00:00.000Z' };
      const seen = await at.step(input, callOf(at.clock, 90));
      expect(at.ledger.renewals).toEqual([]);
      return seen;
    };
    expect(await dry(() => goodFrom('standby'))).toMatchObject({ ready: true });
    expect(await dry(() => bad)).toMatchObject({ ready: false });
  });

  it('is not ready where one place gets a bad answer', async () => {
    const half: Sight = (place) => (place === 'dublin' ? bad : goodFrom('standby'));
    expect(await poll(bench(half, own(1)))).toMatchObject({
      ready: false,
      checks: [{ name: 'application', good: false, detail: 'dublin: answered 502' }],
    });
  });
});
