import * as z from 'zod';
import { lossSchema } from '../data/loss.ts';
import { originIds } from '../route/route.ts';
import { settleTimeSchema, type SettleTime } from '../route/settle-time.ts';
import { homeStateSchema } from './home-state.ts';
import { outcomes, runSchema } from './run.ts';
import { worldSchema } from './world.ts';

/*
 * What the workflow carries, as its last steps read it: whatever the run got to is there, the rest is missing. Looser
 * than the steps' own outputs on purpose: the record of a broken run must not fail on what broke.
 */

const value = <T extends z.ZodType>(schema: T) => z.object({ value: schema }).optional();
/** A time-out has an empty cause, or none: the Amazon States Language asks only for `Error`. */
const failureSchema = z.object({ Error: z.string(), Cause: z.string().default('') });
const moveSchema = z.object({ origin: z.enum(originIds), movedAt: z.iso.datetime() });
const verifiedSchema = z.object({
  /** Missing where the edge itself was seen to have spread. */
  by: z.literal('fence').optional(),
  firstGoodAt: z.iso.datetime(),
  convergedAt: z.iso.datetime(),
  firstPlaceSeconds: z.number(),
  lastPlaceSeconds: z.number(),
  places: z.array(z.object({ place: z.string(), seconds: z.number() })),
});
/** Where a degraded site is prepared for, no shield is up while the standby is built. */
const spreadSchema = verifiedSchema.or(z.object({ converged: z.literal(false) }));
/** What the gate came to, and the loss that it was decided on. */
const gateSchema = z.object({ decision: z.string(), loss: lossSchema.optional().catch(undefined) });
/** What the standby's side answered. Null where it does not say. */
export const lastDataSchema = z.object({
  applied: z.literal(true),
  /** Whether it is proven that nothing is missing, as a planned move asks for. */
  whole: z.boolean().default(false),
  /** The recovery point that was reached. */
  appliedUntil: z.iso.datetime().nullable(),
  lostSeconds: z.number().nullable(),
  transactions: z.int(),
  /** How long it took. */
  seconds: z.number(),
  at: z.iso.datetime(),
});
const signalsSchema = z.array(z.record(z.string(), z.unknown()));

export const workflowStateSchema = z.object({
  run: runSchema,
  /** The policy as the workflow reads it, of it only what the story tells; missing where the run was closed from outside. */
  plan: z.object({ tier: z.string(), followsAgain: z.boolean().optional() }).optional().catch(undefined),
  outcome: z.object({ name: z.enum(outcomes) }),
  lease: value(
    z.discriminatedUnion('taken', [
      z.object({
        taken: z.literal(true),
        epoch: z.int(),
        recentMoves: z.int().default(0),
        settle: settleTimeSchema.optional().catch(undefined),
      }),
      z.object({ taken: z.literal(false), reason: z.string(), detail: z.string() }),
    ]),
  ),
  confirmation: value(
    z.object({
      verdict: z.string(),
      summary: z.string(),
      since: z.iso.datetime().nullable(),
      decidedAt: z.iso.datetime(),
      signals: signalsSchema,
      unrest: z.string().nullable().default(null),
    }),
  ),
  /** When a planned move became a failover, because its primary died half-way; missing where it did not. */
  ungraceful: z.object({ at: z.iso.datetime() }).optional(),
  /** What a failover would lose, as long as the gate is being decided. */
  loss: value(lossSchema),
  shield: value(moveSchema),
  prepared: z
    .object({
      standby: z.object({ checkedAt: z.iso.datetime() }),
      shield: spreadSchema,
      approval: gateSchema.optional(),
      lastData: value(lastDataSchema),
    })
    .optional(),
  /** What a failback carries beside all that. */
  home: homeStateSchema.optional().catch(undefined),
  watch: value(
    z.object({
      recovered: z.boolean(),
      summary: z.string(),
      decidedAt: z.iso.datetime(),
      /** The primary counts as down by a person's word. */
      vouched: z.literal(true).optional(),
    }),
  ),
  recovery: failureSchema.optional(),
  rejection: failureSchema.optional(),
  switched: value(moveSchema),
  lowered: value(moveSchema),
  reshielded: value(moveSchema),
  verified: value(verifiedSchema),
  stopped: value(z.object({ cancelled: z.boolean(), detail: z.string() })),
  /** What was done with a parked standby at the end. */
  parked: value(z.object({ parked: z.boolean(), detail: z.string() })),
  parkFailure: failureSchema.optional(),
  failure: failureSchema.optional(),
  stopFailure: failureSchema.optional(),
  shieldFailure: failureSchema.optional(),
  returnFailure: failureSchema.optional(),
  putAwayFailure: failureSchema.optional(),
  recordFailure: failureSchema.optional(),
  /** Where the users are and what still runs, read at the end. */
  world: value(worldSchema),
  worldFailure: failureSchema.optional(),
  /** A short record stands in for the whole one, and the lease was given back. */
  closed: value(z.object({ closed: z.boolean() })),
});
export type WorkflowState = z.infer<typeof workflowStateSchema>;
export type Failure = z.infer<typeof failureSchema>;

const lambdaCauseSchema = z.object({ errorMessage: z.string() });

/** When the whole edge served the shield that the standby was prepared behind; null where none had to spread. */
export function shieldSpreadAt({ prepared, home }: Pick<WorkflowState, 'prepared' | 'home'>): string | null {
  if (home !== undefined) return home.shield?.value.convergedAt ?? null;
  const shield = prepared?.shield;
  return shield !== undefined && 'convergedAt' in shield ? shield.convergedAt : null;
}

/** Whether the fence at the primary's door kept writes out, in the place of the shield everywhere. */
export const isByFence = ({ prepared }: Pick<WorkflowState, 'prepared'>): boolean =>
  prepared !== undefined && 'by' in prepared.shield && prepared.shield.by === 'fence';

/** How long the shield settles in this run; null where nobody has decided it yet. */
export function settleOf({ lease }: Pick<WorkflowState, 'lease'>): SettleTime | null {
  return lease?.value.taken === true ? (lease.value.settle ?? null) : null;
}

/** The words of a failure. Lambda hands its errors over as JSON with the message inside; others are plain text. */
export function failureText(failure: Failure): string {
  return failure.Cause === '' ? failure.Error : `${failure.Error}: ${messageOf(failure.Cause)}`;
}

/** The same as a whole sentence. */
export function failureSentence(failure: Failure): string {
  const text = failureText(failure);
  return text.endsWith('.') ? text : `${text}.`;
}

function messageOf(cause: string): string {
  try {
    const parsed = lambdaCauseSchema.safeParse(JSON.parse(cause));
    return parsed.success ? parsed.data.errorMessage : cause;
  } catch {
    return cause;
  }
}
