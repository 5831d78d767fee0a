import * as z from 'zod';
import { powerStates } from './power.ts';

/*
 * What is remembered of a parked standby: who wants it awake or parked, and what the standing look last saw. Times are ISO 8601.
 */

const moment = z.iso.datetime();

export const parkedRecordSchema = z.object({
  schemaVersion: z.literal(1),
  wanted: z.enum(['awake', 'parked']),
  /** Who said so: the name of an execution, the ARN of a person, or the standing look. */
  by: z.object({ kind: z.enum(['run', 'person', 'watch']), name: z.string() }),
  at: moment,
  why: z.string(),
  /** What the standing look saw last; null before its first. */
  seen: z
    .object({
      at: moment,
      gateway: z.enum(powerStates),
      cluster: z.enum(powerStates),
      database: z.enum(powerStates),
    })
    .nullable(),
  /** Since when all three are stopped, as far as the standing look knows; null while they are not. */
  parkedSince: moment.nullable(),
  /** Since when it is awake without a reason, and when people were told; null where it is not. */
  needless: z.object({ since: moment, toldAt: moment.nullable() }).nullable(),
});
export type ParkedRecord = z.infer<typeof parkedRecordSchema>;

/** The records of all parked standbys. */
export interface ParkedRecords {
  /** Null where there is none, or it is damaged or of another version. */
  read(workload: string): Promise<ParkedRecord | null>;
  /** Writes what `change` makes of the newest record, again where somebody else wrote meanwhile. */
  change(workload: string, change: (before: ParkedRecord | null) => ParkedRecord): Promise<void>;
}

/** The record after somebody has said what he wants. */
export const recordOf = (
  before: ParkedRecord | null,
  said: Pick<ParkedRecord, 'wanted' | 'by' | 'at' | 'why'>,
): ParkedRecord => ({
  schemaVersion: 1,
  ...said,
  seen: before?.seen ?? null,
  parkedSince: said.wanted === 'awake' ? null : (before?.parkedSince ?? null),
  needless: null,
});

/** Whether this run has woken the set, so that it may put it away again. */
export const wokenBy = (record: ParkedRecord | null, execution: string): boolean =>
  record?.wanted === 'awake' && record.by.kind === 'run' && record.by.name === execution;

/** A stopped MySQL server starts by itself after so many days. Source: Microsoft Learn, MySQL Flexible Server, "Stop/Start". */
export const AUTO_START_DAYS = 30;

/** Whole days until MySQL starts by itself; null where it is not stopped, or nobody knows since when. */
export function daysToAutoStart(record: ParkedRecord | null, now: number): number | null {
  if (record?.parkedSince == null) return null;
  const days = AUTO_START_DAYS - (now - Date.parse(record.parkedSince)) / 86_400_000;
  return Math.max(0, Math.floor(days));
}

export const parkedText = (record: ParkedRecord): string => JSON.stringify(record);

/** A record of the ledger; null where it is damaged or of another version. */
export function readParked(text: string): ParkedRecord | null {
  try {
    return parkedRecordSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
