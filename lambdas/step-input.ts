import * as z from 'zod';
import { CancelledByOrder, HeldByOrder, InvalidInput, TooLittleTime } from '../core/errors.ts';
import { describeIssues } from '../core/problems.ts';
import type { Call, Clock, Ledger } from '../core/ports.ts';
import { heldLeaseSchema, runSchema, type Run } from '../core/run/run.ts';
import type { Workload } from '../core/config/schema.ts';
import type { Vouch } from '../core/ledger/lease.ts';
import { cancelOf, orderText, pauseOf, type RunOrders } from '../core/ledger/orders.ts';

/** What every step that acts for a run is given. */
export const stepSchema = z.object({ run: runSchema, lease: heldLeaseSchema });

/** Who acts, and under which lease. */
export type HeldStep = z.infer<typeof stepSchema>;

/** Parses a step's input. @throws InvalidInput: the workflow and its functions are of different versions. */
export function readInput<T>(step: string, schema: z.ZodType<T>, input: unknown): T {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InvalidInput(`The input of ${step}`, describeIssues(parsed.error, input));
}

/**
 * Refuses to begin what could not be finished: a function that is stopped half-way leaves its effect behind.
 * @throws TooLittleTime, which the workflow retries in a fresh invocation.
 */
export function requireTime(call: Call, neededMs: number, what: string): void {
  const left = call.remainingMs();
  if (left < neededMs) {
    throw new TooLittleTime(`${what} needs ${neededMs} ms, ${left} ms are left; nothing was begun.`);
  }
}

/** What people have said to a run, as it hears it with each renewal. */
export interface Renewed {
  readonly vouch: Vouch | null;
  readonly orders?: RunOrders;
}

/**
 * Extends the lease before an act, which also proves that it is still ours, and hears whether a person has vouched.
 * @throws LeaseLost
 */
export async function renewLease(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  held: { readonly run: Run; readonly lease: { readonly epoch: number } },
  workload: Workload,
): Promise<Renewed> {
  // A dry run holds no lease: it changes nothing that another run could mind.
  if (held.run.dryRun) return { vouch: null };
  return deps.ledger.renewLease({
    workload: held.run.workload,
    execution: held.run.execution,
    epoch: held.lease.epoch,
    expiresAt: deps.clock.now() + workload.limits.leaseSeconds * 1000,
  });
}

/**
 * The same for a step that people may stop: it hears what they have ordered, before it does anything.
 * @param about `mayHold` where something begins that cannot be undone: there a run may be held
 * @throws CancelledByOrder, HeldByOrder
 */
export async function renewUnlessOrdered(
  deps: { readonly ledger: Ledger; readonly clock: Clock },
  held: HeldStep,
  about: { readonly workload: Workload; readonly mayHold?: boolean },
): Promise<Renewed> {
  const renewed = await renewLease(deps, held, about.workload);
  const { orders } = renewed;
  if (orders === undefined) return renewed;
  const cancel = cancelOf(orders);
  if (cancel !== null) throw new CancelledByOrder(`${orderText(cancel)}: ${cancel.reason}`);
  const pause = about.mayHold === true ? pauseOf(orders) : null;
  if (pause !== null) throw new HeldByOrder(`${orderText(pause)}: ${pause.reason}`);
  return renewed;
}

/** Milliseconds since the Unix epoch as ISO 8601. */
export const iso = (ms: number): string => new Date(ms).toISOString();
