import { chooseDump } from './choose-dump.ts';
import type { DataPlan } from './data-plan.ts';
import type { Point } from './dumps.ts';
import type { PrimaryData } from './primary-data.ts';

/** Replay in one thread. Source: FACTS2 section 2, 10,000 transactions of one row in 9.1 s. */
export const REPLAY_PER_SECOND = 1_100;
/** Rights and events, once the data are whole. Seconds; assumed. */
export const OPEN_SECONDS = [0.5, 2] as const;
const DAY_MS = 86_400_000;

const newestTransactions = ({ shipper }: PrimaryData): number => shipper.marks.at(-1)?.transactions ?? 0;

/** Seconds until everything that is in the store now would be applied, were a load to begin now. */
export function secondsAnew(primary: PrimaryData, plan: DataPlan): number {
  primary.advanceTo(Date.now());
  const choice = chooseDump(primary.dumps, plan);
  if (choice === null) return 0;
  const target = plan.mode === 'ship' ? newestTransactions(primary) : 0;
  const backlog = Math.max(0, target - choice.dump.transactions);
  return choice.ms / 1000 + backlog / REPLAY_PER_SECOND;
}

/** Seconds that a load from the newest dump takes, where that is quicker than to replay from a point; null where it is not. */
export function quickerAnew(primary: PrimaryData, plan: DataPlan, from: Point): number | null {
  const anew = secondsAnew(primary, plan);
  const newest = chooseDump(primary.dumps, plan)?.dump.at ?? 0;
  if (newest <= from.at) return null;
  const replay = (newestTransactions(primary) - from.transactions) / REPLAY_PER_SECOND;
  return plan.mode === 'dump' || anew < replay ? anew : null;
}

/** How far the site had come so many days ago; before the world began there were transactions too. */
export function pointBefore(
  days: number,
  {
    primary,
    plan,
    latest,
  }: {
    readonly primary: PrimaryData;
    readonly plan: DataPlan;
    readonly latest: Point;
  },
): Point {
  const at = Date.now() - days * DAY_MS;
  const since = ((at - (primary.dumps[0]?.at ?? at)) / 1000) * plan.transactionsPerSecond;
  return { at, users: 0, transactions: Math.min(Math.round(since), latest.transactions) };
}
