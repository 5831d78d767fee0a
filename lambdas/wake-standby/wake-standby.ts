import * as z from 'zod';
import { parkedOf } from '../../core/config/parked-schema.ts';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { CloudRefused, StandbyNotReady } from '../../core/errors.ts';
import type { Announcer, Clock, Ledger, Log } from '../../core/ports.ts';
import type { Run } from '../../core/run/run.ts';
import { runnerOf } from '../../core/slack/preparing.ts';
import { recordOf, type ParkedRecords } from '../../core/standby/parked.ts';
import {
  judgeWake,
  powerResources,
  powerText,
  wakeSchema,
  type PowerLook,
  type StandbyPower,
  type Wake,
} from '../../core/standby/power.ts';
import { requireAzureStandby } from '../../core/standby/tier.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewUnlessOrdered, requireTime, stepSchema } from '../step-input.ts';
import { wakeOne } from '../wake.ts';

const inputSchema = stepSchema.extend({
  /** When it was first asked to wake. */
  waitingSince: z.iso.datetime(),
  /** What the look before this one has left behind; null at the first. */
  before: wakeSchema.nullable(),
});

export interface WakeStandbyDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly power: (workload: string) => StandbyPower;
  readonly records: ParkedRecords;
  readonly announcer: Announcer;
}

/** Three looks side by side, three questions, and their time-outs. Milliseconds. */
const WAKE_MS = 25_000;

/**
 * Looks at a parked standby once and starts what is stopped. It does not wait: it is asked again until all three run, until one is
 * refused, or until they have taken too long; people are told of the last two, because the run then takes the slow way.
 */
export const makeWakeStandby =
  (deps: WakeStandbyDeps): Step =>
  async (raw, call): Promise<Wake> => {
    const { run, lease, waitingSince, before } = readInput('wake-standby', inputSchema, raw);
    const workload = workloadOf(deps.config, run.workload);
    const power = deps.power(run.workload);
    if (run.dryRun) return planned(await power.look());
    requireTime(call, WAKE_MS, 'waking the standby');
    await renewUnlessOrdered(deps, { run, lease }, { workload });
    const seconds = (deps.clock.now() - Date.parse(waitingSince)) / 1000;
    const late = { seconds, limitSeconds: parkedOf(workload.standby).wakeSeconds };
    const wake = await step(deps, { run, power, before, late });
    deps.log.info('the standby is being woken', { workload: run.workload, ...wake });
    if (wake.state === 'refused' || wake.state === 'too-slow') await tell(deps, run, { workload, wake });
    return wake;
  };

/** What a dry run would ask for. A set that was never built is what a rehearsal on paper is there to find. */
function planned(look: PowerLook): Wake {
  const missing = powerResources.filter((resource) => look[resource].state === 'missing');
  if (missing.length > 0) {
    throw new StandbyNotReady(
      `The parked standby is not there: ${powerText(look)}. Build it once: run the pipeline with action apply and tier parked, then pilotlight park.`,
    );
  }
  return { state: 'awake', detail: `dry run: nothing was woken; now: ${powerText(look)}`, resources: [] };
}

async function step(
  deps: WakeStandbyDeps,
  wake: {
    readonly run: Run;
    readonly power: StandbyPower;
    readonly before: Wake | null;
    readonly late: { readonly seconds: number; readonly limitSeconds: number };
  },
): Promise<Wake> {
  const { run, power, before } = wake;
  let look: PowerLook;
  try {
    look = await power.look();
  } catch (error) {
    // Who may not look cannot wake; the pipeline has an identity of its own.
    if (error instanceof CloudRefused) return { state: 'refused', detail: error.message, resources: [] };
    throw error;
  }
  if (before === null && powerResources.some((resource) => look[resource].state !== 'running'))
    await noteWaking(deps, run);
  const now = iso(deps.clock.now());
  const resources = await Promise.all(
    powerResources.map((resource) =>
      wakeOne(power, {
        ...{ resource, now, view: look[resource] },
        before: before?.resources.find((known) => known.resource === resource),
      }),
    ),
  );
  return judgeWake(resources, wake.late);
}

/** Who wakes it must be known to whoever finds it awake. A ledger that is down must not keep it asleep. */
async function noteWaking(deps: WakeStandbyDeps, run: Run): Promise<void> {
  try {
    await deps.records.change(run.workload, (before) =>
      before?.wanted === 'awake' && before.by.kind === 'person'
        ? before
        : recordOf(before, {
            wanted: 'awake',
            by: { kind: 'run', name: run.execution },
            at: iso(deps.clock.now()),
            why: run.reason,
          }),
    );
  } catch (error) {
    deps.log.warn('that this run wakes the standby could not be noted', { workload: run.workload, error });
  }
}

/** The run goes on by itself: a message that cannot be sent must not stop it. */
async function tell(
  deps: WakeStandbyDeps,
  run: Run,
  { workload, wake }: { readonly workload: Workload; readonly wake: Wake },
): Promise<void> {
  const { displayName, url } = workload;
  const standby = requireAzureStandby(run.workload, workload);
  const how = wake.state === 'refused' ? 'cannot be woken' : 'does not wake in time';
  const text =
    `${displayName} (${url}): the parked standby in ${standby.azure.resourceGroup} ${how}.\n\n${wake.detail}\n\n` +
    `The run ${run.execution} goes on by itself: what it can is woken, and the rest built, by ${runnerOf(standby)}, which takes minutes longer. ` +
    `Users see the maintenance page meanwhile. Follow it: pilotlight status ${run.workload}`;
  try {
    const subject = `[Pilotlight] ${displayName}: the parked standby ${how}`;
    await deps.announcer.announce({ subject, text, workload: run.workload, outcome: 'Waiting' });
  } catch (error) {
    deps.log.warn('people could not be told that the standby does not wake', {
      workload: run.workload,
      error,
    });
  }
}
