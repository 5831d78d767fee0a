import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Login } from '../../../mover/database/login.ts';
import { freePort } from '../../helpers/free-port.ts';
import { repository } from '../../pipelines/helpers/script-bench.ts';

const programs = join(repository, 'node_modules/.cache/mysql/bin');

/** Why these tests cannot run here, or nothing if they can: they need MySQL's own programs, `mysqlbinlog` among them. */
export const moverMissing: string | undefined = existsSync(join(programs, 'mysqlbinlog'))
  ? undefined
  : 'no MySQL here (scripts/mysql-for-tests.sh node_modules/.cache/mysql)';

/** A `describe` that says by name why it is skipped: a machine without MySQL proves nothing either way. */
export const describeMover = (title: string, body: () => void): void => {
  if (moverMissing === undefined) describe(title, body);
  else describe.skip(`${title} [skipped: ${moverMissing}]`, body);
};

/** Lets the mover find the database's programs. */
export const moverPath = `${programs}:${process.env['PATH'] ?? ''}`;

export const PASSWORD = 'Mover-\\1 "quoted"';

/** What RDS gives to its master user, as far as the mover uses it; no SUPER, and FLUSH TABLES WITH READ LOCK is refused (no RELOAD). */
const RDS_MOVER =
  'SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, SHOW_ROUTINE';
/** The login that brings data home, as docs/backup-system.md makes it. RDS's master user may give all of it: no SUPER, no SESSION_VARIABLES_ADMIN. */
const RDS_HOME =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, LOCK TABLES, PROCESS, REPLICATION SLAVE, REPLICATION CLIENT, ' +
  'CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, EXECUTE, EVENT, TRIGGER';
/** Azure's administrator: shared with the restore's tests by its text, see docs/backup-system.md. */
const AZURE_ADMINISTRATOR = [
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, ' +
    'EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER',
  'REPLICATION_APPLIER, ROLE_ADMIN, SESSION_VARIABLES_ADMIN, SHOW_ROUTINE, XA_RECOVER_ADMIN',
];

/** Settings of the two sides where they differ from MySQL's own defaults. */
const SETTINGS = {
  primary: ['--lower-case-table-names=0', '--log-bin=mysql-bin-changelog', '--server-id=1'],
  standby: [
    '--lower-case-table-names=1',
    '--log-bin=binlog',
    '--server-id=2',
    '--log-bin-trust-function-creators=ON',
    '--sql-generate-invisible-primary-key=ON',
    '--max-allowed-packet=1G',
    '--event-scheduler=ON',
  ],
} as const;
export type Side = keyof typeof SETTINGS;

const COMMON = [
  '--no-defaults',
  '--mysqlx=OFF',
  '--secure-file-priv=',
  '--gtid-mode=ON',
  '--enforce-gtid-consistency=ON',
  '--innodb-redo-log-capacity=64M',
];

/** A real MySQL on loopback, in a folder of its own, with the administrator or the mover's user of one side. */
export interface MySql {
  readonly port: number;
  readonly folder: string;
  readonly login: Login;
  /** The administrator of the primary's side; the standby's login is one already. */
  readonly administrator: Login;
  /** Rows as tab-separated lines, asked by root. */
  readonly root: (sql: string) => string;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Starts it again with the same data. */
  readonly again: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

function run(program: string, args: readonly string[], input = ''): string {
  const done = spawnSync(join(programs, program), args, { encoding: 'utf8', input, maxBuffer: 2 ** 28 });
  if (done.status !== 0) throw new Error(`${program} ended with ${String(done.status)}: ${done.stderr}`);
  return done.stdout.trimEnd();
}

/** Fresh data take seconds to make, so they are made once for each kind of server and copied; each copy gets an identity of its own. */
function copyFreshData(settings: readonly string[], data: string): void {
  const key = createHash('sha256').update(settings.join(' ')).digest('hex').slice(0, 12);
  const kept = join(repository, 'node_modules/.cache', `mysql-data-${key}`);
  if (!existsSync(kept)) {
    const making = `${kept}.${String(process.pid)}`;
    const install = [
      ...settings,
      '--initialize-insecure',
      `--datadir=${making}`,
      `--user=${userInfo().username}`,
    ];
    run('mysqld', install);
    try {
      renameSync(making, kept);
    } catch {
      // Another worker was quicker.
      rmSync(making, { recursive: true, force: true });
    }
  }
  cpSync(kept, data, { recursive: true });
  rmSync(join(data, 'auto.cnf'), { force: true });
}

/** Starts a server; `prepare` may put other data in place of the fresh ones. */
export async function startMySql(
  side: Side,
  more: readonly string[] = [],
  prepare: (data: string) => void = () => undefined,
): Promise<MySql> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-'));
  const data = join(folder, 'data');
  const socket = join(folder, 's');
  const user = userInfo().username;
  const settings = [...COMMON, ...SETTINGS[side], ...more];
  copyFreshData(settings, data);
  prepare(data);
  const port = await freePort();
  let child: ChildProcess | null = null;
  const again = async (): Promise<void> => {
    child = spawn(
      join(programs, 'mysqld'),
      [
        ...[...settings, `--datadir=${data}`, `--socket=${socket}`, `--port=${String(port)}`],
        ...['--bind-address=127.0.0.1', `--user=${user}`, `--log-error=${join(folder, 'error.log')}`],
      ],
      { stdio: 'ignore' },
    );
    const ping = ['--no-defaults', `--socket=${socket}`, '--user=root', '--wait=60', 'ping'];
    await new Promise<void>((resolve, reject) => {
      const waiting = spawn(join(programs, 'mysqladmin'), ping, { stdio: 'ignore' });
      waiting.once('close', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`MySQL in ${folder} did not start: ${String(code)}`));
      });
    });
  };
  await again();
  const root = (sql: string): string =>
    run(
      'mysql',
      [
        '--no-defaults',
        `--socket=${socket}`,
        '--user=root',
        '--default-character-set=utf8mb4',
        '--batch',
        '-N',
      ],
      sql,
    );
  const quoted = PASSWORD.replaceAll('\\', '\\\\');
  const makeUser = (user: string, rights: readonly string[]): string =>
    root(
      `SET sql_log_bin = 0; CREATE USER IF NOT EXISTS '${user}'@'%' IDENTIFIED BY '${quoted}';` +
        rights.map((list) => `GRANT ${list} ON *.* TO '${user}'@'%' WITH GRANT OPTION;`).join(''),
    );
  const name = side === 'primary' ? 'mover' : 'pilot';
  makeUser(name, side === 'primary' ? [RDS_MOVER] : AZURE_ADMINISTRATOR);
  if (side === 'primary') makeUser('rds_master', [RDS_HOME]);
  const kill = async (signal: NodeJS.Signals): Promise<void> => {
    if (child?.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };
  const login: Login = {
    host: '127.0.0.1',
    port,
    user: name,
    password: PASSWORD,
    sslMode: 'REQUIRED',
    sslCa: null,
  };
  const stop = async (): Promise<void> => {
    await kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  const administrator = side === 'primary' ? { ...login, user: 'rds_master' } : login;
  return { port, folder, login, administrator, root, kill, again, stop };
}
