import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Login } from '../database/login.ts';
import { firstError, start } from '../database/programs.ts';
import { MoverError } from '../errors.ts';

/** A server for one proof: a socket and no port, its data in a folder that goes with it. */
export interface PrivateServer {
  readonly login: Login;
  stop(): Promise<void>;
}

/** As Azure's server where they differ: names in lower case, an invisible key for tables without one, no engine but InnoDB. */
const AS_AZURE = [
  '--lower-case-table-names=1',
  '--sql-generate-invisible-primary-key=ON',
  '--disabled-storage-engines=MyISAM,ARCHIVE,BLACKHOLE,FEDERATED,MRG_MYISAM,CSV',
  '--log-bin-trust-function-creators=ON',
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--max-allowed-packet=1G',
  '--event-scheduler=OFF',
];
const SMALL = [
  '--mysqlx=OFF',
  '--skip-networking',
  '--secure-file-priv=',
  '--innodb-buffer-pool-size=256M',
  '--performance-schema=OFF',
];
/** A proof may be lost with the machine: its data need not survive a crash. */
const HASTY = [
  '--innodb-flush-log-at-trx-commit=0',
  '--sync-binlog=0',
  '--innodb-doublewrite=OFF',
  '--binlog-expire-logs-seconds=600',
];
const START_LIMIT_MS = 120_000;

/** Starts a server in a folder below `work`, which must have room for all of the data. */
export async function startPrivateServer(work: string, user: string): Promise<PrivateServer> {
  const folder = join(work, 'proof');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  // The path of a socket may have no more than some hundred characters.
  const sockets = mkdtempSync(join(tmpdir(), 'pl-'));
  const socket = join(sockets, 's');
  const data = join(folder, 'data');
  const settings = [...AS_AZURE, ...SMALL, ...HASTY, `--datadir=${data}`, `--user=${user}`];
  const made = start('mysqld', null, ['--initialize-insecure', ...settings]);
  made.output.resume();
  if ((await made.ended) !== 0) throw failed(firstError(made.errors()));
  const child = spawn(
    'mysqld',
    ['--no-defaults', ...settings, `--socket=${socket}`, `--log-error=${join(folder, 'error.log')}`],
    { stdio: 'ignore', env: { ...process.env } },
  );
  const state = { hasEnded: false as boolean };
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      state.hasEnded = true;
      resolve();
    };
    child.once('close', end);
    // A program that could not be started never closes.
    child.once('error', end);
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
    rmSync(sockets, { recursive: true, force: true });
  };
  const login: Login = {
    host: 'localhost',
    port: 0,
    user: 'root',
    password: '',
    sslMode: 'DISABLED',
    sslCa: null,
    socket,
  };
  for (let waited = 0; waited < START_LIMIT_MS; waited += 250) {
    if (state.hasEnded) break;
    if (read(join(folder, 'error.log')).includes('ready for connections')) return { login, stop };
    await wait(250);
  }
  const said =
    read(join(folder, 'error.log'))
      .split('\n')
      .find((line) => line.includes('[ERROR]')) ?? 'no reason was given';
  await stop();
  throw failed(said);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const failed = (said: string): MoverError =>
  new MoverError(
    'database',
    'NO_PRIVATE_SERVER',
    `the server for the proof did not start: ${said}. Is there room for the data in --work?`,
  );
