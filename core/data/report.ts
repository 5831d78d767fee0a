import * as z from 'zod';
import { applierSchema, type ApplierState } from './handover.ts';
import { beatSchema } from './journal.ts';
import { DUMP_NAME } from './layout.ts';
import { recoveryPointOf, type StoreContents } from './recovery-point.ts';

/*
 * How a workload's data are, as it was measured: what people are shown, what alarms are on, and what a run falls back on where
 * the store cannot be read at the moment. Times are ISO 8601.
 */

const moment = z.iso.datetime();

export const dataReportSchema = z.object({
  schemaVersion: z.literal(1),
  measuredAt: moment,
  /** Null where nobody knows it; `detail` then says why. */
  point: z
    .object({
      at: moment,
      /** Null where the site replicates by its own means. */
      dump: z.string().regex(DUMP_NAME).nullable(),
      from: z.enum(['dump', 'log', 'probe']),
      /** Bytes of log that a restore has to replay after the dump. */
      backlogBytes: z.int().min(0),
    })
    .nullable(),
  /** Why the point is older than it should be, or not known; null where neither is. */
  detail: z.string().nullable(),
  /** The newest whole dump; null where there is none. */
  dump: z.string().regex(DUMP_NAME).nullable(),
  /** When the primary's side last spoke; null where it never did. */
  heardAt: moment.nullable(),
  dumpFault: beatSchema.shape.dumpFault,
  proof: beatSchema.shape.proof,
  applier: applierSchema.nullable(),
});
export type DataReport = z.infer<typeof dataReportSchema>;

/** What lies in the store, and what both sides say of themselves there. */
export interface StoreLook {
  readonly contents: StoreContents;
  /** How far the standby's side is; null where it never wrote. */
  readonly applier: ApplierState | null;
  /** What lies there and cannot be read, in words: it counts as not there. */
  readonly problems: readonly string[];
}

/** Room for words in the ledger and in the state of a run. */
const DETAIL_LENGTH_MAX = 1_000;

const iso = (ms: number): string => new Date(ms).toISOString();

/** The report on what was read of a store. @param now milliseconds since the Unix epoch */
export function reportOf(look: StoreLook, mode: 'dump' | 'ship', now: number): DataReport {
  const { contents, applier, problems } = look;
  const { beat } = contents;
  const point = recoveryPointOf(contents, now);
  // Where no log is promised nobody misses a shipper.
  const isQuietDump = mode === 'dump' && beat === null && point.known;
  const words = [isQuietDump ? null : point.detail, ...problems].filter((word) => word !== null);
  const detail = words.join('; ').slice(0, DETAIL_LENGTH_MAX);
  return {
    schemaVersion: 1,
    measuredAt: iso(now),
    point: point.known
      ? { at: iso(point.at), dump: point.dump, from: point.from, backlogBytes: point.backlogBytes }
      : null,
    detail: detail === '' ? null : detail,
    dump: [...contents.dumps].sort().at(-1) ?? null,
    heardAt: beat?.at ?? null,
    dumpFault: beat?.dumpFault ?? null,
    proof: beat?.proof ?? null,
    applier,
  };
}

const NOTHING = { dump: null, heardAt: null, dumpFault: null, proof: null, applier: null } as const;

/** The report on a site that replicates by its own means. @param lagSeconds null where it has no probe. */
export function reportOfLag(lagSeconds: number | null, now: number): DataReport {
  return {
    schemaVersion: 1,
    measuredAt: iso(now),
    point:
      lagSeconds === null
        ? null
        : { at: iso(now - lagSeconds * 1000), dump: null, from: 'probe', backlogBytes: 0 },
    detail: lagSeconds === null ? 'no probe is configured for its own replication (data.probe)' : null,
    ...NOTHING,
  };
}

/** The report where nothing could be read; it is shown and never kept. */
export const reportOfNothing = (detail: string, now: number): DataReport => ({
  schemaVersion: 1,
  measuredAt: iso(now),
  point: null,
  detail: detail.slice(0, DETAIL_LENGTH_MAX),
  ...NOTHING,
});

export const reportText = (report: DataReport): string => JSON.stringify(report);

/** A report of the ledger; null where it is damaged or of another version. */
export function readReport(text: string): DataReport | null {
  try {
    return dataReportSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** A proof older than this is none: one a day, and half a day for one that failed to run. */
export const PROOF_HOURS_MAX = 36;

/** What is wrong with the newest proof that a restore works; null where it is good and fresh. */
export function proofFault({ proof }: Pick<DataReport, 'proof'>, now: number): string | null {
  if (proof === null) return 'no restore was ever proven';
  if (!proof.good) return `the restore of ${proof.dump} was bad: ${proof.detail}`;
  const hours = (now - Date.parse(proof.at)) / 3_600_000;
  return hours > PROOF_HOURS_MAX ? `the last restore was proven ${Math.floor(hours)} hours ago` : null;
}

/** Seconds from the recovery point to now; null where nobody knows it. */
export const ageSecondsOf = ({ point }: Pick<DataReport, 'point'>, now: number): number | null =>
  point === null ? null : Math.max(0, (now - Date.parse(point.at)) / 1000);
