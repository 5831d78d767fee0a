import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  azWithBackups,
  goodDump,
  putBackup,
  selected,
  sha256,
  type BackupPlan,
} from './helpers/backup-store.ts';
import { describeWith, makeScriptBench, minutesFromNow, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

/** A backup is believed only when everything about it is right; each refusal says which backup, what is wrong and what to do. */
describeWith(['bash', 'jq', 'gzip', 'awk', 'sha256sum'], 'choosing a backup', () => {
  let bench: ScriptBench;
  const choose = (environment: Readonly<Record<string, string>> = {}) =>
    bench.run('pipelines/scripts/select-backup.sh', environment, [join(bench.folder, 'out')]);

  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', azWithBackups);
  });
  afterEach(() => {
    bench.remove();
  });

  it('takes the newest whole backup and leaves it with its proof', () => {
    putBackup(bench, { timestamp: '20261121T030000Z', manifest: { createdAt: minutesFromNow(-50) } });
    const createdAt = minutesFromNow(-20);
    const dump = putBackup(bench, { timestamp: '20261122T030000Z', manifest: { createdAt } });
    const result = choose();
    expect(result).toMatchObject({ status: 0, errors: [] });
    expect(selected(bench)).toEqual({ timestamp: '20261122T030000Z', sha256: sha256(dump), createdAt });
    expect(result.output).toContain('Backup 20261122T030000Z is whole and 20 minutes old (limit 60).');
  });

  it('takes an older backup when a person names it', () => {
    putBackup(bench, { timestamp: '20261121T030000Z' });
    putBackup(bench, { timestamp: '20261122T030000Z' });
    expect(choose({ BACKUP: '20261121T030000Z' }).status).toBe(0);
    expect(selected(bench)).toMatchObject({ timestamp: '20261121T030000Z' });
  });

  it('passes over a folder without a manifest: that backup is still being made', () => {
    putBackup(bench, { timestamp: '20261121T030000Z' });
    putBackup(bench, { timestamp: '20261122T030000Z', withManifest: false });
    expect(choose().status).toBe(0);
    expect(selected(bench)).toMatchObject({ timestamp: '20261121T030000Z' });
  });

  it('reads the blobs as the signed-in identity and never by an account key', () => {
    putBackup(bench);
    choose();
    const storage = bench.calls().filter((line) => line.startsWith('az storage'));
    expect(storage).toHaveLength(3);
    for (const line of storage) expect(line).toContain('--auth-mode login');
  });

  const gzipped = (text: string): BackupPlan => ({ dump: gzipSync(text) });
  const cutShort = gzipSync(goodDump).subarray(0, 60);
  it.each<[string, string, BackupPlan]>([
    ['has a wrong checksum', 'BACKUP_WRONG_CHECKSUM', { manifest: { sha256: 'a'.repeat(64) } }],
    ['has a wrong size', 'BACKUP_WRONG_SIZE', { manifest: { size: 7 } }],
    ['is older than the policy', 'BACKUP_TOO_OLD', { manifest: { createdAt: minutesFromNow(-62) } }],
    ['comes from the future', 'BACKUP_FROM_THE_FUTURE', { manifest: { createdAt: minutesFromNow(10) } }],
    ['does not unpack', 'BACKUP_DAMAGED', { dump: cutShort }],
    [
      'was cut short while it was dumped',
      'BACKUP_DAMAGED',
      gzipped(goodDump.replace(/-- Dump completed.*/, '')),
    ],
    ['names a database of its own', 'BACKUP_DAMAGED', gzipped(`USE \`other\`;\n${goodDump}`)],
    ['creates a database of its own', 'BACKUP_DAMAGED', gzipped(`CREATE DATABASE other;\n${goodDump}`)],
    ['has a manifest that is not JSON', 'BACKUP_MANIFEST_INVALID', { manifestText: '{"sha256":' }],
    ['has an unknown manifest layout', 'BACKUP_MANIFEST_INVALID', { manifest: { schemaVersion: 2 } }],
    ['has no checksum', 'BACKUP_MANIFEST_INVALID', { manifest: { sha256: undefined } }],
    ['has a size that is no number', 'BACKUP_MANIFEST_INVALID', { manifest: { size: '1 MB' } }],
    [
      'has a time of another zone',
      'BACKUP_MANIFEST_INVALID',
      { manifest: { createdAt: '2026-11-22T03:00:00+01:00' } },
    ],
    [
      'has a time that does not exist',
      'BACKUP_MANIFEST_INVALID',
      { manifest: { createdAt: '2026-13-40T03:00:00Z' } },
    ],
    ['names no source server', 'BACKUP_MANIFEST_INVALID', { manifest: { sourceServer: '' } }],
  ])('refuses a backup that %s, by name and with what to do', (_, code, plan) => {
    putBackup(bench, { timestamp: '20261121T030000Z' });
    putBackup(bench, { timestamp: '20261122T030000Z', ...plan });
    const result = choose();
    expect(result.status).toBe(1);
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]).toMatch(new RegExp(`^${code}: backup 20261122T030000Z`));
    expect(result.errors[0]).toMatch(/choose another one with the parameter 'backup'|Make a newer backup/);
  });

  const withLines = (...lines: readonly string[]): BackupPlan =>
    gzipped(goodDump.replace('-- Dump completed', `${lines.join('\n')}\n-- Dump completed`));
  const table = (name: string, ending = ') ENGINE=InnoDB;'): string[] => [
    `CREATE TABLE \`${name}\` (`,
    '  `id` int',
    ending,
  ];
  const view = (name: string): string[] => [
    '/*!50001 CREATE ALGORITHM=UNDEFINED */',
    '/*!50013 DEFINER=`root`@`%` SQL SECURITY DEFINER */',
    `/*!50001 VIEW \`${name}\` AS select 1 */;`,
  ];

  it.each<[string, BackupPlan]>([
    [
      'table `Owners` and `owners` differ only by case, which is one name there: rename one of them',
      withLines(...table('Owners')),
    ],
    ['view `OWNERS` and `owners` differ only by case', withLines(...view('OWNERS'))],
    [
      'table `old` has ENGINE=MyISAM: change it to InnoDB',
      withLines(...table('old', ') ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;')),
    ],
    ['table `far` has ENGINE=FEDERATED', withLines(...table('far', ") ENGINE=FEDERATED CONNECTION='x';"))],
    [
      'table `maria` has a collation that only MariaDB knows',
      withLines(...table('maria', ') ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_uca1400_ai_ci;')),
    ],
    ['sets the global variable max_connections', withLines('SET GLOBAL max_connections = 5;')],
    ['sets the global variable read_only', withLines('/*!40101 SET @@GLOBAL.read_only=1 */;')],
    ['sets up replication', withLines("CHANGE MASTER TO MASTER_LOG_FILE='binlog.1';")],
    [
      'table `a` has ENGINE=Aria: change it to InnoDB; table `b` has ENGINE=CSV: change it to InnoDB. Nothing was restored',
      withLines(...table('a', ') ENGINE=Aria;'), ...table('b', ') ENGINE=CSV;')),
    ],
  ])('refuses before anything is loaded: %s', (said, plan) => {
    putBackup(bench, plan);
    const result = choose();
    expect(result.status).toBe(1);
    expect(result.errors).toEqual([
      expect.stringMatching(/^BACKUP_NOT_RESTORABLE: backup 20261122T030000Z is whole, but /),
    ]);
    expect(result.errors[0]).toContain(said);
  });

  it('bounds what it says of a dump with many faults', () => {
    putBackup(bench, withLines(...Array.from({ length: 7 }, (_, id) => `SET GLOBAL v${String(id)} = 1;`)));
    const said = choose().errors[0] ?? '';
    expect(said).toContain('global variable v4');
    expect(said).not.toContain('global variable v5');
    expect(said).toContain('; and 2 more. Nothing was restored');
  });

  it.each<[string, BackupPlan]>([
    [
      'the body of a routine',
      withLines(
        'DELIMITER ;;',
        'CREATE DEFINER=`root`@`%` PROCEDURE `p`()',
        "SELECT '",
        'USE other;',
        'CREATE DATABASE other;',
        'SET GLOBAL read_only = 1;',
        'CREATE TABLE `OWNERS` (',
        ') ENGINE=MyISAM;',
        "' ;;",
        'DELIMITER ;',
      ),
    ],
    [
      'a row',
      withLines(
        'INSERT INTO `owners` VALUES',
        "(9,'",
        'USE other',
        'CREATE DATABASE other',
        'SET GLOBAL a = 1',
        "');",
      ),
    ],
    ['a comment', withLines('-- USE other;', '-- ) ENGINE=MyISAM')],
    [
      'the name of an engine in a comment of a table',
      withLines(...table('t', ") ENGINE=InnoDB COMMENT='was ENGINE=MyISAM';")),
    ],
    ['a table in memory', withLines(...table('t', ') ENGINE=MEMORY;'))],
    ['what the restore leaves out', withLines("SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5,", "b:1-7';")],
    [
      'a view and its stand-in of the same name',
      withLines('/*!50001 CREATE VIEW `recent` AS SELECT ', ' 1 AS `id`*/;', ...view('recent')),
    ],
  ])('takes a dump in which only %s looks like something to refuse', (_, plan) => {
    putBackup(bench, plan);
    expect(choose()).toMatchObject({ status: 0, errors: [] });
  });

  it('takes a backup that is exactly as old as the policy allows', () => {
    putBackup(bench, { manifest: { createdAt: minutesFromNow(-60) } });
    expect(choose().status).toBe(0);
  });

  it('refuses when there is no backup, and says where one was looked for', () => {
    const result = choose();
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(
      /^NO_BACKUP: no complete backup \(newest\) under backups\/petclinic\/ in stpetclinicdata1/,
    );
  });

  it('refuses a named backup that is not there, though another one is', () => {
    putBackup(bench);
    expect(choose({ BACKUP: '20200101T000000Z' }).errors[0]).toMatch(
      /^NO_BACKUP: no complete backup \(20200101T000000Z\)/,
    );
  });

  it('tells "may not read" from "there is none"', () => {
    bench.program('az', 'echo "ERROR: AuthorizationPermissionMismatch" >&2; exit 1');
    expect(choose().errors[0]).toMatch(
      /^BACKUP_UNREADABLE: the container backups in stpetclinicdata1 cannot be listed/,
    );
  });

  it.each(['../20261122T030000Z', 'newest; rm -rf /', '$(id)', '2026-11-22'])(
    'refuses the backup name %s',
    (name) => {
      expect(choose({ BACKUP: name }).errors[0]).toMatch(/^INVALID_INPUT: BACKUP is /);
      expect(bench.calls()).toEqual([]);
    },
  );

  it('only warns while the infrastructure is still being built', () => {
    const bad = bench.run('pipelines/scripts/check-backup.sh');
    expect(bad).toMatchObject({ status: 0, errors: [] });
    expect(bad.output).toMatch(/^##vso\[task\.logissue type=warning\]Restore will stop: NO_BACKUP: /);
    putBackup(bench);
    const good = bench.run('pipelines/scripts/check-backup.sh');
    expect(good.output).toMatch(/^Backup 20261122T030000Z is whole/);
  });
});
