import * as z from 'zod';

/*
 * What a failback carries beside what every run does, as its last steps read it. Looser than the steps' own outputs on purpose, as in
 * state.ts: whatever it got to is there, the rest is missing.
 */

const seconds = z.number().min(0);
const moved = z.object({ value: z.object({ movedAt: z.iso.datetime() }) });
const carried = <T extends z.ZodType>(result: T) =>
  z.object({ value: z.object({ state: z.literal('done'), seconds, result }) });

const part = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

export const homeStateSchema = z.object({
  primary: part(z.object({ value: z.object({ summary: z.string(), checkedAt: z.iso.datetime() }) })),
  orphans: part(
    carried(
      z.object({
        folder: z.string(),
        manifest: z.object({ transactions: z.int(), missing: z.string(), exportedAt: z.iso.datetime() }),
      }),
    ),
  ),
  loaded: part(carried(z.object({ tables: z.int(), seconds }))),
  page: part(z.object({ value: z.object({ pageSeconds: seconds }) })),
  /** When the whole edge showed the page. */
  shield: part(z.object({ value: z.object({ convergedAt: z.iso.datetime() }) })),
  lastLoaded: part(carried(z.object({ tables: z.int(), seconds }))),
  /** `verify` compared every table; `even` is the word of the site itself, or of a person. */
  data: part(
    carried(
      z.discriminatedUnion('what', [
        z.object({ what: z.literal('verify'), tables: z.int(), rows: z.int() }),
        z.object({ what: z.literal('even') }),
      ]),
    ),
  ),
  routed: part(moved),
  returned: part(moved),
  settled: part(carried(z.object({ dump: z.string() }))),
  follows: part(carried(z.object({ dump: z.string() }))),
  putAway: part(z.object({ value: z.object({ detail: z.string() }) })),
});
