import { DUMP_NAME, logPrefix, manifestBlob, readLogPart, type LogPart } from '../../core/data/layout.ts';
import { readManifest, type Manifest, type ReadManifest } from '../../core/data/manifest.ts';
import type { BlobContainer } from './blob-store.ts';

/** A dump in the store, with its manifest or what is wrong with it. */
export type StoredDump = { readonly name: string } & ReadManifest;

/** Names of all dumps, whole or not, the newest first. */
export async function dumpNames(backups: BlobContainer, workload: string): Promise<readonly string[]> {
  const names = await backups.folders(`${workload}/`);
  return names
    .filter((name) => DUMP_NAME.test(name))
    .sort()
    .reverse();
}

/** A dump by its name; null where it has no manifest, because it is still being made or was given up. */
export async function readDump(
  backups: BlobContainer,
  workload: string,
  name: string,
): Promise<StoredDump | null> {
  const text = await backups.readText(manifestBlob(workload, name));
  return text === null ? null : { name, ...readManifest(text) };
}

/** The newest whole dump whose manifest can be read; null where there is none. */
export async function newestDump(
  backups: BlobContainer,
  workload: string,
): Promise<{ readonly name: string; readonly manifest: Manifest } | null> {
  for (const name of await dumpNames(backups, workload)) {
    const found = await readDump(backups, workload, name);
    if (found?.manifest) return { name, manifest: found.manifest };
  }
  return null;
}

/** The parts of the log that follow a dump, in the order of their names. */
export async function logParts(
  backups: BlobContainer,
  workload: string,
  dump: string,
): Promise<readonly LogPart[]> {
  const prefix = logPrefix(workload, dump);
  const blobs = await backups.list(prefix);
  return blobs.flatMap(({ name, length }) => readLogPart(name.slice(prefix.length), length) ?? []);
}
