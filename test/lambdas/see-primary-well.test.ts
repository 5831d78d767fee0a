import { CloudRefused } from '../../core/errors.ts';
import type { Targets } from '../../core/ports.ts';
import { makeSeePrimaryWell } from '../../lambdas/see-primary-well/see-primary-well.ts';
import { onlyFor } from './azure-helpers.ts';
import { brokenRun, config, lease, problemsOf, problemsOfBrokenRun, refusalOf, START } from './fixture.ts';
import {
  bad,
  blind,
  callOf,
  goodFrom,
  MemoryLog,
  MemoryMemories,
  MemoryProber,
  unavailable,
  VirtualClock,
  type Sight,
} from './helpers.ts';
import { homeLedger, homeRun } from './home-helpers.ts';
import { order, ordersOf } from './orders-helpers.ts';

/*
 * Goal: users go home only to a primary that was well for as long as a recovery must last, from every place and behind its load balancer.
 */

const SINCE = '2026-03-02T10:00:00.000Z';
type Health = Awaited<ReturnType<Targets['health']>>;
const HEALTHY: Health = { healthy: 2, all: 2, unhealthy: [] };

function bench(sight: Sight, health: Health | Error | null = HEALTHY) {
  const clock = new VirtualClock();
  const ledger = homeLedger();
  const prober = new MemoryProber(clock, sight);
  const memories = new MemoryMemories();
  const servers = { health };
  const targets: Targets | null =
    health === null
      ? null
      : {
          health: async () => {
            if (servers.health instanceof Error) throw servers.health;
            return servers.health ?? HEALTHY;
          },
        };
  const step = makeSeePrimaryWell({
    ...{ config, clock, log: new MemoryLog(), ledger, prober, memories, targets: onlyFor(targets) },
  });
  const look = (more: object = { waitingSince: SINCE }) =>
    step({ run: homeRun, lease, ...more }, callOf(clock, 60));
  /** Looks each ten seconds until that second, without it. */
  const lookUntil = async (second: number): Promise<void> => {
    while (clock.now() < START + second * 1000) {
      await look();
      await clock.sleep(10_000);
    }
  };
  return { step, look, lookUntil, clock, ledger, prober, servers, memories };
}

const well: Sight = () => goodFrom('primary');

describe('see-primary-well: a primary that is well', () => {
  it('is well only once it was well for so long', async () => {
    const at = bench(well);
    expect(await at.look()).toEqual({
      well: false,
      summary: 'the primary is good for 0 s (60 needed); 2 of 2 servers behind its load balancer are healthy',
      checkedAt: '2026-03-02T10:00:00.000Z',
    });
    await at.lookUntil(50);
    expect(await at.look()).toMatchObject({ well: false });
    await at.clock.sleep(10_000);
    expect(await at.look()).toEqual({
      well: true,
      summary:
        'the primary is good for 60 s (60 needed); 2 of 2 servers behind its load balancer are healthy',
      checkedAt: '2026-03-02T10:01:00.000Z',
    });
  });

  it('is asked from every place, by the page that needs its database', async () => {
    const at = bench(well);
    await at.look();
    const asked = at.prober.asked.filter(({ target }) => target.about === 'primary');
    expect(asked.map(({ place, target }) => `${place} ${target.url}`)).toEqual([
      'tokyo https://alb.shop.example.com/owners',
      'dublin https://alb.shop.example.com/owners',
    ]);
  });

  it('begins its time anew after a bad look', async () => {
    const at = bench((_, __, second) => (second === 140 ? bad : goodFrom('primary')));
    await at.lookUntil(130);
    expect(await at.look()).toMatchObject({ well: true });
    await at.clock.sleep(10_000);
    // The first good look after it is that of 150 s.
    await at.lookUntil(200);
    expect(await at.look()).toMatchObject({ well: false });
    await at.clock.sleep(10_000);
    expect(await at.look()).toMatchObject({ well: true });
  });

  it('must be well for longer where users were moved away from it lately', async () => {
    const at = bench(well);
    await at.lookUntil(60);
    const restless = { lease: { ...lease, recentMoves: 1 }, waitingSince: SINCE };
    expect(await at.look(restless)).toMatchObject({
      well: false,
      summary: expect.stringContaining('the primary is good for 60 s (120 needed)') as unknown,
    });
  });

  it('is well by its looks alone where no target group is configured', async () => {
    const at = bench(well, null);
    await at.lookUntil(60);
    expect(await at.look()).toMatchObject({
      well: true,
      summary: 'the primary is good for 60 s (60 needed); no target group is configured',
    });
  });
});

describe('see-primary-well: servers behind its load balancer', () => {
  const sick = (healthy: number, all: number): Health => ({
    healthy,
    all,
    unhealthy: ['10.0.0.10: Target.FailedHealthChecks'],
  });

  it.each<[Health | Error, boolean, string]>([
    [
      sick(2, 3),
      true,
      '2 of 3 servers behind its load balancer are healthy (10.0.0.10: Target.FailedHealthChecks)',
    ],
    [sick(1, 2), false, '1 of 2 servers behind its load balancer are healthy'],
    [{ healthy: 0, all: 0, unhealthy: [] }, false, '0 of 0 servers behind its load balancer are healthy'],
    [unavailable('ELBv2 DescribeTargetHealth'), false, 'ELBv2 DescribeTargetHealth failed: got HTTP 503'],
    [
      new CloudRefused({ call: 'ELBv2 DescribeTargetHealth', got: 'TargetGroupNotFound', next: 'Look.' }),
      false,
      'TargetGroupNotFound',
    ],
  ])('%j make the primary well: %s', async (health, isWell, words) => {
    const at = bench(well);
    await at.lookUntil(60);
    at.servers.health = health;
    expect(await at.look()).toMatchObject({
      well: isWell,
      summary: expect.stringContaining(words) as unknown,
    });
  });

  it('that fail by our own mistake are no answer', async () => {
    const at = bench(well, new TypeError('a mistake'));
    expect((await refusalOf(at.look())).name).toBe('TypeError');
  });
});

describe('see-primary-well: a primary that is not well', () => {
  it('is waited for until the limit, and then refused with what is not well', async () => {
    const at = bench(() => bad);
    await at.clock.sleep(1_799_000);
    expect(await at.look()).toMatchObject({ well: false });
    await at.clock.sleep(1_000);
    const refusal = await refusalOf(at.look());
    expect(refusal).toMatchObject({ name: 'PrimaryNotWell', retryable: false });
    expect(refusal.message).toBe(
      'The primary is not well after 1800 s (policy.failback.waitSeconds): the primary is not seen good from enough places; ' +
        '2 of 2 servers behind its load balancer are healthy. Users stay on the standby. Mend the primary, then begin again: ' +
        'pilotlight failback shop --reason ...',
    );
  });

  it('is well at the limit where it is well', async () => {
    const at = bench(well);
    await at.lookUntil(1_800);
    expect(await at.look()).toMatchObject({ well: true });
  });

  it('is refused at once where it must be well now', async () => {
    const at = bench((_, { about }) => (about === 'primary' ? blind : goodFrom('standby')));
    expect((await refusalOf(at.look({}))).message).toContain(
      'The primary is not well any more: the primary is not',
    );
    const good = bench(well);
    await good.lookUntil(60);
    expect(await good.look({})).toMatchObject({ well: true });
  });
});

describe('see-primary-well: who may go on', () => {
  it('hears that the way home is cancelled, before anything is asked', async () => {
    const at = bench(well);
    at.ledger.orders = ordersOf(order('cancel'));
    expect((await refusalOf(at.look())).name).toBe('CancelledByOrder');
    expect(at.prober.asked).toEqual([]);
  });

  it('asks nobody in a rehearsal on paper', async () => {
    const at = bench(() => bad);
    expect(await at.look({ run: { ...homeRun, dryRun: true } })).toEqual({
      well: true,
      summary: 'dry run: it was not looked at',
      checkedAt: '2026-03-02T10:00:00.000Z',
    });
    expect([at.prober.asked, at.ledger.renewals, at.memories.version]).toEqual([[], [], 0]);
  });

  it('names everything that is wrong with its input', async () => {
    const { step } = bench(well);
    expect(await problemsOf(step, { run: brokenRun, lease })).toEqual(problemsOfBrokenRun);
  });
});
