import path from 'node:path';
import { blocksOf, isObject } from './configuration.ts';
import type { HclFile, HclFolder, HclObject } from './configuration.ts';

/** Type of a resource, before the first underscore: the provider that it belongs to. */
const providerOf = (type: string): string => type.split('_')[0] ?? type;

const KINDS = ['resource', 'data', 'ephemeral'] as const;

/** The names of the blocks of one kind, in all files: `namesOf(files, 'variable')`. */
function namesOf(files: readonly HclFile[], kind: string): ReadonlySet<string> {
  return new Set(files.flatMap(({ content }) => (isObject(content[kind]) ? Object.keys(content[kind]) : [])));
}

/** The types of a folder that no schema of ours knows, since they are another provider's. Their arguments are checked by Terraform alone. */
export function uncheckedTypes(folder: HclFolder, checked: ReadonlySet<string>): readonly string[] {
  const types = KINDS.flatMap((kind) => [...namesOf(folder.files, kind)]);
  return types.filter((type) => !checked.has(providerOf(type)));
}

/** Checks what a folder refers to, which needs no provider: variables, locals, outputs of modules, files, and whose types it uses. */
export function checkReferences(folder: HclFolder, all: readonly HclFolder[]): string[] {
  return [
    ...checkNames(folder, 'variable', 'var'),
    ...checkLocals(folder),
    ...checkOutputs(folder, all),
    ...checkProviders(folder),
  ];
}

/** Everything that is written in the files, as one text in which an expression stands as it was written. */
const textOf = (files: readonly HclFile[]): string =>
  files.map(({ content }) => JSON.stringify(content)).join('\n');

const mentioned = (text: string, pattern: RegExp): ReadonlySet<string> =>
  new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ''));

function checkNames(folder: HclFolder, kind: string, prefix: string): string[] {
  const declared = namesOf(folder.files, kind);
  const used = mentioned(textOf(folder.files), new RegExp(`(?<![\\w.])${prefix}\\.(\\w+)`, 'g'));
  return [
    ...[...used]
      .filter((name) => !declared.has(name))
      .map((name) => `${folder.folder}: ${prefix}.${name} is used, and there is no ${kind} ${name}`),
    ...[...declared]
      .filter((name) => !used.has(name))
      .map((name) => `${folder.folder}: the ${kind} ${name} is used nowhere`),
  ];
}

function checkLocals(folder: HclFolder): string[] {
  const blocks = folder.files.flatMap(({ content }) => [...blocksOf(content['locals'])]);
  const declared = new Set(blocks.flatMap((block) => Object.keys(block)));
  const used = mentioned(textOf(folder.files), /(?<![\w.])local\.(\w+)/g);
  return [
    ...[...used]
      .filter((name) => !declared.has(name))
      .map((name) => `${folder.folder}: local.${name} is used, and no locals block has it`),
    ...[...declared]
      .filter((name) => !used.has(name))
      .map((name) => `${folder.folder}: the local value ${name} is used nowhere`),
  ];
}

function checkOutputs(folder: HclFolder, all: readonly HclFolder[]): string[] {
  const text = textOf(folder.files);
  return folder.files.flatMap(({ content }) => {
    const calls = isObject(content['module']) ? content['module'] : {};
    return Object.entries(calls).flatMap(([name, bodies]) => {
      const source = blocksOf(bodies)[0]?.['source'];
      if (typeof source !== 'string' || !source.startsWith('.')) return [];
      const target = all.find(({ folder: other }) => other === path.join(folder.folder, source));
      if (target === undefined) return [];
      const outputs = namesOf(target.files, 'output');
      const asked = mentioned(
        text,
        new RegExp(`(?<![\\w.])module\\.${name}(?:\\[[^\\]]*\\])?\\.(\\w+)`, 'g'),
      );
      return [...asked]
        .filter((output) => !outputs.has(output))
        .map(
          (output) => `${folder.folder}: module.${name}.${output} is used, and the module has no such output`,
        );
    });
  });
}

/** A type of a provider that the folder does not require is a misspelt one, or works by accident only. */
function checkProviders(folder: HclFolder): string[] {
  const required = new Set(
    folder.files
      .flatMap(({ content }) => [...blocksOf(content['terraform'])])
      .flatMap((block): HclObject[] => [...blocksOf(block['required_providers'])])
      .flatMap((block) => Object.keys(block)),
  );
  return KINDS.flatMap((kind) =>
    [...namesOf(folder.files, kind)]
      .filter((type) => providerOf(type) !== 'terraform' && !required.has(providerOf(type)))
      .map(
        (type) => `${folder.folder}: ${kind} ${type} is of a provider that required_providers does not name`,
      ),
  );
}
