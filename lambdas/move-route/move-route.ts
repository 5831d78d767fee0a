import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { InvalidInput, LeaseLost, RouteContended, StandbyLookTooOld, UnsafeMove } from '../../core/errors.ts';
import { shown } from '../../core/problems.ts';
import { isFailback, moveSchema } from '../../core/run/run.ts';
import type { Clock, Fence, Ledger, Log, RouteStore } from '../../core/ports.ts';
import {
  decideMove,
  originIds,
  type Mover,
  type OriginId,
  type Route,
  type WantedRoute,
} from '../../core/route/route.ts';
import { lookIsTooOld, STANDBY_LOOK_SECONDS_MAX } from '../../core/standby/standby.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, renewUnlessOrdered, requireTime, stepSchema } from '../step-input.ts';

const preparedSchema = z.object({
  standby: z.object({ ready: z.literal(true), checkedAt: z.iso.datetime() }),
  shield: z.object({ converged: z.literal(true) }),
});
/** What a standby whose data Pilotlight brings must show besides. */
const appliedSchema = preparedSchema.extend({
  lastData: z.object({ value: z.object({ applied: z.literal(true) }) }),
});

/** What a planned move must show besides: nothing is missing. */
const wholeSchema = preparedSchema.extend({
  lastData: z.object({ value: z.object({ applied: z.literal(true), whole: z.literal(true) }) }),
});

/** What a way home must show: the page was everywhere, both sides hold the same, and the primary was seen well behind it. */
const homeSchema = z.object({
  shield: z.object({ value: z.object({ converged: z.literal(true) }) }),
  data: z.object({ value: z.object({ equal: z.literal(true) }) }),
  primary: z.object({ value: z.object({ well: z.literal(true) }) }),
});

const inputSchema = stepSchema.extend({
  to: z.enum(originIds),
  /** Which of the policy's shares moves while everybody else stays where `to` says; counted from 0. */
  share: z.int().nonnegative().optional(),
  /** The evidence that a move to the standby must show. */
  prepared: z.unknown().optional(),
  move: moveSchema,
  /** Nothing was begun yet for this move: people may hold the run before it, or cancel it. */
  mayHold: z.boolean().default(false),
});
type Input = z.infer<typeof inputSchema>;

export interface MoveRouteDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly routes: RouteStore;
  /** Null where the primary has none. */
  readonly doorFence: (workload: string) => Fence | null;
}

/** Times are ISO 8601. */
export interface MoveRouteOutput {
  readonly origin: OriginId;
  readonly previous: OriginId;
  readonly epoch: number;
  readonly movedAt: string;
}

/** Each attempt costs three round trips; more contention than this is no accident. */
const ATTEMPTS_MAX = 5;
/** The calls of one attempt with their time-outs. Milliseconds. */
const ATTEMPT_MS = 20_000;

/** Moves the route by one conditional write, under the lease and never behind the back of a newer one. */
export const makeMoveRoute =
  (deps: MoveRouteDeps): Step =>
  async (raw, call): Promise<MoveRouteOutput> => {
    const input = readInput('move-route', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    const grounds = groundsOf(workload, input);
    const wanted = wantedRoute(workload, input);
    if (input.run.dryRun) return planMove(deps, input.run.workload, wanted);
    for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
      requireTime(call, ATTEMPT_MS, `moving the route to ${input.to}`);
      const held = { run: input.run, lease: input.lease };
      if (input.mayHold) await renewUnlessOrdered(deps, held, { workload, mayHold: true });
      else await renewLease(deps, held, workload);
      const moved = await attemptMove(deps, input.run, {
        fence: input.lease.epoch,
        wanted,
        ...grounds,
      });
      if (moved !== null) {
        // After the write: a run that was overtaken must not open the door under the one that shut it. What it lets in has this route.
        if (wanted.origin === 'primary' || wanted.canary?.origin === 'primary')
          await deps.doorFence(input.run.workload)?.open();
        return moved;
      }
      deps.log.warn('the route changed while it was being written; reading it again', { attempt });
    }
    throw new RouteContended(
      `The route of ${input.run.workload} was changed by somebody else ${ATTEMPTS_MAX} times in a row while it was ` +
        `to be moved to ${input.to}. Find out who writes to its KeyValueStore; the step is tried again.`,
    );
  };

/** Why a move is right: when the standby was seen healthy, and what was seen to about data. */
interface Grounds extends Pick<Mover, 'dataSeenTo' | 'returns'> {
  /** Null for a move that sends nobody to the standby. Milliseconds since the Unix epoch. */
  readonly checkedAt: number | null;
}

/** @throws UnsafeMove where the evidence that the move needs is not there */
function groundsOf(workload: Workload, input: Input): Grounds {
  if (!isFailback(input.run)) return { checkedAt: refuseUnsafe(workload, input, input.prepared) };
  // Users who were on the standby may go back to it as it is: the store knows whether anybody was on the primary since.
  if (input.to === 'standby') return { checkedAt: null, returns: true };
  if (input.to === 'maintenance' && input.share === undefined) return { checkedAt: null };
  if (homeSchema.safeParse(input.prepared).success) return { checkedAt: null, dataSeenTo: true };
  throw new UnsafeMove(
    'A move home needs the evidence that the page was everywhere, that both sides hold the same data and that the primary is well; ' +
      `got ${shown(input.prepared)}. The route stays where it is.`,
  );
}

/**
 * Traffic never goes to a standby that was not seen healthy, nor while a write may still reach the primary, nor where the last
 * data are not in its database.
 * @returns when the standby was seen healthy; null for a move that sends nobody there.
 */
function refuseUnsafe(
  { data }: Workload,
  move: { readonly to: OriginId; readonly share?: number | undefined; readonly move: 'planned' | 'failover' },
  prepared: unknown,
): number | null {
  if (move.to !== 'standby' && move.share === undefined) return null;
  const isBrought = data.mode !== 'none';
  const wanted = move.move === 'planned' ? wholeSchema : isBrought ? appliedSchema : preparedSchema;
  const evidence = wanted.safeParse(prepared);
  if (evidence.success) return Date.parse(evidence.data.standby.checkedAt);
  const words =
    move.move === 'planned'
      ? 'that it was seen healthy, that the shield has spread and that nothing is missing on it'
      : isBrought
        ? 'that it was seen healthy, that the shield has spread and that the last data are applied'
        : 'that it was seen healthy and that the shield has spread';
  throw new UnsafeMove(
    `A move to the standby needs the evidence ${words}; ` +
      `got ${shown(prepared)}. The route stays where it is.`,
  );
}

function wantedRoute(workload: Workload, move: Pick<Input, 'run' | 'to' | 'share'>): WantedRoute {
  if (move.share === undefined) return { origin: move.to };
  const percent = workload.policy.canary?.shares[move.share];
  const origin = isFailback(move.run) ? 'primary' : 'standby';
  if (percent !== undefined) return { origin: move.to, canary: { origin, percent } };
  throw new InvalidInput('The input of move-route', [
    `share: got ${move.share}, expected a share of policy.canary`,
  ]);
}

/** A dry run reads the true route and shows what it would write. */
async function planMove(
  deps: MoveRouteDeps,
  workload: string,
  wanted: WantedRoute,
): Promise<MoveRouteOutput> {
  const { route } = await deps.routes.read(workload);
  const at = iso(deps.clock.now());
  const previous = route?.origin ?? 'primary';
  deps.log.info('dry run: the route would be moved', { workload, from: previous, wanted });
  return { origin: wanted.origin, previous, epoch: (route?.epoch ?? 0) + 1, movedAt: at };
}

async function attemptMove(
  deps: MoveRouteDeps,
  run: { readonly workload: string; readonly execution: string },
  move: Grounds & { readonly fence: number; readonly wanted: WantedRoute },
): Promise<MoveRouteOutput | null> {
  const { route: current, version } = await deps.routes.read(run.workload);
  if (move.checkedAt !== null) refuseOldLook(current, move.checkedAt, deps.clock.now());
  const previous = current?.origin ?? 'primary';
  const { fence, dataSeenTo, returns } = move;
  const writer = {
    ...{ fence, by: run.execution, at: iso(deps.clock.now()) },
    ...(dataSeenTo === undefined ? {} : { dataSeenTo }),
    ...(returns === undefined ? {} : { returns }),
  };
  const decision = decideMove(current, move.wanted, writer);
  switch (decision.kind) {
    case 'lease-lost':
      throw new LeaseLost(
        `The route of ${run.workload} was written under fence ${decision.fence}, ours is ${move.fence}: another ` +
          'execution has acted since. This one stops; nothing was changed.',
      );
    case 'would-lose-writes':
      throw wouldLoseWrites(run.workload, decision.on);
    case 'already-there':
      return output(decision.route, previous);
    case 'write':
      if (!(await deps.routes.write(run.workload, decision.route, version))) return null;
      deps.log.info('the route was moved', {
        workload: run.workload,
        from: previous,
        to: decision.route.origin,
      });
      return output(decision.route, previous);
  }
}

const wouldLoseWrites = (workload: string, on: 'standby' | 'primary'): UnsafeMove =>
  new UnsafeMove(
    on === 'standby'
      ? `The standby of ${workload} has served users: it may hold writes that the primary does not know, and they would ` +
          `be lost. Bring the site home with: pilotlight failback ${workload} --reason ...; the route stays where it is.`
      : `Users of ${workload} were on the primary since they left the standby: it may hold writes that the standby does not know, and ` +
          'they would be lost. The route stays where it is; look at the primary, and start a failover if it is down.',
  );

/** Only the first users need it: once some are on the standby, what they get is looked at all the while. */
function refuseOldLook(current: Route | null, checkedAt: number, now: number): void {
  const hasUsers = current?.origin === 'standby' || current?.canary?.origin === 'standby';
  if (hasUsers || !lookIsTooOld(checkedAt, now)) return;
  throw new StandbyLookTooOld(
    `The standby was seen healthy ${Math.round((now - checkedAt) / 1000)} s ago, expected at most ` +
      `${STANDBY_LOOK_SECONDS_MAX} s. Nothing was moved; it is looked at again first.`,
  );
}

const output = (route: Route, previous: OriginId): MoveRouteOutput => ({
  origin: route.origin,
  previous,
  epoch: route.epoch,
  movedAt: route.at,
});
