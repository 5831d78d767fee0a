import { PilotlightError } from '../core/errors.ts';
import { BY_HAND } from '../core/ledger/lease.ts';
import type { Act, ReleaseByHand } from '../core/ledger/operations.ts';
import { decideMove, serves, type OriginId, type Route } from '../core/route/route.ts';
import type { SettleTime } from '../core/route/settle-time.ts';
import type { Deps } from './command.ts';
import { refusal } from './exit.ts';
import { durationText } from './time.ts';
import { isoOf, stampOf } from './workload.ts';

/** What a person wants of the route. */
export interface HandMove {
  readonly workload: string;
  readonly origin: OriginId;
  readonly reason: string;
  readonly caller: { readonly arn: string; readonly name: string };
  readonly evenIfHeld: boolean;
  readonly withoutLedger: boolean;
}

/** What came of it. `recorded` is false where the ledger could not be told. */
export interface HandMoved {
  readonly route: Route;
  readonly changed: boolean;
  readonly recorded: boolean;
}

/** Each attempt is three calls; a store that changes more often than this is being written to by something else. */
const ATTEMPTS_MAX = 5;
/** Long enough for all attempts with their time-outs and repeats, and short enough to wait for if this process dies. */
const LEASE_MS = 300_000;

/**
 * Refuses what could let both sides take writes: the shield must have been up, and for long enough to be everywhere.
 * @throws CommandFailure (1) with the way round.
 */
export async function refuseUnsafe(
  route: Route | null,
  wanted: { readonly workload: string; readonly origin: OriginId },
  /** `settleTime` is asked for only where it matters: who raises a shield does not wait for the ledger. */
  { settleTime, now }: { readonly settleTime: () => Promise<SettleTime>; readonly now: number },
): Promise<void> {
  const from = route?.origin ?? 'primary';
  if (wanted.origin === 'maintenance' || serves(route, wanted)) return;
  const anyway = 'or give --without-shield if losing writes is the smaller evil';
  if (from !== 'maintenance' && from !== wanted.origin) {
    throw refusal(
      `${wanted.workload} is served by ${from}: moving it straight to ${wanted.origin} would let both take writes; nothing was moved.`,
      `First: pilotlight route set ${wanted.workload} maintenance --reason "..."; ${anyway}.`,
    );
  }
  if (route === null || from !== 'maintenance') return;
  const settle = await settleTime();
  const leftMs = Date.parse(route.at) + settle.seconds * 1000 - now;
  if (leftMs <= 0) return;
  throw refusal(
    `The shield of ${wanted.workload} does not count as everywhere yet (${settle.why}); nothing was moved.`,
    `Wait ${durationText(leftMs)} and run the command again, ${anyway}.`,
  );
}

/** Moves the route under a lease of its own, and writes down what was done. @throws CommandFailure (1) */
export async function moveByHand(deps: Deps, move: HandMove): Promise<HandMoved> {
  if (move.withoutLedger) return moveWithoutLedger(deps, move);
  const at = deps.clock.now();
  const holder = `${BY_HAND}${stampOf(at)}`;
  const epoch = await takeLease(deps, move, holder);
  const act: Act = {
    kind: 'route-set',
    workload: move.workload,
    at: isoOf(at),
    by: move.caller.arn,
    owner: move.caller.name,
    why: move.reason,
    detail: `to ${move.origin}, under epoch ${epoch}`,
    result: 'begun',
  };
  const lease = { workload: move.workload, holder, epoch, disarms: false };
  const moved = await recorded(deps, { lease, act }, () => write(deps, move, () => epoch));
  const released = { ...lease, disarms: move.origin !== 'primary' };
  const told = await finish(deps, released, { ...act, result: 'done' });
  await spread(deps, move.workload);
  return { ...moved, recorded: told };
}

/** Acts between two entries of the history; where it fails, the lease is given back and the entry says why. */
async function recorded<T>(
  deps: Deps,
  { lease, act }: { readonly lease: ReleaseByHand; readonly act: Act },
  step: () => Promise<T>,
): Promise<T> {
  try {
    // Before the move: if this process dies half-way, the history says where to look.
    await deps.operations.record(act);
    return await step();
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    await finish(deps, lease, { ...act, detail: `${act.detail}: ${got}`, result: 'failed' });
    throw error;
  }
}

async function takeLease(deps: Deps, { workload, evenIfHeld }: HandMove, holder: string): Promise<number> {
  const now = deps.clock.now();
  const request = { workload, execution: holder, now, expiresAt: now + LEASE_MS, byPerson: true };
  try {
    const grant = evenIfHeld
      ? await deps.operations.seizeLease(request)
      : await deps.ledger.takeLease(request);
    if (grant.taken) return grant.epoch;
    throw refusal(
      `The lease of ${workload} was not given: ${grant.detail}. Nothing was moved.`,
      'End that run with pilotlight stop, wait for it, or give --even-if-held to fence it off.',
    );
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    throw refusal(
      `The lease of ${workload} could not be taken, nothing was moved. ${error.message}`,
      'If the ledger stays down: give --without-ledger. Then nothing keeps a run that is under way from undoing the move.',
    );
  }
}

/** Writes the route as the workflow does: by a conditional write, and never behind the back of a newer fence. */
async function write(
  deps: Deps,
  move: HandMove,
  fenceOf: (route: Route | null) => number,
): Promise<{ readonly route: Route; readonly changed: boolean }> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { route, version } = await deps.routes.read(move.workload);
    const at = isoOf(deps.clock.now());
    const writer = { fence: fenceOf(route), by: `${move.caller.name}, by hand`, at, dataSeenTo: true };
    const decision = decideMove(route, { origin: move.origin }, writer);
    if (decision.kind === 'already-there') {
      await openDoor(deps, move);
      return { route: decision.route, changed: false };
    }
    if (decision.kind === 'lease-lost') {
      throw refusal(
        `The route of ${move.workload} was written under fence ${decision.fence}, ours is ${writer.fence}: somebody has acted since, nothing was moved.`,
        'Look with pilotlight status, and run the command again with --even-if-held. If the ledger was restored from a backup: --without-ledger.',
      );
    }
    // Only automation is refused the way home; this is a person.
    if (decision.kind === 'would-lose-writes') continue;
    if (await deps.routes.write(move.workload, decision.route, version)) {
      await openDoor(deps, move);
      return { route: decision.route, changed: true };
    }
  }
  throw refusal(
    `The route of ${move.workload} was changed by somebody else ${ATTEMPTS_MAX} times in a row; nothing was moved.`,
    `See who with: pilotlight route show ${move.workload}; end a run with pilotlight stop, then run the command again.`,
  );
}

/** Users who go home must be let in. Where the door stays shut the route is right all the same, and the person hears what is left to do. */
async function openDoor(deps: Deps, move: HandMove): Promise<void> {
  if (move.origin !== 'primary') return;
  try {
    await deps.doorFence(move.workload)?.open();
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    deps.out.warn(
      `The route is moved, and the fence at the primary's door could not be opened: it answers users with 503. ${error.message} ` +
        `Then run the command again, or open it by hand (docs/edge.md, "The fence").`,
    );
  }
}

/**
 * Gives the lease back and writes the act. The route is what matters: where the ledger fails now, the move stays as it
 * is, and the lease ends by itself.
 */
async function finish(deps: Deps, lease: ReleaseByHand, act: Act): Promise<boolean> {
  try {
    if (await deps.operations.release(lease, act)) return true;
    deps.out.warn(
      `Somebody took the lease of ${lease.workload} meanwhile: look at the route again in a minute.`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    deps.out.warn(
      `The history could not be written: note down what you did. The lease ends in ${durationText(LEASE_MS)}. ${error.message}`,
    );
    return false;
  }
}

/** Where the distribution itself is updated, what was cached before must go once the update is everywhere. */
async function spread(deps: Deps, workload: string): Promise<void> {
  const { limits } = deps.config.workloads[workload] ?? {};
  if (limits === undefined) return;
  const until = deps.clock.now() + limits.convergeSeconds * 1000;
  let waiting = false;
  while (!(await deps.routes.confirmSpread(workload))) {
    if (deps.clock.now() >= until) {
      deps.out.warn(
        `After ${durationText(limits.convergeSeconds * 1000)} the distribution is still being deployed; look at it in CloudFront.`,
      );
      return;
    }
    if (!waiting) deps.out.line(deps.out.dress.dim('the distribution is being deployed, waiting'));
    waiting = true;
    await deps.clock.sleep(limits.convergePollSeconds * 1000);
  }
}

/** Under the fence that is there already: a larger one would shut out every run that the ledger starts later. */
async function moveWithoutLedger(deps: Deps, move: HandMove): Promise<HandMoved> {
  const moved = await write(deps, move, (route) => route?.fence ?? 0);
  deps.out.warn(
    'Not recorded, and a run that is under way may undo it. Note down what you did, and stop that run.',
  );
  await spread(deps, move.workload);
  return { ...moved, recorded: false };
}
