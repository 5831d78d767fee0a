import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '..', '..');
const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-app-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Starts the app as the CDK's command line does, which hands the context over in the environment. */
function startApp(config: string): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'bin', 'pilotlight.ts')], {
    cwd: directory,
    encoding: 'utf8',
    env: { CDK_CONTEXT_JSON: JSON.stringify({ config }), CDK_OUTDIR: path.join(directory, 'out') },
  });
  return { status, said: stderr };
}

function startWith(text: string): { status: number | null; said: string } {
  const file = path.join(directory, 'some.config.yaml');
  writeFileSync(file, text);
  return startApp(file);
}

describe('the app, given a bad configuration', () => {
  it('says everything that is wrong with it and fails, without a stack trace', () => {
    const { status, said } = startWith(
      'version: 2\ncontroller: {account: "12", region: moon}\nworkloads: {}\n',
    );
    expect(status).toBe(1);
    expect(said).toContain('some.config.yaml: The configuration is not valid:');
    expect(said).toContain('- version: got 2');
    expect(said).toContain('- controller.account: got "12"');
    expect(said).toContain('- controller.region: got "moon"');
    expect(said).toContain('- controller.onCall: got nothing');
    expect(said).toContain('- workloads');
    expect(said).not.toMatch(/^\s+at /m);
  });

  it('names line and column where it is not even YAML', () => {
    const { status, said } = startWith('version: 1\n  controller: [\n');
    expect(status).toBe(1);
    expect(said).toMatch(/at line 1, column 10/);
    expect(said).not.toMatch(/^\s+at /m);
  });

  it('says where it looked for one that is not there, and how to name another', () => {
    const { status, said } = startApp(path.join(directory, 'missing.yaml'));
    expect(status).toBe(1);
    expect(said).toContain(path.join(directory, 'missing.yaml'));
    expect(said).toContain('--context config=PATH');
    expect(said).not.toMatch(/^\s+at /m);
  });
});
