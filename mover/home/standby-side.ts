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

const workersOf = (options: DumpHomeOptions): Workers => ({
  dump: ({ since }) => dumpHome(options, since),
  figures: async () => {
    const { blob, witness } = await leaveFigures(options);
    const rows = witness.tables.reduce((sum, table) => sum + table.rows, 0);
    const { at, gtidSet, tables } = witness;
    return { what: 'figures', at, gtidSet, tables: tables.length, rows, blob };
  },
});

/** What the standby's side does for the way home, once it is open: it tells which transactions it has, dumps and counts. */
export class StandbySide {
  private readonly options: DumpHomeOptions;
  private readonly service: HomeService;
  private toldAt = -Infinity;

  constructor(options: DumpHomeOptions) {
    const { workload, store, now, log } = options;
    this.options = options;
    this.service = new HomeService({
      ...{ workload, side: 'standby', handover: store.handover, workers: workersOf(options), now, log },
      loaded: () => Promise.resolve(null),
    });
  }

  /** One look for orders. It never throws: a hand-over must not fail for the way home's sake. */
  async round(session: Session): Promise<void> {
    await this.tellOpened(session);
    await this.service.round();
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
