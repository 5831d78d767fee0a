import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { Confirmation, Watch } from '../../core/watch/confirmation.ts';
import type { Ledger } from '../../core/ports.ts';
import { edgeTarget, primaryTarget } from '../../core/watch/targets.ts';
import { decideRecovery, decideVerdict } from '../../core/watch/verdict.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, stepSchema } from '../step-input.ts';
import { collectAlarms, collectProbes, type CollectDeps } from './collect.ts';

const inputSchema = stepSchema.extend({
  /** `confirm` decides about an outage; `watch` looks whether a shielded primary has come back. */
  purpose: z.enum(['confirm', 'watch']),
});

export interface ConfirmOutageDeps extends CollectDeps {
  readonly config: Config;
  readonly ledger: Ledger;
}

/** What is left of the confirmation's time for an alarm call that hangs, after the rounds of probes. Milliseconds. */
const ALARM_GRACE_MS = 3_000;

/** Collects the signals, decides what they say together, and keeps them as evidence. */
export const makeConfirmOutage =
  (deps: ConfirmOutageDeps): Step =>
  async (raw): Promise<Confirmation | Watch> => {
    const input = readInput('confirm-outage', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    await renewLease(deps, { run: input.run, lease: input.lease }, workload);
    return input.purpose === 'confirm' ? confirm(deps, input.run.workload, workload) : watch(deps, workload);
  };

async function confirm(deps: ConfirmOutageDeps, id: string, workload: Workload): Promise<Confirmation> {
  const { rounds, intervalSeconds, quorum } = workload.policy.confirm;
  const intervalMs = intervalSeconds * 1000;
  const targets = [primaryTarget(workload), edgeTarget(workload, 'primary')];
  const [probes, alarms] = await Promise.all([
    collectProbes(deps, { targets, rounds, intervalMs }),
    collectAlarms(deps, { id, workload, timeoutMs: rounds * intervalMs + ALARM_GRACE_MS }),
  ]);
  const signals = [...alarms, ...probes];
  const verdict = decideVerdict(signals, quorum);
  deps.log.info('the signals were weighed', { workload: id, ...verdict });
  return { ...verdict, signals, decidedAt: iso(deps.clock.now()) };
}

/**
 * Looks whether the primary is back. Every round must be good: by a majority of rounds, as for an outage, users would go
 * home to a primary that fails one request in three. One bad round is enough to see that it is still down.
 */
async function watch(deps: ConfirmOutageDeps, workload: Workload): Promise<Watch> {
  const { rounds, intervalSeconds } = workload.policy.confirm;
  const intervalMs = intervalSeconds * 1000;
  const look = async (): Promise<Watch> => {
    const signals = await collectProbes(deps, { targets: [primaryTarget(workload)], rounds: 1, intervalMs });
    const recovery = decideRecovery(signals, deps.prober.places.length);
    return { ...recovery, signals, decidedAt: iso(deps.clock.now()) };
  };
  let seen = await look();
  for (let round = 1; round < rounds && seen.recovered; round += 1) {
    await deps.clock.sleep(intervalMs);
    seen = await look();
  }
  return seen;
}
