import * as z from 'zod';
import { DUMP_NAME } from './layout.ts';

/*
 * The data on the way home: what the controller orders of the two sides, and what they answer, by way of small blobs of `handover`. The
 * standby's side (its pod) dumps and counts; the primary's side (the backup instance) does everything else. Times are ISO 8601.
 *
 *   <workload>/home/opened.json         the standby's side: which transactions of the primary it has; from the hand-over on, and `null` once it follows again
 *   <workload>/home/orders/<id>.json    the controller: one thing to do
 *   <workload>/home/answers/<id>.json   the side that did it: what came of it, or why it could not
 *   <workload>/home/primary.json        what that side is doing now, and how long its last load took
 *   <workload>/home/standby.json
 */

export const openedBlob = (workload: string): string => `${workload}/home/opened.json`;
export const ordersPrefix = (workload: string): string => `${workload}/home/orders/`;
export const orderBlob = (workload: string, id: string): string => `${ordersPrefix(workload)}${id}.json`;
export const homeAnswerBlob = (workload: string, id: string): string => `${workload}/home/answers/${id}.json`;
export const sideBlob = (workload: string, side: Side): string => `${workload}/home/${side}.json`;
/** What the standby's side takes as the workload of its dumps, so that nobody who looks for a dump of the primary finds one. */
export const homeFolder = (workload: string): string => `${workload}/home`;
/** Exports of orphans lie in `backups`; what is before the hyphen is the moment, and after it how many transactions there are. */
export const orphansPrefix = (workload: string): string => `${workload}/orphans/`;

const moment = z.iso.datetime();
const dumpName = z.string().regex(DUMP_NAME);
const count = z.int().min(0);
const table = z.object({ schema: z.string().min(1), name: z.string().min(1) });

/** Which transactions a standby has: what its dump held, and what it executed since, its own included. */
export const openedSchema = z.object({
  schemaVersion: z.literal(1),
  /** When this was written; it is written anew each day, because `handover` forgets. */
  at: moment,
  /** The hand-over that opened the database. */
  openedFor: z.string().min(1),
  dump: dumpName,
  gtidSet: z.string().min(1),
});
export type Opened = z.infer<typeof openedSchema>;

export const sides = ['primary', 'standby'] as const;
export type Side = (typeof sides)[number];

/** One thing to do, and which side does it. */
export const taskSchema = z.discriminatedUnion('what', [
  /** Standby: dump for the way home; `since` names an earlier one, and then only what was written since is dumped where that can be right. */
  z.object({ what: z.literal('dump'), since: dumpName.nullable() }),
  /** Standby: count and sum up every table, now. */
  z.object({ what: z.literal('figures') }),
  /** Primary: keep what the standby never had. `anew` makes an export although there is one: a person has seen that the primary has newer writes. */
  z.object({ what: z.literal('orphans'), anew: z.boolean() }),
  /** Primary: the gates, by name. */
  z.object({ what: z.literal('gates') }),
  /** Primary: load a dump beside the site's schemas. The last load takes their place. */
  z.object({ what: z.literal('load'), dump: dumpName, isLast: z.boolean() }),
  /** Primary: hold its tables against the newest figures of the standby, which must be of the same point. */
  z.object({ what: z.literal('verify') }),
  /** Primary: users are home. Wake the events, throw away what lay in the site's schemas before, and begin a new chain of dump and log. */
  z.object({ what: z.literal('settle') }),
  /** Primary: nobody comes home. Throw away what was loaded beside the site's schemas. */
  z.object({ what: z.literal('discard') }),
  /** Standby: the primary holds the same as you, now. Whoever fails over before you have loaded anew loses what came later. */
  z.object({ what: z.literal('equal') }),
  /** Standby: users have left. Throw away what is here, load the newest dump of the primary and follow it. */
  z.object({ what: z.literal('follow') }),
]);
export type HomeTask = z.infer<typeof taskSchema>;
export type HomeWork = HomeTask['what'];

/** Which side does what. */
export const sideOf: Readonly<Record<HomeWork, Side>> = {
  dump: 'standby',
  figures: 'standby',
  orphans: 'primary',
  gates: 'primary',
  load: 'primary',
  verify: 'primary',
  settle: 'primary',
  discard: 'primary',
  equal: 'standby',
  follow: 'standby',
};

/** Names of orders: the run's correlation id and what it asks for, such as `run-1-load-last`. */
export const ORDER_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/;

export const orderSchema = z
  .object({
    schemaVersion: z.literal(1),
    id: z.string().regex(ORDER_ID, '1 to 128 of A-Z, a-z, 0-9, _ and -, beginning with a letter or digit'),
    /** The run. As soon as another run has ordered something later, what this one ordered is not done any more. */
    correlationId: z.string().min(1),
    askedAt: moment,
    /** It is not begun later: whoever asked has given up by then. */
    until: moment,
    task: taskSchema,
  })
  .refine(({ askedAt, until }) => Date.parse(until) > Date.parse(askedAt), 'until must be after askedAt');
export type HomeOrder = z.infer<typeof orderSchema>;

/** What of one table is among the orphans. */
const touchedSchema = table.extend({ inserted: count, updated: count, deleted: count });

/** The manifest of an export of orphans, written last. */
export const orphansSchema = z.object({
  schemaVersion: z.literal(1),
  workload: z.string().min(1),
  exportedAt: moment,
  /** The hand-over that opened the standby: orphans of an earlier failover are others. */
  openedFor: z.string().min(1),
  /** What the primary had executed when this was exported: whatever comes later is a foreign write. */
  primaryGtidSet: z.string().min(1),
  /** What the standby has. */
  standbyGtidSet: z.string().min(1),
  /** The orphans; empty where there are none. Transactions of the server's own schemas are not among them. */
  gtidSet: z.string(),
  /** What the primary has thrown away of its log before it could be exported; empty where nothing. */
  missing: z.string(),
  transactions: count,
  /** Rows by table. */
  tables: z.array(touchedSchema),
  /** Statements that changed the structure. */
  statements: count,
  firstCommitAt: moment.nullable(),
  lastCommitAt: moment.nullable(),
  /** Two texts of the same transactions: for people, and for MySQL's client. Empty where there are no orphans. */
  files: z.array(
    z.object({
      name: z.enum(['rows.txt.zst', 'replay.sql.zst']),
      bytes: count,
      plainBytes: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
export type Orphans = z.infer<typeof orphansSchema>;

export const gateNames = ['healthy', 'noForeignWrites', 'noLongTransactions', 'room'] as const;
export type GateName = (typeof gateNames)[number];

/** One gate: what was asked, what came, and what was expected. `unknown` is told where nobody can know, and stops nobody. */
const gateSchema = z.object({
  state: z.enum(['open', 'shut', 'unknown']),
  asked: z.string(),
  got: z.string(),
  expected: z.string(),
});
export type Gate = z.infer<typeof gateSchema>;

export const gatesSchema = z.object({
  /** Whether no gate is shut. */
  open: z.boolean(),
  gates: z.object({
    healthy: gateSchema,
    noForeignWrites: gateSchema,
    noLongTransactions: gateSchema,
    room: gateSchema,
  } satisfies Record<GateName, unknown>),
});
export type Gates = z.infer<typeof gatesSchema>;

/** What a dump for the way home holds of the rows: null for all of them. */
const changedSchema = z.array(table).nullable();

/** What a load came to. */
export const loadedSchema = z.object({
  dump: dumpName,
  isLast: z.boolean(),
  /** Null where the whole dump was loaded, otherwise the tables that had changed since the load before. */
  changed: changedSchema,
  tables: count,
  /** Bytes of SQL that were loaded. */
  bytes: count,
  /** From the beginning of this load to its end; what an attempt that was cut off took is not in it. */
  seconds: z.number().min(0),
});
export type Loaded = z.infer<typeof loadedSchema>;

const resultSchema = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('dump'),
    dump: dumpName,
    gtidSet: z.string(),
    changed: changedSchema,
    /** Why all rows were dumped although only the changed ones were asked for; null otherwise. */
    whole: z.string().nullable(),
    plainBytes: count,
    seconds: z.number().min(0),
  }),
  z.object({
    what: z.literal('figures'),
    /** When they were taken. */
    at: moment,
    gtidSet: z.string(),
    tables: count,
    rows: count,
    /** Name of the blob of `backups` that has them. */
    blob: z.string().min(1),
  }),
  z.object({ what: z.literal('orphans'), folder: z.string().min(1), manifest: orphansSchema }),
  z.object({ what: z.literal('gates'), ...gatesSchema.shape }),
  z.object({ what: z.literal('load'), ...loadedSchema.shape }),
  z.object({ what: z.literal('verify'), tables: count, rows: count }),
  z.object({ what: z.literal('settle'), eventsWoken: count, dump: dumpName }),
  z.object({ what: z.literal('discard') }),
  z.object({ what: z.literal('equal'), at: moment }),
  z.object({ what: z.literal('follow'), dump: dumpName }),
]);
export type HomeResult = z.infer<typeof resultSchema>;

const answered = { schemaVersion: z.literal(1), id: z.string().regex(ORDER_ID), at: moment };

export const homeAnswerSchema = z.discriminatedUnion('outcome', [
  z.object({
    ...answered,
    outcome: z.literal('done'),
    seconds: z.number().min(0),
    result: resultSchema,
  }),
  z.object({
    ...answered,
    outcome: z.literal('failed'),
    /** A stable word, such as `FOREIGN_WRITES`; docs/backup-system.md has them. */
    code: z.string().min(1),
    detail: z.string().min(1),
  }),
]);
export type HomeAnswer = z.infer<typeof homeAnswerSchema>;

/** What a side is doing. It is written anew every 10 s as long as it serves, and every 20 s while nothing is ordered. */
export const sideStateSchema = z.object({
  schemaVersion: z.literal(1),
  at: moment,
  side: z.enum(sides),
  /** The order that is being done; null while none is. */
  busy: z
    .object({
      id: z.string().regex(ORDER_ID),
      what: z.string().min(1),
      since: moment,
    })
    .nullable(),
  /** The newest load that was finished: how long the next one takes follows from it. Null on the standby's side, and before the first. */
  loaded: loadedSchema.nullable(),
  /** Why it cannot serve; null while it can. */
  fault: z.object({ code: z.string(), detail: z.string() }).nullable(),
});
export type SideState = z.infer<typeof sideStateSchema>;
