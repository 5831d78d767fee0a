import type { Config } from '../../core/config/schema.ts';
import type { BrakeItem, LeaseItem } from '../../core/ledger/lease.ts';
import type { Starter } from '../../core/ports.ts';
import { makeWatch } from '../../lambdas/watch/watch.ts';
import { config, START } from './fixture.ts';
import {
  bad,
  callOf,
  goodFrom,
  MemoryAnnouncer,
  MemoryLog,
  MemoryMemories,
  MemoryMetrics,
  MemoryProber,
  VirtualClock,
  type Sight,
} from './helpers.ts';

export const FREE: LeaseItem = {
  holder: null,
  expiresAt: 0,
  epoch: 3,
  cooldownUntil: 0,
  disarmed: false,
  moves: [],
  vouch: null,
};

interface Standing {
  readonly lease?: LeaseItem | null;
  readonly brake?: BrakeItem | null;
}

/** An event of SQS with one look that was due at a second of the test. */
export const dueAt = (second: number, workloads: readonly string[] = ['shop']): unknown => ({
  Records: [{ messageId: 'm', body: JSON.stringify({ dueAt: START + second * 1000, workloads }) }],
});

/** The watch over a site that is as `sight` says, and whatever a test wants to see of it. */
export function bench(sight: Sight, standing: Standing = {}, own: Config = config) {
  const clock = new VirtualClock();
  const memories = new MemoryMemories();
  const prober = new MemoryProber(clock, sight);
  const announcer = new MemoryAnnouncer();
  const metrics = new MemoryMetrics();
  const log = new MemoryLog();
  const asked: { name: string; input: unknown; second: number }[] = [];
  /** Whether the next run is started; not where one of that name is there already. */
  const starts = { next: true };
  const starter: Starter = {
    start: async (name, input) => {
      asked.push({ name, input, second: (clock.now() - START) / 1000 });
      return starts.next;
    },
  };
  let now = standing;
  const step = makeWatch({
    ...{ config: own, clock, log, metrics, prober, memories, announcer, starter },
    standing: async () => ({ lease: now.lease ?? null, brake: now.brake ?? null }),
  });
  /** One message, delivered now. */
  const take = (event: unknown): Promise<unknown> => step(event, callOf(clock, 30));
  /** Looks every ten seconds, each delivered in time. */
  const minutes = async (count: number): Promise<void> => {
    for (let look = 0; look < 6 * count; look += 1) {
      const second = (clock.now() - START) / 1000;
      await take(dueAt(second));
      await clock.sleep(10_000);
    }
  };
  const become = (next: Standing): void => {
    now = next;
  };
  const seen = { clock, memories, prober, announcer, metrics, log, asked, starts };
  return { ...seen, take, minutes, become };
}

/** Good until a second, bad from then on. */
export const diesAt =
  (second: number): Sight =>
  (_, __, now) =>
    now < second ? goodFrom('primary') : bad;
