import { join } from 'node:path';
import type { Beat, ShipFault } from '../../core/data/journal.ts';
import type { ManifestV2 } from '../../core/data/manifest.ts';
import { logEnd, serverFacts, type LogEnd, type ServerFacts } from '../database/server.ts';
import { Session } from '../database/session.ts';
import { faultsForShipping } from '../dump/preflight.ts';
import { MoverError, wordsOf } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { newestDump } from '../store/dumps.ts';
import { Journal, newestBeat } from '../store/journal.ts';
import { Chain } from './chain.ts';
import { Spool } from './spool.ts';
import { readNote } from './state-files.ts';

export interface ShipOptions {
  readonly workload: string;
  readonly optionFile: string;
  /** Seconds between two appends, and between two beats. */
  readonly everySeconds: number;
  /** Folder of this machine for the log as it streams in, and for notes of other commands. */
  readonly work: string;
  readonly spoolMax: number;
  readonly backups: BlobContainer;
  /** Makes a dump now: there is none, or the log behind it has ended. */
  readonly makeDump: () => Promise<void>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: MoverLog;
}

/** How often the store is asked for a newer dump. Milliseconds. */
const DUMPS_EVERY_MS = 60_000;
/** After a dump that failed another one is tried no sooner than this. Milliseconds. */
const DUMP_AGAIN_MS = 600_000;
/** How long a round waits for the stream to reach the end that the server named. Milliseconds. */
const COVER_WAIT_MS = 1_500;
const COVER_LOOK_MS = 50;
/** A database that does not answer a small question for so long counts as gone. Milliseconds. */
const ANSWER_LIMIT_MS = 15_000;
/** A stream that is behind and brings nothing for so long is begun again. Milliseconds. */
const STREAM_SILENT_MS = 30_000;

/** Ships the binary log until `signal` ends it. One round each `everySeconds`, and a beat after each, whatever went wrong in it. */
export async function ship(options: ShipOptions, signal: AbortSignal): Promise<void> {
  const shipper = new Shipper(options);
  await shipper.recall();
  try {
    while (!signal.aborted) {
      const began = options.now();
      await shipper.round();
      // A rotated secret is read at the next start, which the unit sees to.
      if (shipper.loginRefused !== null) throw shipper.loginRefused;
      await options.sleep(Math.max(0, began + options.everySeconds * 1000 - options.now()));
    }
  } finally {
    shipper.close();
  }
}

/** What one round goes by. */
interface Round {
  readonly session: Session;
  readonly server: ServerFacts;
  /** Where the server's log ended when it was asked. */
  readonly end: LogEnd;
  /** Milliseconds since the Unix epoch. */
  readonly askedAt: number;
}

class Shipper {
  private readonly options: ShipOptions;
  private readonly journal: Journal;
  private session: Session | null = null;
  private current: Chain | null = null;
  /** The chain behind a newer dump: the old one is shipped until this one is as far. */
  private next: Chain | null = null;
  private log: Beat['log'] = null;
  private logOf = '';
  private fault: Beat['fault'] = null;
  private carried: Pick<Beat, 'dumpFault' | 'proof'> = { dumpFault: null, proof: null };
  loginRefused: MoverError | null = null;
  private dumping = false;
  private dumpAgainAt = 0;
  private lookedForDumpsAt = -Infinity;

  constructor(options: ShipOptions) {
    this.options = options;
    this.journal = new Journal(options.backups, options.workload);
  }

  /** What the journal says of the time before this process. A store that does not answer is asked again in the rounds. */
  async recall(): Promise<void> {
    const { backups, workload, now, log } = this.options;
    try {
      const beat = await newestBeat(backups, workload, now());
      if (beat === null) return;
      this.carried = { dumpFault: beat.dumpFault, proof: beat.proof };
      this.log = beat.log;
      this.logOf = beat.dump ?? '';
    } catch (error) {
      log.warn('journal-not-read', { because: wordsOf(error) });
    }
  }

  async round(): Promise<void> {
    try {
      await this.shipRound();
      this.fault = null;
    } catch (error) {
      this.blame(error);
      await this.shipRest();
    }
    await this.beat();
  }

  private async shipRound(): Promise<void> {
    const { now } = this.options;
    const session = await this.database();
    const server = await serverFacts(session);
    const lacking = faultsForShipping(server);
    if (lacking.length > 0) throw new MoverError('refused', 'LOG_NOT_SHIPPABLE', lacking.join('; '));
    const askedAt = now();
    const end = await logEnd(session, server.version);
    await this.lookForDump();
    if (this.current === null) {
      void this.dumpNow();
      throw new MoverError('gap', 'NO_DUMP', 'a dump is being made');
    }
    if (end === null) return;
    const round = { session, server, end, askedAt };
    await this.shipChain(this.current, round);
    if (this.next !== null) await this.shipNext(this.next, round);
  }

  /** What has streamed in before the database went is worth as much as ever. */
  private async shipRest(): Promise<void> {
    try {
      const until = this.options.now() + this.options.everySeconds * 1000;
      await this.current?.ship(() => this.options.now() > until);
    } catch (error) {
      this.options.log.warn('rest-not-shipped', { because: wordsOf(error) });
    }
  }

  private async shipChain(chain: Chain, round: Round): Promise<void> {
    const known = this.logOf === chain.dump ? this.log : null;
    if (await this.covered(chain, round, known)) this.note(chain, round);
  }

  /** Users of the store go on with the old chain until the new one is as far: the recovery point never goes back. */
  private async shipNext(chain: Chain, round: Round): Promise<void> {
    try {
      if (!(await this.covered(chain, round, null))) return;
    } catch (error) {
      if (error instanceof MoverError && error.failure === 'gap') this.next = null;
      throw error;
    }
    this.current?.stop();
    this.current = chain;
    this.next = null;
    this.note(chain, round);
    this.options.log.info('chain-begins', { dump: chain.dump });
  }

  private async covered(chain: Chain, { session, server, end }: Round, known: Beat['log']): Promise<boolean> {
    const { now, sleep, log } = this.options;
    if (chain.needsBegin(server)) {
      if (chain.streamEnded !== null)
        log.warn('stream-ended', { dump: chain.dump, because: chain.streamEnded });
      await chain.begin(session, server, known);
    }
    const until = now() + COVER_WAIT_MS;
    for (let isFirst = true; ; isFirst = false) {
      if (!isFirst) await sleep(COVER_LOOK_MS);
      await chain.ship(() => now() > until);
      if (chain.covers(end)) return true;
      if (chain.streamEnded !== null) throw streamFault(chain.streamEnded);
      if (now() > until) {
        chain.restartIfSilent(now(), STREAM_SILENT_MS);
        return false;
      }
    }
  }

  /** Everything that was committed when the server named its end is in the store. */
  private note(chain: Chain, { end, askedAt }: Round): void {
    const at = chain.end();
    if (at === null) return;
    this.log = {
      segment: at.segment,
      file: end.file,
      position: end.position,
      wholeUntil: new Date(askedAt).toISOString(),
      gtidSet: end.gtidSet,
    };
    this.logOf = chain.dump;
  }

  private async lookForDump(): Promise<void> {
    const { now, backups, workload } = this.options;
    if (this.current !== null && now() < this.lookedForDumpsAt + DUMPS_EVERY_MS) return;
    this.lookedForDumpsAt = now();
    const newest = await newestDump(backups, workload);
    if (newest?.manifest.schemaVersion !== 2 || newest.manifest.gtidSet === null) return;
    const inUse = this.next ?? this.current;
    if (inUse !== null && newest.name <= inUse.dump) return;
    const chain = this.chainOf(newest.name, newest.manifest);
    if (this.current === null) this.current = chain;
    else {
      this.next?.stop();
      this.next = chain;
    }
  }

  private chainOf(dump: string, manifest: ManifestV2): Chain {
    const { work } = this.options;
    return new Chain({ ...this.options, dump, manifest, spool: new Spool(join(work, 'binlog', dump)) });
  }

  private async database(): Promise<Session> {
    this.session ??= await Session.open(this.options.optionFile, ANSWER_LIMIT_MS);
    return this.session;
  }

  /** Puts a fault into the beats, and does what it asks for. */
  private blame(error: unknown): void {
    const { now, log } = this.options;
    const fault =
      error instanceof MoverError ? error : new MoverError('store', 'STORE_UNAVAILABLE', wordsOf(error));
    log.warn(fault.code.toLowerCase().replaceAll('_', '-'), { detail: wordsOf(fault) });
    if (fault.code === 'LOGIN_REFUSED') this.loginRefused = fault;
    if (fault.failure === 'database') {
      this.session?.close();
      this.session = null;
    }
    if (fault.failure === 'gap' && fault.code !== 'NO_DUMP') {
      this.current?.stop();
      this.current = null;
      void this.dumpNow();
    }
    const name = faultNames[fault.code] ?? (fault.failure === 'store' ? null : 'database-unreachable');
    // The store that does not answer takes no beat either: its silence says so.
    if (name === null) return;
    const since = this.fault?.name === name ? this.fault.since : new Date(now()).toISOString();
    this.fault = { name, since, detail: wordsOf(fault).slice(0, 500) };
  }

  private async dumpNow(): Promise<void> {
    const { now, makeDump, log } = this.options;
    if (this.dumping || now() < this.dumpAgainAt) return;
    this.dumping = true;
    this.dumpAgainAt = now() + DUMP_AGAIN_MS;
    try {
      await makeDump();
      this.dumpAgainAt = 0;
      this.lookedForDumpsAt = -Infinity;
    } catch (error) {
      log.warn('dump-failed', { because: wordsOf(error) });
    } finally {
      this.dumping = false;
    }
  }

  private async beat(): Promise<void> {
    const { now, everySeconds, work, log } = this.options;
    const dump = this.current?.dump ?? (this.logOf === '' ? null : this.logOf);
    const noted = { dumpFault: readNote(work, 'dumpFault'), proof: readNote(work, 'proof') };
    if (noted.dumpFault !== undefined) this.carried = { ...this.carried, dumpFault: noted.dumpFault };
    if (noted.proof !== undefined) this.carried = { ...this.carried, proof: noted.proof };
    try {
      await this.journal.write({
        schemaVersion: 1,
        at: new Date(now()).toISOString(),
        everySeconds,
        dump,
        log: dump === this.logOf ? this.log : null,
        fault: this.fault,
        ...this.carried,
      });
    } catch (error) {
      log.warn('beat-not-written', { because: wordsOf(error) });
    }
  }

  close(): void {
    this.current?.stop();
    this.next?.stop();
    this.session?.close();
  }
}

const faultNames: Readonly<Record<string, ShipFault>> = {
  LOG_PURGED: 'log-purged',
  GAP: 'gap',
  NO_DUMP: 'no-dump',
  DISK_FULL: 'disk-full',
};

/** What the end of a stream means, by the words of MySQL's own program. */
function streamFault(said: string): MoverError {
  if (/No space left on device|Errcode: 28/.test(said)) {
    return new MoverError(
      'store',
      'DISK_FULL',
      `the disk of this instance is full: ${said}. Give it a larger one.`,
    );
  }
  if (/Could not find first log file name|purged/.test(said)) {
    return new MoverError(
      'gap',
      'LOG_PURGED',
      `${said}. A new dump begins at once; raise the retention of the binary log.`,
    );
  }
  return new MoverError('database', 'STREAM_ENDED', `the stream of the log ended: ${said}. It begins again.`);
}
