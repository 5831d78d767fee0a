import { enableCompileCache } from 'node:module';
import { parseArgs } from 'node:util';
import { DEFAULT_SCENARIO } from './default-scenario.ts';

// The SDKs are most of what a drill loads; their compiled form is kept between runs.
enableCompileCache();

const HELP = `Usage: npm run drill -- [options]

Runs a failover end to end: the real workflow, functions and SDK clients over simulated clouds, in virtual time.

Options
  --scenario NAME   what goes wrong (default ${DEFAULT_SCENARIO}); see --list
  --seed N          a whole number from 0 to 4294967295; the same seed gives the same run (default 1)
  --config FILE     the configuration (default pilotlight.config.yaml)
  --fast            tell the run at once instead of in about 20 seconds
  --json            print one JSON document and nothing else
  --list            list the scenarios
  --help            this text

Exit status
  0  the outcome is the expected one and every rule held
  1  it is not, or a rule was broken
  2  the command line or the configuration is wrong

Examples
  npm run drill
  npm run drill -- --fast --scenario primary-recovers
  npm run drill -- --json --seed 7 > drill.json
`;

const SEED_MAX = 0xffff_ffff;

export interface DrillArguments {
  readonly scenario: string;
  readonly seed: number;
  readonly config: string;
  readonly fast: boolean;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Reads the command line. @returns the arguments, or every problem with them. */
export function readArguments(argv: readonly string[]): DrillArguments | { problems: string[] } {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        scenario: { type: 'string', default: DEFAULT_SCENARIO },
        seed: { type: 'string', default: '1' },
        config: { type: 'string', default: 'pilotlight.config.yaml' },
        fast: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const seed = Number(values.seed);
    if (!/^\d+$/.test(values.seed) || seed > SEED_MAX) {
      return { problems: [`--seed: got "${values.seed}", expected a whole number from 0 to ${SEED_MAX}`] };
    }
    return { ...values, seed };
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
}

const complain = (problems: readonly string[]): number => {
  process.stderr.write(
    `${problems.map((problem) => `- ${problem}`).join('\n')}\nSee npm run drill -- --help\n`,
  );
  return 2;
};

async function main(): Promise<number> {
  const parsed = readArguments(process.argv.slice(2));
  if ('problems' in parsed) return complain(parsed.problems);
  if (parsed.help) {
    process.stdout.write(HELP);
    return 0;
  }
  // Loaded only now: help and mistakes must not wait for the SDKs.
  const { runCommand } = await import('./command.ts');
  return runCommand(parsed);
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = await main();
}
