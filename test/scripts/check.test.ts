import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/*
 * Goal: `npm run check` says pass or fail of every check, shows what a check said only where it failed, and its exit
 * code is true. Method: the real script in a made-up checkout, whose tools only say a word and exit.
 */

const SCRIPT = path.join(import.meta.dirname, '../../scripts/check.ts');
const TOOLS = {
  lint: 'node_modules/eslint/bin/eslint.js',
  types: 'node_modules/typescript/bin/tsc',
  format: 'node_modules/prettier/bin/prettier.cjs',
  structure: 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
  'unused code and dependencies': 'node_modules/knip/bin/knip.js',
  'config schema up to date': 'scripts/write-config-schema.ts',
  'workflows up to date': 'scripts/write-workflows.ts',
};

// Each run starts eight processes, on machines that may have two busy cores.
jest.setTimeout(30_000);

describe('npm run check', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'pilotlight-check-'));
    writeFileSync(path.join(root, 'package.json'), '{ "type": "module" }');
    mkdirSync(path.join(root, 'scripts'));
    cpSync(SCRIPT, path.join(root, 'scripts/check.ts'));
    for (const [name, file] of Object.entries(TOOLS)) tool(file, `console.log('${name} is fine')`);
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  const tool = (file: string, body: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), `${body}\n`);
  };
  const check = (): { status: number | null; lines: readonly string[] } => {
    const run = spawnSync(process.execPath, [path.join(root, 'scripts/check.ts')], {
      cwd: tmpdir(),
      encoding: 'utf8',
    });
    return { status: run.status, lines: run.stdout.trimEnd().split('\n') };
  };

  it('says pass of every check, and nothing that they said', () => {
    const { status, lines } = check();
    const names = lines.slice(0, -1).map((line) => line.replace(/ \(\d+\.\d s\)$/, ''));
    expect(names.sort()).toEqual([
      'pass  config schema up to date',
      'pass  format',
      'pass  lint',
      'pass  structure',
      'pass  types',
      'pass  unused code and dependencies',
      'pass  workflows up to date',
    ]);
    expect(lines.at(-1)).toBe('7 passed, 0 failed');
    expect(status).toBe(0);
  });

  it('shows what each check said where it failed, and fails', () => {
    for (const [name, file] of Object.entries(TOOLS)) {
      tool(file, `console.log('${name} is wrong'); console.error('here'); process.exitCode = 3;`);
    }
    const { status, lines } = check();
    for (const name of Object.keys(TOOLS)) {
      const at = lines.findIndex((line) => line.startsWith(`FAIL  ${name} (`));
      expect(lines.slice(at + 1, at + 3)).toEqual([`      ${name} is wrong`, '      here']);
      expect(lines[at + 3]).toMatch(/^ {6}-> [A-Z].*\.$/);
    }
    expect(lines.at(-1)).toBe('0 passed, 7 failed');
    expect(status).toBe(1);
  });

  it('fails where a tool is not installed, or dies', () => {
    rmSync(path.join(root, TOOLS.structure));
    tool(TOOLS.types, "process.kill(process.pid, 'SIGKILL'); setTimeout(() => undefined, 10_000);");
    const { status, lines } = check();
    expect(lines.at(-1)).toBe('5 passed, 2 failed');
    expect(status).toBe(1);
  });
});
