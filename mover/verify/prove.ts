import { join } from 'node:path';
import type { Beat } from '../../core/data/journal.ts';
import type { Witness } from '../../core/data/manifest.ts';
import { apply } from '../apply/apply.ts';
import { writeOptionFile } from '../database/login.ts';
import { literal, withSession } from '../database/session.ts';
import { MoverError, wordsOf } from '../errors.ts';
import { newestBeat } from '../store/journal.ts';
import { differences, figuresOf } from './figures.ts';
import { startPrivateServer } from './private-server.ts';
import { leaveWitness, type VerifyOptions } from './witness.ts';

export interface ProveOptions extends VerifyOptions {
  readonly work: string;
  readonly jobs: number;
  /** Who the private server runs as. */
  readonly systemUser: string;
  readonly sleep: (ms: number) => Promise<void>;
}

/** What a proof came to; the shipper tells it in its beats. */
export type Proof = NonNullable<Beat['proof']>;

/** How long the proof waits until what it compares with is in the store. Milliseconds. */
const SHIPPED_LIMIT_MS = 300_000;

/**
 * Proves that the data in the store can be restored: the figures of the primary are taken now, dump and log are loaded into a private
 * server up to that very point, compared, and thrown away. It asks of the store what a failover would ask, and touches nothing else.
 */
export async function prove(options: ProveOptions): Promise<Proof> {
  const began = options.now();
  let witness: Witness | null = null;
  let dump = '19700101T000000Z';
  const result = (good: boolean, detail: string): Proof => ({
    at: new Date(options.now()).toISOString(),
    dump,
    good,
    tables: witness?.tables.length ?? 0,
    rows: witness?.tables.reduce((sum, table) => sum + table.rows, 0) ?? 0,
    seconds: (options.now() - began) / 1000,
    detail: detail.slice(0, 500),
  });
  try {
    witness = await leaveWitness(options);
    await untilShipped(options, witness);
    const { differing, dump: loaded } = await restore(options, witness);
    dump = loaded;
    return result(differing.length === 0, differing.join('; '));
  } catch (error) {
    return result(false, wordsOf(error));
  }
}

async function untilShipped(options: ProveOptions, witness: Witness): Promise<void> {
  const { backups, workload, now, sleep } = options;
  const limit = now() + SHIPPED_LIMIT_MS;
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) await sleep(2_000);
    const shipped = (await newestBeat(backups, workload, now()))?.log?.gtidSet ?? '';
    const missing = await withSession(options.optionFile, (session) =>
      session.value(`SELECT GTID_SUBTRACT(${literal(witness.gtidSet)}, ${literal(shipped)})`),
    );
    if (missing === '') return;
    if (now() > limit) {
      throw new MoverError(
        'gap',
        'NOT_SHIPPED',
        `${missing} was not shipped within ${SHIPPED_LIMIT_MS / 1000} s. Look at the shipper: mover status.`,
      );
    }
  }
}

async function restore(
  options: ProveOptions,
  witness: Witness,
): Promise<{ readonly differing: readonly string[]; readonly dump: string }> {
  const { workload, backups, work, jobs, now, sleep, log } = options;
  const server = await startPrivateServer(work, options.systemUser);
  const optionFile = writeOptionFile(server.login);
  try {
    const applied = await apply(
      {
        ...{ workload, optionFile: optionFile.path, host: server.login.host, jobs, now, sleep, log },
        ...{ store: { backups, handover: null }, work: join(work, 'proof'), only: witness.gtidSet },
        ...{ follow: false, everySeconds: 5, readyFile: null, application: null, dump: null, replace: false },
        ...{ correlationId: 'proof', schemaOfV1: workload, until: null, loadOnly: false },
      },
      new AbortController().signal,
    );
    const found = await withSession(optionFile.path, (session) =>
      figuresOf(
        session,
        witness.tables.map(({ schema, name }) => ({
          schema: schema.toLowerCase(),
          name: name.toLowerCase(),
        })),
        options.checksums,
      ),
    );
    return { differing: differences(witness.tables, found), dump: applied.dump };
  } finally {
    optionFile.remove();
    await server.stop();
  }
}
