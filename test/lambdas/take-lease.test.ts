import type { Config } from '../../core/config/schema.ts';
import type { OriginId, Route } from '../../core/route/route.ts';
import { newSpreadHistory } from '../../core/route/spread.ts';
import { makeTakeLease } from '../../lambdas/take-lease/take-lease.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  configWith,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
  START,
} from './fixture.ts';
import {
  callOf,
  MemoryLedger,
  MemoryLog,
  MemoryRoutes,
  MemorySpreads,
  unavailable,
  VirtualClock,
} from './helpers.ts';

const clock = new VirtualClock();

function bench(
  ledger: MemoryLedger,
  routes = new MemoryRoutes(),
  { own = config, spreads = new MemorySpreads() }: { own?: Config; spreads?: MemorySpreads } = {},
): { step: Step; log: MemoryLog } {
  const log = new MemoryLog();
  return { step: makeTakeLease({ config: own, clock, ledger, log, routes, spreads }), log };
}

/** A ledger whose workload nobody acts on. */
function freeLedger(): MemoryLedger {
  const ledger = new MemoryLedger();
  ledger.holder = null;
  return ledger;
}

const manualRun = { ...run, trigger: 'manual' };
const take = async (ledger: MemoryLedger, input: unknown = { run }): Promise<unknown> =>
  bench(ledger).step(input, callOf(clock));

describe('take-lease: one execution at a time', () => {
  it('takes a free lease for as long as the config says, under the next epoch', async () => {
    const ledger = freeLedger();
    const { step, log } = bench(ledger);
    expect(await step({ run }, callOf(clock))).toEqual({
      taken: true,
      epoch: 8,
      expiresAt: 1_772_446_000_000,
      recentMoves: 0,
      route: 'primary',
      standbyServed: false,
      settle: { seconds: 20, why: '20 s, as limits.shieldSettleSeconds says, whatever was measured' },
    });
    expect(ledger.holder).toBe('run-1');
    expect(log.infos).toEqual(['the lease is ours', 'how long the shield settles']);
  });

  it('gives the same grant to the same execution when the step runs again', async () => {
    const ledger = freeLedger();
    const first = await take(ledger);
    expect(await take(ledger)).toEqual(first);
    expect(ledger.epoch).toBe(8);
  });

  it('passes the word of a person who vouches on to the run that holds it', async () => {
    const ledger = new MemoryLedger();
    ledger.holder = 'run-0';
    const { step } = bench(ledger);
    const vouching = { ...manualRun, skipConfirmation: true };
    expect(await step({ run: vouching }, callOf(clock))).toEqual({
      taken: false,
      reason: 'held',
      detail: `held by run-0; it was told that ${manualRun.requestedBy} vouches for the outage`,
    });
    expect(ledger.vouched).toEqual({
      execution: 'run-0',
      by: manualRun.requestedBy,
      reason: manualRun.reason,
      at: '2026-03-02T10:00:00.000Z',
    });
  });

  it('passes no word on for a person who does not vouch', async () => {
    const ledger = new MemoryLedger();
    ledger.holder = 'run-0';
    await bench(ledger).step({ run: manualRun }, callOf(clock));
    expect(ledger.vouched).toBeNull();
  });

  it('is refused while another execution holds it, even to a person', async () => {
    const ledger = new MemoryLedger();
    ledger.holder = 'run-0';
    const { step, log } = bench(ledger);
    const refusal = { taken: false, reason: 'held', detail: 'held by run-0', holder: 'run-0' };
    expect(await step({ run }, callOf(clock))).toEqual(refusal);
    expect(await step({ run: manualRun }, callOf(clock))).toEqual(refusal);
    expect(log.infos).toEqual(['the lease was refused', 'the lease was refused']);
  });

  it('takes over from an execution whose lease has ended', async () => {
    const ledger = new MemoryLedger();
    ledger.holder = 'run-0';
    ledger.expiresAt = START;
    expect(await take(ledger)).toMatchObject({ taken: true, epoch: 8 });
  });

  it('is refused to an alarm while the brake is on, and given to a person', async () => {
    const ledger = freeLedger();
    ledger.brake = true;
    expect(await take(ledger)).toEqual({ taken: false, reason: 'brake', detail: 'the brake is on' });
    expect(await take(ledger, { run: manualRun })).toMatchObject({ taken: true });
  });

  it('is refused to an alarm inside the cooldown, and given to a person', async () => {
    const ledger = freeLedger();
    ledger.cooldownUntil = START + 1;
    expect(await take(ledger)).toEqual({ taken: false, reason: 'cooldown', detail: 'cooling down' });
    expect(await take(ledger, { run: manualRun })).toMatchObject({ taken: true });
  });

  it('fails where the ledger cannot be read: then nobody acts', async () => {
    const ledger = freeLedger();
    ledger.failure = unavailable('DynamoDB TransactWriteItems');
    expect((await refusalOf(take(ledger))).name).toBe('CloudUnavailable');
  });
});

describe('take-lease: how long the shield settles', () => {
  const own = configWith((shop) => {
    const limits: Partial<typeof shop.limits> = { ...shop.limits };
    delete limits.shieldSettleSeconds;
    Object.assign(shop, { limits: { ...limits, convergeSeconds: 240 } });
  });
  const measured = (worstSeconds: number): MemorySpreads => {
    const spreads = new MemorySpreads();
    spreads.history = {
      ...newSpreadHistory(own.workloads['shop']?.edge.keyValueStoreArn ?? ''),
      days: [{ day: '2026-03-01', measurements: 412, worstSeconds, place: 'tokyo' }],
      last: { at: '2026-03-02T08:00:00.000Z', places: [], leftOut: [] },
    };
    return spreads;
  };
  const settleWith = async (spreads: MemorySpreads, input: unknown = { run }): Promise<unknown> =>
    bench(freeLedger(), new MemoryRoutes(), { own, spreads }).step(input, callOf(clock));

  it('follows from what was measured, and stays so for the whole run', async () => {
    const settle = { seconds: 72, why: '72 s: 2 times the slowest of 412 measurements, 36 s' };
    expect(await settleWith(measured(36))).toMatchObject({ taken: true, settle });
    expect(await settleWith(measured(36), { run: { ...run, dryRun: true } })).toMatchObject({ settle });
  });

  it('is the default where the measurements cannot be read: that stops no run', async () => {
    const spreads = measured(36);
    spreads.failure = unavailable('DynamoDB GetItem');
    expect(await settleWith(spreads)).toMatchObject({
      taken: true,
      settle: { seconds: 90, why: '90 s: what was measured could not be read' },
    });
  });

  it('is the default where they do not come within two seconds: no run waits for them', async () => {
    const spreads = Object.assign(measured(36), { read: () => new Promise<never>(() => undefined) });
    const began = clock.now();
    expect(await settleWith(spreads)).toMatchObject({ taken: true, settle: { seconds: 90 } });
    expect(clock.now() - began).toBe(2_000);
  });
});

const routeTo = (origin: OriginId, more: Partial<Route> = {}): MemoryRoutes =>
  new MemoryRoutes({
    ...more,
    v: 1,
    origin,
    epoch: 3,
    fence: 6,
    by: 'run-0',
    at: '2026-03-02T09:00:00.000Z',
  });

describe('take-lease: where the users are', () => {
  it('says so with the grant, for the shield that an earlier run left up', async () => {
    const { step } = bench(freeLedger(), routeTo('maintenance'));
    expect(await step({ run }, callOf(clock))).toMatchObject({ taken: true, route: 'maintenance' });
  });

  it('says whether the standby may hold writes that the primary does not know', async () => {
    const { step } = bench(freeLedger(), routeTo('maintenance', { standbyServed: true }));
    expect(await step({ run }, callOf(clock))).toMatchObject({ taken: true, standbyServed: true });
    const dry = bench(freeLedger(), routeTo('maintenance', { standbyServed: true }));
    expect(await dry.step({ run: { ...run, dryRun: true } }, callOf(clock))).toMatchObject({
      taken: true,
      standbyServed: true,
    });
  });

  it('takes no lease where the standby serves already, not even for a person', async () => {
    const ledger = freeLedger();
    const { step } = bench(ledger, routeTo('standby'));
    const over = {
      taken: false,
      reason: 'already-over',
      detail: 'the standby serves already; bring the site home before another failover: pilotlight failback',
    };
    expect(await step({ run }, callOf(clock))).toEqual(over);
    expect(await step({ run: manualRun }, callOf(clock))).toEqual(over);
    expect(ledger).toMatchObject({ holder: null, epoch: 7 });
  });

  it('fails where the route cannot be read, and takes nothing', async () => {
    const ledger = freeLedger();
    const routes = new MemoryRoutes();
    routes.read = () => Promise.reject(unavailable('CloudFront GetKey'));
    const { step } = bench(ledger, routes);
    expect((await refusalOf(step({ run }, callOf(clock)))).name).toBe('CloudUnavailable');
    expect(ledger).toMatchObject({ holder: null, epoch: 7 });
  });
});

describe('take-lease: what is refused at the door', () => {
  it('names everything that is wrong with its input', async () => {
    const ledger = freeLedger();
    expect(await problemsOf(bench(ledger).step, { run: brokenRun })).toEqual(problemsOfBrokenRun);
    expect(ledger.holder).toBeNull();
  });

  it('refuses a workload that the config does not have', async () => {
    const ledger = freeLedger();
    expect(await problemsOf(bench(ledger).step, { run: { ...run, workload: 'blog' } })).toEqual([
      'workload: got "blog", expected one of shop',
    ]);
    expect(ledger.holder).toBeNull();
  });
});

describe('take-lease: a planned move', () => {
  const planned = { ...manualRun, planned: true };
  const routeOf = (origin: OriginId, more: object = {}): MemoryRoutes =>
    new MemoryRoutes({
      ...{ v: 1, origin, epoch: 4, fence: 7, by: 'run-0', at: '2026-03-02T09:00:00.000Z', ...more },
    });

  it('begins where all users are on the primary', async () => {
    expect(await bench(freeLedger(), routeOf('primary')).step({ run: planned }, callOf(clock))).toMatchObject(
      {
        taken: true,
      },
    );
  });

  it.each<[string, MemoryRoutes]>([
    ['behind the page', routeOf('maintenance')],
    ['in part on the standby', routeOf('primary', { canary: { origin: 'standby', percent: 5 } })],
  ])('takes nothing where they are %s', async (_, routes) => {
    const ledger = freeLedger();
    expect(await bench(ledger, routes).step({ run: planned }, callOf(clock))).toEqual({
      taken: false,
      reason: 'not-on-primary',
      detail:
        'a planned move begins with all users on the primary, and some are not; see where they are: pilotlight route show',
    });
    expect(ledger.holder).toBeNull();
    expect(await bench(ledger, routes).step({ run: manualRun }, callOf(clock))).toMatchObject({
      taken: true,
    });
  });
});
