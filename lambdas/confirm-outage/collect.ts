import type { Workload } from '../../core/config/schema.ts';
import { alarmSourcesOf } from '../../core/watch/detection.ts';
import type { Alarms, Clock, Log, Prober } from '../../core/ports.ts';
import { signalOfProbes, type ProbeAnswer, type ProbeTarget } from '../../core/watch/probe.ts';
import { signalOfAlarm, type AlarmSource, type AlarmState, type Signal } from '../../core/watch/signal.ts';
import { iso } from '../step-input.ts';

export interface CollectDeps {
  readonly clock: Clock;
  readonly alarms: Alarms;
  readonly prober: Prober;
  readonly log: Log;
}

/** What is probed, how often, how far apart. */
export interface Rounds {
  readonly targets: readonly ProbeTarget[];
  readonly rounds: number;
  readonly intervalMs: number;
}

/** The subjects a signal may have; the standby is checked elsewhere. */
type Subject = 'primary' | 'edge';

async function askRound(prober: Prober, targets: readonly ProbeTarget[]): Promise<ProbeAnswer[][]> {
  return Promise.all(
    targets.map((target) => Promise.all(prober.places.map((place) => prober.probe(place, target)))),
  );
}

/** Probes every target from every place, in rounds, and sums each up as one signal. */
export async function collectProbes(deps: CollectDeps, plan: Rounds): Promise<Signal[]> {
  const rounds: ProbeAnswer[][][] = [];
  for (let round = 0; round < plan.rounds; round += 1) {
    if (round > 0) await deps.clock.sleep(plan.intervalMs);
    rounds.push(await askRound(deps.prober, plan.targets));
  }
  const at = iso(deps.clock.now());
  return plan.targets.flatMap((target, t) =>
    deps.prober.places.map((place, p) => {
      const answers = rounds.flatMap((round) => round[t]?.[p] ?? []);
      return signalOfProbes({ place, about: target.about as Subject, at }, answers);
    }),
  );
}

/**
 * Asks each Region about its alarms. A Region that does not answer in time leaves its alarms `unknown`: that is what a
 * dead Region does, and it must not hold up the others.
 */
export async function collectAlarms(
  deps: CollectDeps,
  asked: { readonly id: string; readonly workload: Workload; readonly timeoutMs: number },
): Promise<Signal[]> {
  const sources = alarmSourcesOf(asked.id, asked.workload);
  const regions = [...new Set(sources.map((source) => source.region))];
  const byRegion = await Promise.all(
    regions.map(async (region) => {
      const own = sources.filter((source) => source.region === region);
      const states = await statesInTime(deps, { region, own, timeoutMs: asked.timeoutMs });
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
  asked: { readonly region: string; readonly own: readonly AlarmSource[]; readonly timeoutMs: number },
): Promise<readonly AlarmState[]> {
  const tooLate = deps.clock.sleep(asked.timeoutMs).then(() => null);
  try {
    const states = await Promise.race([
      deps.alarms.states(
        asked.region,
        asked.own.map((source) => source.name),
      ),
      tooLate,
    ]);
    if (states !== null) return states;
    deps.log.warn('a Region did not answer about its alarms in time', { region: asked.region });
  } catch (error) {
    deps.log.warn('the alarms of a Region could not be read', { region: asked.region, error });
  }
  return [];
}
