import * as z from 'zod';

/** The three origins of a workload; also the ids of the origins in its distribution, which never change. */
export const originIds = ['primary', 'standby', 'maintenance'] as const;
export type OriginId = (typeof originIds)[number];

/**
 * What the edge serves for a workload. Stored as JSON under one key of the CloudFront KeyValueStore (value at most
 * 1 KB), read by the edge function on every request.
 */
export const routeSchema = z.object({
  v: z.literal(1),
  origin: z.enum(originIds),
  /** Grows by one with every change, so that nobody mistakes an old route for a new one. */
  epoch: z.int().nonnegative(),
  /** The fencing epoch of the lease under which it was written: a writer with an older lease is refused. */
  fence: z.int().nonnegative(),
  /** A share of the users that goes to another origin. */
  canary: z
    .object({ origin: z.enum(['primary', 'standby']), percent: z.number().min(0).max(100) })
    .optional(),
  /**
   * The standby has served users since the primary last did, so it may hold writes that the primary does not know. Only a
   * person brings the site home from there.
   */
  standbyServed: z.boolean().optional(),
  /** Which execution or person wrote it, and when (ISO 8601): for the reader at 3 a.m. */
  by: z.string().max(200),
  at: z.iso.datetime(),
});
export type Route = z.infer<typeof routeSchema>;

/** The key of the route in a workload's store; the edge function reads the same one. */
export const ROUTE_KEY = 'route';

/** What a move wants. */
export interface WantedRoute {
  readonly origin: OriginId;
  readonly canary?: { readonly origin: 'primary' | 'standby'; readonly percent: number };
}

/** Whether the edge already serves what is wanted. */
export function serves(route: Route | null, wanted: WantedRoute): boolean {
  if (route === null) return wanted.origin === 'primary' && wanted.canary === undefined;
  return (
    route.origin === wanted.origin &&
    route.canary?.origin === wanted.canary?.origin &&
    route.canary?.percent === wanted.canary?.percent
  );
}

/** Whether any user is sent to that side. */
const sendsTo = (wanted: WantedRoute, side: 'primary' | 'standby'): boolean =>
  wanted.origin === side || wanted.canary?.origin === side;

/** Who moves, and on what grounds. */
export interface Mover {
  readonly fence: number;
  readonly by: string;
  readonly at: string;
  /** A person has seen to the data that the standby may hold, or the run has brought them home and compared them. */
  readonly dataSeenTo?: boolean;
  /** Users go back to the standby that they were on: only where nobody was on the primary since. */
  readonly returns?: boolean;
}

/** What to do about a wanted move, given the route that is there and the lease that asks. */
export type MoveDecision =
  | { readonly kind: 'write'; readonly route: Route }
  | { readonly kind: 'already-there'; readonly route: Route }
  | { readonly kind: 'lease-lost'; readonly fence: number }
  | { readonly kind: 'would-lose-writes'; readonly on: 'standby' | 'primary' };

/**
 * Decides a move. A newer fence in the store means that another execution has acted since: ours has lost its lease,
 * whatever it believes. A primary that the standby has overtaken is no way back for automation. The same target under the
 * same fence is our own earlier attempt: nothing to write.
 */
export function decideMove(current: Route | null, wanted: WantedRoute, writer: Mover): MoveDecision {
  if (current !== null && current.fence > writer.fence) return { kind: 'lease-lost', fence: current.fence };
  const standbyServed = current?.standbyServed === true;
  if (sendsTo(wanted, 'primary') && standbyServed && writer.dataSeenTo !== true)
    return { kind: 'would-lose-writes', on: 'standby' };
  if (writer.returns === true && !standbyServed) return { kind: 'would-lose-writes', on: 'primary' };
  if (current !== null && current.fence === writer.fence && serves(current, wanted)) {
    return { kind: 'already-there', route: current };
  }
  return {
    kind: 'write',
    route: {
      v: 1,
      origin: wanted.origin,
      epoch: (current?.epoch ?? 0) + 1,
      fence: writer.fence,
      ...(wanted.canary === undefined ? {} : { canary: wanted.canary }),
      ...(sendsTo(wanted, 'standby') || (standbyServed && !sendsTo(wanted, 'primary'))
        ? { standbyServed: true }
        : {}),
      by: writer.by,
      at: writer.at,
    },
  };
}
