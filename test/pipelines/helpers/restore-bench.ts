import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { azWithBackups, putBackup } from './backup-store.ts';
import { administratorPassword, databasePath, type DatabaseServer } from './database-server.ts';
import { makeScriptBench, repository } from './script-bench.ts';

/** The login that the restore makes for the application. */
export const application = { user: 'petclinic_app', password: 'Application-1' };

/** Streams a dump through the script of the restore pod into the server, as the administrator with Azure's rights. */
export const loadInto = (
  database: DatabaseServer,
  dump: Buffer,
  changes: Readonly<Record<string, string>> = {},
): { status: number | null; output: string } => {
  const administrator = join(database.folder, 'administrator');
  const applicationFile = join(database.folder, 'application');
  writeFileSync(administrator, administratorPassword);
  writeFileSync(applicationFile, application.password);
  const done = spawnSync('bash', [join(repository, 'k8s/restore/load-backup.sh')], {
    input: dump,
    encoding: 'utf8',
    env: {
      PATH: databasePath,
      TMPDIR: database.folder,
      DATABASE_HOST: '127.0.0.1',
      DATABASE_PORT: String(database.port),
      ADMINISTRATOR_USER: 'pilot',
      ADMINISTRATOR_PASSWORD_FILE: administrator,
      APPLICATION_USER: application.user,
      APPLICATION_PASSWORD_FILE: applicationFile,
      DATABASE: 'petclinic',
      CORRELATION_ID: 'exec-1',
      BACKUP_SHA256: 'a'.repeat(64),
      BACKUP_CREATED_AT: '2026-11-22T03:00:00Z',
      ...changes,
    },
  });
  return { status: done.status, output: `${done.stdout}${done.stderr}` };
};

/** The dump as select-backup.sh hands it on to the pod; throws if it would be refused. */
export const provenBackup = (dump: Buffer): Buffer => {
  const bench = makeScriptBench();
  try {
    bench.program('az', azWithBackups);
    const bytes = putBackup(bench, { dump: gzipSync(dump) });
    const chosen = bench.run('pipelines/scripts/select-backup.sh', {}, [join(bench.folder, 'out')]);
    if (chosen.status !== 0) throw new Error(`select-backup.sh refused the dump: ${chosen.output}`);
    return bytes;
  } finally {
    bench.remove();
  }
};
