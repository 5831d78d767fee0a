import { join } from 'node:path';
import type { Beat } from '../../core/data/journal.ts';
import type { ApplierState, HandoverRequest } from '../../core/data/handover.ts';
import { asMoverError, MoverError, wordsOf } from '../errors.ts';
import { StandbySide } from '../home/standby-side.ts';
import { newestBeat } from '../store/journal.ts';
import { noteOpened, type Books, type Load } from './bookkeeping.ts';
import { mayNotReplay, openedEarlier, openWhenThere } from './begin.ts';
import { wakeEvents } from './events.ts';
import { leftBehind, LogFollower } from './follow-log.ts';
import { applyLastPart } from './last-part.ts';
import { Loader } from './loader.ts';
import { LocalLog } from './log-files.ts';
import type { ApplyOptions } from './options.ts';
import { letRead, letWrite } from './open.ts';
import { isQuickerAnew, waysToNewest } from './quicker.ts';
import { Handover } from './requests.ts';
import { factsOf, Told, type Applied, type AppliedFacts } from './told.ts';

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
  private readonly told: Told;
  private readonly local: LocalLog;
  private load: Load | null = null;
  private follower: LogFollower | null = null;
  /** What is done for the way home; null where nobody is told and nobody asks. */
  private readonly home: StandbySide | null;
  private state: ApplierState['state'] = 'loading';
  /** The request that the database was opened for; null while it is closed. */
  private openedFor: string | null = null;
  /** Schemas that the application may read. */
  private readable = 0;

  constructor(options: ApplyOptions, books: Books) {
    this.options = options;
    this.books = books;
    this.loader = new Loader(options, books, () => this.tell(null));
    const { handover } = options.store;
    this.handover = handover === null ? null : new Handover(handover, options.workload);
    this.told = new Told(options, this.handover);
    const { backups } = options.store;
    this.home =
      handover === null
        ? null
        : new StandbySide(
            { ...options, store: { backups, handover }, checksums: true },
            { equal: (at) => this.noteEqual(at) },
          );
    this.local = new LocalLog(join(options.work, 'replay'), options.store.backups, options.workload);
    this.told.ready(false);
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
    this.openedFor = load.openedFor;
    this.state = load.openedFor === null ? 'replaying' : 'open';
    if (this.state === 'open') this.told.ready(true);
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
    this.told.ready(true);
    await this.tell(this.logFault());
  }

  /** Nobody was served from these data yet: they may be loaded anew by themselves. */
  private async loadBehindGap(): Promise<void> {
    if (!this.options.follow) throw leftBehind();
    this.options.log.warn('left-behind', { chain: this.follower?.reached.chain });
    this.told.ready(false);
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
    else if (request.wholeBy !== undefined && this.openedFor !== request.correlationId) throw openedEarlier();
    const seconds = (now() - began) / 1000;
    await this.handover?.answer(request, {
      schemaVersion: 1,
      outcome: 'open',
      at: new Date(now()).toISOString(),
      ...this.facts(),
      seconds,
      ...(request.wholeBy === undefined ? {} : { whole: true }),
    });
    await this.tell(this.logFault());
    log.info('handover-done', { correlationId: request.correlationId, seconds, ...this.facts() });
  }

  private async openUp(load: Load, request: HandoverRequest): Promise<void> {
    const { application, now } = this.options;
    const { follower } = this;
    const { sleep } = this.options;
    await applyLastPart({ request, follower, now, sleep, beat: () => this.beat() });
    await wakeEvents(this.books.session);
    const { schemas } = this.follower?.load ?? load;
    if (application !== null) await letWrite(this.books.session, application, schemas);
    await noteOpened(this.books.session, load, { correlationId: request.correlationId, now: now() });
    this.openedFor = request.correlationId;
    this.state = 'open';
  }

  /** The primary has come to hold what is here. Whoever fails over again, while this is open, misses what it took later. */
  private async noteEqual(at: number): Promise<void> {
    await this.follower?.noteEqual(at);
    await this.tell(this.logFault());
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

  private facts(): AppliedFacts {
    return factsOf(this.reached());
  }

  private tell(fault: ApplierState['fault']): Promise<void> {
    const backlogBytes = this.follower?.backlogBytes ?? 0;
    const state = fault === null || this.state === 'open' ? this.state : 'failed';
    return this.told.tell({ state, ...this.facts(), backlogBytes, fault });
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

  close(): void {
    this.told.ready(false);
    this.books.session.close();
    this.local.drop();
  }
}
