import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { answerSchema, applierSchema, requestSchema } from '../../../core/data/handover.ts';
import { JOURNAL_TAIL_BYTES, lastBeat, type Beat } from '../../../core/data/journal.ts';
import {
  answerBlob,
  applierBlob,
  BACKUPS,
  DUMP_NAME,
  HANDOVER,
  journalBlob,
  logPrefix,
  manifestBlob,
  readLogPart,
  requestBlob,
} from '../../../core/data/layout.ts';
import { readManifest, type Manifest } from '../../../core/data/manifest.ts';
import { logStartOf } from '../../../core/data/recovery-point.ts';
import type { DataStore } from '../../../core/data/ports.ts';
import type { StoreLook } from '../../../core/data/report.ts';
import type { AzureAccess } from '../azure-client.ts';
import { makeBlobClient, type BlobClient } from './blob-client.ts';
import { goneAgain, readNote } from './notes.ts';

export interface DataStoreOptions extends AzureAccess {
  readonly account: string;
  readonly workload: string;
}

/** A manifest has a line for each table: room for tens of thousands. */
const MANIFEST_BYTES_MAX = 8 * 1024 * 1024;
/** What may be appended to a journal between its length and its end. */
const JOURNAL_SLACK_BYTES = 4_096;
/** So many dumps that are not whole, one after the other, are for people; the newest whole one is behind them. */
const DUMPS_READ_MAX = 5;
const DAY_MS = 86_400_000;

/** The store of one workload. What lies in it is read anew each time, but for manifests, which never change. */
export function makeDataStore(options: DataStoreOptions): DataStore {
  const { account, workload } = options;
  const backups = makeBlobClient({ account, container: BACKUPS, role: 'Storage Blob Data Reader' }, options);
  const handover = makeBlobClient(
    { account, container: HANDOVER, role: 'Storage Blob Data Contributor' },
    options,
  );
  const reader = new BackupsReader(backups, workload);
  return {
    async look(now) {
      const problems: string[] = [];
      const [beat, names, applier] = await Promise.all([
        readBeat(backups, workload, now),
        reader.dumpNames(),
        readNote(handover, applierBlob(workload), applierSchema).catch((error: unknown) =>
          tolerated(error, problems),
        ),
      ]);
      const contents = await reader.contents(names, beat, problems);
      return { contents, applier, problems } satisfies StoreLook;
    },
    async ask(request) {
      const name = requestBlob(workload, request.correlationId);
      if (await handover.create(name, request)) return request;
      return (await readNote(handover, name, requestSchema)) ?? goneAgain(name);
    },
    answer: (correlationId) => readNote(handover, answerBlob(workload, correlationId), answerSchema),
    applier: () => readNote(handover, applierBlob(workload), applierSchema),
  };
}

/** What one side wrote badly must not hide what the other says; what the cloud refuses stays an error. */
function tolerated(error: unknown, problems: string[]): null {
  if (!(error instanceof CloudAnswerUnreadable)) throw error;
  problems.push(error.message);
  return null;
}

/** The newest line of today's journal, or of yesterday's where today's has none yet. */
async function readBeat(client: BlobClient, workload: string, now: number): Promise<Beat | null> {
  for (const at of [now, now - DAY_MS]) {
    const name = journalBlob(workload, at);
    const length = await client.length(name);
    if (length === null || length === 0) continue;
    const from = Math.max(0, length - JOURNAL_TAIL_BYTES);
    const tail = await client.part(name, from, JOURNAL_TAIL_BYTES + JOURNAL_SLACK_BYTES);
    const beat = lastBeat(tail ?? '');
    if (beat !== null) return beat;
  }
  return null;
}

/** Reads dumps and log, and keeps the manifests that it has read. */
class BackupsReader {
  private readonly manifests = new Map<string, Manifest>();
  private readonly client: BlobClient;
  private readonly workload: string;

  constructor(client: BlobClient, workload: string) {
    this.client = client;
    this.workload = workload;
  }

  /** Names of all dumps, whole or not, the newest first. */
  async dumpNames(): Promise<readonly string[]> {
    const { prefixes } = await this.client.list(`${this.workload}/`, '/');
    const names = prefixes
      .map((prefix) => prefix.slice(this.workload.length + 1, -1))
      .filter((name) => DUMP_NAME.test(name))
      .sort()
      .reverse();
    for (const known of this.manifests.keys()) if (!names.includes(known)) this.manifests.delete(known);
    return names;
  }

  /** Of the dumps only the newest whole one and the one that the log follows are looked into: nothing else is asked about. */
  async contents(
    names: readonly string[],
    beat: Beat | null,
    problems: string[],
  ): Promise<StoreLook['contents']> {
    const followed = beat?.dump ?? null;
    const whole = new Set<string>();
    for (const name of names.slice(0, DUMPS_READ_MAX)) {
      if ((await this.manifest(name, problems)) === null) continue;
      whole.add(name);
      break;
    }
    if (followed === null || !names.includes(followed)) {
      return { dumps: [...whole], beat, parts: [], start: null };
    }
    const [manifest, parts] = await Promise.all([this.manifest(followed, problems), this.parts(followed)]);
    if (manifest !== null) whole.add(followed);
    const start = manifest === null ? null : logStartOf(manifest);
    return { dumps: [...whole], beat, parts, start };
  }

  /** Null where the dump is not whole, or its manifest cannot be read; that is told. */
  private async manifest(dump: string, problems: string[]): Promise<Manifest | null> {
    const known = this.manifests.get(dump);
    if (known !== undefined) return known;
    const text = await this.client.whole(manifestBlob(this.workload, dump), MANIFEST_BYTES_MAX);
    if (text === null) return null;
    const read = readManifest(text);
    if (read.manifest === null) {
      const problem = `the manifest of dump ${dump} cannot be read: ${read.problems.slice(0, 3).join('; ')}`;
      if (!problems.includes(problem)) problems.push(problem);
      return null;
    }
    this.manifests.set(dump, read.manifest);
    return read.manifest;
  }

  private async parts(dump: string): Promise<StoreLook['contents']['parts']> {
    const prefix = logPrefix(this.workload, dump);
    const { blobs } = await this.client.list(prefix);
    return blobs.flatMap(({ name, length }) => readLogPart(name.slice(prefix.length), length) ?? []);
  }
}
