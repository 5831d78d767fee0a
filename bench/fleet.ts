/**
 * What the number of workloads costs: the time to make the stacks, their templates, and what each function carries and reads
 * before it can work for one of them. Each fleet is the example so many times, its distributions included.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { argv, env, execPath, stdout } from 'node:process';
import { BUNDLE_FILE, writeBundle } from '../lib/constructs/bundle.ts';
import { LAMBDA_ENVIRONMENT, median } from './bundles.ts';
import { fleetId, fleetOf } from './fleet-config.ts';

const COUNTS = [1, 50, 500] as const;
const ROUNDS = 7;
const ROOT = path.join(import.meta.dirname, '..');

export interface FleetCost {
  readonly workloads: number;
  /** Of the app alone, bundling and all checks included, without the CDK's command line. */
  readonly synthSeconds: number;
  readonly stacks: number;
  readonly largestTemplateBytes: number;
  readonly mostResources: number;
  /** Of one function, the average of all. */
  readonly bundleBytes: number;
  readonly configBytes: number;
  /** From nothing to the first answer of `begin`, for the last workload of the fleet. Median of the rounds. */
  readonly firstAnswerMs: number;
}

/** Prints the milliseconds that a bundle takes for its first answer: import, configuration, one step. */
const FIRST_ANSWER = `
  const input = JSON.parse(process.argv[2]);
  const context = { awsRequestId: 'bench', getRemainingTimeInMillis: () => 10_000 };
  const began = performance.now();
  const { handler } = await import(process.argv[1]);
  await handler(input, context);
  process.stdout.write('\\n' + (performance.now() - began));
`;

/** Makes the stacks as the CDK's command line has them made. Seconds. */
export function synth(directory: string, out: string): number {
  const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  const config = path.join(directory, 'fleet.json');
  const began = performance.now();
  execFileSync(execPath, [path.join(ROOT, 'bin', 'pilotlight.ts')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: env['PATH'], CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ ...context, config }) },
  });
  return (performance.now() - began) / 1000;
}

function firstAnswerMs(bundle: string, config: string, workload: string): number {
  const input = {
    input: { workload, reason: 'bench', requestedBy: 'bench' },
    execution: 'bench',
    startedAt: '2026-11-22T10:00:00.000Z',
  };
  const printed = execFileSync(
    execPath,
    ['--input-type=module', '--eval', FIRST_ANSWER, bundle, JSON.stringify(input)],
    {
      encoding: 'utf8',
      env: {
        // Outside of Lambda there is no segment to trace into.
        ...{ PATH: env['PATH'], ...LAMBDA_ENVIRONMENT, POWERTOOLS_TRACE_ENABLED: 'false' },
        ...{ CONFIG_FILE: config, LEDGER_TABLE: 'bench', TOPIC_ARN: 'arn:aws:sns:bench' },
      },
    },
  );
  return Number(printed.slice(printed.lastIndexOf('\n') + 1));
}

const resourcesIn = (template: string): number =>
  Object.keys((JSON.parse(readFileSync(template, 'utf8')) as { Resources: object }).Resources).length;

function measure(workloads: number): FleetCost {
  const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-fleet-'));
  try {
    writeFileSync(path.join(directory, 'fleet.json'), JSON.stringify(fleetOf(workloads)));
    const out = path.join(directory, 'out');
    const synthSeconds = synth(directory, out);
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' }).map((name) => path.join(out, name));
    const ending = (end: string): string[] => files.filter((file) => file.endsWith(end));
    const templates = ending('.template.json');
    const bundles = ending(`${path.sep}${BUNDLE_FILE}`);
    const [config = ''] = ending(path.join('pilotlight', 'config.json'));
    writeBundle('begin', directory);
    const begin = path.join(directory, BUNDLE_FILE);
    const answers = Array.from({ length: ROUNDS }, () => firstAnswerMs(begin, config, fleetId(workloads)));
    const sizes = bundles.map((file) => statSync(file).size);
    return {
      ...{ workloads, synthSeconds, stacks: templates.length },
      largestTemplateBytes: Math.max(...templates.map((file) => statSync(file).size)),
      mostResources: Math.max(...templates.map(resourcesIn)),
      bundleBytes: sizes.reduce((sum, size) => sum + size, 0) / sizes.length,
      configBytes: statSync(config).size,
      firstAnswerMs: median(answers),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Fleets of 1, 50 and 500, one after the other. */
export const benchFleets = (): readonly FleetCost[] => COUNTS.map(measure);

/** The costs as a table for people. */
export function printFleetCosts(costs: readonly FleetCost[]): string {
  const rows: readonly (readonly [string, (cost: FleetCost) => string])[] = [
    ['workloads', ({ workloads }) => String(workloads)],
    ['making the stacks, s', ({ synthSeconds }) => synthSeconds.toFixed(1)],
    ['stacks', ({ stacks }) => String(stacks)],
    ['largest template, KB (of 1000)', ({ largestTemplateBytes: bytes }) => (bytes / 1000).toFixed(0)],
    ['most resources (of 500)', ({ mostResources }) => String(mostResources)],
    ['a bundle on average, KB', ({ bundleBytes }) => (bundleBytes / 1000).toFixed(0)],
    ['the configuration, KB', ({ configBytes }) => (configBytes / 1000).toFixed(0)],
    ['first answer of begin, ms', ({ firstAnswerMs: ms }) => ms.toFixed(0)],
  ];
  return `${rows.map(([name, of]) => name.padEnd(32) + costs.map((cost) => of(cost).padStart(10)).join('')).join('\n')}\n`;
}

if (argv[1] === import.meta.filename) stdout.write(printFleetCosts(benchFleets()));
