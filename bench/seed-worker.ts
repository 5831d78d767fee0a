/** Plays one scenario with one seed for each message, and says what came of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { readConfig } from '../core/config/read.ts';
import type { DrillReport } from '../drill/report/summary.ts';
import { runDrill } from '../drill/drill.ts';
import { readScenario } from '../drill/scenario.ts';

export interface SeedJob {
  readonly scenario: string;
  readonly seed: number;
  /** Bytes of the database, where the scenario's own figure is not meant. */
  readonly databaseBytes?: number;
}

export interface SeedResult {
  readonly seed: number;
  readonly unexpected: readonly string[];
  /** Seconds, of the main run; null where nobody was moved. */
  readonly detect: number | null;
  readonly confirm: number | null;
  /** From the first look of the run to its verdict. */
  readonly verdict: number | null;
  readonly rto: number | null;
  /** Seconds of it that cannot be avoided. */
  readonly limit: number | null;
  /** How long users of a planned move, or of a way home, saw the page; null where it was neither. */
  readonly page: number | null;
  /** Seconds in which fewer than half of the users' requests were served. */
  readonly down: number;
  readonly writesLost: number;
  readonly splitBrainWrites: number;
  readonly outcome: string;
}

const CONFIG = path.join(import.meta.dirname, '..', 'pilotlight.config.yaml');

async function play({ scenario: name, seed, databaseBytes }: SeedJob): Promise<SeedResult> {
  const { scenario: read, expectation } = readScenario(name);
  const scenario = databaseBytes === undefined ? read : { ...read, data: { ...read.data, databaseBytes } };
  const config = readConfig(readFileSync(CONFIG, 'utf8'));
  const { report, unexpected } = await runDrill({ name, scenario, expectation, seed, config });
  const { rto, outcome } = report;
  return {
    ...{ seed, unexpected, outcome },
    detect: rto?.phases.detect ?? null,
    confirm: rto?.phases.confirm ?? null,
    verdict: secondsBetween(report, 'Confirm the outage', 'Raise the shield'),
    rto: rto?.totalSeconds ?? null,
    limit: report.limit?.seconds ?? null,
    page: report.pageSeconds ?? null,
    down: report.users.downSeconds,
    writesLost: report.users.writesLost,
    splitBrainWrites: report.users.splitBrainWrites,
  };
}

/** Seconds from the first time that one state of the main run is entered to the first time of another one. */
function secondsBetween({ timeline }: DrillReport, from: string, to: string): number | null {
  const enteredAt = (state: string): number =>
    Date.parse(timeline.find(({ event }) => event === `controller: ${state}`)?.at ?? '');
  const seconds = (enteredAt(to) - enteredAt(from)) / 1000;
  return Number.isNaN(seconds) ? null : seconds;
}

parentPort?.on('message', (job: SeedJob) => {
  void play(job).then((result) => parentPort?.postMessage(result));
});
