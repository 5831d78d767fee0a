import type { SeededRandom } from '../../random.ts';
import type { BinaryLog, LogEnd, LogFile } from './binary-log.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { Dump, Point } from './dumps.ts';
import type { Proof } from './proof.ts';

/** From the question where the log ends until the store has everything up to there. Seconds; assumed, of the usual order. */
const DELAY_SECONDS = [0.2, 1.5] as const;

/** What the shipper sees of the site when it asks. */
export interface SiteView {
  /** The server that answers now; null where none does. */
  readonly log: BinaryLog | null;
  readonly point: Point;
  readonly gtidSet: string;
  /** The newest dump in the store; null where there is none. */
  readonly newest: Dump | null;
}

/** Everything up to a point is in the store. */
export interface Mark extends Point {
  /** Milliseconds since the Unix epoch. */
  readonly storedAt: number;
  /** Log before that moment, of a dump, is missing for good: only that dump or a later one leads here. Null where none is missing. */
  readonly missingBefore: number | null;
}

/** A line of the journal that is in the store, as far as the rules need it. Milliseconds since the Unix epoch. */
export interface StoredBeat {
  readonly storedAt: number;
  readonly wholeUntil: number | null;
}

type Fault = 'log-purged' | 'disk-full' | 'database-unreachable' | 'no-dump';

interface Round {
  readonly askedAt: number;
  readonly dump: Dump;
  readonly segment: string;
  readonly files: readonly LogFile[];
  readonly end: LogEnd;
  readonly point: Point;
  readonly gtidSet: string;
}

interface LogClaim {
  readonly segment: string;
  readonly file: string;
  readonly position: number;
  readonly wholeUntil: string;
  readonly gtidSet: string;
}

const iso = (at: number): string => new Date(at).toISOString();

const DETAILS: Readonly<Record<Fault, string>> = {
  'log-purged': 'the server has thrown away log that was not shipped yet. A new dump begins at once.',
  'disk-full': 'No space left on device',
  'database-unreachable': "Can't connect to MySQL server",
  'no-dump': 'a dump is being made',
};

/** The shipper on the backup instance: a round each so many seconds, and a line in the journal after each. */
export class Shipper {
  readonly marks: Mark[] = [];
  readonly beats: StoredBeat[] = [];
  /** When it does the next thing; infinite while it does not run. Milliseconds since the Unix epoch. */
  nextAt: number;
  diskFull = false;
  /** The newest dump that was refused; null once one was made since. */
  dumpFault: { readonly at: string; readonly detail: string } | null = null;
  /** Restores that are tried for proof, each told from its moment on; the oldest first. */
  readonly proofs: Proof[] = [];
  private readonly store: BlobStore;
  private readonly workload: string;
  private readonly everyMs: number;
  private readonly random: SeededRandom;
  private readonly onPurged: () => void;
  private round: Round | null = null;
  /** What it follows: a dump, and where in the log of which server it is. */
  private tail: { dump: Dump; server: string; segment: number; number: number } | null = null;
  private claim: LogClaim | null = null;
  private claimOf: string | null = null;
  private fault: { name: Fault; since: string } | null = null;
  /** The dump behind which log is missing for good; null while nothing is. */
  private gapOf: string | null = null;

  constructor(options: {
    readonly store: BlobStore;
    readonly workload: string;
    readonly everySeconds: number;
    readonly random: SeededRandom;
    readonly firstAt: number;
    /** Log is missing for good: only a new dump helps. */
    readonly onPurged: () => void;
  }) {
    this.store = options.store;
    this.workload = options.workload;
    this.everyMs = options.everySeconds * 1000;
    this.random = options.random;
    this.nextAt = options.firstAt;
    this.onPurged = options.onPurged;
  }

  /** It ends at once: what was on its way is not in the store. */
  stop(): void {
    this.round = null;
    this.nextAt = Infinity;
  }

  start(at: number): void {
    this.round = null;
    this.nextAt = at;
  }

  /** Does what is due at `now`, which is `nextAt`. */
  step(now: number, site: SiteView): void {
    if (this.round !== null) {
      this.land(this.round, now);
      this.nextAt = Math.max(this.round.askedAt + this.everyMs, now);
      this.round = null;
      return;
    }
    this.round = this.ask(now, site);
    if (this.round === null) this.beat(now);
    this.nextAt =
      this.round === null ? now + this.everyMs : now + this.random.between(...DELAY_SECONDS) * 1000;
  }

  /** Asks where the log ends; null where it cannot go on. */
  private ask(now: number, { log, point, gtidSet, newest }: SiteView): Round | null {
    if (this.diskFull) return this.blame('disk-full', now);
    if (log === null) return this.blame('database-unreachable', now);
    if (newest === null) return this.blame('no-dump', now);
    // A dump that was made because log is missing is the only one that can be followed.
    if (this.gapOf === newest.name) return this.blame('log-purged', now);
    const next = this.tailFor(newest, log);
    const files = next === null ? null : log.filesFrom(next.number);
    if (next === null || files === null) {
      this.gapOf = newest.name;
      this.onPurged();
      return this.blame('log-purged', now);
    }
    this.tail = next;
    const segment = `${String(next.segment).padStart(4, '0')}-${log.uuid.slice(0, 8)}`;
    return { askedAt: now, dump: newest, segment, files, end: log.end, point, gtidSet };
  }

  /** Where the log behind that dump is gone on with, on that server; null where it has thrown away what comes next. */
  private tailFor(dump: Dump, log: BinaryLog): Shipper['tail'] {
    const { tail } = this;
    if (tail?.dump.name === dump.name) {
      if (tail.server === log.uuid) return tail;
      // Another server has other names: it begins anew, with a file whose past is all in the store.
      const first = log.fileAfter(this.marks.at(-1)?.transactions ?? dump.transactions);
      return first === null ? null : { dump, server: log.uuid, segment: tail.segment + 1, number: first };
    }
    const number = dump.server === log.uuid ? dump.file.number : log.fileAfter(dump.transactions);
    return number === null ? null : { dump, server: log.uuid, segment: 1, number };
  }

  private land(round: Round, now: number): void {
    const { dump, segment, files, end, point } = round;
    const folder = `${this.workload}/${dump.name}/log/${segment}`;
    for (const file of files) {
      this.store.growTo('backups', `${folder}/${file.name}/${'0'.repeat(12)}`, {
        length: file.length,
        at: now,
      });
    }
    if (this.tail !== null) this.tail = { ...this.tail, number: end.file.number };
    this.marks.push({ ...point, storedAt: now, missingBefore: this.gapOf === null ? null : dump.at });
    this.gapOf = null;
    this.fault = null;
    this.claimOf = dump.name;
    this.claim = {
      segment,
      file: end.file.name,
      position: end.position,
      wholeUntil: iso(round.askedAt),
      gtidSet: round.gtidSet,
    };
    this.beat(now);
  }

  private blame(name: Fault, now: number): null {
    if (this.fault?.name !== name) this.fault = { name, since: iso(now) };
    return null;
  }

  private beat(now: number): void {
    const { claim, claimOf, fault, dumpFault } = this;
    const line = {
      schemaVersion: 1,
      at: iso(now),
      everySeconds: this.everyMs / 1000,
      dump: claimOf,
      log: claim,
      fault: fault === null ? null : { ...fault, detail: DETAILS[fault.name] },
      dumpFault,
      proof: this.proofs.findLast(({ at }) => at <= iso(now)) ?? null,
    };
    const name = `${this.workload}/journal/${line.at.slice(0, 10)}.jsonl`;
    this.store.appendText('backups', name, { text: `${JSON.stringify(line)}\n`, at: now });
    this.beats.push({ storedAt: now, wholeUntil: claim === null ? null : Date.parse(claim.wholeUntil) });
  }
}
