import type { SeededRandom } from '../../random.ts';
import type { Write } from '../database.ts';
import { BinaryLog } from './binary-log.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { DataPlan } from './data-plan.ts';
import { dumpMs, dumpNameOf, storeDump, type Dump, type Point } from './dumps.ts';
import { proofOf } from './proof.ts';
import { Shipper, type SiteView } from './shipper.ts';

/** Dumps that are in the store when the drill begins. */
const DUMPS_BEFORE = 2;
/** The last round of the shipper before the drill begins was so long ago. Milliseconds. */
const LAST_ROUND_MS = 4_000;
/** A process that ended is started again after so long, and an instance of a Region that came back. Milliseconds; assumed. */
const RESTART_MS = 30_000;
/** The first file of a server of RDS that is some weeks old. */
const FIRST_FILE = 41_207;

interface DumpUnderWay {
  readonly dump: Dump;
  readonly end: BinaryLog['end'];
  readonly gtidSet: string;
}

/**
 * The data on the primary's side: the log of its database, and the backup instance with its dumps and its shipper. Nothing here has
 * a timer. Whatever is due happens in its order as soon as somebody looks, or writes, or changes the world.
 */
export class PrimaryData {
  /** Dumps that are whole in the store, the oldest first. */
  readonly dumps: Dump[] = [];
  readonly shipper: Shipper;
  private readonly plan: DataPlan;
  private readonly store: BlobStore;
  private readonly workload: string;
  private readonly committed: Write[] = [];
  private log: BinaryLog;
  /** GTID sets and transactions of the servers that were before this one. */
  private past: { readonly sets: readonly string[]; readonly transactions: number };
  private servers = 1;
  private databaseAnswers = true;
  private alive = true;
  private shipperRuns: boolean;
  private dumpAt: number;
  private dumping: DumpUnderWay | null = null;
  private nightly = true;

  constructor(options: {
    readonly plan: DataPlan;
    readonly store: BlobStore;
    readonly workload: string;
    readonly random: SeededRandom;
    /** When the drill begins: a nightly dump is due. Milliseconds since the Unix epoch. */
    readonly now: number;
  }) {
    const { plan, store, workload, now } = options;
    this.plan = plan;
    this.store = store;
    this.workload = workload;
    this.past = { sets: [], transactions: 0 };
    const firstDumpAt = now - DUMPS_BEFORE * plan.dumpEverySeconds * 1000;
    this.log = new BinaryLog({
      server: `${workload} 1`,
      from: firstDumpAt - 1000,
      firstNumber: FIRST_FILE,
      transactionsPerSecond: plan.transactionsPerSecond,
      ...{ earlier: 0, inherited: 0 },
    });
    this.shipperRuns = plan.shipperSilentForSeconds === 0;
    this.dumpAt = now;
    this.shipper = new Shipper({
      ...{ store, workload, random: options.random, everySeconds: plan.shipEverySeconds },
      firstAt: Infinity,
      onPurged: () => {
        this.dumpAt = Math.min(this.dumpAt, this.log.advanced);
      },
    });
    this.livePast(firstDumpAt, now);
    store.writtenBy(workload, () => {
      this.advanceTo(Date.now());
    });
  }

  /** The days before the drill: dumps each night, and one round of the shipper for all the others. */
  private livePast(firstDumpAt: number, now: number): void {
    const { plan } = this;
    for (let at = firstDumpAt; at < now; at += plan.dumpEverySeconds * 1000) {
      this.log.advanceTo(at);
      this.finishDump(this.beginDump(at, at + dumpMs(plan.databaseBytes)));
      if (plan.mode === 'ship') this.shipAt(at + dumpMs(plan.databaseBytes));
    }
    if (plan.mode === 'ship') this.shipAt(now - Math.max(LAST_ROUND_MS, plan.shipperSilentForSeconds * 1000));
    this.log.advanceTo(now);
    if (plan.mode === 'ship' && this.shipperRuns)
      this.shipper.nextAt = now - LAST_ROUND_MS + plan.shipEverySeconds * 1000;
  }

  /** One whole round at a moment of the past. */
  private shipAt(at: number): void {
    this.log.advanceTo(at);
    this.shipper.step(at, this.view(at));
    this.shipper.step(at, this.view(at));
    this.shipper.stop();
  }

  /** A user's write is committed now. */
  commit(write: Write): void {
    this.advanceTo(Date.now());
    this.log.append();
    this.committed.push(write);
  }

  /** Whether anybody who asks the database, or the instance beside it, gets an answer. */
  get answers(): boolean {
    return this.alive && this.databaseAnswers;
  }

  get gtids(): string {
    return this.gtidSet;
  }

  /** Users are home: what they have written elsewhere is here, and a new dump of it begins the chain that is shipped from now on. */
  comeHome(writes: readonly Write[]): void {
    this.advanceTo(Date.now());
    this.committed.splice(0, Infinity, ...writes);
    this.dumping = null;
    this.finishDump(this.beginDump(Date.now(), Date.now()));
    this.dumpAt = Date.now() + this.plan.dumpEverySeconds * 1000;
  }

  /** The writes from one point to another, in the order in which they were committed. */
  writesBetween(from: number, until: number): readonly Write[] {
    return this.committed.slice(from, until);
  }

  /** Does whatever was due up to that moment, in its order. Milliseconds since the Unix epoch. */
  advanceTo(now: number): void {
    if (!this.alive || this.plan.mode === 'none') return;
    for (;;) {
      const due = Math.min(this.shipper.nextAt, this.dumping?.dump.storedAt ?? this.dumpAt);
      if (due > now) break;
      this.flowTo(due);
      if (due === this.shipper.nextAt) this.shipper.step(due, this.view(due));
      else this.dumpStep(due);
    }
    this.flowTo(now);
  }

  private flowTo(at: number): void {
    if (!this.databaseAnswers) return;
    this.log.advanceTo(at);
    this.log.purgeBefore(at - this.plan.logRetentionSeconds * 1000);
  }

  private view(at: number): SiteView {
    return {
      log: this.databaseAnswers ? this.log : null,
      point: this.pointAt(at),
      gtidSet: this.gtidSet,
      newest: this.dumps.at(-1) ?? null,
    };
  }

  private pointAt(at: number): Point {
    const transactions = this.past.transactions + this.log.end.transactions;
    return { at, users: this.committed.length, transactions };
  }

  private get gtidSet(): string {
    return [...this.past.sets, this.log.gtidSet].filter((set) => set !== '').join(',');
  }

  private dumpStep(at: number): void {
    if (this.dumping !== null) {
      const done = this.dumping;
      this.dumping = null;
      this.finishDump(done);
      return;
    }
    // A dump that the shipper asked for comes before its time; the nightly ones stay where they are.
    const isNightly = this.nightly && this.plan.newestDump !== 'good';
    this.nightly = false;
    this.dumpAt = at + this.plan.dumpEverySeconds * 1000;
    const refused = this.refusal(isNightly);
    if (refused !== null) {
      this.shipper.dumpFault = { at: new Date(at).toISOString(), detail: refused };
      return;
    }
    const begun = this.beginDump(at, at + dumpMs(this.plan.databaseBytes));
    const damaged = isNightly && this.plan.newestDump === 'damaged';
    this.dumping = { ...begun, dump: { ...begun.dump, damaged } };
  }

  private refusal(isNightly: boolean): string | null {
    if (!this.databaseAnswers) return "Can't connect to MySQL server";
    return isNightly && this.plan.newestDump === 'refused'
      ? 'petclinic.visits is MyISAM, which has no snapshot'
      : null;
  }

  private beginDump(at: number, storedAt: number): DumpUnderWay {
    const { end } = this.log;
    const { name, number } = end.file;
    const dump: Dump = {
      ...this.pointAt(at),
      ...{ name: dumpNameOf(at), storedAt, damaged: false, databaseBytes: this.plan.databaseBytes },
      ...{ server: this.log.uuid, file: { name, number } },
    };
    return { dump, end, gtidSet: this.gtidSet };
  }

  private finishDump({ dump, end, gtidSet }: DumpUnderWay): void {
    storeDump(this.store, this.workload, { dump, end, gtidSet });
    this.dumps.push(dump);
    this.shipper.proofs.push(proofOf(dump));
    if (this.shipper.dumpFault !== null) this.shipper.dumpFault = null;
  }

  /** The Region is gone, and the backup instance with it. What was on its way to the store does not arrive. */
  die(): void {
    this.advanceTo(Date.now());
    this.alive = false;
    this.shipper.stop();
    this.dumping = null;
  }

  /** The Region is back; its instances take a while. */
  comeBack(): void {
    if (this.alive) return;
    this.alive = true;
    this.log.skipTo(Date.now());
    this.dumpAt = Math.max(this.dumpAt, Date.now() + RESTART_MS);
    if (this.shipperRuns && this.plan.mode === 'ship') this.shipper.start(Date.now() + RESTART_MS);
  }

  /** The database answers nobody, or does again. */
  setDatabase(answers: boolean): void {
    this.advanceTo(Date.now());
    this.databaseAnswers = answers;
    if (answers) this.log.skipTo(Date.now());
  }

  /** The standby server of the same Region takes over: it has a log of its own, with other names. */
  failOver(): void {
    this.advanceTo(Date.now());
    this.servers += 1;
    const { before } = this.log.current;
    this.past = {
      sets: [...this.past.sets, this.log.gtidSet],
      transactions: this.past.transactions + this.log.end.transactions,
    };
    this.log = new BinaryLog({
      server: `${this.workload} ${this.servers}`,
      from: Date.now(),
      firstNumber: this.servers,
      transactionsPerSecond: this.plan.transactionsPerSecond,
      earlier: this.past.transactions,
      inherited: this.past.transactions - before,
    });
  }

  /** The server throws away all of its log but the file that it writes. */
  purgeLog(): void {
    this.advanceTo(Date.now());
    this.log.rotate();
    this.log.purgeBefore(Date.now() + 1);
  }

  /** The shipper ends for good, or starts. */
  setShipper(runs: boolean): void {
    this.advanceTo(Date.now());
    this.shipperRuns = runs;
    if (runs && this.plan.mode === 'ship') this.shipper.start(Date.now());
    else this.shipper.stop();
  }

  /** The disk of the backup instance is full, or is not any more. */
  setDiskFull(full: boolean): void {
    this.advanceTo(Date.now());
    this.shipper.diskFull = full;
  }
}
