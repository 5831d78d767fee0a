import * as z from 'zod';
import type { OrderKind } from '../../core/ledger/orders.ts';
import { giveOrder } from '../../core/ledger/give-order.ts';
import { workflowOfExecution } from '../../core/names.ts';
import { steps, skippable } from '../../core/ledger/steps.ts';
import { readArgs } from '../arguments.ts';
import type { Args, Command, Deps, Operand } from '../command.ts';
import { approvalLossText } from '../data-text.ts';
import { EXIT, exitMeanings, notFound, refusal, type ExitCode } from '../exit.ts';
import { holderOf, look, type Look } from '../look.ts';
import { ordersText } from '../orders-text.ts';
import { nameOf, requireCaller, requireYes, switchSchema, wordsSchema } from '../people.ts';
import { executionSchema, isoOf, requireWorkload } from '../workload.ts';

/* What people tell a run while it goes: pause, resume, skip, cancel, proceed. */

const argsSchema = z.object({
  workload: z.string(),
  step: z.enum(steps).optional(),
  execution: executionSchema.optional(),
  reason: wordsSchema,
  yes: switchSchema,
});

const WORKLOAD: Operand = {
  name: 'workload',
  about: 'id of the workload',
  required: true,
  completes: 'workload',
};

const shared = {
  operands: [WORKLOAD],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words; it stands in the record', required: true },
    { name: 'execution', value: 'NAME', about: 'the run that you mean; refused where another one acts' },
    { name: 'yes', value: null, about: 'do not ask' },
  ],
  exits: {
    ok: 'the run has the order, and obeys at its next step',
    failed: 'it was refused: somebody else was first, it makes no sense now, or nobody said yes',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or no run acts on it, or no configuration',
  },
  needs: 'clouds',
} as const satisfies Partial<Command>;

async function steer(order: OrderKind, raw: Args, deps: Deps): Promise<ExitCode> {
  const args = readArgs(argsSchema, raw, order);
  const { workload } = args;
  requireWorkload(deps.config, workload);
  const caller = await requireCaller(deps);
  const seen = await look(deps, workload);
  const now = deps.clock.now();
  const holder = seen.lease.read ? holderOf(seen.lease.value, now) : null;
  if (seen.lease.read && holder === null) throw nobody(workload);
  refuseTooLate(order, seen, holder);
  const known = seen.lease.read ? seen.lease.value?.orders : undefined;
  if (known !== undefined) deps.out.line(ordersText(known, workload));
  await requireYes(deps, question(order, { seen, args, now }), args.yes);
  const given = await giveOrder(deps.orders, {
    workload,
    execution: args.execution ?? holder ?? undefined,
    order: {
      order,
      ...(args.step === undefined ? {} : { step: args.step }),
      by: caller.arn,
      reason: args.reason,
      at: isoOf(deps.clock.now()),
    },
    now: deps.clock.now(),
    isPlanned: async (name) => (await deps.workflow.describe(name))?.planned === true,
  });
  if (given.kind === 'refused') {
    throw refusal(given.words, `See where it stands with: pilotlight status ${workload}`);
  }
  deps.out.line(deps.out.dress.good(given.words));
  deps.out.line(nextOf(order, workload));
  deps.out.document({
    workload,
    execution: given.execution,
    order,
    step: args.step ?? null,
    by: { id: caller.arn, name: nameOf(caller.arn) },
    words: given.words,
  });
  return EXIT.ok;
}

const nobody = (workload: string) =>
  notFound(
    `No run acts on ${workload}; nothing was ordered.`,
    `See where it stands with: pilotlight status ${workload}; what happened with: pilotlight history ${workload}`,
  );

/** Where users are already where the run takes them, it can be neither held nor cancelled: whatever it does next, they may have written there. */
function refuseTooLate(order: OrderKind, { workload, route }: Look, holder: string | null): void {
  if (!['pause', 'cancel'].includes(order) || !route.read || route.value === null) return;
  const goal = holder !== null && workflowOfExecution(holder) === 'failback' ? 'primary' : 'standby';
  if (route.value.origin !== goal && route.value.canary === undefined) return;
  throw refusal(
    `Users of ${workload} are on the ${goal} already, and may have written there: the run can be ${order === 'pause' ? 'held' : 'cancelled'} no more. Nothing was changed.`,
    `See where they are with: pilotlight route show ${workload}; it ends within minutes by itself.`,
  );
}

interface Asked {
  readonly seen: Look;
  readonly args: z.output<typeof argsSchema>;
  readonly now: number;
}

function question(order: OrderKind, { seen, args, now }: Asked): string {
  const { workload } = args;
  const words: Readonly<Record<OrderKind, string>> = {
    pause: `Hold the run of ${workload} at its next safe point?`,
    resume: `Let the run of ${workload} go on?`,
    skip: `Skip "${args.step ?? ''}" in the run of ${workload}?`,
    cancel: `Cancel the run of ${workload}?`,
    proceed: `Make the planned move of ${workload} a failover? ${approvalLossText(seen, now) ?? 'Writes may be lost.'}`,
  };
  return words[order];
}

const nextOf = (order: OrderKind, workload: string): string =>
  order === 'pause'
    ? `Let it go on with: pilotlight resume ${workload} --reason "..."; take it back with: pilotlight cancel ${workload} --reason "..."`
    : `Follow the run with: pilotlight status ${workload}`;

export const pause: Command = {
  name: 'pause',
  summary: 'Hold a run at its next safe point',
  details:
    'It holds before users are moved: before the maintenance page, or behind it before the standby. What is being built goes\n' +
    'on. Behind the page users wait all the while; people are told again every limits.holdReminderSeconds. A run that was\n' +
    'held for a day is cancelled.',
  examples: ['pilotlight pause petclinic --reason "the database team looks at it first"'],
  ...shared,
  run: (args: Args, deps: Deps) => steer('pause', args, deps),
};

export const resume: Command = {
  name: 'resume',
  summary: 'Let a run go on that somebody holds',
  examples: ['pilotlight resume petclinic --reason "they have seen it"'],
  ...shared,
  run: (args: Args, deps: Deps) => steer('resume', args, deps),
};

export const skip: Command = {
  name: 'skip',
  summary: 'Leave out a wait of a run',
  details: `These waits can be skipped: ${skippable.join(', ')}. The answer says what is lost by it.`,
  examples: ['pilotlight skip petclinic turn --reason "it is the most important one tonight"'],
  ...shared,
  operands: [WORKLOAD, { name: 'step', about: 'what is left out', required: true, choices: steps }],
  run: (args: Args, deps: Deps) => steer('skip', args, deps),
};

export const cancel: Command = {
  name: 'cancel',
  summary: 'Take a run back to the nearest safe state',
  details:
    'Before the page nothing is touched. Behind it users go home if the primary is well, else they stay there. The pipeline\n' +
    'run is cancelled, and automation rests for the cooldown. A way home takes users back to the standby, with nothing lost.\n' +
    'pilotlight stop ends a run where it stands.',
  examples: ['pilotlight cancel petclinic --reason "the Region is coming back"'],
  ...shared,
  run: (args: Args, deps: Deps) => steer('cancel', args, deps),
};

export const proceed: Command = {
  name: 'proceed',
  summary: 'Make a planned move a failover, in the same run',
  details:
    'For a primary that dies half-way, where you do not want to wait until the run sees it. It goes on with what was\n' +
    'shipped: writes may be lost, and your word counts as agreeing to that.',
  examples: ['pilotlight proceed petclinic --reason "the primary is gone"'],
  ...shared,
  run: (args: Args, deps: Deps) => steer('proceed', args, deps),
};
