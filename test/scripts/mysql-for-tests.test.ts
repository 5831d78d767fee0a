import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Goal: the folder of MySQL's programs is whole or is told to be impossible; one of an earlier version is completed without fetching.
 * Method: the real script, with a PATH on which the package tools are missing or only write down how they were called, and a folder whose
 * programs are texts; its loader prints what it would have started.
 */

const SCRIPT = path.join(import.meta.dirname, '../../scripts/mysql-for-tests.sh');
const PROGRAMS = ['mysql', 'mysqladmin', 'mysqlbinlog', 'mysqldump', 'mysqld'];
const TOOLS = [
  'bash',
  'cat',
  'chmod',
  'find',
  'head',
  'id',
  'mkdir',
  'mktemp',
  'mv',
  'paste',
  'rm',
  'sed',
  'tar',
  'timeout',
];

describe('the MySQL of the tests', () => {
  let root: string;
  let folder: string;
  let bin: string;

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pilotlight-mysql-script-'));
    folder = path.join(root, 'mysql folder');
    bin = path.join(root, 'bin');
    mkdirSync(bin);
    for (const tool of TOOLS) {
      const found = spawnSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
      symlinkSync(found, path.join(bin, tool));
    }
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const write = (file: string, body: string): void => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, body);
    chmodSync(file, 0o755);
  };
  /** The programs as a run unpacks them, with a loader that prints its arguments in place of starting one. */
  const unpacked = (programs: readonly string[]): void => {
    write(
      path.join(folder, 'unpacked/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2'),
      `#!${path.join(bin, 'bash')}\necho "$@"\n`,
    );
    for (const program of programs)
      write(path.join(folder, 'unpacked/usr', program === 'mysqld' ? 'sbin' : 'bin', program), program);
  };
  const wrapped = (programs: readonly string[]): void => {
    for (const program of programs)
      write(path.join(folder, 'bin', program), '#!/bin/sh\necho of an earlier version\n');
  };
  const run = (...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(path.join(bin, 'bash'), [SCRIPT, ...args], {
      cwd: root,
      env: { PATH: bin, TMPDIR: root },
      encoding: 'utf8',
    });
    return { status, out: stdout, err: stderr };
  };
  const said = (program: string, ...args: readonly string[]): string =>
    spawnSync(path.join(folder, 'bin', program), args, { encoding: 'utf8' }).stdout;

  it('that is whole is left as it is, and nothing is asked of the machine', () => {
    wrapped(PROGRAMS);
    expect(run(folder)).toEqual({ status: 0, out: '', err: '' });
    expect(said('mysql')).toBe('of an earlier version\n');
  });

  it.each(PROGRAMS)(
    'of an earlier version that lacks the wrapper of %s is completed, without fetching',
    (lacking) => {
      unpacked(PROGRAMS);
      wrapped(PROGRAMS.filter((program) => program !== lacking));
      expect(run(folder)).toEqual({ status: 0, out: '', err: '' });
      expect(readdirSync(path.join(folder, 'bin')).sort()).toEqual([...PROGRAMS].sort());
      expect(readdirSync(folder).sort()).toEqual(['bin', 'unpacked']);
      const file = path.join(folder, 'unpacked/usr', lacking === 'mysqld' ? 'sbin' : 'bin', lacking);
      const libraries = path.join(folder, 'unpacked/usr/lib/x86_64-linux-gnu');
      expect(said(lacking, '--one', 'a b')).toBe(`--library-path ${libraries} ${file} --one a b\n`);
    },
  );

  it('is completed where it was named from the folder that it lies in, and runs from everywhere', () => {
    unpacked(PROGRAMS);
    expect(run('mysql folder').status).toBe(0);
    expect(said('mysqlbinlog')).toContain(path.join(folder, 'unpacked/usr/bin/mysqlbinlog'));
  });

  it('whose wrapper may not be run is not whole', () => {
    unpacked(PROGRAMS);
    wrapped(PROGRAMS);
    chmodSync(path.join(folder, 'bin/mysqlbinlog'), 0o644);
    expect(run(folder).status).toBe(0);
    expect(said('mysqlbinlog')).toContain('/mysqlbinlog');
  });

  it.each(['apt-get', 'dpkg-deb'])('is not possible on a machine without %s, and ends with 3', (missing) => {
    for (const tool of ['apt-get', 'dpkg-deb'])
      if (tool !== missing) write(path.join(bin, tool), '#!/bin/sh\nexit 9\n');
    expect(run(folder)).toEqual({ status: 3, out: '', err: `this machine has no ${missing}\n` });
    expect(existsSync(folder)).toBe(false);
  });

  it('of which a program is not even unpacked is fetched anew; where that cannot be, what was there stays', () => {
    unpacked(PROGRAMS.filter((program) => program !== 'mysqlbinlog'));
    wrapped(['mysql']);
    expect(run(folder)).toEqual({ status: 3, out: '', err: 'this machine has no apt-get\n' });
    expect(readdirSync(folder).sort()).toEqual(['bin', 'unpacked']);
    expect(readdirSync(path.join(folder, 'bin'))).toEqual(['mysql']);
    expect(said('mysql')).toBe('of an earlier version\n');
  });

  it('is not possible where the mirror gives nothing, and leaves nothing that looks whole', () => {
    const calls = path.join(root, 'calls');
    write(path.join(bin, 'apt-get'), `#!${path.join(bin, 'bash')}\necho "$*" >>'${calls}'\nexit 100\n`);
    write(path.join(bin, 'dpkg-deb'), '#!/bin/sh\nexit 9\n');
    const { status, err } = run(folder);
    expect(status).toBe(3);
    // On a machine that is no Debian it is told earlier, and by its reason.
    expect(err).toMatch(
      /does not give the lists of Debian's unstable suite|is not a Debian|no mirror of Debian/,
    );
    expect(existsSync(folder)).toBe(false);
    expect(readdirSync(root).filter((name) => name.startsWith('tmp.'))).toEqual([]);
  });

  /** A mirror that gives one package: its apt-get writes it, and its dpkg-deb gives what is in it. */
  const mirror = (content: string): void => {
    const aptGet =
      'for word; do case $word in Dir::Cache::archives=*) to=${word#*=} ;; esac; done\n: >"$to/one.deb"';
    write(path.join(bin, 'apt-get'), `#!${path.join(bin, 'bash')}\n${aptGet}\n`);
    write(path.join(bin, 'dpkg-deb'), `#!${path.join(bin, 'bash')}\n${content}\n`);
  };

  it.each([
    ['cannot be unpacked', 'exit 2', 'gave one.deb, which cannot be unpacked'],
    ['lack a program', 'PACKAGE', 'lack one of mysql mysqladmin mysqlbinlog mysqldump mysqld'],
  ])('is not possible where the packages %s, and then has no wrapper at all', (_, content, words) => {
    const half = path.join(root, 'half');
    write(path.join(half, 'usr/bin/mysql'), 'mysql');
    mirror(content.replace('PACKAGE', `tar -c -C '${half}' .`));
    const { status, err } = run(folder);
    expect(status).toBe(3);
    expect(err).toMatch(new RegExp(`${words}|is not a Debian|no mirror of Debian`));
    expect(existsSync(path.join(folder, 'bin'))).toBe(false);
  });

  it('wants to know its folder', () => {
    const { status, err } = run();
    expect(status).not.toBe(0);
    expect(err).toContain('usage: scripts/mysql-for-tests.sh FOLDER');
  });
});
