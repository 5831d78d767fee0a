import type { Beat } from '../../core/data/journal.ts';
import { logFileNumber } from '../../core/data/layout.ts';
import { oneLine } from '../database/server.ts';
import { literal, type Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { dumpNames, logParts, readDump } from '../store/dumps.ts';
import { noteProgress, noteSchemas, readProgress, type Load, type Progress } from './bookkeeping.ts';
import type { ReplicaWord } from './events.ts';
import { readableLog, type LocalLog, type StoredLogFile } from './log-files.ts';
import { previousGtids, replay } from './replay.ts';

export interface FollowOptions {
  readonly workload: string;
  readonly optionFile: string;
  readonly backups: BlobContainer;
  readonly local: LocalLog;
  /** Nothing committed later is applied; null for everything. Milliseconds since the Unix epoch. */
  readonly until: number | null;
  /** Nothing outside of this GTID set is applied; null for everything. */
  readonly only: string | null;
  readonly word: ReplicaWord;
  readonly log: MoverLog;
}

/** Replays what the store has of the log behind a load, from wherever it stopped. */
export class LogFollower {
  private readonly options: FollowOptions;
  private readonly books: Session;
  /** The load that the log follows, with the schemas that the log has made. */
  load: Load;
  private progress: Progress;
  /** Bytes of log that the store has and the database has not, by the last look. */
  backlogBytes = 0;
  /** Why the log cannot be gone on with; null while it can. What is applied before it is whole. */
  stopped: MoverError | null = null;

  private constructor(options: FollowOptions, of: { books: Session; load: Load }, progress: Progress) {
    this.options = options;
    this.books = of.books;
    this.load = of.load;
    this.progress = progress;
  }

  static async open(options: FollowOptions, books: Session, load: Load): Promise<LogFollower> {
    const fresh = { segment: '', file: '', position: 0, transactions: 0, lastCommitAt: null };
    const progress = (await readProgress(books, load)) ?? {
      ...{ chain: load.dump, ...fresh },
      appliedUntil: load.createdAt,
    };
    return new LogFollower(options, { books, load }, progress);
  }

  get reached(): Progress {
    return this.progress;
  }

  /**
   * Applies everything that the store has now, and goes on to the log of a later dump where this one has led there. Where the log has a gap
   * it stops there (`stopped`). Returns the number of transactions.
   */
  async applyAll(beat: Beat | null): Promise<number> {
    let applied = 0;
    if (this.load.gtidSet === '') return 0;
    for (;;) {
      applied += await this.applyChain();
      // As long as the shipper appends behind the dump that is read, there is no other log to go on to.
      if (beat?.dump === this.progress.chain || !(await this.nextChain())) break;
    }
    await this.noteReached(beat);
    return applied;
  }

  private async applyChain(): Promise<number> {
    const { backups, workload, local } = this.options;
    const { chain } = this.progress;
    const parts = await logParts(backups, workload, chain);
    const { files: all, gap } = readableLog(parts);
    const files = all.filter((file) => !this.isBehind(file));
    this.backlogBytes = files.reduce((sum, file) => sum + file.length, 0) - this.positionIn(files[0]);
    this.stopped = null;
    let applied = 0;
    for (const file of files) {
      if (file.length <= this.positionIn(file)) continue;
      const path = await local.fetch(chain, file, parts);
      try {
        await this.refuseGap(file, path);
        applied += await this.applyFile(file, path);
      } catch (error) {
        return this.stopAt(error, applied);
      }
      local.keepOnly(chain, file);
    }
    if (gap !== null) this.stopAt(missing(gap), applied);
    return applied;
  }

  /** A gap, or a transaction that is refused, ends the log: everything before it is a recovery point of its own. */
  private stopAt(error: unknown, applied: number): number {
    const isEnd = error instanceof MoverError && (error.failure === 'gap' || error.failure === 'damaged');
    if (!isEnd) throw error;
    if (this.stopped?.message !== error.message)
      this.options.log.warn('log-ends', { code: error.code, detail: error.message });
    this.stopped = error;
    return applied;
  }

  /** What a file says was executed before it must be here: whatever is missing was never shipped, or is lost. */
  private async refuseGap(file: StoredLogFile, path: string): Promise<void> {
    if (this.positionIn(file) > 0 || this.options.until !== null) return;
    const before = await previousGtids(path);
    if (before === null || before === '') return;
    const lacking = await this.lacks(before);
    const { only } = this.options;
    const counts = only === null ? lacking : await this.intersection(lacking, only);
    if (counts !== '')
      throw missing(`${file.segment}/${file.name} follows transactions that are not here (${counts})`);
  }

  private isBehind({ segment, name }: StoredLogFile): boolean {
    const { segment: at, file } = this.progress;
    return segment < at || (segment === at && file !== '' && logFileNumber(name) < logFileNumber(file));
  }

  private positionIn(file: StoredLogFile | undefined): number {
    const { segment, file: name, position } = this.progress;
    return file?.segment === segment && file.name === name ? position : 0;
  }

  private async applyFile(file: StoredLogFile, path: string): Promise<number> {
    const { optionFile, until, only, word, log } = this.options;
    const exclude = joined(this.load.gtidSet, await this.executed());
    const passed = await replay({
      ...{ optionFile, path, exclude, until, only, word },
      from: this.positionIn(file),
      mayGrow: file.isLastOfSegment,
    });
    for (const { gtid, because } of passed.skipped) log.info('statement-left-out', { gtid, because });
    if (passed.schemas.length > 0) this.load = await noteSchemas(this.books, this.load, passed.schemas);
    await this.note({
      ...this.progress,
      segment: file.segment,
      file: file.name,
      position: Math.max(this.positionIn(file), passed.safePosition),
      transactions: this.progress.transactions + passed.transactions,
      lastCommitAt: passed.lastCommitAt ?? this.progress.lastCommitAt,
    });
    this.backlogBytes = Math.max(0, this.backlogBytes - file.length);
    return passed.transactions;
  }

  private async executed(): Promise<string> {
    return oneLine(await this.books.value('SELECT @@GLOBAL.gtid_executed'));
  }

  /** Whatever of that set is not in the database. */
  private async lacks(gtidSet: string): Promise<string> {
    const there = joined(this.load.gtidSet, await this.executed());
    return oneLine(await this.books.value(`SELECT GTID_SUBTRACT(${literal(gtidSet)}, ${literal(there)})`));
  }

  private async intersection(a: string, b: string): Promise<string> {
    const rest = `GTID_SUBTRACT(${literal(a)}, ${literal(b)})`;
    return oneLine(await this.books.value(`SELECT GTID_SUBTRACT(${literal(a)}, ${rest})`));
  }

  /** Whether everything that was committed when that line says the log was whole is in the database. */
  async holds({ log }: Beat): Promise<boolean> {
    return log !== null && (await this.has(log.gtidSet));
  }

  private async has(gtidSet: string): Promise<boolean> {
    return (await this.lacks(gtidSet)) === '';
  }

  /** Goes on to the log of the next dump if all that the dump holds is here; false where there is no such dump. */
  private async nextChain(): Promise<boolean> {
    const { backups, workload, log } = this.options;
    const later = (await dumpNames(backups, workload)).filter((name) => name > this.progress.chain).reverse();
    for (const name of later) {
      const found = await readDump(backups, workload, name);
      if (found?.manifest?.schemaVersion !== 2 || found.manifest.gtidSet === null) continue;
      if (!(await this.has(found.manifest.gtidSet))) continue;
      const parts = await logParts(backups, workload, name);
      if (parts.every((part) => part.length === 0)) continue;
      log.info('chain-begins', { dump: name });
      await this.note({ ...this.progress, chain: name, segment: '', file: '', position: 0 });
      return true;
    }
    return false;
  }

  /** What the beat says is whole is applied if all of its GTIDs are here. */
  private async noteReached(beat: Beat | null): Promise<void> {
    const log = beat?.log ?? null;
    const whole = log !== null && (await this.has(log.gtidSet)) ? Date.parse(log.wholeUntil) : 0;
    const reached = Math.max(whole, this.progress.lastCommitAt ?? 0, this.progress.appliedUntil ?? 0);
    const limited = this.options.until === null ? reached : Math.min(reached, this.options.until);
    if (limited !== this.progress.appliedUntil) await this.note({ ...this.progress, appliedUntil: limited });
  }

  /** Whether the primary's side has gone on with a later dump that this log does not lead to: then only a new load helps. */
  async isLeftBehind(beat: Beat | null): Promise<boolean> {
    const { backups, workload } = this.options;
    if (this.load.gtidSet === '' || beat?.dump == null || beat.dump <= this.progress.chain) return false;
    const found = await readDump(backups, workload, beat.dump);
    if (found?.manifest?.schemaVersion !== 2 || found.manifest.gtidSet === null) return false;
    return !(await this.has(found.manifest.gtidSet));
  }

  /** The primary holds what is here, which no log says. @param at milliseconds since the Unix epoch */
  async noteEqual(at: number): Promise<void> {
    await this.note({ ...this.progress, appliedUntil: Math.max(at, this.progress.appliedUntil ?? 0) });
  }

  private async note(progress: Progress): Promise<void> {
    this.progress = progress;
    await noteProgress(this.books, this.load, progress);
  }
}

const missing = (what: string): MoverError =>
  new MoverError(
    'gap',
    'LOG_HAS_A_GAP',
    `${what}. Everything before it is applied, nothing after it is; a newer dump leads past it.`,
  );

const joined = (...sets: readonly string[]): string => sets.filter((set) => set !== '').join(',');

/** The fault of a standby that no log leads on from. */
export const leftBehind = (): MoverError =>
  new MoverError(
    'gap',
    'LEFT_BEHIND',
    'the log ended, and the newest dump is behind a gap: the standby has to be loaded anew. Run apply --replace.',
  );
