import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

const folders = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec'];
const firstThatExists = (names: readonly string[]): string | undefined =>
  names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));

const server = firstThatExists(['mariadbd', 'mysqld']);
const installer = firstThatExists(['mariadb-install-db', 'mysql_install_db']);
const client = firstThatExists(['mysql']);

/** Why no real database can be started here, or nothing if one can. */
export const databaseMissing: string | undefined =
  server === undefined
    ? 'no mariadbd or mysqld is installed (apt-get install mariadb-server)'
    : client === undefined
      ? 'no mysql client is installed (apt-get install mariadb-client)'
      : undefined;

export const administratorPassword = 'Administrator-1';

/** A real server, on loopback, in a folder of its own. */
export interface DatabaseServer {
  readonly port: number;
  readonly folder: string;
  /** Rows as tab-separated lines; throws with the client's words. */
  readonly query: (sql: string, as?: { readonly user: string; readonly password: string }) => string;
  /** A session that stays open until its standard input ends. */
  readonly session: () => ChildProcess;
  readonly stop: () => Promise<void>;
}

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('the probe socket has no port');
  return address.port;
};

const runOrThrow = (file: string, args: readonly string[], input?: string): string => {
  const done = spawnSync(file, args, { encoding: 'utf8', ...(input === undefined ? {} : { input }) });
  if (done.status !== 0) throw new Error(`${file} ended with ${String(done.status)}: ${done.stderr}`);
  return done.stdout.trimEnd();
};

/** Starts a server and gives its administrator a password; `stop` ends it by its own process id. */
export const startDatabase = async (): Promise<DatabaseServer> => {
  if (server === undefined || client === undefined) throw new Error(databaseMissing ?? 'no database');
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-db-'));
  const data = join(folder, 'data');
  const socket = join(folder, 's');
  const user = userInfo().username;
  if (installer === undefined) {
    runOrThrow(server, ['--no-defaults', '--initialize-insecure', `--datadir=${data}`, `--user=${user}`]);
  } else {
    const install = [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${user}`,
      '--auth-root-authentication-method=normal',
    ];
    runOrThrow(installer, [...install, '--skip-test-db']);
  }
  const port = await freePort();
  const child = spawn(
    server,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--port=${String(port)}`,
      '--bind-address=127.0.0.1',
      `--user=${user}`,
      `--pid-file=${join(folder, 'pid')}`,
      `--log-error=${join(folder, 'error.log')}`,
    ],
    { stdio: 'ignore' },
  );
  const stop = async (): Promise<void> => {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  const admin = firstThatExists(['mariadb-admin', 'mysqladmin']) ?? 'mysqladmin';
  runOrThrow(admin, ['--no-defaults', `--socket=${socket}`, '--user=root', '--wait=60', 'ping']);
  runOrThrow(
    client,
    ['--no-defaults', `--socket=${socket}`, '--user=root'],
    `CREATE USER 'pilot'@'%' IDENTIFIED BY '${administratorPassword}'; GRANT ALL ON *.* TO 'pilot'@'%' WITH GRANT OPTION;`,
  );
  const login = (as?: { readonly user: string; readonly password: string }): string[] => {
    const who = as ?? { user: 'pilot', password: administratorPassword };
    const options = join(folder, `${who.user}.cnf`);
    writeFileSync(options, `[client]\nuser=${who.user}\npassword="${who.password}"\n`, { mode: 0o600 });
    return [`--defaults-file=${options}`, '--host=127.0.0.1', `--port=${String(port)}`, '--batch', '-N'];
  };
  return {
    port,
    folder,
    query: (sql, as) => runOrThrow(client, [...login(as), '--default-character-set=utf8mb4'], sql),
    session: () => spawn(client, [...login(), '--unbuffered']),
    stop,
  };
};
