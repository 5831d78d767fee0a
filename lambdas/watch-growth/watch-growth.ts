import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { Announcer, Clock, Log, Standby } from '../../core/ports.ts';
import { runSchema } from '../../core/run/run.ts';
import { growthMessage, judgeGrowth } from '../../core/standby/growth.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

const inputSchema = z.object({ run: runSchema, since: z.iso.datetime() });

export interface WatchGrowthDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly announcer: Announcer;
  readonly standby: (workload: string) => Standby;
}

/** `stuck`: it is not whole at limits.standbySeconds, and people were told. */
export interface WatchGrowthOutput {
  readonly state: 'whole' | 'growing' | 'stuck';
  readonly detail: string;
}

/**
 * Looks once whether a standby that serves has got all that was asked for. It needs no lease: the run is over, users are served, and
 * nothing is changed.
 */
export const makeWatchGrowth =
  (deps: WatchGrowthDeps): Step =>
  async (raw): Promise<WatchGrowthOutput> => {
    const { run, since } = readInput('watch-growth', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const growth = judgeGrowth(await deps.standby(run.workload).check('whole'));
    if (growth.whole) {
      deps.log.info('the standby has all its nodes', { workload: run.workload });
      return { state: 'whole', detail: growth.detail };
    }
    const seconds = (deps.clock.now() - Date.parse(since)) / 1000;
    if (seconds <= workload.limits.standbySeconds) return { state: 'growing', detail: growth.detail };
    await tell(deps, { run, workload, seconds, detail: growth.detail });
    return { state: 'stuck', detail: growth.detail };
  };

async function tell(
  { announcer, log }: WatchGrowthDeps,
  stuck: {
    readonly run: { readonly workload: string };
    readonly workload: Workload;
    readonly seconds: number;
    readonly detail: string;
  },
): Promise<void> {
  const { displayName, url } = stuck.workload;
  const { warmNodeCount } = requireAzureStandby(stuck.run.workload, stuck.workload);
  const message = growthMessage({ name: displayName, url }, { ...stuck, nodes: warmNodeCount });
  await announcer.announce({ ...message, workload: stuck.run.workload, outcome: 'FailedOver' });
  log.warn('the standby serves and does not grow', { workload: stuck.run.workload, detail: stuck.detail });
}
