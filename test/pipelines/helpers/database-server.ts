import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { basename, join } from 'node:path';
import { repository } from './script-bench.ts';

/** Where scripts/mysql-for-tests.sh unpacks a real MySQL. Its programs come before the machine's own, which are MariaDB's more often than not. */
const unpacked = join(repository, 'node_modules/.cache/mysql/bin');
const folders = [unpacked, '/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin', '/usr/libexec'];
const firstThatExists = (names: readonly string[]): string | undefined =>
  names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));

const server = existsSync(join(unpacked, 'mysqld'))
  ? join(unpacked, 'mysqld')
  : firstThatExists(['mariadbd', 'mysqld']);
const isMySql = server !== undefined && basename(server) === 'mysqld';
const installer = isMySql ? undefined : firstThatExists(['mariadb-install-db', 'mysql_install_db']);
const client = firstThatExists(['mysql']);
const dumper = firstThatExists(['mysqldump']) ?? 'mysqldump';

/** Why no real database can be started here, or nothing if one can. */
export const databaseMissing: string | undefined =
  server === undefined
    ? 'no database server here (scripts/mysql-for-tests.sh node_modules/.cache/mysql, or apt-get install mariadb-server)'
    : client === undefined
      ? 'no mysql client is installed (apt-get install mariadb-client)'
      : undefined;

/** Why the server is not MySQL itself, or nothing if it is. */
export const mySqlMissing: string | undefined =
  databaseMissing ??
  (isMySql ? undefined : 'only MariaDB here (scripts/mysql-for-tests.sh node_modules/.cache/mysql)');

/** The PATH on which the scripts find the same client as the tests. */
export const databasePath = `${unpacked}:/usr/sbin:/usr/bin:/sbin:/bin`;

export const administratorPassword = 'Administrator-1';

/**
 * The rights that Azure Database for MySQL Flexible Server gives its administrator, as its documentation lists them: no SUPER, no
 * SYSTEM_VARIABLES_ADMIN, no SET_ANY_DEFINER, no BINLOG_ADMIN. MariaDB does not know the second half.
 */
const azureRights = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, ' +
    'EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER',
  ...(isMySql
    ? ['REPLICATION_APPLIER, ROLE_ADMIN, SESSION_VARIABLES_ADMIN, SHOW_ROUTINE, XA_RECOVER_ADMIN']
    : []),
];

/** Azure's defaults where MySQL's own differ, and no time lost on data that are thrown away. */
const serverSettings = isMySql
  ? [
      '--mysqlx=OFF',
      '--secure-file-priv=',
      '--lower-case-table-names=1',
      '--log-bin-trust-function-creators=ON',
      '--sql-generate-invisible-primary-key=ON',
      '--gtid-mode=ON',
      '--enforce-gtid-consistency=ON',
      '--performance-schema=OFF',
      '--innodb-flush-method=nosync',
    ]
  : ['--lower-case-table-names=1', '--log-bin-trust-function-creators=ON'];

/** A real server, on loopback, in a folder of its own. */
export interface DatabaseServer {
  readonly port: number;
  readonly folder: string;
  /** Rows as tab-separated lines; throws with the client's words. */
  readonly query: (sql: string, as?: { readonly user: string; readonly password: string }) => string;
  /** Rows, asked by the server's own root, who may do everything. */
  readonly queryAsRoot: (sql: string) => string;
  /** What the server's dump program writes about a database, run by root, with GTIDs where the server has them. */
  readonly dump: (name: string) => Buffer;
  /** A session that stays open until its standard input ends. */
  readonly session: () => ChildProcess;
  readonly stop: () => Promise<void>;
}

export const freePort = async (): Promise<number> => {
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

/** The dump that pipelines/README.md asks for, with GTIDs on top where the server has them. */
const dumpOrThrow = (login: readonly string[], name: string): Buffer => {
  const all = ['--single-transaction', '--quick', '--no-tablespaces', '--routines', '--events', '--triggers'];
  const gtids = isMySql ? ['--set-gtid-purged=ON'] : [];
  const done = spawnSync(dumper, [...login, ...all, ...gtids, name]);
  if (done.status !== 0)
    throw new Error(`mysqldump ended with ${String(done.status)}: ${done.stderr.toString()}`);
  return done.stdout;
};

/** Fills a folder with a fresh server's data. */
const makeData = (program: string, data: string, user: string): void => {
  if (installer === undefined) {
    const install = ['--no-defaults', ...serverSettings, '--initialize-insecure', `--datadir=${data}`];
    runOrThrow(program, [...install, `--user=${user}`]);
  } else {
    const install = [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${user}`,
      '--auth-root-authentication-method=normal',
    ];
    runOrThrow(installer, [...install, '--skip-test-db']);
  }
};

/** Starts a server and gives its administrator a password; `stop` ends it by its own process id. */
export const startDatabase = async (): Promise<DatabaseServer> => {
  if (server === undefined || client === undefined) throw new Error(databaseMissing ?? 'no database');
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-db-'));
  const data = join(folder, 'data');
  const socket = join(folder, 's');
  const user = userInfo().username;
  makeData(server, data, user);
  const port = await freePort();
  const child = spawn(
    server,
    [
      '--no-defaults',
      ...serverSettings,
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
  const asRoot = ['--no-defaults', `--socket=${socket}`, '--user=root', '--default-character-set=utf8mb4'];
  const queryAsRoot = (sql: string): string => runOrThrow(client, [...asRoot, '--batch', '-N'], sql);
  const grants = azureRights.map((rights) => `GRANT ${rights} ON *.* TO 'pilot'@'%' WITH GRANT OPTION;`);
  queryAsRoot(`CREATE USER 'pilot'@'%' IDENTIFIED BY '${administratorPassword}'; ${grants.join('')}`);
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
    queryAsRoot,
    dump: (name) => dumpOrThrow(asRoot, name),
    session: () => spawn(client, [...login(), '--unbuffered']),
    stop,
  };
};
