import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { PilotlightError, PrimaryNotWell } from '../../core/errors.ts';
import type { Ledger, Log, Targets } from '../../core/ports.ts';
import { healthPolicyOf } from '../../core/watch/level.ts';
import { unrestOf } from '../../core/watch/unrest.ts';
import { decideRecovery } from '../../core/watch/verdict.ts';
import { changeMemory, lookAround, withRound, type LookDeps } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** Since when it is waited for a primary that is well; left out where it must be well now. */
  waitingSince: z.iso.datetime().optional(),
});

export interface SeePrimaryWellDeps extends LookDeps {
  readonly config: Config;
  readonly log: Log;
  readonly ledger: Ledger;
  /** The servers behind the primary's load balancer; null where the configuration names none. */
  readonly targets: (workload: string) => Targets | null;
}

export interface SeePrimaryWellOutput {
  readonly well: boolean;
  /** What was seen, in a sentence. */
  readonly summary: string;
  /** ISO 8601. */
  readonly checkedAt: string;
}

/**
 * Looks whether the primary could take its users back: well for policy.recovery.seconds from every place, by the page that needs its
 * database, and with enough servers behind its load balancer.
 * @throws PrimaryNotWell at the time limit, or at once where it must be well now
 */
export const makeSeePrimaryWell =
  (deps: SeePrimaryWellDeps): Step =>
  async (raw): Promise<SeePrimaryWellOutput> => {
    const { run, lease, waitingSince } = readInput('see-primary-well', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    if (run.dryRun) return { well: true, summary: 'dry run: it was not looked at', checkedAt: now(deps) };
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const subject = { id: run.workload, workload };
    const unrest = unrestOf({ moves: lease.recentMoves, spells: 0 });
    const [{ round }, servers] = await Promise.all([
      lookAround(deps, subject),
      serversOf(deps.targets(run.workload)),
    ]);
    const { memory } = await changeMemory(deps, subject, (known) =>
      withRound(known, subject, { round, unrest }),
    );
    const policy = healthPolicyOf(workload);
    const recovery = decideRecovery(
      { memory: memory.health, policy, unrest, now: deps.clock.now() },
      { seconds: workload.policy.recovery.trialSeconds, failedBefore: true },
    );
    const well = recovery.recovered && servers.good;
    const summary = `${recovery.summary}; ${servers.detail}`;
    deps.log.info('the primary was looked at', { workload: run.workload, well, summary });
    if (!well) refuse(deps, { workload, id: run.workload, summary, waitingSince });
    return { well, summary, checkedAt: now(deps) };
  };

const now = ({ clock }: LookDeps): string => iso(clock.now());

/** What the load balancer says of its servers. Where it cannot be asked, or none is named, the looks alone speak. */
async function serversOf(
  targets: Targets | null,
): Promise<{ readonly good: boolean; readonly detail: string }> {
  if (targets === null) return { good: true, detail: 'no target group is configured' };
  try {
    const { healthy, all, unhealthy } = await targets.health();
    const names = unhealthy.length === 0 ? '' : ` (${unhealthy.join(', ')})`;
    return {
      good: healthy > 0 && healthy * 2 > all,
      detail: `${healthy} of ${all} servers behind its load balancer are healthy${names}`,
    };
  } catch (error) {
    if (!(error instanceof PilotlightError)) throw error;
    return { good: false, detail: error.message };
  }
}

function refuse(
  { clock }: LookDeps,
  seen: {
    readonly workload: Workload;
    readonly id: string;
    readonly summary: string;
    readonly waitingSince: string | undefined;
  },
): void {
  const { waitSeconds } = seen.workload.policy.failback;
  const late =
    seen.waitingSince === undefined || clock.now() - Date.parse(seen.waitingSince) >= waitSeconds * 1000;
  if (!late) return;
  const how =
    seen.waitingSince === undefined ? 'any more' : `after ${waitSeconds} s (policy.failback.waitSeconds)`;
  throw new PrimaryNotWell(
    `The primary is not well ${how}: ${seen.summary}. Users stay on the standby. Mend the primary, then begin again: pilotlight failback ${seen.id} --reason ...`,
  );
}
