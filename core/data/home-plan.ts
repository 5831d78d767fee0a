import type { Workload } from '../config/schema.ts';
import type { SettleTime } from '../route/settle-time.ts';

/* What a way home needs, and what it will cost users. */

/** What stands against a way home in the configuration and in what was asked for; nothing where nothing does. */
export function barrierToHome(
  { data }: Pick<Workload, 'data'>,
  { dataIsHome }: { readonly dataIsHome?: true | undefined },
): string[] {
  const problems: string[] = [];
  const isToldElsewhere = data.mode === 'none' && data.probe?.homeUrl !== undefined;
  if (data.mode !== 'none' && dataIsHome === true) {
    problems.push(
      `dataIsHome: got true with data.mode "${data.mode}", expected nothing: the run brings the data home itself, and compares them`,
    );
  }
  if (data.mode === 'none' && !isToldElsewhere && dataIsHome !== true) {
    problems.push(
      'data.probe.homeUrl: got none with data.mode "none", expected the address that tells how far the primary is behind the standby; ' +
        'or vouch yourself that it has everything, or that there is nothing to have: --data-is-home',
    );
  }
  return problems;
}

/** What the first way of the data took, while users were on the standby. Seconds. */
export interface Rehearsed {
  readonly dumpSeconds: number;
  readonly loadSeconds: number;
}

/** The last dump holds only what was written since the first one; it is a part of it that nobody knows before. At the worst all of it. */
const SHARE_OF_LAST = 1;
/** Counting on the standby and comparing on the primary read what the load has written, about so much faster. */
const COMPARE_SHARE = 0.25;
/** Orders go by blobs that each side looks for every few seconds: gates, dump, load, count and compare. Seconds, all five together. */
const ORDERS_SECONDS = 40;
/** From the write of a key-value route to the first user who gets it, and our own steps between. Seconds. */
const SWITCH_SECONDS = 15;

/**
 * The longest that users will see the page on the way home: the shield settles, the last data come, are compared, and the route is moved.
 * Whole seconds.
 */
export function homePageSeconds(
  { edge, limits, policy }: Workload,
  seen: { readonly rehearsed: Rehearsed | null; readonly settle: Pick<SettleTime, 'seconds'> },
): number {
  const spreads = edge.strategy === 'distribution' ? limits.convergeSeconds : 0;
  const settles = Math.max(seen.settle.seconds, spreads) + limits.convergePollSeconds;
  const { rehearsed } = seen;
  const carries =
    rehearsed === null
      ? 0
      : ORDERS_SECONDS +
        SHARE_OF_LAST * (rehearsed.dumpSeconds + rehearsed.loadSeconds) +
        COMPARE_SHARE * rehearsed.loadSeconds;
  const shares = policy.canary === undefined ? 0 : policy.canary.shares.length * policy.canary.holdSeconds;
  return Math.ceil(settles + carries + shares + Math.max(SWITCH_SECONDS, spreads));
}
