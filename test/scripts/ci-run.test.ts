import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Goal: .ci/run does what a new contributor does, counts truthfully, and never fails for want of an optional tool.
 * Method: the real script in a checkout of its own, with a PATH on which npm and npx only write down how they were
 * called.
 */

const ROOT = path.join(import.meta.dirname, '../..');
const TOOLS = ['bash', 'env', 'dirname', 'id', 'timeout'];

interface Checkout {
  readonly run: () => { status: number | null; output: string; calls: readonly string[] };
  readonly command: (name: string, body: string) => void;
  /** The same for a script of the checkout. */
  readonly script: (name: string, body: string) => void;
}

function makeCheckout(root: string): Checkout {
  const bin = path.join(root, 'bin');
  const log = path.join(root, 'calls');
  mkdirSync(bin);
  writeFileSync(log, '');
  cpSync(path.join(ROOT, '.ci'), path.join(root, '.ci'), { recursive: true });
  for (const tool of TOOLS) {
    const found = spawnSync('bash', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).stdout.trim();
    symlinkSync(found, path.join(bin, tool));
  }
  const writeProgram = (folder: string, name: string, body: string): void => {
    const file = path.join(folder, name);
    writeFileSync(file, `#!${path.join(bin, 'bash')}\necho "${name} $*" >> '${log}'\n${body}\n`);
    chmodSync(file, 0o755);
  };
  const command = (name: string, body: string): void => {
    writeProgram(bin, name, body);
  };
  const script = (name: string, body: string): void => {
    mkdirSync(path.join(root, 'scripts'), { recursive: true });
    writeProgram(path.join(root, 'scripts'), name, body);
  };
  const run = (): ReturnType<Checkout['run']> => {
    const { status, stdout, stderr } = spawnSync(path.join(root, '.ci/run'), {
      // From elsewhere, to see that the script finds its own checkout.
      cwd: tmpdir(),
      env: { PATH: bin, SERVERS_FOLDER: bin },
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr, calls: readFileSync(log, 'utf8').trim().split('\n') };
  };
  return { run, command, script };
}

const closingLine = (output: string): string => output.trimEnd().split('\n').at(-1) ?? '';

describe('.ci/run', () => {
  let root: string;
  let checkout: Checkout;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pilotlight-ci-'));
    checkout = makeCheckout(root);
    checkout.command('npm', 'exit 0');
    checkout.command('npx', 'exit 0');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('takes the steps of a new contributor, in their order', () => {
    const { status, output, calls } = checkout.run();
    expect(calls).toEqual([
      'npm ci --no-audit --no-fund',
      'npm run --silent check',
      'npm run --silent check:terraform',
      'npm test --silent',
      'npm run --silent drill -- --fast',
      'npx cdk synth --quiet',
    ]);
    expect(closingLine(output)).toBe('6 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('goes on after a step that failed, and fails in the end', () => {
    checkout.command('npm', '[ "$1" != test ]');
    const { status, output, calls } = checkout.run();
    expect(calls).toHaveLength(6);
    expect(output).toMatch(/^== FAIL {2}npm test \(\d+ s\)$/m);
    expect(output).toMatch(/^== pass {2}npm ci \(\d+ s\)$/m);
    expect(closingLine(output)).toBe('5 passed, 1 failed');
    expect(status).toBe(1);
  });

  it('names what it does without where there is no apt-get', () => {
    const { status, output } = checkout.run();
    expect(output).toContain('without shellcheck: this machine has no apt-get');
    expect(output).toContain('without jq: this machine has no apt-get');
    expect(status).toBe(0);
  });

  it('names what apt-get could not install, and passes all the same', () => {
    checkout.command('sudo', 'shift; exec "$@"');
    checkout.command('apt-get', 'exit 100');
    const { status, output, calls } = checkout.run();
    expect(output).toContain('without shellcheck: apt-get could not install it');
    expect(calls.filter((call) => call === 'apt-get update -qq')).toHaveLength(1);
    expect(closingLine(output)).toBe('6 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('installs what is missing where apt-get can', () => {
    checkout.command('sudo', 'shift; exec "$@"');
    checkout.command('apt-get', 'exit 0');
    const { output, calls } = checkout.run();
    expect(output).toContain('installed shellcheck');
    expect(calls).toContain('apt-get install -y -qq --no-install-recommends shellcheck');
  });

  it('takes MariaDB for its tests where a real MySQL cannot be had, and says why', () => {
    checkout.script('mysql-for-tests.sh', 'echo "trying" >&2; echo "no mirror of Debian" >&2; exit 3');
    const { status, output } = checkout.run();
    expect(output).toContain('\nwithout MySQL: no mirror of Debian; the tests fall back to MariaDB\n');
    expect(output).toContain('without mariadb-server: this machine has no apt-get');
    expect(status).toBe(0);
  });

  it('unpacks a real MySQL after npm ci, and installs no MariaDB then', () => {
    checkout.script('mysql-for-tests.sh', 'exit 0');
    const { output, calls } = checkout.run();
    expect(calls.slice(0, 3)).toEqual([
      'npm ci --no-audit --no-fund',
      'mysql-for-tests.sh node_modules/.cache/mysql',
      'npm run --silent check',
    ]);
    expect(output).toContain('\nunpacked MySQL for the tests\n');
    expect(output).not.toContain('mariadb');
  });

  it('installs nothing that is there', () => {
    checkout.command('shellcheck', 'exit 0');
    checkout.command('jq', 'exit 0');
    checkout.command('mysqld', 'exit 0');
    checkout.command('apt-get', 'exit 0');
    expect(checkout.run().calls.filter((call) => call.startsWith('apt-get'))).toEqual([]);
  });
});

describe('scripts/mysql-for-tests.sh', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pilotlight-mysql-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const unpack = () =>
    spawnSync('/bin/bash', [path.join(ROOT, 'scripts/mysql-for-tests.sh'), path.join(folder, 'mysql')], {
      // No program at all: whatever it would fetch or unpack with is missing.
      env: { PATH: folder },
      encoding: 'utf8',
    });

  it('says why it cannot, and leaves no folder that looks whole', () => {
    expect(unpack()).toMatchObject({ status: 3, stderr: 'this machine has no apt-get\n' });
    expect(existsSync(path.join(folder, 'mysql'))).toBe(false);
  });

  const programs = ['mysql', 'mysqladmin', 'mysqlbinlog', 'mysqldump', 'mysqld'];
  const put = (below: string, names: readonly string[]): void => {
    mkdirSync(path.join(folder, 'mysql', below), { recursive: true });
    for (const name of names) {
      writeFileSync(path.join(folder, 'mysql', below, name), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    }
  };

  it('does nothing where every program is there already', () => {
    put('bin', programs);
    expect(unpack()).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('does not take a folder that lacks a program for a whole one', () => {
    put(
      'bin',
      programs.filter((name) => name !== 'mysqlbinlog'),
    );
    expect(unpack()).toMatchObject({ status: 3, stderr: 'this machine has no apt-get\n' });
  });

  it('completes a folder of an earlier version from what was unpacked, and fetches nothing', () => {
    put('bin', ['mysql', 'mysqladmin', 'mysqldump', 'mysqld']);
    put('unpacked/usr/bin', programs);
    put('unpacked/usr/lib/x86_64-linux-gnu', ['ld-linux-x86-64.so.2']);
    for (const name of ['find', 'head', 'paste', 'chmod', 'mkdir', 'mv', 'rm']) {
      symlinkSync(`/usr/bin/${name}`, path.join(folder, name));
    }
    expect(unpack()).toMatchObject({ status: 0, stderr: '' });
    const made = path.join(folder, 'mysql');
    expect(readdirSync(path.join(made, 'bin')).sort()).toEqual([...programs].sort());
    expect(existsSync(path.join(made, 'bin.new'))).toBe(false);
    const said = spawnSync(path.join(made, 'bin/mysqlbinlog'), ['--version'], { encoding: 'utf8' }).stdout;
    const lib = path.join(made, 'unpacked/usr/lib/x86_64-linux-gnu');
    expect(said).toBe(`--library-path ${lib} ${path.join(made, 'unpacked/usr/bin/mysqlbinlog')} --version\n`);
  });
});

describe('the GitHub workflow', () => {
  const text = readFileSync(path.join(ROOT, '.github/workflows/check.yml'), 'utf8');

  it('calls the scripts that .ci/run calls', () => {
    const runs = [...text.matchAll(/^ +- run: (.*)$/gm)].map(([, command]) => command ?? '');
    expect(runs.filter((command) => command.startsWith('npm'))).toEqual([
      'npm ci',
      'npm run check',
      'npm test',
      'npm run drill -- --fast',
      'npm run synth',
      // In a job of its own, which has Terraform and must not do without.
      'npm ci',
      'npm run check:terraform -- --require-terraform',
    ]);
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    expect(scripts['synth']).toMatch(/cdk synth --quiet$/);
    for (const name of ['check', 'check:terraform', 'test', 'drill'])
      expect(Object.keys(scripts)).toContain(name);
  });

  it('has the tools that .ci/run likes to have', () => {
    const script = readFileSync(path.join(ROOT, '.ci/run'), 'utf8');
    const liked = [...script.matchAll(/^ *like_to_have (\S+)/gm)].map(([, tool]) => tool ?? '');
    expect(liked).toEqual(['shellcheck', 'jq', 'mariadb-server']);
    const installed = /apt-get install -y --no-install-recommends (.*)$/m.exec(text)?.[1]?.split(' ');
    expect(installed?.sort()).toEqual(liked.sort());
  });

  it('may only read', () => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n\n/m);
    expect(text).not.toContain('write');
  });
});
