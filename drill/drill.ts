import type { Config } from '../core/config/schema.ts';
import { readExpectations } from './expectations.ts';
import type { FaultBounds } from './faults.ts';
import { SeededRandom } from './random.ts';
import type { DrillReport } from './report/summary.ts';
import type { Expectation, Scenario } from './scenario.ts';
import { VirtualTime } from './virtual-time.ts';
import type { JournalEntry } from './world/journal.ts';
import { World } from './world/world.ts';

/** A night in spring: the drill always happens then, so that the same seed gives the same bytes. */
export const START = new Date('2026-03-01T03:00:00.000Z');

/** An ordinary stretch before the fault, so that metrics and alarms have a past. Seconds; the seed adds up to a minute. */
export const QUIET_SECONDS = 300;
/** The fault comes within so many seconds after that, where the seed places it. */
export const FAULT_WINDOW_SECONDS = 60;
/** The world goes on so long after the last execution has ended, so that late alarms still come. Seconds. */
const AFTERMATH_SECONDS = 120;

/** What to run. */
export interface DrillOrder {
  readonly name: string;
  readonly scenario: Scenario;
  readonly expectation: Expectation;
  readonly seed: number;
  readonly config: Config;
  /** Random faults of calls and functions, at rates that the seed draws; none where it is left out. */
  readonly faults?: FaultBounds;
}

export interface DrillResult {
  readonly report: DrillReport;
  /** What differs from the expectation; empty when nothing does. */
  readonly unexpected: readonly string[];
  readonly journal: readonly JournalEntry[];
  /** Milliseconds since the Unix epoch. */
  readonly faultAt: number;
  readonly transitions: number;
  readonly calls: number;
  readonly virtualSeconds: number;
}

/** What a start of the standby on suspicion saves, in the same world. */
async function compareStarts(order: DrillOrder, result: DrillResult): Promise<DrillResult> {
  const { rto } = result.report;
  if (!order.scenario.compareStart || rto === null) return result;
  const later = await runOnce({ ...order, scenario: { ...order.scenario, startStandby: 'on-confirmation' } });
  if (later.report.rto === null) return result;
  const savedSeconds = Math.round((later.report.rto.totalSeconds - rto.totalSeconds) * 1000) / 1000;
  return { ...result, report: { ...result.report, savedSeconds } };
}

/** Runs one scenario, and where it asks for it once more with the other strategy, to tell both. */
export async function runDrill(order: DrillOrder): Promise<DrillResult> {
  const result = await compareStarts(order, await runOnce(order));
  const { convergence } = result.report;
  if (!order.scenario.compareStrategies || convergence === null) return result;
  const strategy = order.scenario.strategy === 'distribution' ? 'key-value' : 'distribution';
  const other = await runOnce({ ...order, scenario: { ...order.scenario, strategy } });
  const compared = other.report.convergence;
  if (compared === null) return result;
  const ratio = Math.round((convergence.lastSeconds / compared.lastSeconds) * 100) / 100;
  const report = { ...result.report, convergence: { ...convergence, compared: { ...compared, ratio } } };
  return { ...result, report };
}

/** Runs one scenario from an ordinary night to the end of all executions. */
async function runOnce(order: DrillOrder): Promise<DrillResult> {
  const random = new SeededRandom(order.seed);
  const libraries = random.fork('libraries');
  const time = new VirtualTime(START, () => libraries.next());
  try {
    const world = new World({ ...order, random });
    const faultAt =
      START.getTime() + (QUIET_SECONDS + random.fork('fault').between(0, FAULT_WINDOW_SECONDS)) * 1000;
    world.start(faultAt);
    await time.passUntil(() => world.isOver(faultAt, AFTERMATH_SECONDS));
    world.stop();
    const report = world.report();
    return {
      report,
      unexpected: readExpectations(order.expectation, report, world.evidence()),
      journal: world.journal.entries,
      faultAt,
      transitions: world.mainExecution()?.transitions ?? 0,
      calls: world.calls,
      virtualSeconds: (Date.now() - START.getTime()) / 1000,
    };
  } finally {
    time.restore();
  }
}
