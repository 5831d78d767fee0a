import * as z from 'zod';
import { judgeShare, type ShareCount } from '../../core/route/canary.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { CanaryFailed, InvalidInput } from '../../core/errors.ts';
import type { RunOrders } from '../../core/ledger/orders.ts';
import type { Clock, Ledger, Log, Prober } from '../../core/ports.ts';
import { isFailback, type Run } from '../../core/run/run.ts';
import { primaryTarget, standbyTarget } from '../../core/watch/targets.ts';
import { askOne } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** Which of the policy's shares is held, counted from 0. */
  share: z.int().nonnegative(),
});

export interface HoldShareDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly prober: Prober;
}

export interface HoldShareOutput {
  /** The share that comes next; meaningless where there is no more. */
  readonly next: number;
  readonly more: boolean;
  readonly asked: number;
  readonly failed: number;
}

/** The lease is renewed at least this often while holding, and orders are heard. Milliseconds. */
const RENEW_MS = 10_000;

/**
 * Holds a share and reads the error rate of the side that it is on from every place all the while: of the standby, and on the way home of the primary.
 * @throws CanaryFailed at once when it is worse than the policy allows.
 */
export const makeHoldShare =
  (deps: HoldShareDeps): Step =>
  async (raw): Promise<HoldShareOutput> => {
    const input = readInput('hold-share', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    const canary = canaryOf(workload, input.share);
    if (input.run.dryRun)
      return { next: input.share + 1, more: input.share + 1 < canary.steps, asked: 0, failed: 0 };
    const beganAt = deps.clock.now();
    const endsAt = beganAt + canary.holdSeconds * 1000;
    let count: ShareCount = { asked: 0, failed: 0 };
    let renewedAt = -Infinity;
    while (deps.clock.now() < endsAt) {
      if (deps.clock.now() - renewedAt >= RENEW_MS) {
        const { orders } = await renewUnlessOrdered(deps, input, { workload });
        renewedAt = deps.clock.now();
        if (isSkipped(orders, beganAt)) break;
      }
      count = await askAll(deps, { run: input.run, workload }, count);
      refuseBad(input.run, count, { percent: canary.percent, errorPercentMax: canary.errorPercentMax });
      await deps.clock.sleep(workload.limits.convergePollSeconds * 1000);
    }
    deps.log.info('the share was held', { percent: canary.percent, ...count });
    return { next: input.share + 1, more: input.share + 1 < canary.steps, ...count };
  };

/** Whether somebody has said of this very share that it need not be held any longer. */
function isSkipped(orders: RunOrders | undefined, beganAt: number): boolean {
  const skips = orders?.given.filter(({ order, step }) => order === 'skip' && step === 'share') ?? [];
  return skips.some(({ at }) => Date.parse(at) >= beganAt);
}

function canaryOf(workload: Workload, share: number) {
  const { canary } = workload.policy;
  const percent = canary?.shares[share];
  if (canary === undefined || percent === undefined) {
    throw new InvalidInput('The input of hold-share', [
      `share: got ${share}, expected a share of policy.canary`,
    ]);
  }
  return { ...canary, percent, steps: canary.shares.length };
}

async function askAll(
  deps: HoldShareDeps,
  { run, workload }: { readonly run: Run; readonly workload: Workload },
  count: ShareCount,
): Promise<ShareCount> {
  const target = isFailback(run) ? primaryTarget(workload) : standbyTarget(workload);
  const answers = await Promise.all(deps.prober.places.map((place) => askOne(deps.prober, place, target)));
  // A place that says nothing has not asked: its silence is neither good nor bad.
  const asked = answers.filter((answer) => answer.observation !== 'unknown');
  return {
    asked: count.asked + asked.length,
    failed: count.failed + asked.filter((answer) => answer.observation === 'bad').length,
  };
}

function refuseBad(
  run: Run,
  count: ShareCount,
  policy: { readonly percent: number; readonly errorPercentMax: number },
): void {
  const judged = judgeShare(count, policy.errorPercentMax);
  if (judged.good) return;
  const [side, where] = isFailback(run)
    ? (['primary', 'of the primary'] as const)
    : (['standby', 'on Azure'] as const);
  throw new CanaryFailed(
    `With ${policy.percent} % of the users on the ${side}, ${judged.detail}. The shield goes up again; look at the ` +
      `application ${where} before anybody is sent there.`,
  );
}
