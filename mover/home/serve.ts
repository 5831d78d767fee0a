import type {
  HomeOrder,
  HomeResult,
  HomeTask,
  HomeWork,
  Loaded,
  Side,
  SideState,
} from '../../core/data/home.ts';
import { asMoverError, wordsOf } from '../errors.ts';
import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { Orders, refusalOf, type ReadOrder } from './orders.ts';

/** What a side does for an order. */
export type Workers = {
  readonly [Work in HomeWork]?: (
    task: Extract<HomeTask, { what: Work }>,
    order: HomeOrder,
  ) => Promise<HomeResult>;
};

/** What was begun goes on, by this process or the next: an order that ends in this has no answer yet. */
export class CutOff extends Error {
  override readonly name = 'CutOff';
}

export interface ServeOptions {
  readonly workload: string;
  readonly side: Side;
  readonly handover: BlobContainer;
  readonly workers: Workers;
  /** The newest load that was finished, for the state; null where there is none or nobody can tell. */
  readonly loaded: () => Promise<Loaded | null>;
  readonly now: () => number;
  readonly log: MoverLog;
}

/** The state is told anew after so long, also where nothing changes. Milliseconds. */
const TELL_EVERY_MS = 10_000;
/** Longer than any pause between two orders behind the page. Milliseconds. */
const QUIET_AFTER_MS = 900_000;

/**
 * Does the orders of one side, one after the other, each once. It is asked in rounds by whoever has other things to do as well; what takes long
 * goes on between the rounds. An order that was cut off has no answer, so the next process does it again: everything that can be ordered can be.
 */
export class HomeService {
  private readonly options: ServeOptions;
  private readonly orders: Orders;
  private busy: { readonly id: string; readonly what: string; readonly since: string } | null = null;
  private fault: SideState['fault'] = null;
  private toldAt = -Infinity;
  private orderedAt = -Infinity;

  constructor(options: ServeOptions) {
    this.options = options;
    this.orders = new Orders(options.handover, options.workload, options.side);
  }

  /** Whether neither side was ordered anything for so long that no page is up for the way home. */
  get isQuiet(): boolean {
    return this.options.now() - this.orderedAt > QUIET_AFTER_MS;
  }

  /** Begins the next order, if none is being done, and tells the state. It never throws: a store that is away is asked again. */
  async round(): Promise<void> {
    const { now, log } = this.options;
    try {
      if (this.busy === null) await this.beginNext();
      this.fault = null;
    } catch (error) {
      const fault = asMoverError(error, 'store', 'STORE_UNAVAILABLE');
      this.fault = { code: fault.code, detail: wordsOf(fault) };
      log.warn('orders-not-read', { code: fault.code, detail: wordsOf(fault) });
    }
    if (now() - this.toldAt >= TELL_EVERY_MS) await this.tell();
  }

  private async beginNext(): Promise<void> {
    const { orders, newest } = await this.orders.open();
    const newestRun = newest?.correlationId ?? null;
    this.orderedAt = newest === null ? -Infinity : Date.parse(newest.askedAt);
    for (const one of orders) {
      const refusal = this.refusal(one, newestRun);
      if (refusal !== null) {
        await this.fail(one.id, refusal.code, refusal.detail);
        continue;
      }
      if (one.order === null) continue;
      this.begin(one.order);
      await this.tell();
      return;
    }
  }

  private refusal(
    one: ReadOrder,
    newestRun: string | null,
  ): { readonly code: string; readonly detail: string } | null {
    if (one.order !== null) return refusalOf(one.order, newestRun, this.options.now());
    return { code: 'ORDER_NOT_READABLE', detail: `it cannot be read: ${one.problems.join('; ')}.` };
  }

  private begin(order: HomeOrder): void {
    const { now, log } = this.options;
    this.busy = { id: order.id, what: order.task.what, since: new Date(now()).toISOString() };
    log.info('order-begins', { id: order.id, what: order.task.what });
    // Not awaited: the rounds go on, and tell that it is being done.
    void this.carryOut(order);
  }

  private async carryOut(order: HomeOrder): Promise<void> {
    const { now, log } = this.options;
    const began = now();
    try {
      const result = await this.work(order);
      const seconds = (now() - began) / 1000;
      const at = new Date(now()).toISOString();
      await this.orders.answer({ schemaVersion: 1, id: order.id, at, outcome: 'done', seconds, result });
      log.info('order-done', { id: order.id, what: order.task.what, seconds });
    } catch (error) {
      await this.failed(order, error);
    } finally {
      this.busy = null;
      await this.tell();
    }
  }

  private work(order: HomeOrder): Promise<HomeResult> {
    const { task } = order;
    // The table says which task each worker takes.
    const worker = this.options.workers[task.what] as
      ((task: HomeTask, order: HomeOrder) => Promise<HomeResult>) | undefined;
    if (worker === undefined) throw new Error(`this side has nobody for ${task.what}`);
    return worker(task, order);
  }

  private async failed(order: HomeOrder, error: unknown): Promise<void> {
    const fault = asMoverError(error, 'database', 'UNEXPECTED');
    try {
      // A store that is away takes no answer either: without one the order is done again as soon as it is back.
      if (fault.failure === 'store' || error instanceof CutOff)
        this.options.log.warn('order-cut-off', { id: order.id, detail: wordsOf(fault) });
      else await this.fail(order.id, fault.code, wordsOf(fault));
    } catch (late) {
      this.options.log.warn('answer-not-written', { id: order.id, because: wordsOf(late) });
    }
  }

  private async fail(id: string, code: string, detail: string): Promise<void> {
    this.options.log.warn('order-failed', { id, code, detail });
    const at = new Date(this.options.now()).toISOString();
    await this.orders.answer({ schemaVersion: 1, id, at, outcome: 'failed', code, detail });
  }

  private async tell(): Promise<void> {
    const { now, side, loaded, log } = this.options;
    this.toldAt = now();
    const at = new Date(now()).toISOString();
    try {
      // A database that is away says nothing of its loads; that this side is at work is told all the same.
      const newest = await loaded().catch(() => null);
      const state = { at, side, busy: this.busy, loaded: newest, fault: this.fault };
      await this.orders.tell({ schemaVersion: 1, ...state });
    } catch (error) {
      log.warn('state-not-told', { because: wordsOf(error) });
    }
  }
}
