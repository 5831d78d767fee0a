import * as z from 'zod';
import { DUMP_NAME } from './layout.ts';

/* What the controller and the standby's side ask of each other, by way of small blobs. Times are ISO 8601. */

const moment = z.iso.datetime();

/** The longest that the controller waits for an answer, counted from its request. Its function ends a little later. */
export const HANDOVER_SECONDS_MAX = 780;

/** The controller: no write can come any more. Apply what is left in the store, then open the database for the application. */
export const requestSchema = z.object({
  schemaVersion: z.literal(1),
  correlationId: z.string().min(1),
  execution: z.string().min(1),
  askedAt: moment,
  /**
   * A planned move: open only with everything that the primary has committed, proven by a round of its shipper that began after this
   * was asked, and not after this moment; else answer `failed` and go on following. Missing where as much as there is will do.
   */
  wholeBy: moment.optional(),
});
export type HandoverRequest = z.infer<typeof requestSchema>;

const applied = {
  dump: z.string().regex(DUMP_NAME).nullable(),
  /** The recovery point that was reached: everything that the primary had committed by then is in the database. */
  appliedUntil: moment.nullable(),
  /** When the newest transaction that was applied had been committed on the primary; null where none came after the dump. */
  lastTransactionAt: moment.nullable(),
  /** Transactions that were replayed from the log, since the dump was loaded. */
  transactions: z.int().min(0),
};

/** The standby's side: it is done and open, or why it is not. */
export const answerSchema = z.discriminatedUnion('outcome', [
  z.object({
    schemaVersion: z.literal(1),
    outcome: z.literal('open'),
    at: moment,
    ...applied,
    /** How long the last part took, from the request. */
    seconds: z.number().min(0),
    /** Whether everything that the primary had committed when it was asked is there, proven. An older mover does not say so. */
    whole: z.boolean().optional(),
  }),
  z.object({
    schemaVersion: z.literal(1),
    outcome: z.literal('failed'),
    at: moment,
    ...applied,
    code: z.string().min(1),
    detail: z.string().min(1),
  }),
]);
export type HandoverAnswer = z.infer<typeof answerSchema>;

/** How far the standby's side is. It is written anew every few seconds as long as it runs. */
export const applierSchema = z.object({
  schemaVersion: z.literal(1),
  at: moment,
  state: z.enum(['loading', 'replaying', 'following', 'open', 'failed']),
  ...applied,
  /** Bytes of log in the store that are not applied yet. */
  backlogBytes: z.int().min(0),
  /** Why it cannot go on; null while it can. */
  fault: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type ApplierState = z.infer<typeof applierSchema>;
