import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { isOnItsWay } from '../../core/fleet/children.ts';
import { askForTurn, type Asker } from '../../core/fleet/turns.ts';
import { orderText, skipOrderOf } from '../../core/ledger/orders.ts';
import type { Ledger, Log, WatchMemories } from '../../core/ports.ts';
import { healthPolicyOf } from '../../core/watch/level.ts';
import type { Standing } from '../adapters/standing.ts';
import { recall } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';
import { changeTurns, spreadOf, type TurnDeps } from '../turns.ts';

const inputSchema = stepSchema.extend({
  /** `turn`: before the standby is prepared; `children`: before the users are moved. */
  purpose: z.enum(['turn', 'children']),
  /** Since when this is waited for; ISO 8601. */
  waitingSince: z.iso.datetime(),
});
type Input = z.infer<typeof inputSchema>;

export interface LookAtFleetDeps extends TurnDeps {
  readonly config: Config;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly memories: WatchMemories;
  readonly standing: (workload: string) => Promise<Standing>;
}

/** Whether the run may go on. */
export interface FleetOutput {
  readonly mayGo: boolean;
  /** What is waited for, or why it is not waited for any more. */
  readonly detail: string;
}

/**
 * A run waits so long and then goes on all the same: users without a site are worse than clouds that slow everybody down. For
 * its turn, as long as it takes hundreds to go in waves; for what it depends on, as long as one of them takes at most. The
 * workflow's loops end by it. Seconds.
 */
export const FLEET_WAIT_SECONDS_MAX = { turn: 1_800, children: 900 } as const;
/** One call waits so long itself: each round of the workflow costs events of its history. Milliseconds. */
const CALL_MS = 85_000;
const PAUSE_MS = 3_000;
/** The lease is renewed at least this often, and orders are heard. Milliseconds. */
const RENEW_MS = 10_000;
/** What each wait is called by people who skip it. */
const stepOf = { turn: 'turn', children: 'others' } as const;
/** Runs of one outage begin within so long of each other. Milliseconds. */
const YIELD_MS = 8_000;

/** Says whether a run may go on beside the other runs of the fleet, and waits a little where it may not. */
export const makeLookAtFleet =
  (deps: LookAtFleetDeps): Step =>
  async (raw): Promise<FleetOutput> => {
    const input = readInput('look-at-fleet', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    let renewedAt = -Infinity;
    const endsAt = deps.clock.now() + CALL_MS;
    const givesUpAt = Date.parse(input.waitingSince) + FLEET_WAIT_SECONDS_MAX[input.purpose] * 1000;
    for (;;) {
      if (deps.clock.now() - renewedAt >= RENEW_MS) {
        const { orders } = await renewUnlessOrdered(deps, input, { workload });
        renewedAt = deps.clock.now();
        const skipped = skipOrderOf(orders, stepOf[input.purpose]);
        if (skipped !== null) return { mayGo: true, detail: orderText(skipped) };
      }
      const waitsFor = await waitsForOf(deps, input, workload);
      const now = deps.clock.now();
      if (waitsFor === null) return { mayGo: true, detail: 'nothing is waited for' };
      if (now >= givesUpAt) return goOn(deps, input, waitsFor);
      if (now + PAUSE_MS > endsAt) return { mayGo: false, detail: waitsFor };
      // Not all at the same moment: each of them may write.
      await deps.clock.sleep(PAUSE_MS * (1 + spreadOf(input.run.execution, now)));
    }
  };

/** What the run waits for, in words; null where it may go. */
const waitsForOf = (deps: LookAtFleetDeps, input: Input, workload: Workload): Promise<string | null> =>
  input.purpose === 'turn' ? turnOf(deps, input, workload) : childrenOf(deps, workload);

function goOn(deps: LookAtFleetDeps, { run, purpose }: Input, waitsFor: string): FleetOutput {
  deps.log.warn('a run has waited for long enough and goes on', {
    workload: run.workload,
    purpose,
    waitsFor,
  });
  return { mayGo: true, detail: `waited ${FLEET_WAIT_SECONDS_MAX[purpose]} s and goes on: ${waitsFor}` };
}

async function turnOf(deps: LookAtFleetDeps, { run }: Input, workload: Workload): Promise<string | null> {
  const { movesAtOnce } = deps.config.controller.fleet;
  const { pipelineSeconds, standbySeconds, convergeSeconds } = workload.limits;
  const asker: Asker = {
    execution: run.execution,
    workload: run.workload,
    priority: workload.priority,
    yieldMs: yieldMsOf(deps.config, workload),
    holdMs: 1000 * (pipelineSeconds + standbySeconds + 2 * convergeSeconds),
  };
  const turn = await changeTurns(deps, run.execution, (known) => {
    const asked = askForTurn(known, asker, { now: deps.clock.now(), movesAtOnce });
    return { next: asked.changed ? asked.turns : null, result: asked };
  });
  return turn.granted
    ? null
    : `its turn: ${movesAtOnce} runs at once, ${turn.ahead} before it or at its side`;
}

/**
 * Workloads that fall together do so within seconds, and the first to ask must not be the first to go. Only where turns can
 * be scarce at all, and somebody goes before this one.
 */
function yieldMsOf({ controller, workloads }: Config, { priority }: Workload): number {
  const all = Object.values(workloads);
  const isScarce = all.length > controller.fleet.movesAtOnce;
  return isScarce && all.some((other) => other.priority < priority) ? YIELD_MS : 0;
}

async function childrenOf(deps: LookAtFleetDeps, workload: Workload): Promise<string | null> {
  const now = deps.clock.now();
  const seen = await Promise.all(
    workload.dependsOn.map(async (id) => {
      const looked = { id, workload: workloadOf(deps.config, id) };
      const [standing, memory] = await Promise.all([deps.standing(id), recall(deps.memories, looked)]);
      const policy = healthPolicyOf(looked.workload);
      return { id, onItsWay: isOnItsWay({ ...standing, memory, policy }, now) };
    }),
  );
  const open = seen.filter(({ onItsWay }) => onItsWay).map(({ id }) => id);
  return open.length === 0 ? null : `${open.join(', ')}, on the way to the standby`;
}
