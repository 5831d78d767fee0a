import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { find, sources } from './manifests.ts';

/*
 * Goal: the mover's pod may be there before the database is prepared, and loads nothing before it is. Method: the command of its init
 * container, with a database that answers in turn.
 */

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string }[];
}
const { template } = find(sources('restore'), 'Deployment', 'mover')['spec'] as {
  readonly template: { readonly spec: { readonly initContainers: readonly Container[] } };
};
const [container] = template.spec.initContainers;

/** Runs the command against a database that gives these answers in turn; `!` is a connection that fails. */
const runAgainst = (answers: readonly string[]) => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-wait-for-database-'));
  const program = (name: string, body: string): void => {
    writeFileSync(join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(folder, name), 0o755);
  };
  try {
    writeFileSync(join(folder, 'answers'), `${answers.join('\n')}\n`);
    program(
      'mysql',
      `printf '%s %s\\n' "$MYSQL_PWD" "$*" >>${folder}/asked
answer="$(head -n 1 ${folder}/answers)"; sed -i 1d ${folder}/answers
[ "$answer" != '!' ] || { echo 'ERROR 2003 (HY000): no route' >&2; exit 1; }
echo "$answer"`,
    );
    // It is asked for by its path in the pod, and waits for seconds.
    program('cat', `case "$1" in /mnt/secrets/administrator) printf 'pass"word' ;; *) /bin/cat "$@" ;; esac`);
    program('sleep', '');
    const [shell = '', ...rest] = container?.command ?? [];
    const done = spawnSync(shell, rest, {
      encoding: 'utf8',
      timeout: 20_000,
      env: {
        PATH: `${folder}:/usr/bin:/bin`,
        DATABASE_HOST: 'db.example.com',
        ADMINISTRATOR_USER: 'pilotlight',
      },
    });
    const asked = existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8').trim() : '';
    return { status: done.status, said: done.stdout.trim(), asked: asked.split('\n') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

describe('the pod of the mover', () => {
  it('waits for a database that cannot be reached, and for every step until its transactions have ids', () => {
    const { status, asked, said } = runAgainst(['!', 'OFF', 'OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON']);
    expect({ status, asked: asked.length }).toEqual({ status: 0, asked: 5 });
    expect(said.split('\n')).toEqual([
      expect.stringMatching(/^the database is not prepared yet: .*no route/),
      expect.stringContaining('not prepared yet: OFF'),
      expect.stringContaining('not prepared yet: OFF_PERMISSIVE'),
      expect.stringContaining('not prepared yet: ON_PERMISSIVE'),
    ]);
  });

  it('begins at once with one that is prepared', () => {
    expect(runAgainst(['ON'])).toMatchObject({ status: 0, said: '' });
  });

  it('asks for the mode and no more, by a connection that it trusts, with the password in no argument', () => {
    const { asked } = runAgainst(['ON']);
    expect(asked).toEqual([
      'pass"word --no-defaults --host=db.example.com --user=pilotlight --connect-timeout=5 --ssl-mode=VERIFY_IDENTITY' +
        ' --ssl-ca=/etc/ssl/certs/ca-certificates.crt --skip-column-names --batch --execute=SELECT @@GLOBAL.gtid_mode',
    ]);
  });

  it('gives the wait every value that it reads', () => {
    expect(container?.env.map(({ name }) => name)).toEqual(['DATABASE_HOST', 'ADMINISTRATOR_USER']);
  });
});
