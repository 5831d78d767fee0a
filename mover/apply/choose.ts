import type { Manifest } from '../../core/data/manifest.ts';
import { MoverError } from '../errors.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { dumpNames, readDump } from '../store/dumps.ts';

/** A dump to load. */
export interface Choice {
  readonly name: string;
  readonly manifest: Manifest;
}

/**
 * Chooses the dump to load: the one that a person named, or the newest whole one.
 *
 * Where the newest is damaged, the one before it will do if its log leads as far: with a log nothing is lost by it, only time. Without
 * one everything since would be lost, and that is a person's decision.
 * @param newerThan no dump up to this one will do; left out where each will
 * @param damaged names of dumps that were tried in vain
 */
export async function chooseDump(
  {
    backups,
    workload,
    newerThan = '',
  }: { readonly backups: BlobContainer; readonly workload: string; readonly newerThan?: string },
  wanted: string | null,
  damaged: ReadonlySet<string>,
): Promise<Choice> {
  const all = wanted === null ? await dumpNames(backups, workload) : [wanted];
  const names = all.filter((name) => name > newerThan);
  const faults: string[] = [];
  for (const name of names) {
    const found = await readDump(backups, workload, name);
    if (found === null) continue;
    if (damaged.has(name)) faults.push(`${name} is damaged`);
    else if (found.manifest === null) faults.push(`${name}: ${found.problems.join('; ')}`);
    else {
      const hasLog = found.manifest.schemaVersion === 2 && found.manifest.gtidSet !== null;
      if (faults.length === 0 || hasLog) return { name, manifest: found.manifest };
      throw new MoverError(
        'damaged',
        'NEWEST_DUMP_DAMAGED',
        `The newest dump cannot be used (${faults.join('; ')}), and no log leads from ${name} to it: whatever was written since would be lost. ` +
          `Whoever accepts that names the dump: --dump ${name}.`,
      );
    }
  }
  if (faults.length > 0) {
    throw new MoverError(
      'damaged',
      'NO_GOOD_DUMP',
      `No dump can be used: ${faults.join('; ')}. Name another with --dump, or make one from the primary.`,
    );
  }
  throw new MoverError(
    'refused',
    'NO_DUMP',
    wanted === null
      ? `There is no whole dump of ${workload} in the store. Make one: mover dump, on the primary's side.`
      : `There is no whole dump ${wanted} of ${workload} in the store. Leave --dump out for the newest.`,
  );
}
