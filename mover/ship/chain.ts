import { dumpMoment, logFileNumber, logPartName, logPrefix, type LogPart } from '../../core/data/layout.ts';
import type { ManifestV2 } from '../../core/data/manifest.ts';
import type { Beat } from '../../core/data/journal.ts';
import type { LogEnd, ServerFacts } from '../database/server.ts';
import type { Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import { APPEND_BYTES_MAX, type BlobContainer } from '../store/blob-store.ts';
import { logParts } from '../store/dumps.ts';
import { gap, originOf, type Origin } from './origin.ts';
import type { Spool, SpoolFile } from './spool.ts';

/** A part with so many blocks gets a successor; the service allows 50,000. Source: Scalability targets for Blob storage. */
const PART_BLOCKS_MAX = 40_000;
/** So much of what was shipped is held against what the server sends again. */
const COMPARED_BYTES = 65_536;
/** Clients of one server need numbers of their own; real servers have small ones. */
const CONNECTION_ID_BASE = 0x7000_0000;

export interface ChainOptions {
  readonly workload: string;
  readonly dump: string;
  readonly manifest: ManifestV2;
  readonly optionFile: string;
  readonly spool: Spool;
  /** Bytes that the spool may hold while the store does not answer. */
  readonly spoolMax: number;
  readonly backups: BlobContainer;
  readonly log: MoverLog;
}

/** The part of the log that is appended to now. Offsets and lengths in bytes. */
interface Tail {
  readonly file: string;
  readonly partOffset: number;
  partLength: number;
  blocks: number;
}

/** The log behind one dump: streamed in, appended to the store, never a hole, never a byte twice. */
export class Chain {
  readonly dump: string;
  private readonly options: ChainOptions;
  private origin: Origin | null = null;
  private tail: Tail | null = null;
  /** Bytes that were in the store before this stream began and were not compared with it yet. */
  private uncompared: { readonly file: string; readonly length: number } | null = null;
  private serverUuid = '';
  private come = { what: '', at: 0 };

  constructor(options: ChainOptions) {
    this.options = options;
    this.dump = options.dump;
  }

  /** Whether the stream has to be begun: at first, after it ended, or because another server answers. */
  needsBegin(server: ServerFacts): boolean {
    return this.origin === null || this.serverUuid !== server.uuid || this.options.spool.ended !== null;
  }

  /** Begins, or begins again, where the store ends. @throws MoverError `gap` where the server lacks what comes next */
  async begin(session: Session, server: ServerFacts, known: Beat['log']): Promise<void> {
    const { manifest, workload, dump, backups } = this.options;
    const parts = await logParts(backups, workload, dump);
    const shippedGtids = known?.gtidSet ?? manifest.gtidSet ?? '';
    const origin = await originOf(session, { server, manifest, parts, shippedGtids });
    const { spool, optionFile, log } = this.options;
    this.origin = origin;
    this.serverUuid = server.uuid;
    this.tail = origin.shipped === 0 ? null : await this.tailOf(origin, parts);
    this.uncompared = origin.shipped === 0 ? null : { file: origin.file, length: origin.shipped };
    spool.begin(optionFile, origin.file, CONNECTION_ID_BASE + ((dumpMoment(dump) / 1000) % 0xff_ffff));
    log.info('stream-begins', { dump, ...origin });
  }

  private async tailOf({ segment, file, shipped }: Origin, parts: readonly LogPart[]): Promise<Tail> {
    const last = parts
      .filter((part) => part.segment === segment && part.file === file)
      .sort((a, b) => a.offset - b.offset)
      .at(-1);
    if (last === undefined) return { file, partOffset: shipped, partLength: 0, blocks: 0 };
    return {
      file,
      partOffset: last.offset,
      partLength: last.length,
      blocks: await this.options.backups.blocks(this.blobName(file, last.offset)),
    };
  }

  private blobName(file: string, offset: number): string {
    const segment = this.origin?.segment ?? '';
    return `${logPrefix(this.options.workload, this.dump)}${logPartName({ segment, file, offset })}`;
  }

  /**
   * Appends what has come since, and stops between two appends once `isOver` says so: a backlog of hours must not keep the beats back.
   * @throws MoverError `gap` where the server sends another log than before
   */
  async ship(isOver: () => boolean): Promise<void> {
    // Files of an earlier process are nobody's: a stream begins with an empty folder.
    if (this.origin === null) return;
    const { spool, spoolMax, log } = this.options;
    const files = spool.files();
    const held = files.reduce((sum, file) => sum + file.length, 0);
    if (held > spoolMax && files.length > 1) {
      // The server keeps its log: it is asked again once the store takes it.
      spool.stop('the spool is full');
      log.warn('spool-full', { held, spoolMax });
    }
    if (!(await this.isSameLog())) {
      throw gap(`the server sends another ${this.uncompared?.file ?? 'log'} than was shipped before`);
    }
    for (const [index, { name, length }] of files.entries()) {
      if (!(await this.shipFile({ name, length }, isOver))) return;
      // The next file exists only after this one was ended.
      if (index < files.length - 1) spool.drop(name);
    }
  }

  /**
   * Whether the server sends again what was shipped before: a server that was restored from a snapshot has the same name for
   * another log. True as long as too little has come to tell.
   */
  private async isSameLog(): Promise<boolean> {
    const check = this.uncompared;
    const { spool, backups } = this.options;
    if (check === null) return true;
    const come = spool.files().find((file) => file.name === check.file)?.length ?? 0;
    if (come < check.length) return true;
    const parts = await logParts(backups, this.options.workload, this.dump);
    const own = parts.filter((part) => part.segment === this.origin?.segment && part.file === check.file);
    for (const { offset, length } of own) {
      const count = Math.min(length, COMPARED_BYTES);
      for (const from of new Set([0, length - count])) {
        const there = await backups.read(this.blobName(check.file, offset), from, count);
        if (!there?.equals(spool.read(check.file, offset + from, count))) return false;
      }
    }
    this.uncompared = null;
    return true;
  }

  private shippedOf(file: string): number {
    return this.tail?.file === file ? this.tail.partOffset + this.tail.partLength : 0;
  }

  /** Whether the store has all that has come of this file. */
  private async shipFile({ name: file, length }: SpoolFile, isOver: () => boolean): Promise<boolean> {
    if (this.uncompared !== null) return false;
    if (this.tail !== null && logFileNumber(file) < logFileNumber(this.tail.file)) return true;
    for (let at = this.shippedOf(file); at < length; at = this.shippedOf(file)) {
      const body = this.options.spool.read(file, at, Math.min(APPEND_BYTES_MAX, length - at));
      await this.append(file, at, body);
      if (isOver()) return this.shippedOf(file) >= length;
    }
    return true;
  }

  private async append(file: string, at: number, body: Buffer): Promise<void> {
    const { backups } = this.options;
    let tail = this.tail;
    if (tail?.file !== file || tail.blocks >= PART_BLOCKS_MAX) {
      tail = { file, partOffset: at, partLength: 0, blocks: 0 };
      await backups.createAppendable(this.blobName(file, at));
      this.tail = tail;
    }
    const name = this.blobName(file, tail.partOffset);
    const appended = await backups.append(name, body, tail.partLength);
    if (appended === 'appended') tail.partLength += body.length;
    // An answer was lost, or a second shipper was quicker: its bytes are the same bytes of the same file.
    else tail.partLength = (await backups.length(name)) ?? 0;
    tail.blocks += 1;
    if (tail.partOffset + tail.partLength < at || appended === 'gone') {
      // The store decides where the log goes on, not what this process remembers: the server still has what is missing.
      this.origin = null;
      throw new MoverError(
        'store',
        'STORE_SHRANK',
        `${name} ends before byte ${at - tail.partOffset}, which was in it: nobody may change backups. What is missing is shipped again.`,
      );
    }
  }

  /** Whether everything up to that end of the server's log is in the store. */
  covers({ file, position }: LogEnd): boolean {
    if (this.tail === null || this.uncompared !== null) return false;
    const ahead = logFileNumber(this.tail.file) - logFileNumber(file);
    return ahead > 0 || (ahead === 0 && this.shippedOf(this.tail.file) >= position);
  }

  /** Where the log in the store ends; null where nothing was shipped yet. */
  end(): { readonly segment: string; readonly file: string; readonly position: number } | null {
    if (this.tail === null || this.origin === null) return null;
    const { file } = this.tail;
    return { segment: this.origin.segment, file, position: this.shippedOf(file) };
  }

  /** Ends a stream that has brought nothing since `ms` before `now`, so that it is begun again: its network may swallow packets. */
  restartIfSilent(now: number, ms: number): void {
    const held = this.options.spool.files().reduce((sum, file) => sum + file.length, 0);
    const last = this.options.spool.files().at(-1)?.name ?? '';
    const come = `${last}:${held}`;
    if (come !== this.come.what) this.come = { what: come, at: now };
    else if (now - this.come.at > ms) {
      this.come = { what: '', at: now };
      this.options.spool.stop(`nothing came for ${ms / 1000} s`);
    }
  }

  /** Why the stream ended; null while it goes. */
  get streamEnded(): string | null {
    return this.options.spool.ended;
  }

  stop(): void {
    this.options.spool.stop();
  }
}
