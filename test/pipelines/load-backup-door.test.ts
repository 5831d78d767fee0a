import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

/** What the restore pod refuses before it asks the database anything: the client is a recording stand-in. */
describeWith(['bash', 'gzip'], 'the door of the restore pod', () => {
  let bench: ScriptBench;
  const load = (changes: Readonly<Record<string, string>>, applicationPassword = 'Application-1') => {
    const administrator = join(bench.folder, 'administrator');
    const application = join(bench.folder, 'application');
    writeFileSync(administrator, 'Administrator-1');
    writeFileSync(application, applicationPassword);
    return bench.run('k8s/restore/load-backup.sh', {
      DATABASE_HOST: '127.0.0.1',
      ADMINISTRATOR_USER: 'pilot',
      ADMINISTRATOR_PASSWORD_FILE: administrator,
      APPLICATION_USER: 'petclinic_app',
      APPLICATION_PASSWORD_FILE: application,
      DATABASE: 'petclinic',
      CORRELATION_ID: 'exec-1',
      BACKUP_SHA256: 'a'.repeat(64),
      BACKUP_CREATED_AT: '2026-11-22T03:00:00Z',
      ...changes,
    });
  };

  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('mysql', 'echo "ERROR 2003 (HY000): nobody listens" >&2; exit 1');
  });
  afterEach(() => {
    bench.remove();
  });

  it('lets good values through to the database', () => {
    expect(load({}).errors[0]).toMatch(/^DATABASE_REFUSED: 127\.0\.0\.1 answered: ERROR 2003/);
    expect(bench.calls()).toHaveLength(1);
  });

  it.each([
    ['DATABASE', 'pet clinic`; DROP'],
    ['CORRELATION_ID', "x' OR '1"],
    ['APPLICATION_USER', "a'@'%"],
    ['BACKUP_SHA256', 'abc'],
    ['REPLACE_DATA', 'yes'],
    ['DATABASE_HOST', '-e evil'],
  ])('refuses a bad %s before it talks to the server', (name, value) => {
    const result = load({ [name]: value });
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(new RegExp(`^INVALID_INPUT: ${name} is `));
    expect(bench.calls()).toEqual([]);
  });

  it.each(["it's-quoted", 'back\\slash', 'seven-7'])(
    'refuses the password %s, which could not be passed on safely',
    (password) => {
      const result = load({}, password);
      expect(result.errors[0]).toMatch(/^NO_PASSWORD: /);
      expect(result.output).not.toContain(password);
      expect(bench.calls()).toEqual([]);
    },
  );
});
