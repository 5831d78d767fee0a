import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Workload } from '../../core/config/schema.ts';
import { fullConfig } from './synthesized.ts';

const ROOT = path.join(import.meta.dirname, '..', '..');
const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-app-'));
afterAll(() => rmSync(directory, { recursive: true }));

const { context } = JSON.parse(readFileSync(path.join(ROOT, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

/** Starts the app as the CDK's command line does, which hands the context over in the environment. */
function startApp(config: string): { status: number | null; said: string } {
  const { status, stderr } = spawnSync(process.execPath, [path.join(ROOT, 'bin', 'pilotlight.ts')], {
    cwd: directory,
    encoding: 'utf8',
    env: {
      CDK_CONTEXT_JSON: JSON.stringify({ ...context, config }),
      CDK_OUTDIR: path.join(directory, 'out'),
    },
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

  it('names a site that cannot be deployed, as it names everything else', () => {
    const config = fullConfig();
    const { status, said } = startWith(
      stringify({
        ...config,
        workloads: { ...config.workloads, clinic: elsewhere(config.workloads['clinic']) },
      }),
    );
    expect(status).toBe(1);
    expect(said).toContain('workloads.clinic.edge.stack.hostedZone.name: got "example.org"');
    expect(said).not.toMatch(/^\s+at /m);
  });
});

/** The same workload with a hosted zone that does not hold its name. */
const elsewhere = (workload: Workload | undefined): unknown => ({
  ...workload,
  edge: {
    ...workload?.edge,
    stack: { ...workload?.edge.stack, hostedZone: { id: 'Z0123456789EXAMPLE', name: 'example.org' } },
  },
});

describe('the app, given a configuration with everything in it', () => {
  it('synthesizes all of it, with nothing to complain about', () => {
    const { status, said } = startWith(stringify(fullConfig()));
    // Bundling says what it bundles; whatever else is said is a warning or an error.
    expect(said.split('\n').filter((line) => !/^(?:Bundling asset .*)?$/.test(line))).toEqual([]);
    expect(status).toBe(0);
    const templates = readdirSync(path.join(directory, 'out')).filter((file) =>
      file.endsWith('.template.json'),
    );
    expect(templates).toHaveLength(14);
  }, 120_000);
});
