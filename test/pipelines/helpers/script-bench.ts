import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout that is tested. */
export const repository = resolve(import.meta.dirname, '../../..');

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Which of these programs this machine lacks. */
export const missingPrograms = (names: readonly string[]): string[] =>
  names.filter(
    (name) =>
      spawnSync('/bin/sh', ['-c', 'command -v "$0"', name], { env: { PATH: systemPath } }).status !== 0,
  );

/** A `describe` that says by name why it is skipped: a machine without the programs proves nothing either way. */
export const describeWith = (programs: readonly string[], title: string, body: () => void): void => {
  const missing = missingPrograms(programs);
  if (missing.length === 0) describe(title, body);
  else describe.skip(`${title} [skipped: not installed here: ${missing.join(', ')}]`, body);
};

/** What a script did. */
export interface ScriptResult {
  readonly status: number | null;
  readonly output: string;
  /** The lines that become issues of the run's timeline. */
  readonly errors: string[];
}

/** A copy of the scripts in a folder of its own, with recording stand-ins for the outside programs on the PATH. */
export interface ScriptBench {
  readonly folder: string;
  /** Writes an executable that records its arguments, then runs `body` (bash). */
  readonly program: (name: string, body: string) => void;
  readonly settings: (changes: Readonly<Record<string, unknown>>) => void;
  readonly run: (
    script: string,
    environment?: Readonly<Record<string, string>>,
    args?: string[],
  ) => ScriptResult;
  /** Starts a script without waiting for it, so that a test can cancel it. */
  readonly start: (
    script: string,
    environment?: Readonly<Record<string, string>>,
  ) => ReturnType<typeof spawn>;
  /** Each call of a stand-in, as one line: the program's name and its arguments. */
  readonly calls: () => string[];
  readonly remove: () => void;
}

const goodSettings = {
  dataAccount: 'stpetclinicdata1',
  databaseUser: 'petclinic_app',
};

/** The environment of a good request. */
export const request = {
  ACTION: 'apply',
  WORKLOAD: 'petclinic',
  CORRELATION_ID: 'exec-20261122-7f',
  TIER: 'cold',
  BUILD_BUILDID: '41',
  BUILD_BUILDNUMBER: 'pilotlight-petclinic-apply-exec-20261122-7f',
} as const;

/** Makes a bench; the caller removes it. */
export const makeScriptBench = (): ScriptBench => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-scripts-'));
  const bin = join(folder, 'bin');
  const record = join(folder, 'calls.log');
  for (const part of ['pipelines', 'k8s'])
    cpSync(join(repository, part), join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'terraform/azure/failover'), { recursive: true });
  mkdirSync(join(folder, 'temp'));
  mkdirSync(bin);
  const settings = (changes: Readonly<Record<string, unknown>>): void => {
    const file = join(folder, 'pipelines/workloads/petclinic.json');
    writeFileSync(file, JSON.stringify({ ...goodSettings, ...changes }));
  };
  settings({});
  const options = (environment: Readonly<Record<string, string>>) => ({
    cwd: folder,
    env: {
      PATH: `${bin}:${systemPath}`,
      HOME: folder,
      TMPDIR: join(folder, 'temp'),
      AGENT_TEMPDIRECTORY: join(folder, 'temp'),
      RECORD: record,
      BENCH: folder,
      ...request,
      ...environment,
    },
  });
  return {
    folder,
    settings,
    program: (name, body) => {
      const file = join(bin, name);
      // One line a call, whatever the arguments hold.
      writeFileSync(
        file,
        `#!/usr/bin/env bash\nprintf '%s\\n' "${name} $(printf '%s ' "$@" | tr '\\n' ' ')" >>"$RECORD"\n${body}\n`,
      );
      chmodSync(file, 0o755);
    },
    run: (script, environment = {}, args = []) => {
      const done = spawnSync(join(folder, script), args, {
        ...options(environment),
        encoding: 'utf8',
        // A script that waits for what never comes fails its test, and does not hold up all others.
        timeout: 50_000,
      });
      const output = `${done.stdout}${done.stderr}`;
      const marker = '##vso[task.logissue type=error]';
      const errors = output.split('\n').filter((line) => line.startsWith(marker));
      return { status: done.status, output, errors: errors.map((line) => line.slice(marker.length)) };
    },
    start: (script, environment = {}) => spawn(join(folder, script), [], options(environment)),
    calls: () => (existsSync(record) ? readFileSync(record, 'utf8').trimEnd().split('\n') : []),
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
