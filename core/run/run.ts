import * as z from 'zod';
import { standbyTiers } from '../config/standby-schema.ts';
import { workflowNames } from '../names.ts';
import { settleTimeSchema } from '../route/settle-time.ts';

/** What an execution is about: fixed at its beginning, passed to every step. */
export const runSchema = z.strictObject({
  /** Name of the Step Functions execution; the key of everything this run does. */
  execution: z.string().min(1).max(80),
  workload: z.string().min(1),
  startedAt: z.iso.datetime(),
  trigger: z.enum(['alarm', 'manual', 'watch']),
  reason: z.string().min(1),
  requestedBy: z.string().min(1),
  /** A person vouches for the outage; nothing else skips the confirmation. */
  skipConfirmation: z.boolean(),
  /** Walks the whole workflow and replaces every effect by its plan. */
  dryRun: z.boolean(),
  /** A person moves the users of a primary that is well: nothing is confirmed, and nothing that was acknowledged may be lost. */
  planned: z.boolean().default(false),
  /** `failback`: it brings the site home. */
  workflow: z.enum(workflowNames).default('failover'),
  /** Of a failback: a person vouches that the primary has everything, where the site brings its data home itself and nobody can be asked. */
  dataIsHome: z.literal(true).optional(),
});
export type Run = z.infer<typeof runSchema>;

/** Whether a run brings the site home. */
export const isFailback = ({ workflow }: Pick<Run, 'workflow'>): boolean => workflow === 'failback';

/** Whether whoever started it was shown what a failover would lose. A planned move loses nothing, so of its failover nobody was. */
export const isPersonsWord = ({ trigger, planned }: Pick<Run, 'trigger' | 'planned'>): boolean =>
  trigger === 'manual' && !planned;

/**
 * The workflow's own time limit; `statemachines/failover.asl.json` carries the same number. Seconds. It lies beyond the longest
 * run that any accepted configuration can have, with all retries and all limits used up, as
 * test/statemachines/longest-run.test.ts reckons from the text: a run that is cut off leaves no record, tells nobody and
 * keeps its lease. It costs nothing, because a Standard workflow is paid by the step and may run for a year.
 */
export const EXECUTION_SECONDS_MAX = 864_000;

/** How long one round of waiting for an approval takes; the Task in the workflow has the same number. */
export const APPROVAL_ROUND_SECONDS = 60;

/** How the names of planned moves begin that the command line starts: where only a name is known, people read what it is. */
export const PLANNED_NAME = 'planned-';

/** What kind of move a run makes: one that loses nothing, of users whose primary is well, or one for the day on which it is not. */
export const moves = ['planned', 'failover'] as const;
/** The kind of move, as a step is told of it; an older workflow knew of one kind. */
export const moveSchema = z.enum(moves).default('failover');

/** What the workflow's Choice and Wait states read: the policy of the workload, flattened at the beginning. */
export const planSchema = z.strictObject({
  tier: z.enum(standbyTiers),
  /** A planned move becomes a failover where its primary dies half-way: then the workflow writes it here. */
  move: z.enum(moves),
  /** Whether the standby is started before the confirmation; a needless start is cancelled. */
  startOnSuspicion: z.boolean(),
  /** Whether the standby waits for the approval. */
  startOnApproval: z.boolean(),
  approval: z.enum(['none', 'required']),
  /** Whether there is anybody who could be asked, at whatever hour. */
  hasApprovers: z.boolean(),
  /** Whether a loss that is not known must be asked about: then it is no less than one that is too large. */
  limitsLoss: z.boolean(),
  /** Whether the last data are applied before the users move. */
  handsOver: z.boolean(),
  /** Whether the primary's door has a fence, by which the shield need not settle. */
  fences: z.boolean(),
  /** Rounds of APPROVAL_ROUND_SECONDS that make up the time limit of an approval. */
  approvalRounds: z.int().positive(),
  onTimeout: z.enum(['proceed', 'abort', 'escalate']),
  /** Whether the primary is watched while the standby is built, to stand down if it comes back. */
  watchPrimary: z.boolean(),
  /** Whether the users go to the standby in shares. */
  canary: z.boolean(),
  /** What a degraded primary leads to once it lasts. */
  onDegraded: z.enum(['tell', 'ask', 'failover']),
  /** Whether the standby is started while users are still on a degraded primary. */
  prepareDegraded: z.boolean(),
  /** Whether other workloads may want the same clouds at the same time, so that runs take turns. */
  takesTurns: z.boolean(),
  /** Whether other workloads must be on their standbys before the users are moved. */
  dependsOnOthers: z.boolean(),
  /** Whether the way home carries the data, because the site does not do it itself. */
  carriesHome: z.boolean(),
  /** Whether the standby must load its data anew once users are home. */
  followsAgain: z.boolean(),
  /** Whether the standby is put away once users are home. */
  putsAway: z.boolean(),
  pipelinePollSeconds: z.int().positive(),
  standbyPollSeconds: z.int().positive(),
});
export type Plan = z.infer<typeof planSchema>;

/** The lease as the workflow carries it. */
export const heldLeaseSchema = z.object({
  taken: z.literal(true),
  epoch: z.int().positive(),
  /** The standby may hold writes that the primary does not know. */
  standbyServed: z.boolean().default(false),
  /** Moves away from the primary in the last hours, before this run. */
  recentMoves: z.int().nonnegative().default(0),
  /** How long the shield settles in this run. Missing in a run of an older version: then it follows from the configuration alone. */
  settle: settleTimeSchema.optional(),
});

/** Every way in which a run may end. `InvalidInput` never takes a lease; `NothingToDo` never tells people. */
export const outcomes = [
  'FailedOver',
  'StoodDown',
  'Degraded',
  'Rejected',
  'Cancelled',
  'DryRun',
  'NothingToDo',
  'Escalated',
  'InvalidInput',
  /** A failback: users are on the primary again, with everything that they wrote. */
  'CameHome',
  /** A failback that was given up: users are on the standby, as before. */
  'StayedAway',
] as const;
export type Outcome = (typeof outcomes)[number];
