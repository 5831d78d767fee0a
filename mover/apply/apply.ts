import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasNoMoreToSend, type Beat } from '../../core/data/journal.ts';
import type { ApplierState, HandoverRequest } from '../../core/data/handover.ts';
import { asMoverError, MoverError, wordsOf } from '../errors.ts';
import { StandbySide } from '../home/standby-side.ts';
import { newestBeat } from '../store/journal.ts';
import { noteOpened, type Books, type Load } from './bookkeeping.ts';
import { mayNotReplay, openWhenThere } from './begin.ts';
import { wakeEvents } from './events.ts';
import { leftBehind, LogFollower } from './follow-log.ts';
import { Loader } from './loader.ts';
import { LocalLog } from './log-files.ts';
import type { ApplyOptions } from './options.ts';
import { letRead, letWrite } from './open.ts';
import { isQuickerAnew, waysToNewest } from './quicker.ts';
import { Handover } from './requests.ts';

/** What was reached. Moments in milliseconds since the Unix epoch. */
export interface Applied {
  readonly dump: string;
  readonly appliedUntil: number | null;
  readonly lastCommitAt: number | null;
  readonly transactions: number;
}

/** A shipper that was not heard of for so many of its intervals ships no more. */
const SILENT_AFTER_BEATS = 3;
/** So long the last part waits for a shipper that is alive and behind. Milliseconds. */
const LAST_PART_LIMIT_MS = 60_000;
/** Between two looks for the last part. Milliseconds. */
const LAST_PART_EVERY_MS = 1_000;
/** After a fault the next round comes no sooner than this. Milliseconds. */
const AFTER_FAULT_MS = 10_000;

/** Brings the database to the newest state that the store has. With `follow` it stays until `signal` ends it. */
export async function apply(options: ApplyOptions, signal: AbortSignal): Promise<Applied> {
  const books = await openWhenThere(options, signal);
  if (!books.mayReplay && !options.loadOnly) {
    books.session.close();
    throw mayNotReplay();
  }
  const applier = new Applier(options, books);
  try {
    await applier.begin(signal);
    if (options.follow) await applier.follow(signal);
    else if (applier.stopped !== null) throw applier.stopped;
    return applier.reached();
  } catch (error) {
    await applier.tellFault(error);
    throw error;
  } finally {
    applier.close();
  }
}

class Applier {
  private readonly options: ApplyOptions;
  private readonly books: Books;
  private readonly loader: Loader;
  private readonly handover: Handover | null;
  private readonly local: LocalLog;
  private load: Load | null = null;
  private follower: LogFollower | null = null;
  /** What is done for the way home; null where nobody is told and nobody asks. */
  private readonly home: StandbySide | null;
  private state: ApplierState['state'] = 'loading';
  /** Schemas that the application may read. */
  private readable = 0;

  constructor(options: ApplyOptions, books: Books) {
    this.options = options;
    this.books = books;
    this.loader = new Loader(options, books, () => this.tell(null));
    const { handover } = options.store;
    this.handover = handover === null ? null : new Handover(handover, options.workload);
    const { backups } = options.store;
    this.home =
      handover === null
        ? null
        : new StandbySide({ ...options, store: { backups, handover }, checksums: true });
    this.local = new LocalLog(join(options.work, 'replay'), options.store.backups, options.workload);
    this.ready(false);
  }

  /** Loads if nothing is there that can be gone on with, and applies what the store has. */
  async begin(signal: AbortSignal): Promise<void> {
    const { follow, sleep } = this.options;
    while (!signal.aborted) {
      try {
        await this.use(await this.loader.keepOrLoad());
        await this.loadAnewIfQuicker();
        await this.catchUp();
        return;
      } catch (error) {
        // Whoever follows waits for a store that is away, as for a database: a process that ended would be started again ever later.
        if (!follow || !(error instanceof MoverError) || error.failure !== 'store') throw error;
        await this.tellFault(error);
        await sleep(AFTER_FAULT_MS);
      }
    }
  }

  /** After days of sleep the newest dump may be there long before the log is. What a person named, or users have written to, stays. */
  private async loadAnewIfQuicker(): Promise<void> {
    const { follow, loadOnly, dump, store, workload, log } = this.options;
    if (!follow || dump !== null || this.state === 'open' || this.follower === null) return;
    // Without a log only a newer dump makes the data newer.
    const ways = await waysToNewest(store.backups, workload, this.follower.reached);
    if (ways === null || (!loadOnly && !isQuickerAnew(ways))) return;
    log.info('quicker-anew', { ...ways });
    await this.use(await this.loader.loadAnew(this.load));
  }

  /** Why the log could not be applied to its end; null where it was. */
  get stopped(): MoverError | null {
    return this.follower?.stopped ?? null;
  }

  private async use(load: Load): Promise<void> {
    this.load = load;
    const { workload, optionFile, until, only, log, store } = this.options;
    const { session, word } = this.books;
    const options = {
      ...{ workload, optionFile, until, only, word, log },
      backups: store.backups,
      local: this.local,
    };
    this.follower = await LogFollower.open(options, session, load);
    this.state = load.openedFor === null ? 'replaying' : 'open';
    if (this.state === 'open') this.ready(true);
  }

  private async catchUp(): Promise<void> {
    if (this.state === 'open' || this.load === null || this.follower === null) return;
    const { loadOnly, store, workload, now, application, log } = this.options;
    if (!loadOnly) {
      const beat = await newestBeat(store.backups, workload, now());
      const began = now();
      const transactions = await this.follower.applyAll(beat);
      if (transactions > 0)
        log.info('applied', { now: transactions, seconds: (now() - began) / 1000, ...this.facts() });
      if (await this.follower.isLeftBehind(beat)) await this.loadBehindGap();
    }
    const { schemas } = this.follower.load;
    if (application !== null && schemas.length > this.readable)
      await letRead(this.books.session, application, schemas);
    this.readable = schemas.length;
    this.state = 'following';
    // A log that ends in a gap is applied as far as it goes: whoever asks for the hand-over is told up to where.
    this.ready(true);
    await this.tell(this.logFault());
  }

  /** Nobody was served from these data yet: they may be loaded anew by themselves. */
  private async loadBehindGap(): Promise<void> {
    if (!this.options.follow) throw leftBehind();
    this.options.log.warn('left-behind', { chain: this.follower?.reached.chain });
    this.ready(false);
    this.readable = 0;
    await this.use(await this.loader.loadAnew(this.follower?.load ?? this.load));
    await this.follower?.applyAll(await this.beat());
  }

  private beat(): Promise<Beat | null> {
    return newestBeat(this.options.store.backups, this.options.workload, this.options.now());
  }

  /** Follows until the hand-over, and stays as it is afterwards: a pod that ended would be started again. */
  async follow(signal: AbortSignal): Promise<void> {
    const { everySeconds, sleep } = this.options;
    while (!signal.aborted) {
      let pause = everySeconds * 1000;
      try {
        await this.followOnce();
      } catch (error) {
        await this.tellFault(error);
        const fault = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
        // A connection that is gone, or a lock with it: the next process begins where this one stopped.
        if (fault.failure === 'database') throw fault;
        pause = AFTER_FAULT_MS;
      }
      await sleep(pause);
    }
  }

  private async followOnce(): Promise<void> {
    const request = (await this.handover?.pending(this.load?.askedSince ?? 0, this.options.now())) ?? null;
    if (request === null) {
      await this.catchUp();
      if (this.state === 'open') await this.home?.round(this.books.session);
      return;
    }
    try {
      await this.open(request);
    } catch (error) {
      const fault = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
      // A store or a database that was away is asked again, by this process or by the next one, within the time of whoever asks.
      if (fault.failure === 'store' || fault.failure === 'database') throw fault;
      await this.handover?.answer(request, {
        ...{ schemaVersion: 1, outcome: 'failed', at: new Date(this.options.now()).toISOString() },
        ...this.facts(),
        ...{ code: fault.code, detail: wordsOf(fault) },
      });
      throw fault;
    }
  }

  /** The last part: nothing more is written on the primary, so what the store has after this is all there will be. */
  private async open(request: HandoverRequest): Promise<void> {
    const { now, log } = this.options;
    const load = this.load;
    if (load === null) return;
    const began = now();
    log.info('handover-begins', { correlationId: request.correlationId, state: this.state });
    // A run that came to its end after the hand-over has a successor, which asks again: the database is open, and stays as it is.
    if (this.state !== 'open') await this.openUp(load, request);
    const seconds = (now() - began) / 1000;
    await this.handover?.answer(request, {
      schemaVersion: 1,
      outcome: 'open',
      at: new Date(now()).toISOString(),
      ...this.facts(),
      seconds,
    });
    await this.tell(this.logFault());
    log.info('handover-done', { correlationId: request.correlationId, seconds, ...this.facts() });
  }

  private async openUp(load: Load, request: HandoverRequest): Promise<void> {
    const { application, now } = this.options;
    await this.applyLast(request);
    await wakeEvents(this.books.session);
    const { schemas } = this.follower?.load ?? load;
    if (application !== null) await letWrite(this.books.session, application, schemas);
    await noteOpened(this.books.session, load, { correlationId: request.correlationId, now: now() });
    this.state = 'open';
  }

  private async applyLast(request: HandoverRequest): Promise<void> {
    const { now, sleep } = this.options;
    const asked = Date.parse(request.askedAt);
    const limit = now() + LAST_PART_LIMIT_MS;
    for (let isFirst = true; ; isFirst = false) {
      if (!isFirst) await sleep(LAST_PART_EVERY_MS);
      const beat = await this.beat();
      await this.follower?.applyAll(beat);
      const isSilent =
        beat === null || now() - Date.parse(beat.at) > SILENT_AFTER_BEATS * beat.everySeconds * 1000;
      const until = this.follower?.reached.appliedUntil ?? 0;
      const ends = this.stopped !== null;
      const isStuck = beat !== null && hasNoMoreToSend(beat, asked);
      if (until >= asked || isSilent || isStuck || ends || (this.load?.gtidSet ?? '') === '' || now() > limit)
        return;
    }
  }

  reached(): Applied {
    const progress = this.follower?.reached;
    return {
      dump: this.load?.dump ?? '',
      appliedUntil: progress?.appliedUntil ?? null,
      lastCommitAt: progress?.lastCommitAt ?? null,
      transactions: progress?.transactions ?? 0,
    };
  }

  private facts(): Pick<ApplierState, 'dump' | 'appliedUntil' | 'lastTransactionAt' | 'transactions'> {
    const { dump, appliedUntil, lastCommitAt, transactions } = this.reached();
    const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
    return {
      dump: dump === '' ? null : dump,
      appliedUntil: iso(appliedUntil),
      lastTransactionAt: iso(lastCommitAt),
      transactions,
    };
  }

  private async tell(fault: ApplierState['fault']): Promise<void> {
    const at = new Date(this.options.now()).toISOString();
    const backlogBytes = this.follower?.backlogBytes ?? 0;
    const state = fault === null || this.state === 'open' ? this.state : 'failed';
    try {
      await this.handover?.tell({ schemaVersion: 1, at, state, ...this.facts(), backlogBytes, fault });
    } catch (error) {
      this.options.log.warn('state-not-told', { because: wordsOf(error) });
    }
  }

  private logFault(): ApplierState['fault'] {
    const { stopped } = this;
    return stopped === null ? null : { code: stopped.code, detail: wordsOf(stopped).slice(0, 500) };
  }

  async tellFault(error: unknown): Promise<void> {
    const fault = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
    this.options.log.warn('apply-failed', { code: fault.code, detail: wordsOf(fault) });
    await this.tell({ code: fault.code, detail: wordsOf(fault).slice(0, 500) });
  }

  private ready(is: boolean): void {
    const { readyFile } = this.options;
    if (readyFile === null) return;
    if (is) writeFileSync(readyFile, '');
    else rmSync(readyFile, { force: true });
  }

  close(): void {
    this.ready(false);
    this.books.session.close();
    this.local.drop();
  }
}
