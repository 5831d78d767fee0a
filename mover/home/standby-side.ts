import { openedBlob } from '../../core/data/home.ts';
import { currentLoad } from '../apply/bookkeeping.ts';
import type { Session } from '../database/session.ts';
import { asMoverError, MoverError, wordsOf } from '../errors.ts';
import { dumpHome, type DumpHomeOptions } from './dump-home.ts';
import { notOpen } from './not-open.ts';
import { openedOf } from './opened.ts';
import { CutOff, HomeService, type Workers } from './serve.ts';
import { leaveFigures } from './verify-home.ts';

/** The container forgets what is a week old. Milliseconds. */
const TELL_OPENED_EVERY_MS = 86_400_000;
/** Between two looks for orders while the database is closed: each costs a list of blobs. Milliseconds. */
const CLOSED_EVERY_MS = 20_000;
/** While something long is done. Milliseconds. */
const TELLING_EVERY_MS = 5_000;

/** What only the applier can do, because it is about its own books. */
export interface Applying {
  /** The primary held at that moment what is here. @param at milliseconds since the Unix epoch */
  readonly equal: (at: number) => Promise<void>;
  /** Throws away what is here, loads the newest dump of the primary and follows it. Answers the name of that dump. @param order its name */
  readonly follow: (order: string) => Promise<string>;
}

/** What the standby's side does for the way home: it tells which transactions it has, dumps and counts, and follows again when users have left. */
export class StandbySide {
  private readonly options: DumpHomeOptions;
  private readonly applying: Applying;
  private readonly service: HomeService;
  /** What `opened.json` was last made to say, and when; null where it must be told anew. */
  private told: { readonly openedFor: string | null; readonly at: number } | null = null;
  private openedFor: string | null = null;
  private lookedAt = -Infinity;
  /** What is to be done before the applier goes on; null for nothing. */
  private turn: (() => Promise<void>) | null = null;

  constructor(options: DumpHomeOptions, applying: Applying) {
    const { workload, store, now, log } = options;
    this.options = options;
    this.applying = applying;
    this.service = new HomeService({
      ...{ workload, side: 'standby', handover: store.handover, workers: this.workers(), now, log },
      loaded: () => Promise.resolve(null),
    });
  }

  private workers(): Workers {
    const { options, applying } = this;
    return {
      dump: ({ since }) => dumpHome(options, since),
      figures: async () => {
        if (this.openedFor === null) throw notOpen();
        const { blob, witness } = await leaveFigures(options);
        const rows = witness.tables.reduce((sum, table) => sum + table.rows, 0);
        const { at, gtidSet, tables } = witness;
        return { what: 'figures', at, gtidSet, tables: tables.length, rows, blob };
      },
      equal: (_, { askedAt }) =>
        this.inTurn(async () => {
          // Not the moment at which it is done: users may have come home by then, and have written there.
          await applying.equal(Date.parse(askedAt));
          return { what: 'equal', at: askedAt };
        }),
      follow: (_, { id }) => this.inTurn(async () => ({ what: 'follow', dump: await applying.follow(id) })),
    };
  }

  /**
   * One look for orders. It never throws: a hand-over must not fail for the way home's sake.
   * @param openedFor the request that the database is open for; null while it is closed
   */
  async round(session: Session, openedFor: string | null): Promise<void> {
    const { now } = this.options;
    this.openedFor = openedFor;
    await this.tellOpened(session);
    // While it follows nobody has anything to order, for months.
    if (openedFor === null && now() - this.lookedAt < CLOSED_EVERY_MS) return;
    this.lookedAt = now();
    await this.service.round();
    const { turn } = this;
    this.turn = null;
    if (turn !== null) await this.telling(turn);
  }

  /** Does something that takes long, and goes on telling that this side is at work. */
  async telling<T>(work: () => Promise<T>): Promise<T> {
    const done = work();
    const ended = done.then(
      () => true,
      () => true,
    );
    const pause = (): Promise<boolean> => this.options.sleep(TELLING_EVERY_MS).then(() => false);
    while (!(await Promise.race([ended, pause()]))) await this.service.round();
    return done;
  }

  /** The applier's session answers one question at a time, so what asks it waits until the applier does not. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.turn = () =>
        work().then(resolve, (error: unknown) => {
          // The applier ends with its session, and the next one does it again.
          const isGone = error instanceof MoverError && error.failure === 'database';
          reject(isGone ? new CutOff(wordsOf(error)) : asMoverError(error, 'database', 'UNEXPECTED'));
        });
    });
  }

  /** Takes back what was told: users are not here any more. A container that keeps everything for a week deletes nothing for us. */
  async forgetOpened(): Promise<void> {
    const { store, workload } = this.options;
    const blob = openedBlob(workload);
    if ((await store.handover.length(blob)) !== null) await store.handover.replace(blob, 'null');
    this.told = null;
  }

  private async tellOpened(session: Session): Promise<void> {
    const { now, store, workload, log } = this.options;
    const { openedFor, told } = this;
    if (told?.openedFor === openedFor && now() - told.at < TELL_OPENED_EVERY_MS) return;
    try {
      const opened = await openedOf(session, await currentLoad(session), now());
      if (opened !== null) await store.handover.replace(openedBlob(workload), JSON.stringify(opened));
      else if (openedFor === null) await this.forgetOpened();
      this.told = { openedFor, at: now() };
    } catch (error) {
      log.warn('opened-not-told', { because: wordsOf(error) });
    }
  }
}
