import type { RouteWrite } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import type { Journal } from './journal.ts';
import type { Site } from './site.ts';

/** The part of a written route that the world looks at. */
interface RouteText {
  readonly origin: string;
  readonly by: string;
  readonly epoch: number;
  readonly canary?: { readonly origin: string; readonly percent: number };
}

const describeRoute = ({ origin, canary }: RouteText): string =>
  canary === undefined ? origin : `${origin} with ${canary.percent} % on ${canary.origin}`;

/** How many of the users a route sends to the standby. */
const percentOnStandby = ({ origin, canary }: RouteText): number =>
  origin === 'standby' ? 100 : canary?.origin === 'standby' ? canary.percent : 0;

/** The same of the primary. */
const percentOnPrimary = ({ origin, canary }: RouteText): number =>
  origin === 'primary' ? 100 - (canary?.percent ?? 0) : canary?.origin === 'primary' ? canary.percent : 0;

/** A route that an earlier run, long over, has left behind; null where there was none. */
export function initialRouteOf({ startsOn, standbyServed }: Scenario): string | null {
  if (startsOn === 'primary') return null;
  const at = new Date().toISOString();
  return JSON.stringify({
    v: 1,
    origin: startsOn,
    epoch: 7,
    fence: 0,
    standbyServed: standbyServed || startsOn === 'standby',
    by: 'an earlier run',
    at,
  });
}

/** Sees every move of the route arrive, notes the truth at that moment, and sends it to the edge. */
export class RouteWatch {
  readonly writes: RouteWrite[] = [];
  private readonly site: Site;
  private readonly journal: Journal;
  private readonly standbyDies: boolean;
  private readonly holder: () => string | null;

  constructor(options: {
    readonly site: Site;
    readonly journal: Journal;
    readonly scenario: Scenario;
    /** Who holds the lease now: a distribution does not say who updates it. */
    readonly holder: () => string | null;
  }) {
    this.site = options.site;
    this.journal = options.journal;
    this.holder = options.holder;
    this.standbyDies = options.scenario.happenings.some(({ what }) => what === 'standby-dies-after-switch');
  }

  /** A value was written to the store. */
  onValue(value: string): void {
    this.note(JSON.parse(value) as RouteText, value);
  }

  /** The distribution has another target: whoever holds the lease did it, or somebody who should not. */
  onTarget(origin: string): void {
    const by = this.holder() ?? 'somebody without the lease';
    this.note({ origin, by, epoch: this.writes.length + 1 }, origin);
  }

  private note(route: RouteText, published: string): void {
    const words = describeRoute(route);
    const change = this.site.edge.publish(published, words);
    this.writes.push({
      at: Date.now(),
      origin: route.origin,
      percentOnStandby: percentOnStandby(route),
      percentOnPrimary: percentOnPrimary(route),
      by: route.by,
      epoch: route.epoch,
      change,
      standbyWasFit: this.site.standbySide.fitForTraffic,
      primaryWasUp: this.site.primary.isWell,
    });
    this.journal.note('edge', `the route to ${words} is written, epoch ${route.epoch}`);
    if (route.origin !== 'standby') return;
    this.site.data.switched();
    if (!this.standbyDies) return;
    this.site.standby.condition = 'silent';
    this.journal.note('world', 'the standby stops answering');
  }
}
