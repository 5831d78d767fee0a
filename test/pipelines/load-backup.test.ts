import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { goodDump } from './helpers/backup-store.ts';
import {
  administratorPassword,
  databaseMissing,
  mySqlMissing,
  startDatabase,
  type DatabaseServer,
} from './helpers/database-server.ts';
import { application, loadInto, provenBackup } from './helpers/restore-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const title = 'loading a backup into a real database';

/** The script that runs in the restore pod, against a server on loopback: nothing of the database is imitated. */
(databaseMissing === undefined ? describe : describe.skip)(
  databaseMissing === undefined ? title : `${title} [skipped: ${databaseMissing}]`,
  () => {
    let database: DatabaseServer;
    beforeAll(async () => {
      database = await startDatabase();
    }, 120_000);
    afterAll(async () => {
      await database.stop();
    }, 60_000);
    afterEach(() => {
      database.query(
        "DROP DATABASE IF EXISTS petclinic; DROP DATABASE IF EXISTS pilotlight; DROP USER IF EXISTS 'petclinic_app'@'%'",
      );
    });

    const load = (dump: Buffer, changes: Readonly<Record<string, string>> = {}) =>
      loadInto(database, dump, changes);
    const good = gzipSync(goodDump);
    const owners = (): string => database.query('SELECT last_name FROM petclinic.owners ORDER BY id');
    const mayLogIn = (): boolean => {
      try {
        return database.query('SELECT 1', application) === '1';
      } catch {
        return false;
      }
    };

    it('loads every row, and only then lets the application in', () => {
      expect(mayLogIn()).toBe(false);
      const result = load(good);
      expect(result).toMatchObject({ status: 0 });
      expect(result.output).toContain(
        'Restored: 1 tables and 0 views in petclinic, from the backup of 2026-11-22T03:00:00Z.',
      );
      expect(owners()).toBe('Franklin\nDavis; DROP\nMüller');
      expect(database.query('SELECT last_name FROM petclinic.owners WHERE id = 1', application)).toBe(
        'Franklin',
      );
    });

    it('lets the application change its rows, and neither its tables nor the record of restores', () => {
      load(good);
      database.query("INSERT INTO petclinic.owners VALUES (4, 'Coleman')", application);
      expect(owners()).toContain('Coleman');
      expect(() => database.query('DROP TABLE petclinic.owners', application)).toThrow(/denied/);
      expect(() => database.query('SELECT * FROM pilotlight.restores', application)).toThrow(/denied/);
    });

    it('does nothing the second time for the same correlation id, so what users wrote stays', () => {
      load(good);
      database.query("INSERT INTO petclinic.owners VALUES (4, 'Coleman')");
      const again = load(good);
      expect(again.status).toBe(0);
      expect(again.output).toContain('already restored');
      expect(owners()).toContain('Coleman');
    });

    it('refuses to load over an earlier restore, and changes nothing', () => {
      load(good);
      database.query("INSERT INTO petclinic.owners VALUES (4, 'Coleman')");
      const other = load(good, { CORRELATION_ID: 'exec-2' });
      expect(other.status).toBe(1);
      expect(other.output).toContain(
        'type=error]DATABASE_IN_USE: petclinic on 127.0.0.1 holds an earlier restore',
      );
      expect(owners()).toContain('Coleman');
      expect(mayLogIn()).toBe(true);
    });

    it('loads over an earlier restore when a person says so, and drops what the backup does not have', () => {
      load(good);
      database.query(
        "INSERT INTO petclinic.owners VALUES (4, 'Coleman'); CREATE TABLE petclinic.left_over (id int)",
      );
      expect(load(good, { CORRELATION_ID: 'exec-2', REPLACE_DATA: 'true' }).status).toBe(0);
      expect(owners()).not.toContain('Coleman');
      expect(database.query("SHOW TABLES FROM petclinic LIKE 'left_over'")).toBe('');
    });

    it('refuses tables that no restore put there', () => {
      database.query('CREATE DATABASE petclinic; CREATE TABLE petclinic.precious (id int)');
      const result = load(good);
      expect(result.output).toContain(
        'DATABASE_IN_USE: petclinic on 127.0.0.1 has 1 tables or views that no restore put there',
      );
      expect(database.query('SHOW TABLES FROM petclinic')).toBe('precious');
    });

    it.each(['exec-1', 'exec-2'])(
      'leaves a stream that was cut off as unfinished, without a login, and the next run (%s) repairs it',
      (next) => {
        // Ten statements, so that the cut falls between two of them as well as inside one.
        const rows = Array.from(
          { length: 5000 },
          (_, id) => `(${String(id + 10)},'Row ${String(id * 7919)}')`,
        );
        const inserts = Array.from({ length: 10 }, (_, part) => {
          const values = rows.slice(part * 500, part * 500 + 500).join(',');
          return `INSERT INTO \`owners\` VALUES ${values};`;
        });
        const whole = gzipSync(goodDump.replace('UNLOCK TABLES;', [...inserts, 'UNLOCK TABLES;'].join('\n')));
        const cut = load(whole.subarray(0, Math.floor(whole.length * 0.7)));
        expect(cut.status).toBe(1);
        expect(cut.output).toContain(
          'RESTORE_FAILED: the dump did not load into petclinic: gzip: stdin: unexpected end of file',
        );
        expect(mayLogIn()).toBe(false);
        expect(database.query('SELECT finished_at IS NULL FROM pilotlight.restores')).toBe('1');
        expect(load(whole, { CORRELATION_ID: next })).toMatchObject({ status: 0 });
        expect(database.query('SELECT COUNT(*) FROM petclinic.owners')).toBe('5003');
        expect(
          database.query('SELECT correlation_id, finished_at IS NOT NULL FROM pilotlight.restores'),
        ).toBe(`${next}\t1`);
        expect(mayLogIn()).toBe(true);
      },
    );

    it('stops at the first bad statement and says which', () => {
      const bad = load(gzipSync(goodDump.replace("(1,'Franklin')", "(1,'Franklin','one too many')")));
      expect(bad.status).toBe(1);
      expect(bad.output).toMatch(/RESTORE_FAILED: .*ERROR 1136/);
      expect(mayLogIn()).toBe(false);
    });

    it('says that nothing came, when nothing came', () => {
      const result = load(Buffer.alloc(0));
      expect(result.status).toBe(1);
      expect(result.output).toMatch(
        /RESTORE_FAILED: .*: gzip: stdin: unexpected end of file\. The restore is/,
      );
      expect(mayLogIn()).toBe(false);
    });

    it('does not call a dump without a table a restore', () => {
      const result = load(gzipSync('-- nothing\n-- Dump completed\n'));
      expect(result.status).toBe(1);
      expect(result.output).toContain('or the dump made no table');
      expect(mayLogIn()).toBe(false);
    });

    it('takes what the database’s own dump program writes, awkward rows and all', () => {
      database.query(
        'CREATE DATABASE source CHARACTER SET utf8mb4; CREATE TABLE source.notes (id int PRIMARY KEY, body text, raw blob);' +
          "INSERT INTO source.notes VALUES (1, 'it''s \\\\ a\\nUSE other;', x'00ff27'), (2, '🐕 \\t-- Dump completed', NULL)",
      );
      const checksum = 'SELECT COUNT(*), SUM(CRC32(body)), HEX(MAX(raw)) FROM ';
      const dump = database.dump('source');
      const before = database.query(`${checksum} source.notes`);
      database.query('DROP DATABASE source');
      expect(load(provenBackup(dump))).toMatchObject({ status: 0 });
      expect(before).toMatch(/^2\t/);
      expect(database.query(`${checksum} petclinic.notes`)).toBe(before);
    });

    it('takes a dump with MariaDB’s line about its sandbox, at which MySQL’s client stops', () => {
      const line = '/*!999999\\- enable the sandbox mode */ ';
      expect(load(provenBackup(Buffer.from(`${line}\n${goodDump}`)))).toMatchObject({ status: 0 });
      expect(owners()).toBe('Franklin\nDavis; DROP\nMüller');
    });

    it('keeps the character set that the database was created with', () => {
      database.query('CREATE DATABASE petclinic CHARACTER SET latin1 COLLATE latin1_swedish_ci');
      expect(load(good).status).toBe(0);
      expect(
        database.query(
          "SELECT default_collation_name FROM information_schema.schemata WHERE schema_name='petclinic'",
        ),
      ).toBe('latin1_swedish_ci');
    });

    it('lets one restore in at a time', async () => {
      const holder = database.session();
      const exited = once(holder, 'exit');
      holder.stdin?.write("SELECT GET_LOCK('pilotlight-restore', 0);\n");
      if (holder.stdout !== null) await once(holder.stdout, 'data');
      const result = load(good);
      holder.stdin?.end();
      await exited;
      expect(result.status).toBe(1);
      expect(result.output).toContain('RESTORE_BUSY: another restore into 127.0.0.1 is running');
      expect(database.query("SHOW DATABASES LIKE 'petclinic'")).toBe('');
    });

    it('says what the server said when the password is wrong, and shows no password', () => {
      const file = join(database.folder, 'wrong');
      writeFileSync(file, 'Wrong-password-1');
      const result = load(good, { ADMINISTRATOR_PASSWORD_FILE: file });
      expect(result.output).toMatch(/DATABASE_REFUSED: 127\.0\.0\.1 answered: ERROR 1045/);
      expect(result.output).not.toContain('Wrong-password-1');
    });

    it('shows no password in the process list', async () => {
      const file = join(database.folder, 'password');
      writeFileSync(file, `${administratorPassword}\n${application.password}\n`);
      const look = `while :; do
        grep -aqs 'defaults-fil[e]=' /proc/[0-9]*/cmdline && touch '${database.folder}/looked'
        grep -aqsF -f '${file}' /proc/[0-9]*/cmdline && touch '${database.folder}/leaked'
      done`;
      const watcher = spawn('bash', ['-c', look], { stdio: 'ignore' });
      for (let round = 0; round < 20 && !existsSync(join(database.folder, 'looked')); round += 1) {
        load(good, { CORRELATION_ID: `exec-${String(round)}`, REPLACE_DATA: 'true' });
      }
      watcher.kill('SIGKILL');
      await once(watcher, 'exit');
      expect(existsSync(join(database.folder, 'looked'))).toBe(true);
      expect(existsSync(join(database.folder, 'leaked'))).toBe(false);
    });

    (mySqlMissing === undefined ? describe : describe.skip)(
      `what MySQL dumps beside tables${mySqlMissing === undefined ? '' : ` [skipped: ${mySqlMissing}]`}`,
      () => {
        const source = readFileSync(join(import.meta.dirname, 'fixtures/clinic.sql'), 'utf8');
        let dump: Buffer;
        let rows: string;
        const checksum = 'SELECT COUNT(*), SUM(CRC32(note)), HEX(MAX(raw)) FROM';
        beforeAll(() => {
          database.queryAsRoot(`SET SESSION sql_generate_invisible_primary_key = OFF; ${source}`);
          rows = database.queryAsRoot(`${checksum} clinic.visits`);
          dump = database.dump('clinic');
          database.queryAsRoot('DROP DATABASE clinic');
        });

        it('is restored with Azure’s rights, and the application may use all of it', () => {
          expect(dump.toString()).toMatch(/SQL_LOG_BIN= 0;[^]*GTID_PURGED=[^]*DEFINER=`root`@`localhost`/);
          const result = load(provenBackup(dump));
          expect(result).toMatchObject({ status: 0 });
          expect(result.output).toContain('Restored: 2 tables and 1 views in petclinic,');
          expect(rows).toMatch(/^3\t/);
          expect(database.query(`${checksum} petclinic.visits`, application)).toBe(rows);
          const asApplication = (sql: string): string => database.query(`USE petclinic; ${sql}`, application);
          expect(asApplication('SELECT * FROM costly')).toBe('2\t2.50\n3\t3.50');
          expect(asApplication('CALL fee_of(2)')).toMatch(/^2\.50\n\\nUSE other;\\nCREATE DATABASE other;/);
          expect(asApplication('SELECT doubled(1.5)')).toBe('3.00');
          expect(asApplication('INSERT INTO visits (fee) VALUES (9); SELECT * FROM audit')).toBe(
            '1\tvisit 4',
          );
        });

        it('belongs to the restore’s administrator afterwards, and every object is there', () => {
          load(gzipSync(dump));
          const names = (kind: string, column: string): string =>
            database.query(
              `SELECT ${column}_name, definer FROM information_schema.${kind} WHERE ${column}_schema = 'petclinic' ORDER BY 1`,
            );
          expect(names('events', 'event')).toBe('forget\tpilot@%');
          expect(names('triggers', 'trigger')).toBe('visits_audit\tpilot@%');
          expect(names('routines', 'routine')).toBe('doubled\tpilot@%\nfee_of\tpilot@%');
          expect(names('views', 'table')).toBe('costly\tpilot@%');
        });

        it.each([
          "SET @@GLOBAL.GTID_PURGED = '+aaaaaaaa-0000-0000-0000-000000000001:1-5'",
          'CREATE DATABASE petclinic; CREATE DEFINER = `root`@`localhost` VIEW petclinic.v AS SELECT 1',
          'SET GLOBAL max_connections = 10',
        ])('would not load as it is: the administrator is refused %s', (statement) => {
          expect(() => database.query(statement)).toThrow(/ERROR 1227/);
        });

        it('would not load with the line of MariaDB', () => {
          expect(() => database.query('/*!999999\\- enable the sandbox mode */')).toThrow(/Unknown command/);
        });

        it.each([
          ['its GTIDs', /$^/g],
          ['its definers', /^SET @@GLOBAL.*$/gm],
        ])('would not load without the filter, for %s', (_, leftOut) => {
          const start =
            'CREATE DATABASE petclinic; USE petclinic; SET SESSION sql_generate_invisible_primary_key = OFF;';
          const unfiltered = `${start}\n${dump.toString().replace(leftOut, '')}`;
          expect(() => database.query(unfiltered)).toThrow(/ERROR 1227/);
        });
      },
    );
  },
);
