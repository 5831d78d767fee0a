import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { StandbyNotReady } from '../../core/errors.ts';
import type { Clock, Ledger, Log, Prober, Standby } from '../../core/ports.ts';
import {
  describeReadiness,
  judgeStandby,
  type StandbyCheck,
  type StandbyReadiness,
} from '../../core/standby/standby.ts';
import { azureStandbyOf } from '../../core/standby/tier.ts';
import { standbyTarget } from '../../core/watch/targets.ts';
import { askOne } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** When the first look was to begin: the pipeline before it and the approval beside it have limits of their own. */
  waitingSince: z.iso.datetime(),
});

export interface PollStandbyDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly prober: Prober;
  readonly standby: (workload: string) => Standby;
}

/** `checkedAt` is ISO 8601: the evidence that a move to the standby must show. */
export interface PollStandbyOutput extends StandbyReadiness {
  readonly checkedAt: string;
}

/**
 * A gateway believes a new backend after two rounds of its probes, seconds after everything else is good: it is looked at once more in the
 * same step, because coming back takes longer. Not where the first look was slow already. Milliseconds.
 */
const AGAIN_AFTER_MS = 3_000;
const QUICK_LOOK_MS = 20_000;

/**
 * Looks at gateway, cluster, database and application, side by side; of a standby that is somebody else's at the application
 * alone. Where nothing but the gateway is missing it looks once more.
 * @throws StandbyNotReady at the time limit, naming every check that is not good.
 */
export const makePollStandby =
  (deps: PollStandbyDeps): Step =>
  async (raw): Promise<PollStandbyOutput> => {
    const { run, lease, waitingSince } = readInput('poll-standby', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const checkedAt = iso(deps.clock.now());
    // A cold standby does not exist on an ordinary day: a dry run cannot look at it. One that is not ours is always on.
    if (run.dryRun && azureStandbyOf(workload) !== null)
      return { ready: true, checks: [], growing: null, checkedAt };
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const began = deps.clock.now();
    const first = await look(deps, run.workload, workload);
    const again = first.isNear && deps.clock.now() - began < QUICK_LOOK_MS;
    if (again) await deps.clock.sleep(AGAIN_AFTER_MS);
    const { readiness } = again ? await look(deps, run.workload, workload) : first;
    deps.log.info('the standby was checked', {
      ready: readiness.ready,
      detail: describeReadiness(readiness),
    });
    if (!readiness.ready) refuseLate(deps, { workload, waitingSince, readiness });
    return { ...readiness, checkedAt: iso(deps.clock.now()) };
  };

async function look(
  deps: PollStandbyDeps,
  id: string,
  workload: Workload,
): Promise<{ readonly readiness: StandbyReadiness; readonly isNear: boolean }> {
  const [machinery, application] = await Promise.all([
    azureStandbyOf(workload) === null
      ? null
      : deps.standby(id).check(isServedFirst(workload) ? 'serving' : 'whole'),
    checkApplication(deps, workload),
  ]);
  const isNear =
    machinery !== null && machinery.cluster.good && machinery.database.good && !machinery.gateway.good;
  return { readiness: judgeStandby(machinery, application), isNear };
}

/** A standby that is built on the day is whole when it serves; one that runs small serves before its nodes are there. */
const isServedFirst = ({ standby, policy }: Workload): boolean =>
  standby.tier === 'warm' && policy.serveFirst;

/**
 * The application counts as good only when every place that can ask gets the deep answer. Where nothing but this look speaks
 * for the standby, as many places as the quorum asks for must have seen it.
 */
async function checkApplication(deps: PollStandbyDeps, workload: Workload): Promise<StandbyCheck> {
  const target = standbyTarget(workload);
  const answers = await Promise.all(
    deps.prober.places.map(async (place) => ({ place, answer: await askOne(deps.prober, place, target) })),
  );
  const good = answers.filter(({ answer }) => answer.observation === 'good').length;
  const bad = answers.filter(({ answer }) => answer.observation === 'bad');
  const needed = azureStandbyOf(workload) === null ? workload.policy.confirm.quorum.places : 1;
  const few = good < needed && needed > 1 ? `, expected at least ${needed}` : '';
  return {
    good: good >= needed && bad.length === 0,
    detail:
      bad.length === 0
        ? `${good} of ${answers.length} places get the deep answer${few}`
        : bad.map(({ place, answer }) => `${place}: ${answer.detail}`).join(', '),
  };
}

function refuseLate(
  deps: PollStandbyDeps,
  late: { readonly workload: Workload; readonly waitingSince: string; readonly readiness: StandbyReadiness },
): void {
  const limitSeconds = late.workload.limits.standbySeconds;
  const seconds = (deps.clock.now() - Date.parse(late.waitingSince)) / 1000;
  if (seconds <= limitSeconds) return;
  throw new StandbyNotReady(
    `The standby is not healthy after ${Math.round(seconds)} s, the limit is ${limitSeconds} s. ` +
      `${describeReadiness(late.readiness)}. Nothing was switched; the shield stays.`,
  );
}
