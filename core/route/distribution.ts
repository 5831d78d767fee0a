import { originIds, type OriginId, type Route } from './route.ts';

/*
 * The distribution strategy: for a distribution that may carry no function the route is what its cache behaviours
 * target. A move to `standby` or `maintenance` turns every behaviour on one of the three managed origins to that one
 * origin; a move to `primary` gives each of them back what it targeted at home, which need not be the primary.
 */

/** The ids that the three origins of a workload have in its distribution. */
export type ManagedOrigins = Readonly<Record<OriginId, string>>;

/** A cache behaviour and the origin, or group of origins, that it targets; null is the default behaviour. */
export interface Behaviour {
  readonly pathPattern: string | null;
  readonly originId: string;
}

/** The parts of a distribution's configuration that a move depends on. */
export interface DistributionView {
  readonly originIds: readonly string[];
  readonly originGroups: readonly { readonly id: string; readonly originIds: readonly string[] }[];
  readonly behaviours: readonly Behaviour[];
}

/** What the ledger keeps of the route of a distribution. */
export interface RouteRecord {
  /** What the distribution was last told to serve; whether it does, only the distribution itself can say. */
  readonly route: Route;
  /** What each behaviour targets at home: the way back. */
  readonly home: readonly Behaviour[];
  /** Whether the move was seen on every edge location. Until then it may still be under way. */
  readonly settled: boolean;
}

/** Everything that a question about a distribution needs. */
export interface DistributionState {
  readonly view: DistributionView;
  readonly managed: ManagedOrigins;
  readonly record: RouteRecord | null;
}

/** One behaviour that changes its target, and nothing else. */
export interface Retarget {
  readonly pathPattern: string | null;
  readonly from: string;
  readonly to: string;
}

export type MovePlan =
  | { readonly kind: 'refused'; readonly problems: readonly string[] }
  | {
      readonly kind: 'planned';
      /** Empty where the distribution serves what is wanted already. */
      readonly changes: readonly Retarget[];
      readonly home: readonly Behaviour[];
      /** Behaviours that somebody added while the route was away; home for them is the primary. */
      readonly added: readonly string[];
      /** Behaviours of the way back that are gone, or that now target an origin that is not ours. */
      readonly gone: readonly string[];
    };

/** Behaviours for probes reach one origin whatever the route says. CloudFront takes patterns with and without the first /. */
const PROBE_PATTERN = /^\/?__pilotlight\//;

/** Seconds between two looks at a deployment: short while it may be quick, longer once it is not. */
const POLL_SECONDS = { first: 5, most: 20, growth: 1.5 } as const;

/** How people name a behaviour. */
export const behaviourName = (pathPattern: string | null): string => pathPattern ?? 'the default behaviour';

/** The behaviours that follow the route: on an origin of ours, and no probe's. */
function following({ view, managed }: Pick<DistributionState, 'view' | 'managed'>): Behaviour[] {
  const ours = new Set(Object.values(managed));
  return routable(view).filter(({ originId }) => ours.has(originId));
}

const routable = (view: DistributionView): Behaviour[] =>
  view.behaviours.filter(({ pathPattern }) => pathPattern === null || !PROBE_PATTERN.test(pathPattern));

/** Where a behaviour belongs when the route is at the primary. */
function homeOf({ managed, record }: DistributionState, pathPattern: string | null): string {
  const kept = record?.home.find((behaviour) => behaviour.pathPattern === pathPattern);
  return kept?.originId ?? managed.primary;
}

/**
 * Whether the distribution is at home because nothing moved it since: then what it targets *is* home, however its owner
 * arranged it. After a move only the record of home can tell.
 */
function isUntouchedHome(state: DistributionState): boolean {
  const { record, managed } = state;
  if (record !== null && !(record.settled && record.route.origin === 'primary')) return false;
  const behaviours = following(state);
  const main = behaviours.find(({ pathPattern }) => pathPattern === null);
  // The default behaviour may be the owner's own, static files for instance; then any other on the primary will do.
  return main === undefined
    ? behaviours.some(({ originId }) => originId === managed.primary)
    : main.originId === managed.primary;
}

/** Whether every behaviour of ours serves the origin: for the primary, whether each is at home. */
export function isServing(state: DistributionState, origin: OriginId): boolean {
  const behaviours = following(state);
  if (behaviours.length === 0) return false;
  if (origin !== 'primary') return behaviours.every(({ originId }) => originId === state.managed[origin]);
  if (isUntouchedHome(state)) return true;
  return behaviours.every(({ pathPattern, originId }) => originId === homeOf(state, pathPattern));
}

/** Whether an update that was asked for has not been seen yet: it failed, or is on its way, or somebody undid it. */
export const isUnfinished = (state: DistributionState): boolean =>
  state.record !== null && !state.record.settled && !isServing(state, state.record.route.origin);

/**
 * The route as `decideMove` has to see it. Where distribution and ledger agree it is the ledger's. Where they do not
 * (moved by hand, stopped between the two writes) the origin is the distribution's, since that is what users get, under
 * fence 0: no lease of ours wrote it, so that even a wish for this very origin is written again. The epoch stays, so
 * that it goes on growing; the fence that refuses old leases stays in the ledger and is checked where it is written.
 * @param seenAt When it was looked at, ISO 8601.
 */
export function servedRoute(state: DistributionState, seenAt: string): Route | null {
  const { record } = state;
  if (record === null) {
    return following(state).length === 0 || isServing(state, 'primary') ? null : foreignRoute(state, seenAt);
  }
  return isServing(state, record.route.origin) ? record.route : foreignRoute(state, seenAt);
}

function foreignRoute(state: DistributionState, seenAt: string): Route {
  const origin = observedOrigin(state) ?? state.record?.route.origin ?? 'primary';
  const epoch = state.record?.route.epoch ?? 0;
  return {
    v: 1,
    origin,
    epoch,
    fence: 0,
    // Who moved it by hand did not say that the standby's writes were brought home, nor that there are none.
    ...(origin === 'standby' || state.record?.route.standbyServed === true ? { standbyServed: true } : {}),
    by: 'seen in the distribution, not written by the ledger',
    at: seenAt,
  };
}

/** The origin that is served, or, where behaviours differ, the one of the first: the default behaviour's if it is ours. */
function observedOrigin(state: DistributionState): OriginId | undefined {
  const whole = originIds.find((origin) => isServing(state, origin));
  const first = following(state)[0]?.originId;
  return whole ?? originIds.find((origin) => state.managed[origin] === first);
}

/** Which behaviours must change their target so that the origin is served, and the way back from there. */
export function planMove(state: DistributionState, to: OriginId): MovePlan {
  const behaviours = following(state);
  const untouched = isUntouchedHome(state);
  const targetOf = ({ pathPattern, originId }: Behaviour): string => {
    if (to !== 'primary') return state.managed[to];
    return untouched ? originId : homeOf(state, pathPattern);
  };
  const changes = behaviours
    .map((behaviour) => ({
      pathPattern: behaviour.pathPattern,
      from: behaviour.originId,
      to: targetOf(behaviour),
    }))
    .filter((change) => change.from !== change.to);
  const problems = refusals(state, { to, behaviours, changes });
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'planned', changes, ...wayBack(state, behaviours) };
}

/** From an untouched home the way back is written down anew; later it is only added to. */
function wayBack(
  state: DistributionState,
  behaviours: readonly Behaviour[],
): { home: readonly Behaviour[]; added: string[]; gone: string[] } {
  if (isUntouchedHome(state)) return { home: behaviours, added: [], gone: [] };
  const kept = state.record?.home ?? [];
  const added = without(behaviours, kept);
  const gone = without(kept, behaviours);
  const home = added.map(({ pathPattern }) => ({ pathPattern, originId: state.managed.primary }));
  return { home: [...kept, ...home], added: namesOf(added), gone: namesOf(gone) };
}

const without = (some: readonly Behaviour[], others: readonly Behaviour[]): Behaviour[] =>
  some.filter(({ pathPattern }) => !others.some((other) => other.pathPattern === pathPattern));

const namesOf = (behaviours: readonly Behaviour[]): string[] =>
  behaviours.map(({ pathPattern }) => behaviourName(pathPattern));

/** Why a move cannot be made: the whole list, because at 3 a.m. there is no time to find them one by one. */
function refusals(
  { view, managed }: DistributionState,
  move: {
    readonly to: OriginId;
    readonly behaviours: readonly Behaviour[];
    readonly changes: readonly Retarget[];
  },
): string[] {
  const there = new Set(view.originIds);
  const ours = new Set(Object.values(managed));
  const missing = new Set(
    [managed[move.to], ...move.changes.map(({ to }) => to)].filter((id) => !there.has(id)),
  );
  const problems = [...missing].map(
    (id) =>
      `the distribution has no origin "${id}", only [${view.originIds.join(', ')}]: add it, or correct edge.originIds`,
  );
  if (ours.size < originIds.length) {
    problems.push(`edge.originIds must name three origins, got [${Object.values(managed).join(', ')}]`);
  }
  for (const { pathPattern, originId } of routable(view)) {
    const group = view.originGroups.find(({ id }) => id === originId);
    const inside = group?.originIds.filter((id) => ours.has(id)) ?? [];
    if (inside.length === 0) continue;
    problems.push(
      `${behaviourName(pathPattern)} targets the origin group "${originId}" with ${inside.join(' and ')} in it: a ` +
        'behaviour on a group cannot carry POST, PUT, PATCH or DELETE, and CloudFront chooses in it by itself; let the ' +
        'behaviour target one origin',
    );
  }
  if (move.behaviours.length === 0 && problems.length === 0) {
    problems.push(
      `there is nothing to move: no behaviour targets any of [${[...ours].join(', ')}], except for probes`,
    );
  }
  return problems;
}

/**
 * How long to wait before the next look at a deployment.
 * @param looks How many looks have been made.
 * @returns Milliseconds: 5 s, growing by half each time up to 20 s. The waiter of the SDK begins at 60 s.
 */
export function deploymentPollMs(looks: number): number {
  const { first, most, growth } = POLL_SECONDS;
  return Math.min(most, first * growth ** looks) * 1000;
}
