import { enableCompileCache } from 'node:module';
import { readArguments, SEED_MAX } from './arguments.ts';
import { DEFAULT_SCENARIO } from './default-scenario.ts';

// The SDKs are most of what a drill loads; their compiled form is kept between runs.
enableCompileCache();

const HELP = `Usage: npm run drill -- [options]

Runs a failover end to end: the real workflow, functions and SDK clients over simulated clouds, in virtual time.

Options
  --scenario NAME   what goes wrong (default ${DEFAULT_SCENARIO}, or external for such a standby); see --list
  --seed N          a whole number from 0 to ${SEED_MAX}; the same seed gives the same run (default 1)
  --config FILE     the configuration (default pilotlight.config.yaml)
  --harm            run the same world twice, with the controller and without it, and tell what users gained or lost
  --seeds A-B       with --harm: these seeds, one after the other
  --minutes N       with --harm: so long from the fault (default 60)
  --table           with --harm: the worlds of docs/drill.md, cold and warm, as a table in Markdown
  --fast            tell the run at once instead of in about 20 seconds
  --json            print one JSON document and nothing else
  --list            list the scenarios
  --help            this text

Exit status
  0  the outcome is the expected one and every rule held
  1  it is not, or a rule was broken (with --harm: users were worse off than the rule no-harm allows)
  2  the command line or the configuration is wrong

Examples
  npm run drill
  npm run drill -- --fast --scenario primary-recovers
  npm run drill -- --json --seed 7 > drill.json
  npm run drill -- --harm --scenario region-outage --seeds 1-3
`;

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
