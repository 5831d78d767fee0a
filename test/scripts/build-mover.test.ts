import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Goal: the one file that the image has runs by itself, says what it does, and ends with the codes that units and pods are watched by.
 * Method: the real script in a checkout of its own; the bundle then runs from an empty folder, where no package can be found.
 */

const ROOT = path.join(import.meta.dirname, '../..');
const SOURCES = ['mover', 'core', 'clouds'];

interface Ended {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs this Node, with no identity of the machine's in its environment. */
function node(cwd: string, ...args: readonly string[]): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '' },
  });
  return { status, out: stdout, err: stderr };
}

// A bundle of some megabytes is made once, on machines that may be busy.
jest.setTimeout(60_000);

describe('the bundle of the mover', () => {
  let root: string;
  let empty: string;
  let built: Ended;
  const mover = (...args: readonly string[]): Ended => node(empty, path.join(empty, 'mover.mjs'), ...args);

  beforeAll(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pilotlight-bundle-'));
    const checkout = path.join(root, 'checkout');
    empty = path.join(root, 'empty');
    mkdirSync(path.join(checkout, 'scripts'), { recursive: true });
    mkdirSync(empty);
    for (const source of SOURCES) {
      cpSync(path.join(ROOT, source), path.join(checkout, source), {
        recursive: true,
        filter: (file) => path.basename(file) !== 'dist',
      });
    }
    for (const file of ['scripts/build-mover.ts', 'package.json']) {
      cpSync(path.join(ROOT, file), path.join(checkout, file));
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(checkout, 'node_modules'));
    built = node(checkout, 'scripts/build-mover.ts');
    cpSync(path.join(checkout, 'mover/dist'), empty, { recursive: true });
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('is made by one command, which tells its name and size', () => {
    expect(built).toMatchObject({ status: 0, err: '' });
    expect(built.out).toMatch(/^mover\/dist\/mover\.mjs: \d+ KB\n$/);
    expect(readdirSync(empty)).toEqual(['mover.mjs']);
  });

  it('needs nothing but Node', () => {
    const text = readFileSync(path.join(empty, 'mover.mjs'), 'utf8');
    const imported = [...text.matchAll(/(?:^|;|\n)import[^"';]*?from"([^"]+)"/g)].map(
      (match) => match[1] ?? '',
    );
    expect(imported.length).toBeGreaterThan(5);
    expect(imported.filter((name) => !isBuiltin(name))).toEqual([]);
  });

  it('prints its help, and that is no mistake', () => {
    for (const args of [[], ['--help'], ['help']]) {
      const { status, out, err } = mover(...args);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      expect(out).toMatch(/^The mover of Pilotlight: /);
    }
    expect(mover('apply', '--help')).toMatchObject({
      status: 0,
      err: '',
      out: expect.stringMatching(/^mover apply\n/),
    });
  });

  it('does its work when it is started through a link, too', () => {
    symlinkSync(path.join(empty, 'mover.mjs'), path.join(root, 'link.mjs'));
    expect(node(root, path.join(root, 'link.mjs'), '--help').out).toMatch(/^The mover of Pilotlight: /);
  });

  it.each([
    [
      'an unknown command',
      ['restore'],
      /^INVALID_INPUT: - got the command "restore", expected one of dump, /,
    ],
    ['nothing of what it needs', ['dump'], /^INVALID_INPUT: - --workload is missing, expected ID: /],
    ['an option of another command', ['status', '--host', 'db'], /- got --host, which status does not take/],
  ])('ends with 2 where it gets %s, and says so on standard error alone', (_, args, words) => {
    const { status, out, err } = mover(...args);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(words);
    expect(err).toMatch(/\nSee: mover .*--help\n$/);
    // An operator reads the list, and no stack of calls in a minified file.
    expect(err).not.toMatch(/\n\s+at |node:internal/);
  });

  it('tells every mistake of a line at once', () => {
    const { err } = mover('ship', '--every', '600', '--store', 'http://x', 'now');
    // The word, workload, store, identity, host, every, and the way to log in.
    expect(err.match(/^(?:INVALID_INPUT: )?- /gm)).toHaveLength(7);
  });
});
