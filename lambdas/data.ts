import type { Workload } from '../core/config/schema.ts';
import type { DataReports, DataStore, LagProbe } from '../core/data/ports.ts';
import { reportOf, reportOfLag, reportOfNothing, type DataReport } from '../core/data/report.ts';
import { momentText } from '../core/data/words.ts';
import { PilotlightError } from '../core/errors.ts';
import type { Clock, Log } from '../core/ports.ts';
import { iso } from './step-input.ts';

export interface MeasureDeps {
  readonly clock: Clock;
  readonly stores: (workload: string) => DataStore;
  readonly lag: LagProbe;
}

/** Measures how new the data of a workload are. @throws what the clouds refuse, or do not answer */
export async function measure(
  { clock, stores, lag }: MeasureDeps,
  id: string,
  { data }: Workload,
): Promise<DataReport> {
  if (data.mode !== 'none') {
    const look = await stores(id).look(clock.now());
    // By the clock after the look: what was written meanwhile is in it.
    return reportOf(look, data.mode, clock.now());
  }
  const seconds = data.probe === undefined ? null : await lag.read(data.probe.url);
  return reportOfLag(seconds, clock.now());
}

/** People and a run wait for the figure: what takes longer is taken from the ledger. Milliseconds. */
const MEASURE_MS = 15_000;

/**
 * The report of this moment, or the newest that was kept where the store cannot be read in time: everything up to its point is
 * there still, so it is never too good. Throws nothing that a cloud did.
 */
export async function measureOrRecall(
  deps: MeasureDeps & { readonly log: Log; readonly reports: Pick<DataReports, 'read'> },
  id: string,
  workload: Workload,
): Promise<DataReport> {
  const late = deps.clock.sleep(MEASURE_MS).then(() => `no answer within ${MEASURE_MS / 1000} s`);
  const problem = await Promise.race([
    measure(deps, id, workload).catch((error: unknown) => problemOf(error)),
    late,
  ]);
  if (typeof problem !== 'string') return problem;
  deps.log.warn('the data could not be measured; the newest report of the ledger stands in', {
    workload: id,
    problem,
  });
  const kept = await recall(deps, id);
  const now = deps.clock.now();
  if (kept === null) return reportOfNothing(`the data could not be measured (${problem})`, now);
  const since = `as of ${momentText(kept.measuredAt, iso(now))}, the data cannot be measured now (${problem})`;
  return { ...kept, detail: [kept.detail, since].filter((word) => word !== null).join('; ') };
}

/** The newest report of the ledger; null where there is none, or it cannot be read. */
export async function recall(
  { log, reports }: { readonly log: Log; readonly reports: Pick<DataReports, 'read'> },
  id: string,
): Promise<DataReport | null> {
  try {
    return await reports.read(id);
  } catch (error) {
    log.warn('the newest report on the data could not be read', { workload: id, error });
    return null;
  }
}

/** What a cloud did; a mistake of our own stays an error. */
function problemOf(error: unknown): string {
  if (error instanceof PilotlightError) return error.message;
  throw error;
}
