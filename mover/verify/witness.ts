import { dumpBlob, witnessBlob } from '../../core/data/layout.ts';
import { witnessSchema, type Witness } from '../../core/data/manifest.ts';
import { oneLine, serverFacts } from '../database/server.ts';
import { literal, withSession } from '../database/session.ts';
import { readCatalog } from '../dump/catalog.ts';
import { takeSnapshot } from '../dump/snapshot.ts';
import { MoverError } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { newestDump } from '../store/dumps.ts';
import { differences, figuresOf } from './figures.ts';

export interface VerifyOptions {
  readonly workload: string;
  readonly optionFile: string;
  readonly backups: BlobContainer;
  readonly checksums: boolean;
  readonly now: () => number;
  readonly log: MoverLog;
}

/** Counts, and checksums, every table of a server at one moment whose GTID set is known. */
export async function takeFigures(options: Omit<VerifyOptions, 'workload' | 'backups'>): Promise<Witness> {
  const { server, catalog } = await withSession(options.optionFile, async (session) => ({
    server: await serverFacts(session),
    catalog: await readCatalog(session),
  }));
  if (!server.keepsGtids) {
    throw new MoverError(
      'refused',
      'NO_GTIDS',
      'gtid_mode is not ON, so the point of these figures could not be named. Set it in the parameter group.',
    );
  }
  const snapshot = await takeSnapshot({ ...options, server, tables: catalog.tables, bins: [] });
  try {
    const tables = await figuresOf(snapshot.witness, catalog.tables, options.checksums);
    const at = new Date(snapshot.takenAt).toISOString();
    return { schemaVersion: 1, at, server: server.uuid, gtidSet: snapshot.gtidSet, tables: [...tables] };
  } finally {
    snapshot.witness.close();
  }
}

/** Puts the figures of the primary beside the newest dump, for the other side to be held against. */
export async function leaveWitness(options: VerifyOptions): Promise<Witness> {
  const { backups, workload } = options;
  const newest = await newestDump(backups, workload);
  if (newest === null)
    throw new MoverError(
      'refused',
      'NO_DUMP',
      'there is no dump yet beside which the figures could lie. Make one: mover dump.',
    );
  const witness = await takeFigures(options);
  await backups.add(witnessBlob(workload, newest.name, Date.parse(witness.at)), JSON.stringify(witness));
  return witness;
}

/** The newest figures of the primary's side; null where it has left none beside its newest dump. */
export async function newestWitness(backups: BlobContainer, workload: string): Promise<Witness | null> {
  const newest = await newestDump(backups, workload);
  if (newest === null) return null;
  const found = (await backups.list(dumpBlob(workload, newest.name, 'witness/'))).at(-1);
  const text = found === undefined ? null : await backups.readText(found.name);
  const read = text === null ? null : witnessSchema.safeParse(JSON.parse(text));
  return read?.success === true ? read.data : null;
}

/**
 * Holds this server against the figures of the other side. Both must stand at the same point: what either has more than the other would
 * show as a difference that is none.
 * @returns the tables that differ; empty where none does
 */
export async function compareWith(
  options: VerifyOptions,
  witness: Witness,
  baseGtids: string,
): Promise<readonly string[]> {
  const own = await withSession(options.optionFile, async (session) => {
    const executed = oneLine(await session.value('SELECT @@GLOBAL.gtid_executed'));
    const there = [baseGtids, executed].filter((set) => set !== '').join(',');
    const missing = await session.value(
      `SELECT GTID_SUBTRACT(${literal(witness.gtidSet)}, ${literal(there)})`,
    );
    const mine = await session.value('SELECT @@server_uuid');
    const more = (
      await session.value(`SELECT GTID_SUBTRACT(${literal(there)}, ${literal(witness.gtidSet)})`)
    ).split(/,\s*/);
    return {
      missing: oneLine(missing),
      more: more.filter((set) => set !== '' && !set.startsWith(mine)).join(','),
    };
  });
  if (own.missing !== '' || own.more !== '') {
    const what = own.missing === '' ? `it has ${oneLine(own.more)} besides` : `it lacks ${own.missing}`;
    throw new MoverError(
      'refused',
      'NOT_AT_THE_SAME_POINT',
      `This database does not stand where the figures of ${witness.at} were taken: ${what}. Let it catch up, or take new figures while nobody writes.`,
    );
  }
  const found = await takeFigures({
    ...options,
    checksums: witness.tables.some((table) => table.checksum !== null),
  });
  return differences(witness.tables, found.tables);
}
