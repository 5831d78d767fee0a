import { realpathSync } from 'node:fs';
import { systemClock } from '../clouds/clock.ts';
import { PilotlightError } from '../core/errors.ts';
import { helpText, readCommandLine } from './command-line.ts';
import { runCommand } from './commands.ts';
import { exitCodes, MoverError, wordsOf } from './errors.ts';
import { makeLog } from './log.ts';
import { openStore } from './store/blob-store.ts';
import { makeCredential, type Identity } from './store/credential.ts';

/*
 * The mover as a program: `mover COMMAND --option value ...`. It speaks JSON lines on standard error, and what a person asked for on
 * standard output. SIGTERM ends what runs without an end, and leaves nothing half done that the next start would not finish.
 */

const log = makeLog(
  (line) => process.stderr.write(line),
  () => systemClock.now(),
);

async function main(argv: readonly string[]): Promise<number> {
  try {
    const asked = readCommandLine(argv);
    if (asked.kind === 'help') {
      process.stdout.write(helpText(asked.command));
      return 0;
    }
    const { options, command } = asked;
    const identity: Identity =
      options.identity === 'aws-role'
        ? {
            kind: 'aws-role',
            tenantId: String(options['tenant-id']),
            clientId: String(options['client-id']),
            region: String(options.region),
          }
        : { kind: 'workload-identity' };
    const ending = new AbortController();
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ending.abort());
    await runCommand(command, options, {
      store: openStore(String(options.store), makeCredential(identity, systemClock)),
      clock: systemClock,
      log,
      print: (text) => process.stdout.write(text),
      signal: ending.signal,
    });
    return 0;
  } catch (error) {
    return told(error);
  }
}

function told(error: unknown): number {
  if (error instanceof MoverError) {
    process.stderr.write(`${error.code}: ${error.message}\n`);
    return exitCodes[error.failure];
  }
  if (error instanceof PilotlightError) {
    process.stderr.write(`${error.name}: ${error.message}\n`);
    return exitCodes.store;
  }
  process.stderr.write(`UNEXPECTED: ${wordsOf(error)}\n`);
  return 1;
}

// The program may be started by a link to it.
const started = process.argv[1];
if (started !== undefined && realpathSync(started) === import.meta.filename)
  process.exitCode = await main(process.argv.slice(2));
