import * as z from 'zod';
import { DUMP_NAME, LOG_FILE_NAME, SEGMENT_NAME } from './layout.ts';

/*
 * The journal of the primary's side: one line of JSON each few seconds, appended and never changed. A line holds all that the
 * controller wants to know, so that the end of the newest journal is enough to read.
 */

const moment = z.iso.datetime();

/** Why the log that is in the store does not go on. Each has a section in docs/runbook.md. */
export const shipFaults = [
  /** The server has thrown away log that was not shipped yet: a new dump begins at once. */
  'log-purged',
  /** The shipper's own disk is full. */
  'disk-full',
  /** The database does not answer, or refuses. */
  'database-unreachable',
  /** Transactions are missing between what was shipped and what the server still has. */
  'gap',
  /** No whole dump is in the store yet. */
  'no-dump',
] as const;
export type ShipFault = (typeof shipFaults)[number];

export const beatSchema = z.object({
  schemaVersion: z.literal(1),
  /** When this line was written, by the clock of the primary's side. */
  at: moment,
  /** Seconds between two lines, as promised. */
  everySeconds: z.int().min(1),
  /** The dump that the log below follows; null where there is none yet. */
  dump: z.string().regex(DUMP_NAME).nullable(),
  /**
   * Everything that the primary had committed by `wholeUntil` is in the store: it stood at this position then, and the store
   * has the log up to there. Null until that was seen once.
   */
  log: z
    .object({
      segment: z.string().regex(SEGMENT_NAME),
      file: z.string().regex(LOG_FILE_NAME),
      position: z.int().min(0),
      wholeUntil: moment,
      gtidSet: z.string(),
    })
    .nullable(),
  /** What keeps the log from going on; null where nothing does. `since` is when it began. */
  fault: z.object({ name: z.enum(shipFaults), since: moment, detail: z.string() }).nullable(),
  /** The newest try to make a dump that was refused or failed; null once one was made since. */
  dumpFault: z.object({ at: moment, detail: z.string() }).nullable(),
  /** The newest restore that was tried for proof; null before the first. */
  proof: z
    .object({
      at: moment,
      dump: z.string().regex(DUMP_NAME),
      good: z.boolean(),
      /** Tables and rows that were compared. */
      tables: z.int().min(0),
      rows: z.int().min(0),
      /** How long the load and the replay took. */
      seconds: z.number().min(0),
      /** What differed, or why it could not be tried; empty where it was good. */
      detail: z.string(),
    })
    .nullable(),
});
export type Beat = z.infer<typeof beatSchema>;

/** A fault that is younger than so many beats may be gone with the next one. */
const LASTING_BEATS = 3;

/**
 * Whether the primary's side has sent all that it can for somebody who asked at that moment (milliseconds since the Unix epoch): it tells,
 * later than that, of a fault that lasts. One round that failed is no reason: the next may send what users were told is done.
 */
export function hasNoMoreToSend({ at, everySeconds, fault }: Beat, asked: number): boolean {
  if (fault === null || Date.parse(at) <= asked) return false;
  return Date.parse(at) - Date.parse(fault.since) >= LASTING_BEATS * everySeconds * 1000;
}

/** One line of the journal. */
export const beatLine = (beat: Beat): string => `${JSON.stringify(beat)}\n`;

/** More than one line is long; a reader fetches so many bytes from the end. */
export const JOURNAL_TAIL_BYTES = 16_384;

/** The newest whole line at the end of a journal; null where there is none, or none that parses. */
export function lastBeat(tail: string): Beat | null {
  for (const line of tail.split('\n').reverse()) {
    if (line === '') continue;
    try {
      const read = beatSchema.safeParse(JSON.parse(line));
      if (read.success) return read.data;
    } catch {
      // Half a line: the reader's window began in it, or a writer died in it.
    }
  }
  return null;
}
