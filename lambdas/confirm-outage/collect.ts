import type { Workload } from '../../core/config/schema.ts';
import type { Alarms, Clock, Log } from '../../core/ports.ts';
import type { HealthMemory } from '../../core/watch/health.ts';
import { alarmSourcesOf } from '../../core/watch/detection.ts';
import { countLooks, subjects, type PlaceAnswers } from '../../core/watch/round.ts';
import {
  signalOfAlarm,
  signalOfLooks,
  type AlarmSource,
  type AlarmState,
  type Signal,
} from '../../core/watch/signal.ts';
import { iso } from '../step-input.ts';

export interface CollectDeps {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly log: Log;
}

/** What every place saw of primary and site during the window of the policy, each as one signal. */
export function signalsOf(
  memory: HealthMemory,
  answers: readonly PlaceAnswers[],
  seen: { readonly now: number; readonly outage: Workload['policy']['outage'] },
): Signal[] {
  const window = memory.rounds.filter(({ at }) => at >= seen.now - seen.outage.seconds * 1000);
  return subjects.flatMap((about) =>
    answers.map((answer) =>
      signalOfLooks(
        { place: answer.place, about, at: iso(seen.now) },
        countLooks(window, about, answer.place),
        {
          badPercent: seen.outage.errorPercent,
          detail: answer[about].detail,
        },
      ),
    ),
  );
}

/** A Region that hangs must not hold up the others. Milliseconds. */
const ALARMS_MS = 4_000;

/**
 * Asks each Region about its alarms. A Region that does not answer in time leaves its alarms `unknown`: that is what a
 * dead Region does.
 */
export async function collectAlarms(
  deps: CollectDeps,
  asked: { readonly id: string; readonly workload: Workload; readonly home: string },
): Promise<Signal[]> {
  const sources = alarmSourcesOf(asked.id, asked.workload, asked.home);
  const regions = [...new Set(sources.map((source) => source.region))];
  const byRegion = await Promise.all(
    regions.map(async (region) => {
      const own = sources.filter((source) => source.region === region);
      const states = await statesInTime(deps, region, own);
      const at = iso(deps.clock.now());
      return own.map((source) =>
        signalOfAlarm(source, states.find((state) => state.name === source.name) ?? null, at),
      );
    }),
  );
  return byRegion.flat();
}

async function statesInTime(
  deps: CollectDeps,
  region: string,
  own: readonly AlarmSource[],
): Promise<readonly AlarmState[]> {
  const tooLate = deps.clock.sleep(ALARMS_MS).then(() => null);
  const names = own.map((source) => source.name);
  try {
    const states = await Promise.race([deps.alarms.states(region, names), tooLate]);
    if (states !== null) return states;
    deps.log.warn('a Region did not answer about its alarms in time', { region });
  } catch (error) {
    deps.log.warn('the alarms of a Region could not be read', { region, error });
  }
  return [];
}
