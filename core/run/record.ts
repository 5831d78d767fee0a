import * as z from 'zod';
import { settleTimeSchema } from '../route/settle-time.ts';
import { outcomes, runSchema } from './run.ts';

/** What is kept of a run, for ever: who, why, what happened and when. Times are ISO 8601. */
export const runRecordSchema = z.object({
  run: runSchema,
  outcome: z.enum(outcomes),
  /** One or two sentences for the reader at 3 a.m. */
  why: z.string(),
  endedAt: z.iso.datetime(),
  /** Null where nothing was switched. */
  rto: z.object({ totalSeconds: z.number(), phases: z.record(z.string(), z.number()) }).nullable(),
  /** How the last move spread, by the place it was asked from; seconds from the write. Null where nothing was verified. */
  convergence: z
    .object({
      firstPlaceSeconds: z.number(),
      lastPlaceSeconds: z.number(),
      places: z.array(z.object({ place: z.string(), seconds: z.number() })),
    })
    .nullable(),
  /**
   * What the data came to. `promised` is the recovery point that the move was decided on, `reached` the one that the standby
   * came to, each null where nobody knows it. `lostSeconds` is null where nothing was switched. Null where nothing was measured.
   */
  data: z
    .object({
      promised: z.iso.datetime().nullable(),
      reached: z.iso.datetime().nullable(),
      lostSeconds: z.number().nullable(),
      detail: z.string(),
    })
    .nullable()
    .default(null),
  /** How long its shield had to settle, and why so long. Null where none was raised, or where an older version raised it. */
  settle: settleTimeSchema.nullable().default(null),
  /**
   * What a planned move came to; null where it was none. `promised` is how long users were to see the page, `seconds` how long they did,
   * from its write to the first good answer after it, each null where nobody came to it. `ungracefulAt` is when it became a failover, null
   * where it did not.
   */
  planned: z
    .object({
      pageSeconds: z.object({ promised: z.number().nullable(), real: z.number().nullable() }),
      ungracefulAt: z.iso.datetime().nullable(),
    })
    .nullable()
    .default(null),
  /**
   * What a failback came to; null where the run was none. `promised` is the longest that users were to see the page, `real` how long they did.
   * `orphans` is what the primary had and the standby never got: how many transactions, and the folder of the container `backups` that has
   * them. `rows` is null where nobody compared. `standby` says what was done with it.
   */
  home: z
    .object({
      pageSeconds: z.object({ promised: z.number().nullable(), real: z.number().nullable() }),
      orphans: z.object({ transactions: z.int(), folder: z.string(), missing: z.boolean() }).nullable(),
      tables: z.number().nullable(),
      rows: z.number().nullable(),
      standby: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** What was done, in order, each with its moment. */
  timeline: z.array(z.object({ at: z.string(), event: z.string() })),
  /** The signals of the confirmation, as they were. */
  evidence: z.array(z.record(z.string(), z.unknown())),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
