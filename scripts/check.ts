/**
 * Everything that can be checked without running the code: `npm run check`. The same in CI and before a commit.
 * Says pass or fail of each check, shows what a check said only where it failed, and ends with exit 1 if one did.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..');

/** Enough to keep the small machines of CI busy; each check holds a compiler in memory, so more would thrash them. */
const PARALLEL_MAX = 2;

interface Check {
  readonly name: string;
  /** A script for this Node, and its arguments; the same Node for all, whatever the machine's own is. */
  readonly run: readonly string[];
  /** What a person does about a failure. */
  readonly next: string;
}

interface Outcome {
  readonly check: Check;
  readonly passed: boolean;
  readonly output: string;
  readonly seconds: number;
}

/** The folders whose imports have directions; scripts/ and test/ are looked at for cycles and lost imports. */
const HOUSE = [
  ...['core', 'edge', 'clouds', 'statemachines', 'lambdas', 'lib', 'cli', 'drill', 'bin'],
  ...['bench', 'scripts', 'test'],
];

/** The slow ones first, so that the quick ones fill the gaps. */
const CHECKS: readonly Check[] = [
  {
    name: 'lint',
    run: ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'],
    next: 'Correct the lines above; each names its rule.',
  },
  { name: 'types', run: ['node_modules/typescript/bin/tsc'], next: 'Correct the types above.' },
  {
    name: 'format',
    run: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
    next: 'Run npm run format.',
  },
  {
    name: 'structure',
    run: [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      '--config',
      '.dependency-cruiser.mjs',
      ...HOUSE,
    ],
    next: 'Move the import to a folder that may have it; .dependency-cruiser.mjs says which may.',
  },
  {
    name: 'unused code and dependencies',
    run: ['node_modules/knip/bin/knip.js', '--no-progress'],
    next: 'Remove what nobody uses, or tell knip.json where it is used.',
  },
  {
    name: 'config schema up to date',
    run: ['scripts/write-config-schema.ts', '--check'],
    next: 'Run node scripts/node24.mjs scripts/write-config-schema.ts.',
  },
  {
    name: 'workflows up to date',
    run: ['scripts/write-workflows.ts', '--check'],
    next: 'Change statemachines/source, then run node scripts/node24.mjs scripts/write-workflows.ts.',
  },
];

/** Runs one check to its end. Never rejects: a check that cannot be started has failed. */
function runCheck(check: Check): Promise<Outcome> {
  const began = Date.now();
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const end = (passed: boolean): void =>
      resolve({
        check,
        passed,
        output: Buffer.concat(chunks).toString('utf8').trimEnd(),
        seconds: (Date.now() - began) / 1000,
      });
    const child = spawn(process.execPath, check.run, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => {
      chunks.push(Buffer.from(`could not be started: ${error.message}`));
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

function print({ check, passed, output, seconds }: Outcome): void {
  console.log(`${passed ? 'pass' : 'FAIL'}  ${check.name} (${seconds.toFixed(1)} s)`);
  if (!passed) console.log(`${output.replaceAll(/^/gm, '      ')}\n      -> ${check.next}`);
}

async function main(): Promise<number> {
  const waiting = [...CHECKS];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const outcome = await runCheck(check);
      outcomes.push(outcome);
      print(outcome);
    }
  };
  const workers = Math.min(PARALLEL_MAX, availableParallelism());
  await Promise.all(Array.from({ length: workers }, worker));
  const failed = outcomes.filter((outcome) => !outcome.passed).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main();
