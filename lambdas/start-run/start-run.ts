import { createHash } from 'node:crypto';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import type { Clock, Log, Metrics, Starter, WatchMemories } from '../../core/ports.ts';
import { readAlarm, type RingingAlarm } from '../../core/run/trigger.ts';
import { REFUSED_METRIC } from '../../core/watch/figures.ts';
import { currentIncident, healthPolicyOf, runNameOf } from '../../core/watch/level.ts';
import type { WatchMemory } from '../../core/watch/memory.ts';
import { recall, type Looked } from '../looks.ts';
import type { Step } from '../runtime.ts';

export interface StartRunDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly memories: WatchMemories;
  readonly starter: Starter;
  /** Whether a run holds the lease of a workload now. */
  readonly isHeld: (workload: string) => Promise<boolean>;
}

/** A memory that is older than this is that of a watch that does not look: the alarm then stands for itself. Milliseconds. */
const FRESH_MS = 60_000;
/** What the ledger may take before the alarm goes on without it. Milliseconds. */
const MEMORY_MS = 3_000;
/** Enough to tell the alarms of one workload apart. */
const FINGERPRINT_LENGTH = 8;
/** A moment to the second, as in 20261127T081500. */
const MOMENT_LENGTH = 15;

/**
 * Starts the run that an alarm asks for. Where the watch sees the outage too, the run has the name of its incident: whoever
 * asks second finds it started. Otherwise it has the name of the alarm's own moment, so that an event that is delivered twice
 * starts one. What is no alarm of ours starts nothing, and is counted.
 */
export const makeStartRun =
  (deps: StartRunDeps): Step =>
  async (raw): Promise<{ name: string | null; started: boolean }> => {
    const alarm = readOrRefuse(deps, raw);
    if (alarm === null) return { name: null, started: false };
    const name = await nameOf(deps, alarm);
    if (name === null) return { name, started: false };
    const started = (await deps.starter.start(name, raw)) || (await startAgain(deps, alarm, raw));
    deps.log.info('an alarm asks for a run', { workload: alarm.workload, alarm: alarm.name, name, started });
    return { name, started };
  };

function readOrRefuse({ config, log, metrics }: StartRunDeps, raw: unknown): RingingAlarm | null {
  try {
    return readAlarm(config, raw);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    // Trying again would not change it, so it does not fail.
    log.warn('an event is refused: it is no alarm of a workload', { problem: error.message });
    metrics.count(REFUSED_METRIC, 1);
    return null;
  }
}

/**
 * The run of the incident was there already. Where it acts, that is all; where it is over, and somebody else's eyes see an
 * outage now, another one looks again.
 */
async function startAgain(deps: StartRunDeps, alarm: RingingAlarm, raw: unknown): Promise<boolean> {
  if (alarm.eyes === 'watch' || (await isHeldSurely(deps, alarm.workload))) return false;
  return deps.starter.start(nameOfAlarm(alarm), raw);
}

/** Where the lease cannot be read, the run that was started counts as acting: it asks for the lease itself. */
async function isHeldSurely({ isHeld, log }: StartRunDeps, workload: string): Promise<boolean> {
  try {
    return await isHeld(workload);
  } catch (error) {
    log.warn('the lease cannot be read; the run of the incident is taken to act', { workload, error });
    return true;
  }
}

/** The name of the run that an alarm asks for; null where the watch, by whose figures it rings, knows better by now. */
async function nameOf(deps: StartRunDeps, alarm: RingingAlarm): Promise<string | null> {
  const { workload } = alarm;
  const looked = { id: workload, workload: workloadOf(deps.config, workload) };
  const memory = await memoryInTime(deps, looked);
  const now = deps.clock.now();
  const lookedAt = memory?.health.rounds.at(-1)?.at ?? 0;
  if (memory !== null && now - lookedAt < FRESH_MS) {
    const policy = healthPolicyOf(looked.workload);
    const incident = currentIncident({ memory, policy, now });
    if (incident !== null) return runNameOf(workload, incident);
    if (alarm.eyes === 'watch') {
      deps.log.info('the alarm of the watch rang for what is over already', { workload });
      return null;
    }
  }
  return nameOfAlarm(alarm);
}

/** The moment of the alarm, and which of the workload's it is. */
function nameOfAlarm(alarm: RingingAlarm): string {
  const print = createHash('sha256').update(`${alarm.region} ${alarm.name}`).digest('hex');
  const moment = alarm.at
    .replace(/\.\d+/, '')
    .replaceAll(/[^0-9TZ]/g, '')
    .slice(0, MOMENT_LENGTH);
  return `alarm-${alarm.workload}-${moment}-${print.slice(0, FINGERPRINT_LENGTH)}`;
}

/** What the watch remembers; null where the ledger does not say so at once: an alarm does not wait for it. */
async function memoryInTime(deps: StartRunDeps, looked: Looked): Promise<WatchMemory | null> {
  try {
    const late = deps.clock.sleep(MEMORY_MS).then(() => null);
    return await Promise.race([recall(deps.memories, looked), late]);
  } catch (error) {
    deps.log.warn('what the watch remembers cannot be read; the alarm starts a run by itself', {
      workload: looked.id,
      error,
    });
    return null;
  }
}
