import * as z from 'zod';
import { failingPercent, healthMemorySchema, noMemory } from './health.ts';
import { hourSchema, noHour } from './hour.ts';
import { standbyWatchSchema } from './standby-watch.ts';

/** What the watch wants a run for. */
export const wishes = ['down', 'degraded', 'shielded'] as const;
export type Wish = (typeof wishes)[number];

/** What the watch has asked for about one incident. Times are milliseconds since the Unix epoch. */
const incidentSchema = z.object({
  wish: z.enum(wishes),
  /** When it began; with the wish it names the incident. */
  from: z.number(),
  /** How often a run was asked for. */
  asked: z.number(),
  nextAt: z.number(),
});
export type Incident = z.infer<typeof incidentSchema>;

/** What people were told of a degraded primary; null while there is nothing that they think of. */
const toldSchema = z.object({ at: z.number(), percent: z.number() });

/** Everything that is remembered of a workload between two rounds: one item of the ledger. */
export const watchMemorySchema = z.object({
  /** A fingerprint of the addresses that were asked. Where they change, what was learned of the old ones is worth nothing. */
  asked: z.string(),
  firstLookAt: z.number(),
  /** When the newest look of the watch was due: none that was due before, or then, counts any more. */
  lookDueAt: z.number(),
  health: healthMemorySchema,
  hour: hourSchema,
  incident: incidentSchema.nullable(),
  told: toldSchema.nullable(),
  /** People were told that a look was never good. */
  toldUnlearned: z.boolean(),
  /** The standby while users are there; null while they are not, and in a memory of before. */
  standby: standbyWatchSchema.nullable().default(null),
});
export type WatchMemory = z.infer<typeof watchMemorySchema>;

/** A fresh memory, for addresses that nobody has asked before. */
export const newMemory = (asked: string, now: number): WatchMemory => ({
  asked,
  firstLookAt: now,
  lookDueAt: 0,
  health: noMemory(now),
  hour: noHour(now),
  incident: null,
  told: null,
  toldUnlearned: false,
  standby: null,
});

/** A change of so many points is news. */
const NEWS_POINTS = 20;
/** What goes on is said again. Milliseconds. */
const REMIND_MS = 6 * 3_600_000;

/** Whether a degraded primary is news: the first time, when it changed much, and every few hours. */
export function isNews(memory: WatchMemory, now: number): boolean {
  const { told } = memory;
  if (told === null || now - told.at >= REMIND_MS) return true;
  return Math.abs(failingPercent(memory.health).primary - told.percent) >= NEWS_POINTS;
}

/** The memory after people were told. */
export const afterTelling = (memory: WatchMemory, now: number): WatchMemory => ({
  ...memory,
  told: { at: now, percent: failingPercent(memory.health).primary },
});
