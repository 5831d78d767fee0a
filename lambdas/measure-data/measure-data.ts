import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { faultsOf, isMeasured, type DataFault } from '../../core/data/faults.ts';
import type { DataReports } from '../../core/data/ports.ts';
import { ageSecondsOf, type DataReport } from '../../core/data/report.ts';
import type { Log, Metrics } from '../../core/ports.ts';
import { DATA_FAULT_METRICS, RECOVERY_POINT_METRIC } from '../../core/watch/figures.ts';
import { measure, type MeasureDeps } from '../data.ts';
import type { Step } from '../runtime.ts';

export interface MeasureDataDeps extends MeasureDeps {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly reports: DataReports;
}

/** A measurement is a handful of small calls: so many side by side, and a fleet of hundreds is done within the minute. */
const AT_ONCE_MAX = 25;
/** One workload whose store hangs must not take the minute of the others. Milliseconds. */
const ONE_MS = 20_000;
/** What is begun later than this before the end is not finished. Milliseconds. */
const LAST_START_MS = 25_000;
const MINUTE_MS = 60_000;

/** Measures how new the data of every workload are, once a minute: for the alarms, for people, and for a run that cannot. */
export const makeMeasureData =
  (deps: MeasureDataDeps): Step =>
  async (_raw, call): Promise<{ measured: number }> => {
    const ids = inTurn(
      Object.keys(deps.config.workloads).filter((id) => isMeasured(workloadOf(deps.config, id).data)),
      deps.clock.now(),
    );
    const found: Record<DataFault, string[]> = { unknown: [], tooOld: [], dumpFailed: [], unproven: [] };
    let next = 0;
    let measured = 0;
    const work = async (): Promise<void> => {
      for (let id = ids[next]; id !== undefined; id = ids[next]) {
        next += 1;
        if (call.remainingMs() < LAST_START_MS) return;
        for (const fault of await measureOne(deps, id)) found[fault].push(id);
        measured += 1;
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE_MAX, ids.length) }, work));
    if (measured < ids.length) deps.log.warn('not all workloads were measured', { measured, of: ids.length });
    for (const [fault, workloads] of Object.entries(found) as [DataFault, string[]][]) {
      if (workloads.length === 0) continue;
      deps.metrics.count(DATA_FAULT_METRICS[fault], workloads.length);
      deps.log.warn('the data of some workloads are not as they should be', { fault, workloads });
    }
    return { measured };
  };

/** Another one begins each minute, so that those at the end of a large fleet have their turn. */
function inTurn(ids: readonly string[], now: number): readonly string[] {
  const first = ids.length === 0 ? 0 : (Math.floor(now / MINUTE_MS) * AT_ONCE_MAX) % ids.length;
  return [...ids.slice(first), ...ids.slice(0, first)];
}

/** @returns what is wrong with the data of one workload; what cannot be measured is unknown. */
async function measureOne(deps: MeasureDataDeps, id: string): Promise<readonly DataFault[]> {
  const workload = workloadOf(deps.config, id);
  const report = await measureInTime(deps, id, workload);
  if (report === null) return ['unknown'];
  const now = deps.clock.now();
  const age = ageSecondsOf(report, now);
  if (age !== null) deps.metrics.level(RECOVERY_POINT_METRIC, Math.round(age), { workload: id });
  await deps.reports.write(id, report).catch((error: unknown) => {
    deps.log.warn('the report on the data could not be kept', { workload: id, error });
  });
  return faultsOf(workload.data, report, now);
}

/** Null where it could not be measured: what was known before stays in the ledger, with its age. */
async function measureInTime(
  deps: MeasureDataDeps,
  id: string,
  workload: Workload,
): Promise<DataReport | null> {
  const late = deps.clock.sleep(ONE_MS).then(() => {
    throw new Error(`no answer within ${ONE_MS / 1000} s`);
  });
  try {
    return await Promise.race([measure(deps, id, workload), late]);
  } catch (error) {
    deps.log.warn('the data could not be measured', { workload: id, error });
    return null;
  } finally {
    // It ends in an error that nobody waits for any more.
    late.catch(() => undefined);
  }
}
