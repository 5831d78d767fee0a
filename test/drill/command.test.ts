import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { REPOSITORY } from './fixture.ts';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command line, in a process of its own. */
function drill(...args: string[]): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/node24.mjs', 'drill/main.ts', ...args], {
      cwd: REPOSITORY,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, stdout, stderr });
    });
  });
}

const folder = mkdtempSync(path.join(tmpdir(), 'pilotlight-drill-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A configuration file with one text of the shipped one replaced by another. */
function configWith(changes: Readonly<Record<string, string>>): string {
  let text = readFileSync(path.join(REPOSITORY, 'pilotlight.config.yaml'), 'utf8');
  for (const [from, to] of Object.entries(changes)) {
    if (!text.includes(from)) throw new Error(`the shipped configuration does not contain "${from}"`);
    text = text.replace(from, to);
  }
  const file = path.join(folder, 'pilotlight.config.yaml');
  writeFileSync(file, text);
  return file;
}

jest.setTimeout(60_000);

describe('npm run drill -- --json', () => {
  it('prints one document with the documented keys and nothing else, and exits 0', async () => {
    const { status, stdout, stderr } = await drill(
      '--json',
      '--scenario',
      'region-outage-warm',
      '--seed',
      '7',
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const seconds = expect.any(Number);
    expect(JSON.parse(stdout)).toMatchObject({
      scenario: 'region-outage-warm',
      seed: 7,
      workload: 'petclinic',
      outcome: 'FailedOver',
      rto: {
        totalSeconds: seconds,
        phases: {
          detect: seconds,
          confirm: seconds,
          shield: seconds,
          prepare: seconds,
          switch: seconds,
          converge: seconds,
        },
      },
      users: {
        requests: expect.any(Number),
        failed: expect.any(Number),
        maintenance: expect.any(Number),
        downSeconds: expect.any(Number),
        writesLost: expect.any(Number),
        splitBrainWrites: 0,
      },
    });
    const document = JSON.parse(stdout) as Record<string, unknown[]>;
    for (const rule of document['rules']!) {
      expect(rule).toEqual({ name: expect.any(String), held: true, detail: expect.any(String) });
    }
    expect(document['rules']).not.toHaveLength(0);
    for (const line of document['timeline']!) {
      expect(line).toEqual({
        at: expect.stringMatching(/^2026-03-01T\d\d:\d\d:\d\d\.\d{3}Z$/),
        event: expect.any(String),
      });
    }
    expect(document['timeline']).not.toHaveLength(0);
    expect(document['states']!.slice(0, 3)).toEqual(['Begin', 'Take the lease', 'Is the workload ours?']);
    expect(document['states']!.at(-1)).toBe('Failed over');
  });

  it('gives null for the RTO where nothing was switched, and the same bytes for the same seed', async () => {
    const args = ['--json', '--scenario', 'false-alarm', '--seed', '3'];
    const first = await drill(...args);
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ outcome: 'StoodDown', rto: null });
    expect((await drill(...args)).stdout).toBe(first.stdout);
  });
});

describe('npm run drill', () => {
  it('tells the run to a person without waiting when it is to be fast', async () => {
    const began = performance.now();
    const { status, stdout } = await drill('--fast', '--scenario', 'false-alarm');
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(status).toBe(0);
    expect(stdout).toContain('An alarm rings, but the site is fine (false-alarm, seed 1)');
    expect(stdout).toMatch(/^T\+\d\d:\d\d {2}controller {2}Confirm the outage$/m);
    expect(stdout).toContain('Outcome StoodDown, as expected');
    expect(stdout).toMatch(/\d+ state transitions, \d+ calls over the simulated wire/);
    // No terminal, no colours.
    expect(stdout).not.toContain('\u001b');
  });

  it('lists every scenario with its title', async () => {
    const { status, stdout, stderr } = await drill('--list');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of ['region-outage', 'region-outage-warm', 'false-alarm', 'primary-recovers']) {
      expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
    }
    for (const name of ['pipeline-fails', 'standby-sick', 'double-alarm', 'manual-start']) {
      expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
    }
  });

  it('helps, whatever else is asked', async () => {
    const { status, stdout, stderr } = await drill('--help', '--json', '--scenario', 'none');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm run drill -- \[options\]\n/);
    for (const option of ['--scenario NAME', '--seed N', '--config FILE', '--fast', '--json', '--list']) {
      expect(stdout).toContain(option);
    }
  });
});

describe('a mistake of the caller', () => {
  /** Exit 2, nothing on standard output, and these words on the other one. */
  const refused = async (args: string[], words: string[]): Promise<void> => {
    const { status, stdout, stderr } = await drill(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const word of words) expect(stderr).toContain(word);
    // The words are for a person, not for a debugger.
    expect(stderr).not.toMatch(/^\s+at /m);
  };

  it('in the options is told, each of them', async () => {
    await refused(
      ['--json', '--sed=3', '--seed', 'x', '--fast=1'],
      [
        'got the unknown option --sed',
        '--seed: got "x", expected a whole number from 0 to 4294967295',
        '--fast: got the value "1", expected none',
        'See npm run drill -- --help',
      ],
    );
  });

  it('in the name of the scenario is told with the names that there are', async () => {
    await refused(
      ['--json', '--scenario', 'region-outrage'],
      ['--scenario: got "region-outrage", expected one of', 'region-outage-warm', 'standby-sick'],
    );
  });

  it('in the configuration is told, all of it at once, and the wrong scenario with it', async () => {
    const config = configWith({
      "account: '111122223333'": 'account: 1111',
      'tier: cold': 'tier: tepid',
      'convergeStreak: 5': 'convergeStreak: -5',
    });
    await refused(
      ['--json', '--config', config, '--scenario', 'none'],
      [
        'controller.account',
        'workloads.petclinic.standby.tier',
        'tepid',
        'workloads.petclinic.limits.convergeStreak',
        '--scenario: got "none"',
      ],
    );
  });

  it('in a configuration that is no YAML, or is not there, is told', async () => {
    const broken = path.join(folder, 'broken.yaml');
    writeFileSync(broken, 'version: [1\n');
    await refused(['--config', broken], ['The configuration is not valid']);
    const absent = path.join(folder, 'absent.yaml');
    await refused(['--config', absent], [`--config: got "${absent}", expected a readable file`]);
  });
});

describe('a run that does not come to what its scenario expects', () => {
  it('exits 1 and says what differs', async () => {
    // The shortest build takes 405 s, so this limit calls a person instead of failing over.
    const config = configWith({ 'pipelineSeconds: 3600': 'pipelineSeconds: 300' });
    const { status, stdout } = await drill('--fast', '--config', config);
    expect(stdout).toContain('Outcome Escalated, NOT as expected:\n');
    expect(stdout).toContain('  - outcome: got Escalated, expected FailedOver\n');
    expect(status).toBe(1);
  });

  it('still prints its one document where one was asked for, and exits 1', async () => {
    const config = configWith({ 'pipelineSeconds: 3600': 'pipelineSeconds: 300' });
    const { status, stdout } = await drill('--json', '--config', config);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'Escalated', rto: null });
    expect(status).toBe(1);
  });
});
