/**
 * Every measure, one table each, one after the other: two at once would slow each other down. The drill stands here too:
 * what the default failover costs in AWS, and how fast it is played.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { stdout } from 'node:process';
import { readConfig } from '../core/config/read.ts';
import { DEFAULT_SCENARIO } from '../drill/default-scenario.ts';
import { runDrill } from '../drill/drill.ts';
import { readScenario } from '../drill/scenario.ts';
import { benchBundles, printBundleCosts } from './bundles.ts';
import { benchDetection, printDetectionCost } from './detection.ts';
import { benchEdgeFunction, printEdgeCosts } from './edge-function.ts';
import { benchPrice, printPrices } from './price.ts';
import { benchFailback, printFailbackCosts } from './failback.ts';
import { benchFleets, printFleetCosts } from './fleet.ts';
import { benchPlanned, printPlannedCosts } from './planned.ts';
import { benchTiers, printTierCosts } from './tiers.ts';

const ROOT = path.join(import.meta.dirname, '..');
const SEED = 1;
/** The first run also loads and compiles; the median of the others is what one more failover takes. */
const ROUNDS = 5;

/** US dollars. Source: AWS Step Functions pricing, Standard Workflows, $0.025 for 1,000 state transitions. */
const DOLLARS_A_TRANSITION = 0.025 / 1000;

interface DrillCost {
  readonly scenario: string;
  readonly transitions: number;
  /** What Step Functions asks for them, beyond its free tier. */
  readonly dollars: number;
  /** Calls over the simulated wire. */
  readonly calls: number;
  readonly virtualSeconds: number;
  /** Of the first run in the process. */
  readonly firstRealSeconds: number;
  /** Median of the runs after it. */
  readonly realSeconds: number;
}

async function runOnce() {
  const { scenario, expectation } = readScenario(DEFAULT_SCENARIO);
  const config = readConfig(readFileSync(path.join(ROOT, 'pilotlight.config.yaml'), 'utf8'));
  const began = performance.now();
  const result = await runDrill({ name: DEFAULT_SCENARIO, scenario, expectation, seed: SEED, config });
  const realSeconds = (performance.now() - began) / 1000;
  // A run that went wrong would be measured as a cheap one.
  if (result.unexpected.length > 0) {
    throw new Error(`The drill ${DEFAULT_SCENARIO} did not go as expected: ${result.unexpected.join('; ')}`);
  }
  return { result, realSeconds };
}

/** Runs the default scenario again and again with one seed. @throws Error when it does not go as expected. */
async function benchDrill(): Promise<DrillCost> {
  const { result, realSeconds: firstRealSeconds } = await runOnce();
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) seconds.push((await runOnce()).realSeconds);
  const sorted = seconds.toSorted((left, right) => left - right);
  return {
    scenario: DEFAULT_SCENARIO,
    transitions: result.transitions,
    dollars: result.transitions * DOLLARS_A_TRANSITION,
    calls: result.calls,
    virtualSeconds: result.virtualSeconds,
    firstRealSeconds,
    realSeconds: sorted[sorted.length >> 1] ?? Number.NaN,
  };
}

/** The measures as a table for people. */
function printDrillCost(cost: DrillCost): string {
  const rows = [
    ['scenario', cost.scenario],
    ['state transitions', String(cost.transitions)],
    ['their price, USD', cost.dollars.toFixed(4)],
    ['calls over the simulated wire', String(cost.calls)],
    ['virtual time, s', cost.virtualSeconds.toFixed(0)],
    ['real time, first run, s', cost.firstRealSeconds.toFixed(2)],
    ['real time, later runs, s', cost.realSeconds.toFixed(2)],
    ['virtual seconds in a real one', (cost.virtualSeconds / cost.realSeconds).toFixed(0)],
  ] as const;
  return `${rows.map(([name, value]) => name.padEnd(32) + value.padStart(16)).join('\n')}\n`;
}

stdout.write(`The drill\n${printDrillCost(await benchDrill())}\n`);
stdout.write(`Detection\n${printDetectionCost(await benchDetection())}\n`);
stdout.write(`The tiers\n${printTierCosts(await benchTiers())}\n`);
stdout.write(`Planned moves\n${printPlannedCosts(await benchPlanned())}\n`);
stdout.write(`The way home\n${printFailbackCosts(await benchFailback())}\n`);
stdout.write(`The edge functions\n${printEdgeCosts(await benchEdgeFunction())}\n`);
stdout.write(`The bundles of the functions\n${printBundleCosts(benchBundles())}\n`);
stdout.write(`What the controller costs\n${printPrices(benchPrice())}\n`);
stdout.write(`Fleets\n${printFleetCosts(benchFleets())}\n`);
