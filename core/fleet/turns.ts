import * as z from 'zod';

/*
 * Workloads that fall together want the same clouds at the same time: Azure Resource Manager, Azure DevOps and the store of
 * routes each take so many calls a second from one account. So only some runs prepare their standbys at once; the others wait
 * for their turn, by priority, and then in the order in which they came.
 */

const holderSchema = z.object({
  workload: z.string(),
  /** A turn that nobody gives back ends then. Milliseconds since the Unix epoch, as are all times here. */
  until: z.number(),
});
const waiterSchema = z.object({
  workload: z.string(),
  /** 1 goes first. */
  priority: z.number(),
  since: z.number(),
  /** Whoever has not asked again by then waits no more. */
  until: z.number(),
});

/** The turns of all runs, by the names of their executions: one item of the ledger. */
export const turnsSchema = z.object({
  holders: z.record(z.string(), holderSchema),
  waiting: z.record(z.string(), waiterSchema),
});
export type Turns = z.infer<typeof turnsSchema>;

export const noTurns: Turns = { holders: {}, waiting: {} };

/** A run that asks for its turn. */
export interface Asker {
  readonly execution: string;
  readonly workload: string;
  readonly priority: number;
  /** How long it may hold its turn. Milliseconds. */
  readonly holdMs: number;
  /** How long it lets others come first, who fall in the same seconds and may go before it. Milliseconds. */
  readonly yieldMs: number;
}

/** A run that waits asks again well within this. Milliseconds. */
const WAITING_MS = 60_000;

/** What asking came to. */
export interface Turn {
  readonly turns: Turns;
  readonly granted: boolean;
  /** Runs that go first. */
  readonly ahead: number;
  /** Whether anything is new that must be written down. */
  readonly changed: boolean;
}

const alive = <T extends { readonly until: number }>(
  entries: Readonly<Record<string, T>>,
  now: number,
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(entries).filter(([, { until }]) => until > now));

const without = <T>(entries: Readonly<Record<string, T>>, execution: string): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).filter(([name]) => name !== execution));

/** Gives a run its turn where there is room and nobody waits who goes first; otherwise it waits. */
export function askForTurn(
  known: Turns,
  asker: Asker,
  { now, movesAtOnce }: { readonly now: number; readonly movesAtOnce: number },
): Turn {
  const { execution, workload, priority, holdMs, yieldMs } = asker;
  const holders = alive(known.holders, now);
  const before = known.waiting[execution];
  const own = { workload, priority, since: before?.since ?? now, until: now + WAITING_MS };
  const waiting = { ...alive(known.waiting, now), [execution]: own };
  if (execution in holders) {
    return {
      turns: { holders, waiting: without(waiting, execution) },
      granted: true,
      ahead: 0,
      changed: false,
    };
  }
  const order = Object.entries(waiting)
    .toSorted(
      ([oneName, one], [otherName, other]) =>
        one.priority - other.priority || one.since - other.since || (oneName < otherName ? -1 : 1),
    )
    .map(([name]) => name);
  const ahead = order.indexOf(execution);
  const hasYielded = now - own.since >= yieldMs;
  if (hasYielded && ahead < movesAtOnce - Object.keys(holders).length) {
    const granted = { ...holders, [execution]: { workload, until: now + holdMs } };
    return {
      ...{ turns: { holders: granted, waiting: without(waiting, execution) } },
      ...{ granted: true, ahead: 0, changed: true },
    };
  }
  // Half of its time is enough: each write of one makes the others read again.
  const changed = before === undefined || before.until - now < WAITING_MS / 2;
  return { turns: { holders, waiting }, granted: false, ahead: ahead + 1, changed };
}

/** The turns without a run that is over, or null where it has none. */
export const giveTurnBack = (known: Turns, execution: string): Turns | null =>
  execution in known.holders || execution in known.waiting
    ? { holders: without(known.holders, execution), waiting: without(known.waiting, execution) }
    : null;
