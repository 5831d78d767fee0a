import type { SeededRandom } from '../random.ts';
import {
  FunctionHost,
  PlainHost,
  type EdgeHost,
  type Origins,
  type ViewerRequest,
  type ViewerResponse,
} from './edge-host.ts';
import type { Journal } from './journal.ts';

/** A place where users (and probes) meet CloudFront. Its machines learn of a change each at its own moment. */
export interface EdgeLocationPlan {
  readonly name: string;
  /** Seconds until a machine of this location learns of a change, drawn anew for every change and machine. */
  readonly learnsWithinSeconds: readonly [number, number];
}

/** How a change spread: seconds from its publication until the first and the last location knew it entirely. */
export interface Spread {
  readonly firstSeconds: number;
  readonly lastSeconds: number;
}

const HOSTS_PER_LOCATION = 2;

/** The simulated CloudFront distribution. */
export class Edge {
  private readonly hosts = new Map<string, readonly EdgeHost[]>();
  private readonly plans: readonly EdgeLocationPlan[];
  private readonly origins: Origins;
  private readonly random: SeededRandom;
  private readonly journal: Journal;
  /** By change: seconds after which each location knew it. */
  private readonly spreads: Map<string, number>[] = [];
  private beacons = 0;

  constructor(options: {
    readonly plans: readonly EdgeLocationPlan[];
    readonly strategy: 'key-value' | 'distribution';
    readonly origins: Origins;
    readonly random: SeededRandom;
    readonly journal: Journal;
  }) {
    this.plans = options.plans;
    this.origins = options.origins;
    this.random = options.random;
    this.journal = options.journal;
    const Host = options.strategy === 'key-value' ? FunctionHost : PlainHost;
    for (const plan of options.plans) {
      this.hosts.set(
        plan.name,
        Array.from({ length: HOSTS_PER_LOCATION }, () => new Host()),
      );
    }
  }

  /** Seconds within which a machine of a location learns of a change. */
  spreadSecondsOf(location: string): readonly [number, number] {
    const plan = this.plans.find(({ name }) => name === location);
    if (plan === undefined) throw new Error(`no edge location is called ${location}`);
    return plan.learnsWithinSeconds;
  }

  get locations(): readonly string[] {
    return this.plans.map((plan) => plan.name);
  }

  /** A change on its way to every machine. @returns its number. */
  publish(value: string, words: string): number {
    const known = new Map<string, number>();
    const change = this.spreads.push(known) - 1;
    // A stream of its own for each change: how it spreads must not depend on how many users asked before.
    const random = this.random.fork(`change ${change}`);
    const now = Date.now();
    let last = 0;
    for (const plan of this.plans) {
      for (const host of this.hosts.get(plan.name) ?? []) {
        const seconds = random.between(...plan.learnsWithinSeconds);
        last = Math.max(last, seconds);
        setTimeout(() => {
          // A newer change may have overtaken this one on its way.
          if (host.learned.version < change + 1) host.learned = { version: change + 1, value };
          known.set(plan.name, (Date.now() - now) / 1000);
        }, seconds * 1000);
      }
    }
    setTimeout(() => {
      this.journal.note('edge', `every edge location knows the route to ${words}`);
    }, last * 1000);
    return change;
  }

  /** A beacon on its way to every machine, as a route goes, with draws of its own: measuring must not move what is measured. */
  publishBeacon(value: string): void {
    this.beacons += 1;
    const version = this.beacons;
    const random = this.random.fork(`beacon ${version}`);
    for (const plan of this.plans) {
      for (const host of this.hosts.get(plan.name) ?? []) {
        setTimeout(
          () => {
            if (host.beacon.version < version) host.beacon = { version, value };
          },
          random.between(...plan.learnsWithinSeconds) * 1000,
        );
      }
    }
  }

  /** What every machine knows from the beginning. */
  install(value: string): void {
    for (const hosts of this.hosts.values()) for (const host of hosts) host.learned = { version: 0, value };
  }

  /** How a change has spread; null while a location does not know it yet. */
  spreadOf(change: number): Spread | null {
    const seconds = [...(this.spreads[change]?.values() ?? [])];
    if (seconds.length < this.plans.length) return null;
    return { firstSeconds: Math.min(...seconds), lastSeconds: Math.max(...seconds) };
  }

  /** Locations that answer nobody: a fault of the network there, not of any origin. */
  readonly cutOff = new Set<string>();

  async serve(location: string, request: ViewerRequest): Promise<ViewerResponse> {
    const hosts = this.hosts.get(location);
    if (hosts === undefined) throw new Error(`no edge location is called ${location}`);
    if (this.cutOff.has(location)) return { status: 503, headers: {}, body: '', sentTo: null };
    return this.random.pick(hosts).serve(request, this.origins);
  }
}
