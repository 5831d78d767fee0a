import { readFileSync } from 'node:fs';
import { readConfig } from '../core/config/read.ts';
import type { Config } from '../core/config/schema.ts';
import { InvalidInput } from '../core/errors.ts';
import { shown } from '../core/problems.ts';
import type { DrillArguments, NamedArguments } from './arguments.ts';
import { DEFAULT_SCENARIO, defaultScenarioFor } from './default-scenario.ts';
import { runDrill } from './drill.ts';
import { refuseUnfit } from './fit.ts';
import { replay } from './report/replay.ts';
import { coloured, plain, summaryText } from './report/text.ts';
import { readScenario, scenarioNames } from './scenario.ts';

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

function list(): void {
  const names = scenarioNames();
  const width = Math.max(...names.map((name) => name.length)) + 2;
  for (const name of names) write(`${name.padEnd(width)}${readScenario(name).scenario.title}`);
}

/** Carries out a well-formed command line. @returns the exit status. */
export async function runCommand(args: DrillArguments): Promise<number> {
  if (args.list) {
    list();
    return 0;
  }
  // Both are read before either is used, so that a person hears of all mistakes at once.
  const config = attempt(() => readConfig(readText(args.config)));
  const fitting = 'value' in config ? defaultScenarioFor(config.value) : DEFAULT_SCENARIO;
  const name = args.scenario ?? fitting;
  const told = attempt(() => readScenario(name));
  const fits =
    'value' in config && 'value' in told
      ? attempt(() => {
          refuseUnfit(name, told.value.scenario, config.value);
        })
      : { value: undefined };
  if ('value' in config && 'value' in told && 'value' in fits) {
    const named = { ...args, scenario: name };
    if (!args.harm && !args.table) return drill(named, config.value, told.value);
    const { runHarm } = await import('./harm/command.ts');
    const dress = process.stdout.isTTY ? coloured : plain;
    return runHarm(named, { scenario: told.value.scenario, config: config.value }, dress);
  }
  for (const read of [config, told, fits]) if ('refusal' in read) process.stderr.write(`${read.refusal}\n`);
  return 2;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('The configuration', [
      `--config: got ${shown(file)}, expected a readable file: ${got}`,
    ]);
  }
}

/** What was read, or the words for the caller whose mistake it is that it could not be. */
function attempt<T>(read: () => T): { readonly value: T } | { readonly refusal: string } {
  try {
    return { value: read() };
  } catch (error) {
    if (error instanceof InvalidInput) return { refusal: error.message };
    throw error;
  }
}

async function drill(
  args: NamedArguments,
  config: Config,
  { scenario, expectation }: ReturnType<typeof readScenario>,
): Promise<number> {
  const started = performance.now();
  const result = await runDrill({ name: args.scenario, scenario, expectation, seed: args.seed, config });
  const realMs = performance.now() - started;
  const passed = result.unexpected.length === 0 && result.report.rules.every((rule) => rule.held);
  if (args.json) {
    write(JSON.stringify(result.report, null, 2));
    return passed ? 0 : 1;
  }
  const dress = process.stdout.isTTY ? coloured : plain;
  write(dress.strong(`${scenario.title} (${args.scenario}, seed ${args.seed})`));
  write(dress.dim(scenario.story));
  write('');
  await replay(result.journal, { faultAt: result.faultAt, dress, write, fast: args.fast });
  write(summaryText(result.report, { expected: result.unexpected }, dress));
  write(
    dress.dim(
      `${result.transitions} state transitions, ${result.calls} calls over the simulated wire, ` +
        `${Math.round(result.virtualSeconds)} s of virtual time in ${(realMs / 1000).toFixed(2)} s`,
    ),
  );
  return passed ? 0 : 1;
}
