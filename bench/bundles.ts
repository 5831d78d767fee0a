/**
 * What a function costs before it does anything: the size of its bundle, and the time that Node needs to load it. The
 * time is compared with a handler that imports the CloudFront client and nothing else, in the same run, because
 * milliseconds on one machine say little about another.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { argv, env, execPath, stdout } from 'node:process';
import { buildSync } from 'esbuild';
import {
  BUNDLE_FILE,
  USE_SOURCE_MAP,
  folders,
  loaderOptions,
  writeBundle,
  type Folder,
} from '../lib/constructs/bundle.ts';

/** Loads of each bundle, each in a process of its own: the first import is the one that a cold start pays for. */
const ROUNDS = 7;
const ROOT = path.join(import.meta.dirname, '..');

const REFERENCE = `
  import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
  export const handler = async () => new CloudFrontClient({});
`;

/** Prints the milliseconds that the import of the file takes which is its only argument. */
const LOADER = `
  const began = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - began));
`;

/** The environment in Lambda: logger and tracer take other ways without it. */
export const LAMBDA_ENVIRONMENT = {
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_FUNCTION_NAME: 'bench',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
  AWS_REGION: 'ap-northeast-1',
  LAMBDA_TASK_ROOT: '/var/task',
  NODE_OPTIONS: USE_SOURCE_MAP,
};

export interface BundleCost {
  readonly name: Folder | 'reference';
  readonly bytes: number;
  /** Median of the rounds. */
  readonly loadMs: number;
  /** Load time as a multiple of the reference's. */
  readonly loadRatio: number;
}

interface Bundle {
  readonly name: BundleCost['name'];
  readonly file: string;
}

function buildAll(directory: string): readonly Bundle[] {
  const fileOf = (name: string): string => path.join(directory, name, BUNDLE_FILE);
  buildSync({
    ...loaderOptions,
    stdin: { contents: REFERENCE, resolveDir: ROOT },
    outfile: fileOf('reference'),
  });
  for (const name of folders) {
    mkdirSync(path.dirname(fileOf(name)));
    writeBundle(name, path.dirname(fileOf(name)));
  }
  const all: readonly BundleCost['name'][] = ['reference', ...folders];
  return all.map((name) => ({ name, file: fileOf(name) }));
}

function loadMs(file: string): number {
  const printed = execFileSync(execPath, ['--input-type=module', '--eval', LOADER, file], {
    encoding: 'utf8',
    env: { PATH: env['PATH'], ...LAMBDA_ENVIRONMENT },
  });
  return Number(printed);
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

/** Builds every bundle as the stacks do, and loads each in every round, so that a slow moment falls on all alike. */
export function benchBundles(): readonly BundleCost[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-bundles-'));
  try {
    const bundles = buildAll(directory);
    const rounds = new Map<string, number[]>(bundles.map(({ name }) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, file } of bundles) rounds.get(name)?.push(loadMs(file));
    }
    const loadOf = (name: string): number => median(rounds.get(name) ?? []);
    return bundles.map(({ name, file }) => ({
      name,
      bytes: statSync(file).size,
      loadMs: loadOf(name),
      loadRatio: loadOf(name) / loadOf('reference'),
    }));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The costs as a table for people. */
export const printBundleCosts = (costs: readonly BundleCost[]): string =>
  [
    `${'bundle'.padEnd(20)}${'KB'.padStart(8)}${'load ms'.padStart(10)}${'x reference'.padStart(13)}`,
    ...costs.map(
      ({ name, bytes, loadMs: load, loadRatio }) =>
        name.padEnd(20) +
        (bytes / 1000).toFixed(0).padStart(8) +
        load.toFixed(1).padStart(10) +
        loadRatio.toFixed(2).padStart(13),
    ),
    '',
  ].join('\n');

if (argv[1] === import.meta.filename) stdout.write(printBundleCosts(benchBundles()));
