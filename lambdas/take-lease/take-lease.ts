import { z } from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { LeaseGrant } from '../../core/lease.ts';
import type { Clock, Ledger, Log } from '../../core/ports.ts';
import { runSchema } from '../../core/run.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

const inputSchema = z.object({ run: runSchema });

export interface TakeLeaseDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly log: Log;
}

/** One execution at a time acts on a workload. A ledger that cannot be read throws: then nobody acts. */
export const makeTakeLease =
  (deps: TakeLeaseDeps): Step =>
  async (raw): Promise<LeaseGrant> => {
    const { run } = readInput('take-lease', inputSchema, raw);
    const { limits } = workloadOf(deps.config, run.workload);
    const now = deps.clock.now();
    const grant = await deps.ledger.takeLease({
      workload: run.workload,
      execution: run.execution,
      now,
      expiresAt: now + limits.leaseSeconds * 1000,
      byPerson: run.trigger === 'manual',
    });
    deps.log.info(grant.taken ? 'the lease is ours' : 'the lease was refused', {
      workload: run.workload,
      ...grant,
    });
    return grant;
  };
