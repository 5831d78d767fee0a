import * as z from 'zod';
import { PilotlightError } from '../../core/errors.ts';
import { protectionOf } from '../../core/standby/parked-look.ts';
import { recordOf, type ParkedRecord } from '../../core/standby/parked.ts';
import { readArgs } from '../arguments.ts';
import type { Args, Command, Deps } from '../command.ts';
import { EXIT, refusal, exitMeanings, type ExitCode } from '../exit.ts';
import { holderOf } from '../look.ts';
import { nameOf, requireCaller, requireYes, switchSchema, wordsSchema } from '../people.ts';
import { isoOf, requireWorkload } from '../workload.ts';

const argsSchema = z.object({ workload: z.string(), reason: wordsSchema, yes: switchSchema });

type Wanted = ParkedRecord['wanted'];

const shared = {
  operands: [{ name: 'workload', about: 'id of the workload', required: true, completes: 'workload' }],
  options: [
    { name: 'reason', value: 'TEXT', about: 'why, in your words', required: true },
    { name: 'yes', value: null, about: 'do not ask' },
  ],
  needs: 'clouds',
} as const;

const exits = (done: string) => ({
  ok: done,
  failed: 'it was refused, nobody said yes, or a cloud refused',
  usage: exitMeanings.usage,
  notFound: exitMeanings.notFound,
});

/** Puts a parked standby away. */
export const park: Command = {
  ...shared,
  name: 'park',
  summary: 'Stop a parked standby that is awake',
  details:
    'Gateway, cluster and database are stopped by the controller; its disks and addresses stay. What is still starting is\n' +
    'stopped within a quarter of an hour. AKS wants half an hour before it is started again.\n' +
    'Refused while users are on the standby, or a run is at work.',
  examples: ['pilotlight park petclinic --reason "exercise is over"'],
  exits: exits('it is being stopped'),
  run: (raw: Args, deps: Deps) => want(raw, deps, 'parked'),
};

/** Wakes a parked standby, for an exercise or ahead of a storm. */
export const wake: Command = {
  ...shared,
  name: 'wake',
  summary: 'Start a parked standby, and keep it awake until you park it',
  details:
    'It costs as much as one that runs until somebody parks it. Users stay where they are.\n' +
    'Once a month for an exercise: that shows that it starts, brings its data up to date, and keeps MySQL from starting\n' +
    'by itself after 30 days. Refused while a run is at work: that wakes it itself.',
  examples: ['pilotlight wake petclinic --reason "monthly exercise"'],
  exits: exits('it is being started'),
  run: (raw: Args, deps: Deps) => want(raw, deps, 'awake'),
};

const QUESTIONS: Readonly<Record<Wanted, (id: string) => string>> = {
  parked: (id) => `Stop the standby of ${id}? It cannot be woken again for half an hour.`,
  awake: (id) => `Start the standby of ${id}? It costs money until you park it.`,
};

async function want(raw: Args, deps: Deps, wanted: Wanted): Promise<ExitCode> {
  const { workload, reason, yes } = readArgs(argsSchema, raw, wanted === 'parked' ? 'park' : 'wake');
  const { standby } = requireWorkload(deps.config, workload);
  if (standby.tier !== 'parked') {
    throw refusal(
      `The standby of ${workload} is ${standby.tier}, not parked; nothing was done.`,
      `Only standby.tier: parked can be parked and woken (docs/config.md).`,
    );
  }
  const { arn } = await requireCaller(deps);
  await refuseUnsafe(deps, workload, wanted);
  await requireYes(deps, QUESTIONS[wanted](workload), yes);
  const at = isoOf(deps.clock.now());
  const act = { kind: wanted === 'parked' ? ('park' as const) : ('wake' as const), workload, at, by: arn };
  const words = { owner: nameOf(arn), why: reason };
  await deps.operations.record({ ...act, ...words, detail: 'asked the controller for it', result: 'begun' });
  await deps.parked.change(workload, (before) =>
    // What was seen is of before: the next look tells what came of it.
    ({
      ...recordOf(before, { wanted, by: { kind: 'person', name: arn }, at, why: reason }),
      parkedSince: null,
    }),
  );
  const isTaken = await handOver(deps, workload);
  const detail = isTaken
    ? 'the controller does it now'
    : 'the standing look does it within a quarter of an hour';
  await deps.operations.record({ ...act, ...words, detail, result: 'done' });
  const { out } = deps;
  out.document({ workload, wanted, at, atOnce: isTaken });
  out.line(`The standby of ${workload} is to be ${wanted}: ${detail}.`);
  out.line(`See how far it is in some minutes: pilotlight status ${workload} --no-follow`);
  return EXIT.ok;
}

/** Users and runs come first. What cannot be read counts as a reason not to stop it. */
async function refuseUnsafe(deps: Deps, workload: string, wanted: Wanted): Promise<void> {
  const lease = await deps.operations.readLease(workload);
  const holder = holderOf(lease, deps.clock.now());
  if (holder !== null) {
    throw refusal(
      `${holder} is at work on ${workload}, and decides about its standby itself; nothing was done.`,
      `Wait for it, or end it: pilotlight stop ${holder} --reason "..."`,
    );
  }
  if (wanted === 'awake') return;
  const { route } = await deps.routes.read(workload);
  const protection = protectionOf({ route: { value: route }, isHeld: false });
  if (protection === null) return;
  throw refusal(
    `The standby of ${workload} cannot be parked: ${protection}; nothing was done.`,
    `Bring the users home first: docs/procedures.md. See where they are: pilotlight route show ${workload}`,
  );
}

/** @returns false where the function could not be reached: the ledger has the word, and the schedule finds it there. */
async function handOver(deps: Deps, workload: string): Promise<boolean> {
  try {
    await deps.lookAtParked(workload);
    return true;
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    deps.out.warn(`The controller could not be asked at once: ${error.message}`);
    return false;
  }
}
