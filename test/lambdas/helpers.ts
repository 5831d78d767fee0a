import { CloudUnavailable, LeaseLost } from '../../core/errors.ts';
import type { LeaseGrant, LeaseItem, LeaseRequest, Vouch } from '../../core/ledger/lease.ts';
import type {
  Alarms,
  Announcer,
  Call,
  Clock,
  Fence,
  LeaseRelease,
  Ledger,
  Log,
  Metrics,
  Prober,
  RouteStore,
  SpreadLedger,
  WatchMemories,
} from '../../core/ports.ts';
import type { WatchMemory } from '../../core/watch/memory.ts';
import type { ProbeAnswer, ProbeTarget } from '../../core/watch/probe.ts';
import type { RunRecord } from '../../core/run/record.ts';
import type { OriginId, Route } from '../../core/route/route.ts';
import type { SpreadHistory } from '../../core/route/spread.ts';
import type { AlarmState } from '../../core/watch/signal.ts';
import { lease, run, START } from './fixture.ts';

/*
 * The outside of the steps, in memory: each port as small as its contract allows, and honest about it. What a test did not
 * prepare throws, so that a step cannot do unnoticed what it should not do.
 */

export const unavailable = (call: string): CloudUnavailable =>
  new CloudUnavailable({ call, got: 'HTTP 503', next: 'It is tried again.' });

/** A clock that moves only when everybody who runs has come to a stop: the earliest sleeper then wakes. */
export class VirtualClock implements Clock {
  private time = START;
  private readonly sleepers: { at: number; wake: () => void }[] = [];

  now(): number {
    return this.time;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((wake) => {
      this.sleepers.push({ at: this.time + ms, wake });
      // One turn for each sleeper, after all promises have settled.
      setImmediate(() => this.turn());
    });
  }

  private turn(): void {
    this.sleepers.sort((a, b) => a.at - b.at);
    const next = this.sleepers.shift();
    if (next === undefined) return;
    this.time = Math.max(this.time, next.at);
    next.wake();
  }
}

/** An invocation that the platform stops after so long. */
export function callOf(clock: Clock, limitSeconds = 900): Call {
  const end = clock.now() + limitSeconds * 1000;
  return { remainingMs: () => end - clock.now() };
}

export class MemoryLog implements Log {
  readonly infos: string[] = [];
  readonly warnings: { message: string; facts: Record<string, unknown> | undefined }[] = [];
  info(message: string): void {
    this.infos.push(message);
  }
  warn(message: string, facts?: Record<string, unknown>): void {
    this.warnings.push({ message, facts });
  }
}

export class MemoryMetrics implements Metrics {
  readonly figures: [string, number][] = [];
  readonly levels: [string, number, Readonly<Record<string, string>>][] = [];
  count(name: string, value: number): void {
    this.figures.push([name, value]);
  }
  seconds(name: string, value: number): void {
    this.figures.push([name, value]);
  }
  level(name: string, value: number, about: Readonly<Record<string, string>>): void {
    this.levels.push([name, value, about]);
  }
}

/** The ledger of one workload; by default the run of the tests holds its lease. */
export class MemoryLedger implements Ledger {
  holder: string | null = run.execution;
  epoch: number = lease.epoch;
  expiresAt: number = lease.expiresAt;
  cooldownUntil = 0;
  brake = false;
  /** When set, every call fails with it. */
  failure: Error | null = null;
  /** Called before each renewal: a moment at which the lease may be lost. */
  beforeRenewal: () => void = () => undefined;
  readonly renewals: number[] = [];
  readonly finished: { record: RunRecord; release: LeaseRelease | null }[] = [];

  async takeLease(request: LeaseRequest): Promise<LeaseGrant> {
    this.failIfAsked();
    const held = this.holder !== null && this.expiresAt > request.now;
    if (held && this.holder === request.execution) {
      return { taken: true, epoch: this.epoch, expiresAt: this.expiresAt, recentMoves: 0 };
    }
    if (held) {
      const holder = this.holder ?? '';
      return { taken: false, reason: 'held', detail: `held by ${holder}`, holder };
    }
    if (!request.byPerson && this.brake) return { taken: false, reason: 'brake', detail: 'the brake is on' };
    if (!request.byPerson && this.cooldownUntil > request.now) {
      return { taken: false, reason: 'cooldown', detail: 'cooling down' };
    }
    this.holder = request.execution;
    this.epoch += 1;
    this.expiresAt = request.expiresAt;
    return { taken: true, epoch: this.epoch, expiresAt: this.expiresAt, recentMoves: 0 };
  }

  /** The word of a person, as the ledger keeps it. */
  vouched: Vouch | null = null;
  /** What people told the run. */
  orders: LeaseItem['orders'] | null = null;

  async vouch(_: string, given: Vouch): Promise<boolean> {
    this.failIfAsked();
    if (this.holder !== given.execution) return false;
    this.vouched = given;
    return true;
  }

  async renewLease(request: {
    execution: string;
    epoch: number;
    expiresAt: number;
  }): Promise<{ vouch: Vouch | null; orders?: NonNullable<LeaseItem['orders']> }> {
    this.failIfAsked();
    this.beforeRenewal();
    if (this.holder !== request.execution || this.epoch !== request.epoch) {
      throw new LeaseLost(`${request.execution} does not hold the lease, ${this.holder ?? 'nobody'} does`);
    }
    this.expiresAt = request.expiresAt;
    this.renewals.push(request.expiresAt);
    return { vouch: this.vouched, ...(this.orders == null ? {} : { orders: this.orders }) };
  }

  async finish(record: RunRecord, release: LeaseRelease | null): Promise<void> {
    this.failIfAsked();
    if (release !== null && release.epoch !== null && release.epoch !== this.epoch)
      throw new LeaseLost('released by a former holder');
    this.finished.push({ record, release });
    if (release === null) return;
    this.holder = null;
    this.cooldownUntil = release.cooldownUntil ?? this.cooldownUntil;
  }

  async isRecorded(of: { execution: string }): Promise<boolean> {
    this.failIfAsked();
    return this.finished.some(({ record }) => record.run.execution === of.execution);
  }

  private failIfAsked(): void {
    if (this.failure !== null) throw this.failure;
  }
}

/** A route with a version that changes with every write. */
export class MemoryRoutes implements RouteStore {
  route: Route | null;
  reads = 0;
  readonly written: Route[] = [];
  /** Somebody else's writes: one comes in between each of our reads and the write after it, until there are none left. */
  readonly rivals: Route[] = [];
  private version = 1;

  constructor(route: Route | null = null) {
    this.route = route;
  }

  async read(): Promise<{ route: Route | null; version: string }> {
    this.reads += 1;
    return { route: this.route, version: `E${this.version}` };
  }

  async write(_: string, route: Route, version: string): Promise<boolean> {
    const rival = this.rivals.shift();
    if (rival !== undefined) this.put(rival);
    if (version !== `E${this.version}`) return false;
    this.put(route);
    this.written.push(route);
    return true;
  }

  /** What the service itself says about the spreading; a test may make it wait. */
  spread: () => boolean = () => true;

  async confirmSpread(): Promise<boolean> {
    return this.spread();
  }

  private put(route: Route): void {
    this.route = route;
    this.version += 1;
  }
}

/** What a probe sees, by the place that asks and the moment in seconds since the start of the test. */
export type Sight = (place: string, target: ProbeTarget, second: number) => ProbeAnswer;

export const goodFrom = (origin: OriginId): ProbeAnswer => ({
  observation: 'good',
  status: 200,
  origin,
  detail: 'answered 200',
});
export const bad: ProbeAnswer = { observation: 'bad', status: 502, origin: null, detail: 'answered 502' };
export const blind: ProbeAnswer = {
  observation: 'unknown',
  status: null,
  origin: null,
  detail: 'no network',
};

/** Probes from two places; the answer comes after `latencyMs`. */
export class MemoryProber implements Prober {
  readonly places: readonly string[] = ['tokyo', 'dublin'];
  readonly asked: { place: string; target: ProbeTarget }[] = [];
  /** Whether each call allowed connections that are open already. */
  readonly reused: boolean[] = [];
  latencyMs = 0;
  private readonly clock: Clock;
  private readonly sight: Sight;

  constructor(clock: Clock, sight: Sight) {
    this.clock = clock;
    this.sight = sight;
  }

  async probe(
    place: string,
    targets: readonly ProbeTarget[],
    { reuse }: { readonly reuse: boolean } = { reuse: false },
  ): Promise<readonly ProbeAnswer[]> {
    if (!this.places.includes(place)) throw new Error(`no such place: ${place}`);
    this.reused.push(reuse);
    this.asked.push(...targets.map((target) => ({ place, target })));
    const second = (this.clock.now() - START) / 1000;
    if (this.latencyMs > 0) await this.clock.sleep(this.latencyMs);
    return targets.map((target) => this.sight(place, target, second));
  }
}

/** What was measured of the edge, with a version that changes with every write. */
export class MemorySpreads implements SpreadLedger {
  history: SpreadHistory | null = null;
  version = 0;
  /** When set, reading fails with it. */
  failure: Error | null = null;
  /** Called before each write: a moment at which somebody else may write. */
  beforeWrite: () => void = () => undefined;

  async read(): Promise<{ history: SpreadHistory | null; version: number }> {
    if (this.failure !== null) throw this.failure;
    return { history: this.history, version: this.version };
  }

  async write(_: string, history: SpreadHistory, version: number): Promise<boolean> {
    this.beforeWrite();
    if (version !== this.version) return false;
    this.history = history;
    this.version += 1;
    return true;
  }
}

/** What the watch remembers, with a version that changes with every write. */
export class MemoryMemories implements WatchMemories {
  memory: WatchMemory | null = null;
  version = 0;
  /** Called before each write: a moment at which somebody else may write. */
  beforeWrite: () => void = () => undefined;

  async read(_: string): Promise<{ memory: WatchMemory | null; version: number }> {
    return { memory: this.memory, version: this.version };
  }

  async write(_: string, memory: WatchMemory, version: number): Promise<boolean> {
    this.beforeWrite();
    if (version !== this.version) return false;
    this.memory = memory;
    this.version += 1;
    return true;
  }
}

/** What a Region says about its alarms: their states, an error, or nothing at all. */
export type RegionAnswer = readonly AlarmState[] | Error | 'silent';

export class MemoryAlarms implements Alarms {
  private readonly regions: Readonly<Record<string, RegionAnswer>>;
  constructor(regions: Readonly<Record<string, RegionAnswer>>) {
    this.regions = regions;
  }
  async states(region: string, names: readonly string[]): Promise<readonly AlarmState[]> {
    const answer = this.regions[region];
    if (answer === undefined) throw new Error(`no alarms were prepared in ${region}`);
    if (answer === 'silent') return new Promise(() => undefined);
    if (answer instanceof Error) throw answer;
    return answer.filter((state) => names.includes(state.name));
  }
}

/** A fence that keeps what was asked of it. */
export class MemoryFence implements Fence {
  readonly asked: string[] = [];
  failure: Error | null = null;
  async shut(epoch: number): Promise<void> {
    this.asked.push(`shut ${epoch}`);
    if (this.failure !== null) throw this.failure;
  }
  async open(): Promise<void> {
    this.asked.push('open');
    if (this.failure !== null) throw this.failure;
  }
}

export class MemoryAnnouncer implements Announcer {
  readonly messages: { subject: string; text: string; workload: string; outcome: string }[] = [];
  failure: Error | null = null;
  async announce(message: MemoryAnnouncer['messages'][number]): Promise<void> {
    if (this.failure !== null) throw this.failure;
    this.messages.push(message);
  }
}
