import path from 'node:path';
import { blocksOf, isList, isObject } from './configuration.ts';
import type { HclFile, HclFolder, HclObject } from './configuration.ts';

const META_ARGUMENTS = new Set(['source', 'version', 'providers', 'count', 'for_each', 'depends_on']);

/** The blocks of one kind in a folder, by name: `named(folder, 'variable')`. */
function named(files: readonly HclFile[], kind: string): Map<string, HclObject> {
  const found = new Map<string, HclObject>();
  for (const { content } of files) {
    const blocks = content[kind];
    if (!isObject(blocks)) continue;
    for (const [name, bodies] of Object.entries(blocks)) {
      const body = blocksOf(bodies)[0];
      if (body !== undefined) found.set(name, body);
    }
  }
  return found;
}

/** Checks what is true of a folder without any provider: module calls, descriptions, versions, rejected cases. */
export function checkFolder(folder: HclFolder, all: readonly HclFolder[]): string[] {
  return [
    ...checkCalls(folder, all),
    ...checkDescriptions(folder),
    ...checkReadme(folder),
    ...checkVersions(folder),
    ...checkRejectedCases(folder),
  ];
}

function checkCalls(folder: HclFolder, all: readonly HclFolder[]): string[] {
  return [...named(folder.files, 'module')].flatMap(([name, call]) => {
    const source = call['source'];
    // A module from a registry has its variables elsewhere; only what lies in this repository is read.
    if (typeof source !== 'string' || !source.startsWith('.')) return [];
    const place = `${folder.folder}: module ${name}`;
    const target = all.find((candidate) => candidate.folder === path.join(folder.folder, source));
    if (target === undefined) return [`${place}: there is no module at ${source}`];
    return checkCall(place, call, named(target.files, 'variable'));
  });
}

function checkCall(place: string, call: HclObject, variables: ReadonlyMap<string, HclObject>): string[] {
  const unknown = Object.keys(call).filter((name) => !META_ARGUMENTS.has(name) && !variables.has(name));
  const missing = [...variables].filter(([name, variable]) => !('default' in variable) && !(name in call));
  return [
    ...unknown.map((name) => `${place}: the module has no variable ${name}`),
    ...missing.map(([name]) => `${place}: the required variable ${name} is missing`),
  ];
}

function checkDescriptions(folder: HclFolder): string[] {
  return ['variable', 'output'].flatMap((kind) =>
    [...named(folder.files, kind)]
      .filter(([, body]) => typeof body['description'] !== 'string' || body['description'] === '')
      .map(([name]) => `${folder.folder}: ${kind} ${name} has no description`),
  );
}

/** A README that leaves a variable or an output out was not kept up with the code. Examples explain themselves. */
function checkReadme(folder: HclFolder): string[] {
  if (folder.folder.split(path.sep).includes('examples')) return [];
  const { readme } = folder;
  if (readme === null) return [`${folder.folder}: there is no README.md`];
  return ['variable', 'output'].flatMap((kind) =>
    [...named(folder.files, kind).keys()]
      .filter((name) => !readme.includes(`\`${name}\``))
      .map((name) => `${folder.folder}: README.md does not name the ${kind} ${name}`),
  );
}

function checkVersions(folder: HclFolder): string[] {
  const settings = folder.files.flatMap(({ content }) => [...blocksOf(content['terraform'])]);
  const findings: string[] = [];
  if (!settings.some((block) => typeof block['required_version'] === 'string')) {
    findings.push(`${folder.folder}: no required_version says which Terraform this needs`);
  }
  const providers = settings.flatMap((block) => [...blocksOf(block['required_providers'])]);
  for (const [name, requirement] of providers.flatMap((block) => Object.entries(block))) {
    if (!isObject(requirement) || typeof requirement['version'] !== 'string') {
      findings.push(`${folder.folder}: provider ${name} has no version`);
    }
  }
  return findings;
}

/** The names of the variables that a test expects to be refused, once for each run that does. */
function refusedVariables(tests: readonly HclFile[]): string[] {
  return tests
    .flatMap(({ content }) => (isObject(content['run']) ? Object.values(content['run']) : []))
    .flatMap((runs) => [...blocksOf(runs)])
    .flatMap((run) => (isList(run['expect_failures']) ? [...run['expect_failures']] : []))
    .flatMap(
      (expected) =>
        (typeof expected === 'string' ? /^\$\{var\.(\w+)\}$/.exec(expected)?.[1] : undefined) ?? [],
    );
}

/** A validation that no test has seen refuse something may be one that refuses nothing. */
function checkRejectedCases(folder: HclFolder): string[] {
  const refused = refusedVariables(folder.tests);
  return [...named(folder.files, 'variable')].flatMap(([name, variable]) => {
    const validations = blocksOf(variable['validation']).length;
    const cases = refused.filter((other) => other === name).length;
    return cases >= validations
      ? []
      : [
          `${folder.folder}: variable ${name} has ${validations} validations and ${cases} rejected cases in tests/`,
        ];
  });
}

/** What there is, for the report: resources as declared, test runs, and those among them that expect a refusal. */
export function count(folders: readonly HclFolder[]): { resources: number; runs: number; rejected: number } {
  const files = folders.flatMap((folder) => [...folder.files]);
  const tests = folders.flatMap((folder) => [...folder.tests]);
  const declared = files.flatMap(({ content }) =>
    isObject(content['resource']) ? Object.values(content['resource']) : [],
  );
  return {
    resources: declared.reduce<number>(
      (sum, type) => sum + (isObject(type) ? Object.keys(type).length : 0),
      0,
    ),
    runs: tests.reduce(
      (sum, { content }) => sum + (isObject(content['run']) ? Object.keys(content['run']).length : 0),
      0,
    ),
    rejected: refusedVariables(tests).length,
  };
}
