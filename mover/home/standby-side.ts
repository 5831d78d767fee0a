import { openedBlob } from '../../core/data/home.ts';
import { currentLoad } from '../apply/bookkeeping.ts';
import type { Session } from '../database/session.ts';
import { wordsOf } from '../errors.ts';
import { dumpHome, type DumpHomeOptions } from './dump-home.ts';
import { openedOf } from './opened.ts';
import { HomeService, type Workers } from './serve.ts';
import { leaveFigures } from './verify-home.ts';

/** The container forgets what is a week old. Milliseconds. */
const TELL_OPENED_EVERY_MS = 86_400_000;

/** What only the applier can do, because it is about its own books. */
export interface Applying {
  /** The primary held at that moment what is here. @param at milliseconds since the Unix epoch */
  readonly equal: (at: number) => Promise<void>;
}

/** What the standby's side does for the way home, once it is open: it tells which transactions it has, dumps and counts. */
export class StandbySide {
  private readonly options: DumpHomeOptions;
  private readonly applying: Applying;
  private readonly service: HomeService;
  private toldAt = -Infinity;
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
    };
  }

  /** One look for orders. It never throws: a hand-over must not fail for the way home's sake. */
  async round(session: Session): Promise<void> {
    await this.tellOpened(session);
    await this.service.round();
    const { turn } = this;
    this.turn = null;
    await turn?.();
  }

  /** The applier's session answers one question at a time, so what asks it waits until the applier does not. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.turn = () => work().then(resolve, reject);
    });
  }

  private async tellOpened(session: Session): Promise<void> {
    const { now, store, workload, log } = this.options;
    if (now() - this.toldAt < TELL_OPENED_EVERY_MS) return;
    try {
      const opened = await openedOf(session, await currentLoad(session), now());
      if (opened !== null) await store.handover.replace(openedBlob(workload), JSON.stringify(opened));
      this.toldAt = now();
    } catch (error) {
      log.warn('opened-not-told', { because: wordsOf(error) });
    }
  }
}
