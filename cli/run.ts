import type { Discovery } from '../core/config/discovery.ts';
import { readConfig } from '../core/config/read.ts';
import { expectedRegion, regionNames } from '../core/config/regions.ts';
import type { Config } from '../core/config/schema.ts';
import { InvalidInput, PilotlightError } from '../core/errors.ts';
import { shown } from '../core/problems.ts';
import type { Clock } from '../core/ports.ts';
import { CONFIG_FILE, readCommandLine } from './arguments.ts';
import type { Args, Ask, BeginDeps, CloudDeps, PlainDeps } from './command.ts';
import { commands } from './commands.ts';
import { CommandFailure, EXIT, misuse, notFound, refusal, type ExitCode } from './exit.ts';
import { commandHelp, overviewHelp } from './help.ts';
import { makeOut, type Out, type Streams } from './output.ts';

/** Everything outside of the command line: what main.ts takes from the process, and tests from a simulated world. */
export interface Surroundings {
  readonly streams: Streams;
  readonly clock: Clock;
  /** Asks the person; null where there is no terminal to ask on, or no answer comes. */
  readonly ask: Ask;
  /** Whether there is a terminal to ask on. */
  readonly terminal: boolean;
  /** @throws whatever the file system says. */
  readFile(file: string): string;
  isFile(file: string): boolean;
  /** Writes the whole of a file or nothing of it. @throws whatever the file system says. */
  writeFile(file: string, text: string): void;
  /** Makes the clients; nothing is called before a command asks for something. */
  connect(config: Config, profile: string | null): Promise<CloudDeps>;
  /** The same for what is looked up before there is a configuration. */
  discover(profile: string | null): Promise<Discovery>;
}

/** Carries out a command line. @returns the exit status. */
export async function runCommandLine(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const out = makeOut(around.streams, argv.includes('--json'));
  try {
    const asked = readCommandLine(argv, commands);
    if (asked.kind === 'run') return await runCommand(asked, around, out);
    around.streams.stdout(asked.kind === 'help' ? commandHelp(asked.command) : overviewHelp(commands));
    return EXIT.ok;
  } catch (error) {
    return complain(error, around.streams, out);
  }
}

async function runCommand(
  { command, args }: Extract<ReturnType<typeof readCommandLine>, { kind: 'run' }>,
  around: Surroundings,
  out: Out,
): Promise<ExitCode> {
  const configFile = textOf(args, 'config') ?? CONFIG_FILE;
  const plain: PlainDeps = { out, configFile, readText: (file) => readText(around, file) };
  const profile = textOf(args, 'profile');
  if (command.needs === 'nothing') return command.run(args, plain);
  if (command.needs === 'discovery') {
    return command.run(args, await beginDeps(plain, around, profile));
  }
  const read = readConfig(plain.readText(configFile));
  // The Region is part of every name that is built from the configuration, so it is changed there and nowhere else.
  const region = regionOf(args, command.name) ?? read.controller.region;
  const config = { ...read, controller: { ...read.controller, region } };
  const clouds = await around.connect(config, profile);
  const ask = (question: string): Promise<string | null> =>
    out.json ? Promise.resolve(null) : around.ask(question);
  return command.run(args, { ...plain, ...clouds, config, clock: around.clock, ask });
}

async function beginDeps(plain: PlainDeps, around: Surroundings, profile: string | null): Promise<BeginDeps> {
  return {
    ...plain,
    discovery: await around.discover(profile),
    ask: around.terminal && !plain.out.json ? around.ask : null,
    isFile: (file) => around.isFile(file),
    writeText: (file, text) => writeText(around, file, text),
  };
}

/** The Region that --region names. @throws CommandFailure (2) where AWS has none of that name. */
function regionOf(args: Args, command: string): string | null {
  const region = textOf(args, 'region');
  if (region === null || regionNames.includes(region)) return region;
  throw misuse([`--region: got ${shown(region)}, expected ${expectedRegion(region)}`], command);
}

function textOf(args: Args, name: string): string | null {
  const value = args[name];
  return typeof value === 'string' ? value : null;
}

function readText(around: Surroundings, file: string): string {
  try {
    return around.readFile(file);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw notFound(
      `got no readable configuration at ${shown(file)}: ${got}`,
      'Run the command where pilotlight.config.yaml is, or name it with --config FILE.',
    );
  }
}

function writeText(around: Surroundings, file: string, text: string): void {
  try {
    around.writeFile(file, text);
  } catch (error) {
    const got = error instanceof Error ? error.message : String(error);
    throw refusal(
      `${shown(file)} could not be written: ${got}`,
      'Name a file in a folder that is there and yours with --config FILE.',
    );
  }
}

/** Says what went wrong and what to do now. Mistakes of our own code are not dressed up: they pass as they are. */
function complain(error: unknown, streams: Streams, out: Out): ExitCode {
  const told = tell(error);
  if (told === null) throw error;
  const { exit, message, next } = told;
  if (out.json) {
    out.document({ error: { exit, message, next } });
    return exit;
  }
  streams.stderr(`${out.dress.bad(message)}\n${next === null ? '' : `${next}\n`}`);
  return exit;
}

function tell(
  error: unknown,
): { readonly exit: ExitCode; readonly message: string; readonly next: string | null } | null {
  if (error instanceof CommandFailure) return { exit: error.exit, message: error.message, next: error.next };
  if (error instanceof InvalidInput) {
    const next = 'Correct it and look again with: pilotlight config check';
    return { exit: EXIT.usage, message: error.message, next };
  }
  // The controller's errors name what was called, what came back and the next move in their own words.
  if (error instanceof PilotlightError) {
    const next = error.retryable
      ? 'The command line does not try again by itself: run the command once more.'
      : null;
    return { exit: EXIT.failed, message: error.message, next };
  }
  return null;
}
