import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from '@cdktn/hcl2json';

/** Anything that hcl2json gives: blocks are arrays of objects, expressions strings like `${var.name}`. */
export type HclValue = string | number | boolean | null | readonly HclValue[] | HclObject;
export interface HclObject {
  readonly [name: string]: HclValue;
}

/** One parsed file; `file` is relative to the folder that was searched. */
export interface HclFile {
  readonly file: string;
  readonly content: HclObject;
}

/** A folder with .tf files: a root, a module or an example. */
export interface HclFolder {
  readonly folder: string;
  readonly files: readonly HclFile[];
  /** Its `*.tftest.hcl` files. */
  readonly tests: readonly HclFile[];
  /** Its README.md, or null where it has none. */
  readonly readme: string | null;
}

/** A file that is not HCL. The message names the file, the line and what is wrong there. */
export class HclSyntaxError extends Error {
  override readonly name = 'HclSyntaxError';
}

export function isObject(value: HclValue | undefined): value is HclObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Array.isArray takes a read-only list for one of anything; this keeps what its items are. */
export function isList(value: HclValue | undefined): value is readonly HclValue[] {
  return Array.isArray(value);
}

/** The blocks of one kind, as hcl2json lists them; a lone value (an attribute) counts as none. */
export function blocksOf(value: HclValue | undefined): readonly HclObject[] {
  return isList(value) ? value.filter((item) => isObject(item)) : [];
}

/** Parses the text of one file. Throws HclSyntaxError. */
export async function parseHcl(file: string, text: string): Promise<HclFile> {
  try {
    return { file, content: (await parse(file, text)) as HclObject };
  } catch (error) {
    throw new HclSyntaxError(`${file} is not HCL: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function parseFiles(root: string, files: readonly string[]): Promise<HclFile[]> {
  return Promise.all(
    files.map(async (file) => parseHcl(file, await readFile(path.join(root, file), 'utf8'))),
  );
}

/** Finds and parses every folder below `root` that holds .tf files, in the order of their names. */
export async function readFolders(root: string): Promise<HclFolder[]> {
  const entries = await readdir(root, { recursive: true });
  const names = entries.filter((name) => !name.split(path.sep).includes('.terraform')).sort();
  const folders = [
    ...new Set(names.filter((name) => name.endsWith('.tf')).map((name) => path.dirname(name))),
  ];
  return Promise.all(
    folders.map(async (folder) => ({
      folder,
      files: await parseFiles(
        root,
        names.filter((name) => name.endsWith('.tf') && path.dirname(name) === folder),
      ),
      tests: await parseFiles(
        root,
        names.filter(
          (name) => name.endsWith('.tftest.hcl') && path.dirname(name) === path.join(folder, 'tests'),
        ),
      ),
      readme: names.includes(path.join(folder, 'README.md'))
        ? await readFile(path.join(root, folder, 'README.md'), 'utf8')
        : null,
    })),
  );
}

/** The types of one provider that any file uses, of one kind (`resource`, `data`, `ephemeral`), in the order of their names. */
export function usedTypes(folders: readonly HclFolder[], kind: string, provider: string): string[] {
  const types = folders
    .flatMap((folder) => [...folder.files])
    .flatMap(({ content }) => (isObject(content[kind]) ? Object.keys(content[kind]) : []));
  return [...new Set(types)].filter((type) => type.startsWith(`${provider}_`)).sort();
}
