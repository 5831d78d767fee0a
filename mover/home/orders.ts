import {
  homeAnswerBlob,
  orderBlob,
  orderSchema,
  ordersPrefix,
  sideBlob,
  sideOf,
  type HomeAnswer,
  type HomeOrder,
  type Side,
  type SideState,
} from '../../core/data/home.ts';
import { describeIssues } from '../../core/problems.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import { parsed } from './opened.ts';

/** An order, or what is wrong with what lies in its place. */
export type ReadOrder =
  | { readonly id: string; readonly order: HomeOrder }
  | { readonly id: string; readonly order: null; readonly problems: readonly string[] };

/** One side's view of the orders in `handover`. What is read once is kept: an order never becomes another. */
export class Orders {
  private readonly handover: BlobContainer;
  private readonly workload: string;
  readonly side: Side;
  private readonly known = new Map<string, ReadOrder>();
  private readonly answered = new Set<string>();

  constructor(handover: BlobContainer, workload: string, side: Side) {
    this.handover = handover;
    this.workload = workload;
    this.side = side;
  }

  /** This side's orders that have no answer, the oldest first, with what cannot be read, and the newest order of either side. */
  async open(): Promise<{ readonly orders: readonly ReadOrder[]; readonly newest: HomeOrder | null }> {
    const prefix = ordersPrefix(this.workload);
    for (const { name } of await this.handover.list(prefix)) {
      const id = name.slice(prefix.length).replace(/\.json$/, '');
      if (!this.known.has(id)) this.known.set(id, await this.read(id));
    }
    const all = [...this.known.values()];
    const good = all.flatMap(({ order }) => order ?? []).sort((a, b) => askedAt(a) - askedAt(b));
    const orders: ReadOrder[] = [];
    for (const one of all) {
      if (one.order !== null && sideOf[one.order.task.what] !== this.side) continue;
      // Nobody can say whose an order is that cannot be read: the primary's side answers it.
      if (one.order === null && this.side !== 'primary') continue;
      if (!(await this.isAnswered(one.id))) orders.push(one);
    }
    const at = ({ order }: ReadOrder): number => (order === null ? 0 : askedAt(order));
    return { orders: orders.sort((a, b) => at(a) - at(b)), newest: good.at(-1) ?? null };
  }

  private async read(id: string): Promise<ReadOrder> {
    const value = parsed((await this.handover.readText(orderBlob(this.workload, id))) ?? '');
    const read = orderSchema.safeParse(value);
    if (!read.success) return { id, order: null, problems: describeIssues(read.error, value) };
    if (read.data.id === id) return { id, order: read.data };
    return {
      id,
      order: null,
      problems: [`id: got "${read.data.id}", expected "${id}", the name of the blob`],
    };
  }

  private async isAnswered(id: string): Promise<boolean> {
    if (this.answered.has(id)) return true;
    const isThere = (await this.handover.length(homeAnswerBlob(this.workload, id))) !== null;
    if (isThere) this.answered.add(id);
    return isThere;
  }

  /** Answers, once: what is answered stays as it is. */
  async answer(answer: HomeAnswer): Promise<void> {
    await this.handover.add(homeAnswerBlob(this.workload, answer.id), JSON.stringify(answer));
    this.answered.add(answer.id);
  }

  tell(state: SideState): Promise<void> {
    return this.handover.replace(sideBlob(this.workload, this.side), JSON.stringify(state));
  }
}

const askedAt = (order: HomeOrder): number => Date.parse(order.askedAt);

/** Why an order is not done, as a code and words; null where it is. @param now milliseconds since the Unix epoch */
export function refusalOf(
  order: HomeOrder,
  newestRun: string | null,
  now: number,
): { readonly code: string; readonly detail: string } | null {
  if (newestRun !== null && order.correlationId !== newestRun) {
    return {
      code: 'ORDER_OF_AN_OLDER_RUN',
      detail: `the run ${newestRun} has ordered since, so what ${order.correlationId} ordered at ${order.askedAt} is not done.`,
    };
  }
  if (now > Date.parse(order.until)) {
    return {
      code: 'ORDER_TOO_OLD',
      detail: `it was asked for at ${order.askedAt} and was to begin by ${order.until}; it is ${new Date(now).toISOString()} now. Was this side at work?`,
    };
  }
  return null;
}
