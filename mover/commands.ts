import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { readDatabaseSecret } from '../clouds/aws/database-secret.ts';
import type { Clock } from '../core/ports.ts';
import { apply } from './apply/apply.ts';
import type { Options } from './command-line.ts';
import { writeOptionFile, type Login, type OptionFile } from './database/login.ts';
import { withSession } from './database/session.ts';
import { dump } from './dump/dump.ts';
import { MoverError, wordsOf } from './errors.ts';
import {
  bringHome,
  dumpForHome,
  keepOrphans,
  tellGates,
  verifyForHome,
  type HomeCommand,
} from './home/commands.ts';
import { serveHome } from './home/primary-side.ts';
import type { MoverLog } from './log.ts';
import type { CommandName } from './options.ts';
import { ship } from './ship/ship.ts';
import { leaveNote } from './ship/state-files.ts';
import { readStatus, statusText } from './status.ts';
import type { Store } from './store/blob-store.ts';
import { currentLoad } from './apply/bookkeeping.ts';
import { prove } from './verify/prove.ts';
import { compareWith, leaveWitness, newestWitness } from './verify/witness.ts';

/** What a command works with. */
export interface Surroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: MoverLog;
  readonly print: (text: string) => void;
  /** Ends what runs without an end. */
  readonly signal: AbortSignal;
}

const MEGABYTE = 1_000_000;

/** Runs a command. @throws MoverError with the exit code of the process */
export async function runCommand(
  command: CommandName,
  options: Options,
  around: Surroundings,
): Promise<void> {
  if (command === 'status') {
    const now = around.clock.now();
    const status = await readStatus(around.store, text(options.workload), now);
    around.print(options.json === true ? `${JSON.stringify(status, null, 2)}\n` : statusText(status, now));
    return;
  }
  const optionFile = writeOptionFile(await loginOf(options));
  try {
    await withDatabase[command](options, around, optionFile);
  } finally {
    optionFile.remove();
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const orNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const count = (value: unknown, preset: number): number => (typeof value === 'number' ? value : preset);

/** A password as a file holds it: without the line end that an editor adds. */
function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new MoverError(
      'usage',
      'NO_PASSWORD',
      `the password file ${file} cannot be read (${wordsOf(error)}), expected a file with the password alone. In a pod the secrets driver mounts it: look at the events of the pod.`,
    );
  }
}

async function loginOf(options: Options): Promise<Login> {
  const arn = orNull(options['secret-arn']);
  const who =
    arn === null
      ? { user: text(options.user), password: passwordIn(text(options['password-file'])) }
      : await readDatabaseSecret({ region: text(options.region) }, arn);
  return {
    ...who,
    host: text(options.host),
    port: count(options.port, 3306),
    sslMode: options['ssl-mode'] as Login['sslMode'],
    sslCa: orNull(options['ssl-ca']),
  };
}

type Run = (options: Options, around: Surroundings, optionFile: OptionFile) => Promise<void>;

const common = (options: Options, { store, clock, log }: Surroundings, { path }: OptionFile) => ({
  workload: text(options.workload),
  host: text(options.host),
  optionFile: path,
  backups: store.backups,
  jobs: count(options.jobs, 4),
  checksums: options['no-checksums'] !== true,
  work: text(options.work),
  now: () => clock.now(),
  sleep: (ms: number) => clock.sleep(ms),
  log,
});

/** Dumps, and leaves a note for the shipper's beats: a dump that fails in daylight is told in daylight. */
async function dumpNow(options: Options, around: Surroundings, optionFile: OptionFile): Promise<void> {
  const made = common(options, around, optionFile);
  if (options.home === true) {
    await dumpForHome({ ...made, store: around.store }, orNull(options.since), around.print);
    return;
  }
  try {
    await dump(made);
    leaveNote(made.work, 'dumpFault', null);
  } catch (error) {
    leaveNote(made.work, 'dumpFault', {
      at: new Date(made.now()).toISOString(),
      detail: wordsOf(error).slice(0, 500),
    });
    throw error;
  }
}

async function verifyNow(options: Options, around: Surroundings, optionFile: OptionFile): Promise<void> {
  const made = common(options, around, optionFile);
  if (options.home === true) {
    await verifyForHome({ ...made, store: around.store }, options.take === true, around.print);
    return;
  }
  if (options.take === true) {
    const { at, tables } = await leaveWitness(made);
    around.print(`Took the figures of ${tables.length} tables at ${at}.\n`);
    return;
  }
  const witness = await newestWitness(made.backups, made.workload);
  if (witness === null) {
    throw new MoverError(
      'refused',
      'NO_WITNESS',
      "the primary's side has left no figures beside its newest dump: mover verify --take, over there.",
    );
  }
  const load = await withSession(optionFile.path, async (session) => {
    const [known] = await session.query(
      "SELECT 1 FROM information_schema.tables WHERE table_schema = 'pilotlight' AND table_name = 'loads'",
    );
    return known === undefined ? null : currentLoad(session);
  });
  const differing = await compareWith(made, witness, load?.gtidSet ?? '');
  if (differing.length > 0) {
    throw new MoverError(
      'differs',
      'DATA_DIFFER',
      `The two sides differ:\n${differing.map((line) => `- ${line}`).join('\n')}`,
    );
  }
  around.print(`Equal: ${witness.tables.length} tables, by the figures of ${witness.at}.\n`);
}

/** A command for the way home, of the primary's side. */
const ofHome =
  (run: (made: HomeCommand) => Promise<void>): Run =>
  (options, around, optionFile) => {
    const { store, print, signal } = around;
    const everySeconds = count(options.every, 5);
    return run({ ...common(options, around, optionFile), options, store, print, signal, everySeconds });
  };

const withDatabase: Readonly<Record<Exclude<CommandName, 'status'>, Run>> = {
  orphans: ofHome(keepOrphans),
  gates: ofHome(tellGates),
  home: ofHome(bringHome),
  'serve-home': ofHome((made) => serveHome(made, made.signal)),
  dump: dumpNow,
  verify: verifyNow,
  ship: async (options, around, optionFile) => {
    await ship(
      {
        ...common(options, around, optionFile),
        everySeconds: count(options.every, 10),
        spoolMax: count(options['spool-max-mb'], 8_192) * MEGABYTE,
        makeDump: () => dumpNow(options, around, optionFile),
      },
      around.signal,
    );
  },
  apply: async (options, around, optionFile) => {
    const made = common(options, around, optionFile);
    const passwordFile = orNull(options['application-password-file']);
    const user = orNull(options['application-user']);
    const until = orNull(options.until);
    const reached = await apply(
      {
        ...made,
        store: around.store,
        follow: options.follow === true,
        everySeconds: count(options.every, 5),
        readyFile: orNull(options['ready-file']),
        application:
          user === null || passwordFile === null ? null : { user, password: passwordIn(passwordFile) },
        dump: orNull(options.dump),
        replace: options.replace === true,
        correlationId: text(options['correlation-id']),
        schemaOfV1: orNull(options.schema) ?? made.workload,
        until: until === null ? null : Date.parse(until),
        only: null,
        loadOnly: options['load-only'] === true,
      },
      around.signal,
    );
    const at = reached.appliedUntil === null ? 'nothing' : new Date(reached.appliedUntil).toISOString();
    around.print(
      `Applied the dump ${reached.dump} and ${reached.transactions} transactions since: recovery point ${at}.\n`,
    );
  },
  prove: async (options, around, optionFile) => {
    const made = common(options, around, optionFile);
    const proof = await prove({ ...made, systemUser: userInfo().username });
    leaveNote(made.work, 'proof', proof);
    if (!proof.good)
      throw new MoverError('differs', 'NOT_PROVEN', `The restore is NOT proven: ${proof.detail}`);
    around.print(
      `Proven: ${proof.tables} tables and ${proof.rows} rows are restored as they are, in ${proof.seconds} s.\n`,
    );
  },
};
