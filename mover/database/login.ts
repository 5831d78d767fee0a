import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** How the database is reached. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly sslMode: 'DISABLED' | 'REQUIRED' | 'VERIFY_CA' | 'VERIFY_IDENTITY';
  /** File of the certificates to trust; null for the machine's own. */
  readonly sslCa: string | null;
  /** A socket of this machine, in place of host and port; only for the private server of a proof. */
  readonly socket?: string;
}

/** Values of option files are read with the escapes of C. Source: MySQL manual, "Using Option Files". */
const quoted = (value: string): string => `"${value.replaceAll('\\', '\\\\')}"`;

/** An option file, because a password among the arguments could be read in the list of processes. */
export interface OptionFile {
  readonly path: string;
  remove(): void;
}

/** Writes the login for the database's own programs, for this user's eyes only. */
export function writeOptionFile(login: Login): OptionFile {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-mover-'));
  const path = join(folder, 'client.cnf');
  const place =
    login.socket === undefined
      ? [`host=${login.host}`, `port=${login.port}`, 'protocol=tcp', `ssl-mode=${login.sslMode}`]
      : [`socket=${login.socket}`, 'protocol=socket'];
  const lines = [
    '[client]',
    ...place,
    `user=${quoted(login.user)}`,
    `password=${quoted(login.password)}`,
    ...(login.sslCa === null || login.socket !== undefined ? [] : [`ssl-ca=${login.sslCa}`]),
    '[mysql]',
    'connect-timeout=15',
    'default-character-set=utf8mb4',
    'max-allowed-packet=1G',
    '[mysqldump]',
    'default-character-set=utf8mb4',
    'max-allowed-packet=1G',
    '',
  ];
  writeFileSync(path, lines.join('\n'), { mode: 0o600 });
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
