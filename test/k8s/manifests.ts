import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const k8s = resolve(import.meta.dirname, '../../k8s');

/** A Kubernetes object, read with care: every field may be missing. */
export interface Manifest {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

const parseAll = (text: string): Manifest[] => {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as Manifest;
  });
};

/** The objects written in one folder, as they are in the repository. */
export const sources = (folder: string): Manifest[] =>
  readdirSync(join(k8s, folder))
    .filter((name) => name.endsWith('.yaml') && !['kustomization.yaml', 'replacements.yaml'].includes(name))
    .flatMap((name) => parseAll(readFileSync(join(k8s, folder, name), 'utf8')));

/** The one object of a kind and name; throws when it is not there. */
export const find = (all: readonly Manifest[], kind: string, name: string): Manifest => {
  const found = all.filter((one) => one.kind === kind && one.metadata.name === name);
  const [first] = found;
  if (first === undefined || found.length !== 1)
    throw new Error(`expected one ${kind} ${name}, got ${String(found.length)}`);
  return first;
};

const systemPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const works = (command: readonly string[]): boolean =>
  spawnSync(command[0] ?? '', command.slice(1), { env: { PATH: systemPath } }).status === 0;

/** The command that renders a folder, or nothing where no kustomize is installed. */
export const kustomize: readonly string[] | undefined = works(['kustomize', 'version'])
  ? ['kustomize', 'build']
  : works(['kubectl', 'kustomize', '--help'])
    ? ['kubectl', 'kustomize']
    : undefined;

/** Renders one folder with these settings, by the real kustomize, as the pipeline does. */
export const render = (folder: string, settings: Readonly<Record<string, string>>): Manifest[] => {
  if (kustomize === undefined) throw new Error('no kustomize is installed');
  const copy = mkdtempSync(join(tmpdir(), 'pilotlight-k8s-'));
  try {
    cpSync(k8s, copy, { recursive: true });
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
    writeFileSync(join(copy, folder, 'settings.env'), `${lines.join('\n')}\n`);
    const args = [...kustomize.slice(1), join(copy, folder)];
    const done = spawnSync(kustomize[0] ?? '', args, {
      encoding: 'utf8',
      env: { PATH: systemPath, HOME: copy },
    });
    if (done.status !== 0) throw new Error(`kustomize ${folder}: ${done.stderr}`);
    return parseAll(done.stdout);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};
