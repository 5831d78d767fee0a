import {
  judge,
  wasFailback,
  type Evidence,
  type OrderTaken,
  type RouteWrite,
  type RuleResult,
} from './rule.ts';

/** What had begun when the order came may still end. Milliseconds. */
const UNDER_WAY_MS = 15_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Writes that take users to the page for the first time, or send some to the side that the run moves them to: what a held run must not do. Of
 * a failback the standby is where they come from, and may return to.
 */
function movesOf({ routeWrites }: Evidence, execution: string): RouteWrite[] {
  const arrives = ({ percentOnStandby, percentOnPrimary }: RouteWrite): boolean =>
    (wasFailback(execution) ? percentOnPrimary : percentOnStandby) > 0;
  return routeWrites.filter(
    (write) =>
      write.by === execution &&
      (arrives(write) ||
        (write.origin === 'maintenance' &&
          !routeWrites.some((other) => other.at < write.at && other.by === execution))),
  );
}

const during = (writes: readonly RouteWrite[], from: number, until: number): RouteWrite | undefined =>
  writes.find(({ at }) => at > from + UNDER_WAY_MS && at < until);

function brokenBy(evidence: Evidence, { execution, order, at }: OrderTaken, next: number): string[] {
  const moves = movesOf(evidence, execution);
  const end = order === 'pause' ? next : Infinity;
  const moved = order === 'pause' || order === 'cancel' ? during(moves, at, end) : undefined;
  if (moved === undefined) return [];
  return [`${execution} moved users at ${iso(moved.at)}, and was told at ${iso(at)}: ${order}`];
}

/** Whoever holds a run or cancels it is obeyed: what had not begun does not begin. */
export function ordersObeyed(evidence: Evidence): RuleResult {
  const { orders = [] } = evidence;
  const broken = orders.flatMap((given) => {
    const next = orders.find(
      ({ execution, order, at }) =>
        execution === given.execution && at > given.at && ['resume', 'proceed', 'cancel'].includes(order),
    );
    return brokenBy(evidence, given, next?.at ?? Infinity);
  });
  return judge('orders-obeyed', broken, `${orders.length} orders of people, each obeyed`);
}
