import { join } from 'node:path';
import type { Beat } from '../../core/data/journal.ts';
import type { ApplierState, HandoverRequest } from '../../core/data/handover.ts';
import { asMoverError, MoverError, wordsOf } from '../errors.ts';
import { CutOff } from '../home/serve.ts';
import { StandbySide } from '../home/standby-side.ts';
import { newestBeat } from '../store/journal.ts';
import type { Books, Load } from './bookkeeping.ts';
import { mayNotReplay, openedEarlier, openWhenThere } from './begin.ts';
import { notOpen } from '../home/not-open.ts';
import { beginFollow, type Follow } from './follow-again.ts';
import { leftBehind, LogFollower } from './follow-log.ts';
import { Loader } from './loader.ts';
import { LocalLog } from './log-files.ts';
import type { ApplyOptions } from './options.ts';
import { letRead } from './open.ts';
import { openUp } from './open-up.ts';
import { isQuickerAnew, waysToNewest } from './quicker.ts';
import { Handover } from './requests.ts';
import { appliedOf, factsOf, faultOf, Told, type Applied, type AppliedFacts } from './told.ts';

/** After a fault, to the next round. Milliseconds. */
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
  /** Ends the process: what was here is being thrown away, and the next one begins where this one could not go on. */
  private broken: MoverError | null = null;
  private signal: AbortSignal = new AbortController().signal;
  /** Schemas that the application may read. */
  private readable = 0;

  constructor(options: ApplyOptions, books: Books) {
    this.options = options;
    this.books = books;
    this.loader = new Loader(options, books, () => this.tell(null));
    const { handover, backups } = options.store;
    this.handover = handover === null ? null : new Handover(handover, options.workload);
    this.told = new Told(options, this.handover);
    this.home =
      handover === null
        ? null
        : new StandbySide(
            { ...options, store: { backups, handover }, checksums: true },
            { equal: (at) => this.noteEqual(at), follow: (order) => this.followAgain(order) },
          );
    this.local = new LocalLog(join(options.work, 'replay'), options.store.backups, options.workload);
    this.told.ready(false);
  }

  /** Loads if nothing is there that can be gone on with, and applies what the store has. */
  async begin(signal: AbortSignal): Promise<void> {
    const { follow, sleep } = this.options;
    const keepOrLoad = (): Promise<Load> => this.loader.keepOrLoad();
    this.signal = signal;
    while (!signal.aborted) {
      try {
        await this.use(await (follow && this.home !== null ? this.home.telling(keepOrLoad) : keepOrLoad()));
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
    const { session, word } = this.books;
    const options = { ...this.options, word, backups: this.options.store.backups, local: this.local };
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
        if (fault.failure === 'database' || this.broken !== null) throw fault;
        pause = AFTER_FAULT_MS;
      }
      await sleep(pause);
    }
  }

  private async followOnce(): Promise<void> {
    const request = (await this.handover?.pending(this.load?.askedSince ?? 0, this.options.now())) ?? null;
    if (request === null) {
      await this.catchUp();
      await this.home?.round(this.books.session, this.openedFor);
      if (this.broken !== null) throw this.broken;
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
    const { load } = this;
    if (load === null) return;
    const began = now();
    log.info('handover-begins', { correlationId: request.correlationId, state: this.state });
    // A run that came to its end after the hand-over has a successor, which asks again: the database is open, and stays as it is.
    if (this.state !== 'open') await this.openUp(load, request);
    else if (request.wholeBy !== undefined && this.openedFor !== request.correlationId) throw openedEarlier();
    const seconds = (now() - began) / 1000;
    await this.handover?.answer(request, {
      ...{ schemaVersion: 1, outcome: 'open', at: new Date(now()).toISOString() },
      ...this.facts(),
      seconds,
      ...(request.wholeBy === undefined ? {} : { whole: true }),
    });
    await this.tell(this.logFault());
    log.info('handover-done', { correlationId: request.correlationId, seconds, ...this.facts() });
  }

  private async openUp(load: Load, request: HandoverRequest): Promise<void> {
    const { options, books, follower } = this;
    await openUp({ options, books, follower, load, request, beat: () => this.beat() });
    this.openedFor = request.correlationId;
    this.load = { ...load, openedFor: request.correlationId };
    this.state = 'open';
  }

  /** The primary has come to hold what is here. Whoever fails over again, while this is open, misses what it took later. */
  private async noteEqual(at: number): Promise<void> {
    if (this.openedFor === null) throw notOpen();
    await this.follower?.noteEqual(at);
    await this.tell(this.logFault());
  }

  /** Users have left: what is here goes. What is begun goes on by itself, so that it is answered only once it follows. */
  private async followAgain(order: string): Promise<string> {
    const { load, options, home } = this;
    const follow = await beginFollow(options, { session: this.books.session, load, home }, order);
    try {
      if (follow !== null) await this.closeAndFollow(follow);
    } catch (error) {
      this.broken = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
      throw new CutOff(wordsOf(error));
    }
    if (follow !== null && this.openedFor !== null)
      throw new CutOff('the store was away before anything was thrown away');
    return this.load?.dump ?? '';
  }

  private async closeAndFollow(follow: Follow): Promise<void> {
    this.told.ready(false);
    this.state = 'loading';
    this.readable = 0;
    try {
      await this.use(await this.loader.loadAnew(this.follower?.load ?? this.load, follow));
      await this.catchUp();
    } catch (error) {
      if (!(error instanceof MoverError) || error.failure !== 'store') throw error;
      await this.tellFault(error);
      await this.options.sleep(AFTER_FAULT_MS);
      await this.begin(this.signal);
    }
  }

  reached(): Applied {
    return appliedOf(this.load, this.follower?.reached ?? null);
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
    return this.stopped === null ? null : faultOf(this.stopped);
  }

  async tellFault(error: unknown): Promise<void> {
    const fault = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
    this.options.log.warn('apply-failed', { code: fault.code, detail: wordsOf(fault) });
    await this.tell(faultOf(fault));
  }

  close(): void {
    this.told.ready(false);
    this.books.session.close();
    this.local.drop();
  }
}
