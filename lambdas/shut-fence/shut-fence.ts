import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { CloudRefused, CloudUnavailable } from '../../core/errors.ts';
import type { Clock, Fence, Ledger, Log, Prober } from '../../core/ports.ts';
import {
  addAnswer,
  describeProgress,
  hasConverged,
  noProgress,
  type PlaceProgress,
} from '../../core/route/convergence.ts';
import { fenceTarget } from '../../core/route/fence.ts';
import { askOne } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({ shield: z.object({ epoch: z.int(), movedAt: z.iso.datetime() }) });

export interface ShutFenceDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly prober: Prober;
  readonly doorFence: (workload: string) => Fence | null;
}

/** That no write reaches the primary any more, in the words of the verified shield; seconds are counted from its write. */
interface FenceEvidence {
  readonly converged: true;
  readonly by: 'fence';
  readonly firstGoodAt: string;
  readonly convergedAt: string;
  readonly firstPlaceSeconds: number;
  readonly lastPlaceSeconds: number;
  readonly places: readonly { readonly place: string; readonly seconds: number }[];
}

/** `evidence` is there where `shut` is true; `detail` says why it is not. */
export interface ShutFenceOutput {
  readonly shut: boolean;
  readonly detail: string;
  readonly evidence: FenceEvidence | null;
}

/** A load balancer has the new rule within seconds. One that does not within this, beyond the time of draining, is not waited for. */
const PROOF_MS = 30_000;
/** The call has this long, with its repeats: a Region that is dead answers nothing, and the shield spreads meanwhile. */
const CALL_MS = 16_000;

const open = (detail: string): ShutFenceOutput => ({ shut: false, detail, evidence: null });

/**
 * Shuts the door of the primary and proves it: every place is answered by the rule itself, again and again, for as long as a write that was
 * let in before may take. Never throws for what the primary's Region does: without the fence the shield is waited for, as ever.
 */
export const makeShutFence =
  (deps: ShutFenceDeps): Step =>
  async (raw): Promise<ShutFenceOutput> => {
    const input = readInput('shut-fence', inputSchema, raw);
    const { run, shield } = input;
    const workload = workloadOf(deps.config, run.workload);
    const fence = deps.doorFence(run.workload);
    if (fence === null || workload.primary.fence === undefined) return open('the primary has no fence');
    if (run.dryRun) return open('dry run: the fence would be shut');
    await renewLease(deps, input, workload);
    try {
      await within(deps.clock, fence.shut(shield.epoch));
    } catch (error) {
      if (!(error instanceof CloudUnavailable || error instanceof CloudRefused)) throw error;
      deps.log.warn('the fence could not be shut', { workload: run.workload, detail: error.message });
      return open(error.message);
    }
    return prove(deps, { workload, shield, drainMs: workload.primary.fence.drainSeconds * 1000 });
  };

/** The call goes on behind a time limit that is over; it asks for what the run wants, so it does no harm when it comes through. */
async function within(clock: Clock, call: Promise<void>): Promise<void> {
  const late = clock.sleep(CALL_MS).then(() => {
    throw new CloudUnavailable({
      call: 'ELBv2 ModifyRule',
      got: `no answer within ${CALL_MS / 1000} s`,
      next: 'The shield is waited for in the place of the fence.',
    });
  });
  // Whichever comes second has nobody to tell.
  for (const second of [call, late]) second.catch(() => undefined);
  await Promise.race([call, late]);
}

async function prove(
  deps: ShutFenceDeps,
  asked: {
    readonly workload: Workload;
    readonly shield: { readonly epoch: number; readonly movedAt: string };
    readonly drainMs: number;
  },
): Promise<ShutFenceOutput> {
  const { workload, drainMs } = asked;
  const { limits, policy } = workload;
  const target = fenceTarget(workload, asked.shield.epoch);
  const deadline = deps.clock.now() + drainMs + PROOF_MS;
  let places = deps.prober.places.map(noProgress);
  for (;;) {
    places = await Promise.all(
      places.map(async (progress) => {
        const answer = await askOne(deps.prober, progress.place, target);
        // The load balancer names no origin: only the rule has these words.
        return addAnswer(
          progress,
          { ...answer, origin: 'primary' },
          { origin: 'primary', at: deps.clock.now() },
        );
      }),
    );
    const now = deps.clock.now();
    const wanted = { streak: limits.convergeStreak, sustainMs: drainMs, notBefore: 0, now };
    if (hasConverged(places, { ...wanted, placesMin: policy.confirm.quorum.places })) {
      return {
        shut: true,
        detail: 'the fence is shut',
        evidence: evidenceOf(places, asked.shield.movedAt, now),
      };
    }
    if (now >= deadline) {
      deps.log.warn('the fence is not seen shut', { detail: describeProgress(places) });
      return open(`the fence is not seen shut everywhere: ${describeProgress(places)}`);
    }
    await deps.clock.sleep(limits.convergePollSeconds * 1000);
  }
}

function evidenceOf(places: readonly PlaceProgress[], movedAt: string, now: number): FenceEvidence {
  const since = Date.parse(movedAt);
  const seen = places
    .filter(({ answers }) => answers > 0)
    .map(({ place, streakSince }) => ({ place, seconds: ((streakSince ?? now) - since) / 1000 }));
  const seconds = seen.map((one) => one.seconds);
  return {
    converged: true,
    by: 'fence',
    firstGoodAt: iso(Math.min(...places.map(({ firstGoodAt }) => firstGoodAt ?? now))),
    convergedAt: iso(now),
    firstPlaceSeconds: Math.min(...seconds),
    lastPlaceSeconds: Math.max(...seconds),
    places: seen,
  };
}
