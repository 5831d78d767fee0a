import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { azWithBackups, goodDump, putBackup } from './helpers/backup-store.ts';
import {
  administratorPassword,
  databaseMissing,
  startDatabase,
  type DatabaseServer,
} from './helpers/database-server.ts';
import { makeScriptBench, repository } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const title = 'loading a backup into a real database';
const application = { user: 'petclinic_app', password: 'Application-1' };

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

    const load = (dump: Buffer, changes: Readonly<Record<string, string>> = {}) => {
      const administrator = join(database.folder, 'administrator');
      const applicationFile = join(database.folder, 'application');
      writeFileSync(administrator, administratorPassword);
      writeFileSync(applicationFile, application.password);
      const done = spawnSync('bash', [join(repository, 'k8s/restore/load-backup.sh')], {
        input: dump,
        encoding: 'utf8',
        env: {
          PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
          TMPDIR: database.folder,
          DATABASE_HOST: '127.0.0.1',
          DATABASE_PORT: String(database.port),
          ADMINISTRATOR_USER: 'pilot',
          ADMINISTRATOR_PASSWORD_FILE: administrator,
          APPLICATION_USER: 'petclinic_app',
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
        'Restored: 1 tables in petclinic, from the backup of 2026-11-22T03:00:00Z.',
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
        'DATABASE_IN_USE: petclinic on 127.0.0.1 has 1 tables that no restore put there',
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
        expect(cut.output).toContain('RESTORE_FAILED: the dump did not load into petclinic');
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
      const dump = spawnSync(
        'mysqldump',
        [
          ...[
            '--host=127.0.0.1',
            `--port=${String(database.port)}`,
            '--user=pilot',
            `-p${administratorPassword}`,
          ],
          ...['--single-transaction', '--quick', '--no-tablespaces', 'source'],
        ],
        { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' } },
      );
      const before = database.query(`${checksum} source.notes`);
      database.query('DROP DATABASE source');
      const bench = makeScriptBench();
      bench.program('az', azWithBackups);
      const bytes = putBackup(bench, { dump: gzipSync(dump.stdout) });
      const chosen = bench.run('pipelines/scripts/select-backup.sh', {}, [join(bench.folder, 'out')]);
      bench.remove();
      expect(chosen).toMatchObject({ status: 0, errors: [] });
      expect(load(bytes)).toMatchObject({ status: 0 });
      expect(before).toMatch(/^2\t/);
      expect(database.query(`${checksum} petclinic.notes`)).toBe(before);
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

    it.each([
      ['DATABASE', 'pet clinic`; DROP'],
      ['CORRELATION_ID', "x' OR '1"],
      ['APPLICATION_USER', "a'@'%"],
      ['BACKUP_SHA256', 'abc'],
      ['REPLACE_DATA', 'yes'],
      ['DATABASE_HOST', '-e evil'],
    ])('refuses a bad %s before it talks to the server', (name, value) => {
      const result = load(good, { [name]: value });
      expect(result.status).toBe(1);
      expect(result.output).toContain(`INVALID_INPUT: ${name} is `);
      expect(database.query("SHOW DATABASES LIKE 'pilotlight'")).toBe('');
    });

    it.each(["it's-quoted", 'back\\slash', 'short'])(
      'refuses the password %s, which could not be passed on safely',
      (password) => {
        const file = join(database.folder, 'odd');
        writeFileSync(file, password);
        expect(load(good, { APPLICATION_PASSWORD_FILE: file }).output).toContain('NO_PASSWORD: ');
      },
    );
  },
);
