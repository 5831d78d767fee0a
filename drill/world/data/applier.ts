import type { SeededRandom } from '../../random.ts';
import type { Database } from '../database.ts';
import type { Journal } from '../journal.ts';
import { applierText, putAnswer, refused } from './applier-words.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { DataPlan } from './data-plan.ts';
import { OPEN_SECONDS, pointBefore, quickerAnew, REPLAY_PER_SECOND, secondsAnew } from './catch-up.ts';
import { chooseDump, refusalOf, type Fault } from './choose-dump.ts';
import type { Dump, Point } from './dumps.ts';
import { LAST_PART_EVERY_MS, waitForLastPart } from './last-part.ts';
import { pendingRequest, type Request } from './requests.ts';
import type { PrimaryData } from './primary-data.ts';
import type { Mark } from './shipper.ts';

/** It looks for requests, and writes anew how far it is, once in so long. Milliseconds. */
const LOOK_MS = 5_000;

type State = 'absent' | 'loading' | 'following' | 'open' | 'failed';

const iso = (at: number): string => new Date(at).toISOString();

/**
 * The standby's side: it loads a dump, replays what was shipped since, and opens the database when it is asked to. How far it is
 * follows from the time; only a request sets a timer.
 */
export class Applier {
  /** Ids of the users' writes in the standby's database, in the order in which they were put there. */
  readonly applied: number[] = [];
  /** When the database was opened for writes; null while it is not. Milliseconds since the Unix epoch. */
  openedAt: number | null = null;
  /** How long the last part took, from the request; null before. Seconds. */
  handoverSeconds: number | null = null;
  private state: State = 'absent';
  private fault: Fault | null = null;
  private dump: Dump | null = null;
  private startedAt = 0;
  private readyAt = Infinity;
  private reached: Point = { at: 0, users: 0, transactions: 0 };
  /** Up to when the time for replaying is spent. Milliseconds since the Unix epoch. */
  private spentUntil = 0;
  private replayed = 0;
  private loads = 0;
  /** What it said of itself last, while its machines are stopped. */
  private asleep: { readonly text: string | null } | null = null;
  private readonly answered = new Set<string>();
  private readonly options: {
    readonly plan: DataPlan;
    readonly workload: string;
    readonly store: BlobStore;
    readonly primary: PrimaryData;
    readonly database: Database;
    readonly journal: Journal;
    readonly random: SeededRandom;
  };

  constructor(options: Applier['options']) {
    this.options = options;
    options.store.onPut('handover', `${options.workload}/`, () => {
      this.expectRequest();
    });
    options.store.live(`${options.workload}/applier.json`, () => this.stateText());
  }

  /** The database is there: it loads and follows. Where it already has one it goes on. */
  begin(): void {
    if (this.state !== 'absent') return;
    this.options.database.writable = false;
    this.load(Date.now());
    this.expectRequest();
  }

  /** As it is where it has followed for long. */
  beginLongAgo(): void {
    const { plan, primary, database } = this.options;
    const [dump] = primary.dumps;
    database.writable = false;
    if (dump === undefined || plan.applierFails) {
      this.load(Date.now());
      return;
    }
    this.state = 'following';
    this.dump = dump;
    this.readyAt = this.startedAt = dump.at;
    this.reached = primary.shipper.marks.at(-1) ?? primary.dumps.at(-1) ?? dump;
    this.spentUntil = Date.now();
  }

  /** As it is where its machines were stopped so many days ago: the data are of then. */
  beginAsleep(days: number): void {
    this.beginLongAgo();
    this.reached = pointBefore(days, { ...this.options, latest: this.reached });
    this.asleep = { text: this.stateTextAt(this.reached.at) };
  }

  /** Its machines are stopped. */
  sleep(): void {
    if (this.asleep || this.state === 'absent') return;
    this.look();
    this.asleep = { text: this.stateTextAt(Date.now()) };
  }

  /** They run again. It loads anew where that is quicker than to replay. @returns seconds until the application may read */
  wake(): number {
    if (this.asleep === null) return 0;
    this.asleep = null;
    this.spentUntil = Date.now();
    const { primary, plan } = this.options;
    const anew = this.state === 'following' ? quickerAnew(primary, plan, this.reached) : null;
    if (anew !== null) this.load(Date.now());
    this.expectRequest();
    return anew ?? 0;
  }

  /** Whether it is open for its application, and looks for orders. */
  get isOpen(): boolean {
    return this.state === 'open' && this.asleep === null;
  }

  /** The primary holds the same as it does, now. */
  noteEqual(): void {
    this.reached = { ...this.reached, at: Date.now() };
  }

  /** Users have left it: it throws away what it has, loads the newest dump, and follows. */
  loadAnew(): void {
    this.options.database.writable = false;
    this.openedAt = null;
    this.load(Date.now());
  }

  /** What was built is destroyed. */
  vanish(): void {
    this.state = 'absent';
    this.openedAt = null;
  }

  /** An earlier run has opened it long ago, and users have written there. */
  openLongAgo(): void {
    this.beginLongAgo();
    this.takeWrites(Date.now());
  }

  /** Seconds until everything that is in the store now would be applied, were the load to begin now. */
  secondsToCatchUp(): number {
    return secondsAnew(this.options.primary, this.options.plan);
  }

  /** Why it can load nothing at all, for the stage of the pipeline that waits for it; null where it can. */
  get refusal(): Fault | null {
    const { primary, plan } = this.options;
    primary.advanceTo(Date.now());
    return refusalOf(primary.dumps, plan);
  }

  private load(now: number): void {
    const { primary, plan, journal } = this.options;
    const choice = chooseDump(primary.dumps, plan);
    const { refusal } = this;
    if (choice === null || refusal !== null) {
      this.state = 'failed';
      this.fault = refusal;
      journal.note('azure', `the data cannot be loaded: ${refusal?.code ?? ''}`);
      return;
    }
    this.state = 'loading';
    this.dump = choice.dump;
    this.startedAt = now;
    this.readyAt = now + choice.ms;
    this.replayed = 0;
    this.loads += 1;
  }

  /** Brings the standby to where it is by now. */
  look(): void {
    if (this.asleep !== null) return;
    const now = Date.now();
    this.options.primary.advanceTo(now);
    // Each load is from a newer dump than the one before.
    for (let loads = -1; loads < this.loads;) {
      loads = this.loads;
      if (this.state === 'loading') this.finishLoad(now);
      if (this.state === 'following' && this.options.plan.mode === 'ship') this.follow(now);
    }
  }

  private follow(now: number): void {
    const { marks: all } = this.options.primary.shipper;
    const marks = all.filter((mark) => mark.transactions > this.reached.transactions);
    const gap = marks.find((mark) => (mark.missingBefore ?? 0) > this.reached.at);
    this.replay(gap === undefined ? marks : marks.slice(0, marks.indexOf(gap)), now);
    if (gap !== undefined) this.loadBehind(gap);
  }

  private finishLoad(now: number): void {
    const { primary, database } = this.options;
    if (this.dump === null || now < this.readyAt) return;
    const writes = primary.writesBetween(0, this.dump.users);
    database.replaceWith(writes);
    this.applied.splice(0, Infinity, ...writes.map(({ id }) => id));
    this.reached = this.dump;
    this.spentUntil = this.readyAt;
    this.state = 'following';
  }

  /** Replays as much of it as there was time for. */
  private replay(marks: readonly Mark[], now: number): void {
    let left = ((now - this.spentUntil) / 1000) * REPLAY_PER_SECOND;
    this.spentUntil = now;
    for (const mark of marks) {
      const wanted = mark.transactions - this.reached.transactions;
      if (wanted > left) {
        // Part of it: no write of a user counts before its transaction has come.
        this.spentUntil = now - (left / REPLAY_PER_SECOND) * 1000;
        return;
      }
      left -= wanted;
      this.replayed += wanted;
      this.apply(mark);
    }
  }

  private apply(mark: Mark): void {
    const { primary, database } = this.options;
    for (const write of primary.writesBetween(this.reached.users, mark.users)) {
      // A server that took over sends again what its file begins with: its GTIDs are known.
      if (database.holds(write.id)) continue;
      database.accept(write);
      this.applied.push(write.id);
    }
    this.reached = mark;
  }

  /** No log leads over a gap: only a newer dump does. */
  private loadBehind(gap: Mark): void {
    const choice = chooseDump(this.options.primary.dumps, this.options.plan);
    if (choice === null || choice.dump.at <= this.reached.at) return;
    this.load(gap.storedAt);
  }

  /** Looks for a request a little later, as it does all the time. */
  private expectRequest(): void {
    if (this.pending() === null || this.state === 'absent' || this.asleep !== null) return;
    const wait = this.options.random.between(0, LOOK_MS);
    setTimeout(() => {
      const request = this.pending();
      if (request === null || this.asleep) return;
      this.answered.add(request.correlationId);
      this.handOver(request, Date.now());
    }, wait);
  }

  private pending(): Request | null {
    const { store, workload } = this.options;
    return pendingRequest(store, workload, { since: this.startedAt, answered: this.answered });
  }

  /** The last part: it waits for the load, for the backlog, and for a shipper that lives. */
  private handOver(request: Request, began: number): void {
    this.look();
    if (this.state === 'failed') {
      this.answer(request, { outcome: 'failed', ...this.fault });
      return;
    }
    if (this.state === 'open') {
      // Nobody can say that a database is whole that was opened for another run.
      const isForAll = request.wholeBy === null;
      this.answer(request, isForAll ? { outcome: 'open', seconds: 0 } : refused('OPENED_EARLIER'));
      return;
    }
    if (request.wholeBy !== null && Date.now() > request.wholeBy) {
      this.answer(request, refused('NOT_WHOLE'));
      this.expectRequest();
      return;
    }
    const waitMs = this.waitMs(request, began);
    if (waitMs > 0) {
      setTimeout(this.handOver.bind(this, request, began), waitMs);
      return;
    }
    setTimeout(
      () => {
        this.takeWrites(Date.now());
        this.options.journal.note('azure', 'the database of the standby takes writes');
        this.handoverSeconds = (Date.now() - request.askedAt) / 1000;
        const seconds = this.handoverSeconds;
        this.answer(request, { outcome: 'open', seconds, ...(request.wholeBy !== null && { whole: true }) });
      },
      this.options.random.between(...OPEN_SECONDS) * 1000,
    );
  }

  private waitMs(request: Request, began: number): number {
    const { primary, plan } = this.options;
    if (this.state === 'loading') return Math.max(LAST_PART_EVERY_MS, this.readyAt - Date.now());
    return waitForLastPart({ request, began, reached: this.reached, shipper: primary.shipper, plan });
  }

  private takeWrites(now: number): void {
    this.state = 'open';
    this.openedAt ??= now;
    this.options.database.writable = true;
  }

  private answer({ correlationId }: Request, words: Readonly<Record<string, unknown>>): void {
    putAnswer(this.options, correlationId, { ...this.facts(), ...words });
  }

  private facts(): Readonly<Record<string, unknown>> {
    const isLoaded = this.state === 'following' || this.state === 'open';
    return {
      dump: this.dump?.name ?? null,
      appliedUntil: isLoaded ? iso(this.reached.at) : null,
      lastTransactionAt: isLoaded && this.replayed > 0 ? iso(this.reached.at) : null,
      transactions: this.replayed,
    };
  }

  /** What it says of itself; null while there is no database to speak of. */
  private stateText(): string | null {
    if (this.state === 'absent') return null;
    if (this.asleep !== null) return this.asleep.text;
    this.look();
    return this.stateTextAt(Math.floor(Date.now() / LOOK_MS) * LOOK_MS);
  }

  private stateTextAt(at: number): string {
    const { primary, plan } = this.options;
    return applierText({
      ...{ at: iso(at), state: this.state, reached: this.reached, fault: this.fault, facts: this.facts() },
      newest: plan.mode === 'ship' ? primary.shipper.marks.at(-1) : undefined,
    });
  }
}
