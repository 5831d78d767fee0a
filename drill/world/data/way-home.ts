import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { SeededRandom } from '../../random.ts';
import type { Database, Write } from '../database.ts';
import type { Journal } from '../journal.ts';
import type { Applier } from './applier.ts';
import type { DataPlan } from './data-plan.ts';
import { dumpMs, dumpNameOf, LOAD_BYTES_PER_SECOND, PETCLINIC_TABLES, ROWS } from './dumps.ts';
import { gatesOf, orphansOf } from './home-answers.ts';
import { readOrder, sideOf, type Order, type Side } from './home-orders.ts';
import type { PrimaryData } from './primary-data.ts';

/** A side looks for orders once in so long, and writes anew what it does. Milliseconds. */
const LOOK_MS = 5_000;
/** A backup instance of a Region that came back, or a side that was away, begins anew. Milliseconds. */
const AGAIN_MS = 10_000;
/** Plain bytes a second that counting and comparing read; assumed, some four times as fast as a load. */
const COUNT_BYTES_PER_SECOND = 4 * LOAD_BYTES_PER_SECOND;
/** What each of the small orders takes. Seconds; assumed. */
const SMALL_SECONDS = [1, 4] as const;

const iso = (at: number): string => new Date(at).toISOString();

type Result = Readonly<Record<string, unknown>>;

/** Why an order could not be done, by the words of the mover. */
export class HomeFault extends Error {
  readonly code: string;
  constructor(code: string, detail: string) {
    super(detail);
    this.code = code;
  }
}

/**
 * Both sides of the way home: each looks for the orders that are for it, does one after the other, and answers. What a side was doing
 * when it died is done again when it is back.
 */
export class WayHome {
  /** Transactions that somebody has written to the primary since its users left it. */
  foreign = 0;
  /** The next comparison finds that a table differs. */
  differs = false;
  /** A transaction has been open for so long that nothing can change places. */
  longTransaction = false;
  private readonly seen = new Set<string>();
  private readonly busy: Record<
    Side,
    { readonly id: string; readonly what: string; readonly since: string } | null
  > = {
    primary: null,
    standby: null,
  };
  /** Dumps of the standby, by name: what was in its database then. */
  private readonly dumps = new Map<string, readonly Write[]>();
  private lastDump = '';
  private readonly options: {
    readonly workload: string;
    readonly plan: DataPlan;
    readonly store: BlobStore;
    readonly source: PrimaryData;
    readonly applier: Applier;
    readonly primary: Database;
    readonly standby: Database;
    readonly journal: Journal;
    readonly random: SeededRandom;
  };

  constructor(options: WayHome['options']) {
    this.options = options;
    const { store, workload } = options;
    store.onPut('handover', `${workload}/home/orders/`, () => {
      this.look();
    });
    for (const side of ['primary', 'standby'] as const)
      store.live(`${workload}/home/${side}.json`, () => this.stateText(side));
  }

  /** Ids of the users' writes in the primary's database. */
  get held(): readonly number[] {
    return this.options.primary.all().map(({ id }) => id);
  }

  private isAtWork(side: Side): boolean {
    return side === 'primary' ? this.options.source.answers : this.options.applier.isOpen;
  }

  private look(): void {
    const { store, workload, random } = this.options;
    for (const [name, { text }] of store.list('handover', `${workload}/home/orders/`) ?? []) {
      if (this.seen.has(name)) continue;
      this.seen.add(name);
      const order = readOrder(text ?? '');
      setTimeout(
        () => {
          this.take(order);
        },
        random.between(0, LOOK_MS),
      );
    }
  }

  private take(order: Order): void {
    const side = sideOf(order.task.what);
    const now = Date.now();
    if (now > order.until) {
      this.fail(order, new HomeFault('ORDER_TOO_OLD', `it was to begin by ${iso(order.until)}`));
      return;
    }
    if (!this.isAtWork(side) || this.busy[side] !== null) {
      setTimeout(() => {
        this.take(order);
      }, AGAIN_MS);
      return;
    }
    this.busy[side] = { id: order.id, what: order.task.what, since: iso(now) };
    setTimeout(
      () => {
        this.finish(order, side, now);
      },
      this.secondsOf(order) * 1000,
    );
  }

  private finish(order: Order, side: Side, began: number): void {
    this.busy[side] = null;
    if (!this.isAtWork(side)) {
      // It died with the order half done, and left no answer.
      this.take(order);
      return;
    }
    try {
      const result = this.work(order, (Date.now() - began) / 1000);
      this.answer(order, { outcome: 'done', seconds: (Date.now() - began) / 1000, result });
    } catch (error) {
      if (!(error instanceof HomeFault)) throw error;
      this.fail(order, error);
    }
  }

  private secondsOf({ task }: Order): number {
    const { plan, random } = this.options;
    const share = task.what === 'dump' && task.since != null ? plan.changedShare : 1;
    const bytes = plan.databaseBytes * (task.isLast === true ? plan.changedShare : share);
    switch (task.what) {
      case 'dump':
        return dumpMs(bytes) / 1000 + random.between(...SMALL_SECONDS);
      case 'load':
      case 'follow':
        return bytes / LOAD_BYTES_PER_SECOND + random.between(...SMALL_SECONDS);
      case 'figures':
      case 'verify':
        return plan.databaseBytes / COUNT_BYTES_PER_SECOND + random.between(...SMALL_SECONDS);
      case 'settle':
        return dumpMs(plan.databaseBytes) / 1000 + random.between(...SMALL_SECONDS);
      default:
        return random.between(...SMALL_SECONDS);
    }
  }

  private work(order: Order, seconds: number): Result {
    const { task } = order;
    const { plan, journal } = this.options;
    const counted = { tables: PETCLINIC_TABLES.length, rows: PETCLINIC_TABLES.length * ROWS };
    switch (task.what) {
      case 'dump':
        return this.dump(task.since ?? null, seconds);
      case 'figures':
        return {
          what: 'figures',
          at: iso(Date.now()),
          gtidSet: this.point(),
          ...counted,
          blob: 'figures.json',
        };
      case 'orphans':
        return orphansOf(this.options, this.options.primary.all());
      case 'gates':
        return gatesOf({ foreign: this.foreign, longTransaction: this.longTransaction });
      case 'load':
        this.load(task.dump ?? '', task.isLast === true);
        return {
          ...{ what: 'load', dump: task.dump, isLast: task.isLast === true, changed: null },
          ...{ tables: PETCLINIC_TABLES.length, bytes: plan.databaseBytes, seconds },
        };
      case 'verify':
        this.compare();
        return { what: 'verify', ...counted };
      case 'settle':
        this.options.source.comeHome(this.options.primary.all());
        journal.note('world', 'a new dump of the primary is in the store, and its log is shipped from there');
        return { what: 'settle', eventsWoken: 0, dump: this.options.source.dumps.at(-1)?.name };
      case 'discard':
        this.dumps.clear();
        return { what: 'discard' };
      case 'equal':
        this.options.applier.noteEqual();
        return { what: 'equal', at: iso(Date.now()) };
      case 'follow':
        this.options.applier.loadAnew();
        journal.note('azure', 'the standby loads the new data and follows the primary again');
        return { what: 'follow', dump: this.options.source.dumps.at(-1)?.name };
    }
  }

  private point(): string {
    return `${this.options.workload}:1-${this.options.standby.all().length}`;
  }

  private dump(since: string | null, seconds: number): Result {
    const { plan, standby } = this.options;
    const name = dumpNameOf(Date.now());
    this.dumps.set(name, standby.all());
    this.lastDump = name;
    const changed = since === null ? null : [{ schema: 'petclinic', name: 'visits' }];
    const plainBytes = Math.round(plan.databaseBytes * (since === null ? 1 : plan.changedShare));
    return { what: 'dump', dump: name, gtidSet: this.point(), changed, whole: null, plainBytes, seconds };
  }

  private load(name: string, isLast: boolean): void {
    const { primary, journal } = this.options;
    const writes = this.dumps.get(name);
    if (writes === undefined) throw new HomeFault('NO_DUMP', `there is no dump ${name} for the way home`);
    if (this.foreign > 0)
      throw new HomeFault('FOREIGN_WRITES', `${this.foreign} transactions touch tables of the site`);
    if (!isLast) return;
    primary.restore(writes);
    journal.note('world', 'the tables of the primary change places with the new ones');
  }

  private compare(): void {
    const { primary, standby } = this.options;
    const missing = standby.all().filter(({ id }) => !primary.holds(id));
    if (this.differs || missing.length > 0)
      throw new HomeFault(
        'DATA_DIFFER',
        `petclinic.visits differs: ${missing.length} rows of ${this.lastDump} are not the same`,
      );
  }

  private fail(order: Order, fault: HomeFault): void {
    this.answer(order, { outcome: 'failed', code: fault.code, detail: fault.message });
  }

  private answer({ id }: Order, words: Result): void {
    const { store, workload } = this.options;
    const at = Date.now();
    const text = JSON.stringify({ schemaVersion: 1, id, at: iso(at), ...words });
    store.put('handover', `${workload}/home/answers/${id}.json`, { text, at, onlyIfAbsent: true });
  }

  /** What a side says of itself; null as long as it never did, and what it said last where it is away. */
  private readonly last: Record<Side, string | null> = { primary: null, standby: null };

  private stateText(side: Side): string | null {
    if (this.isAtWork(side)) {
      const at = iso(Math.floor(Date.now() / LOOK_MS) * LOOK_MS);
      this.last[side] = JSON.stringify({
        schemaVersion: 1,
        at,
        side,
        busy: this.busy[side],
        loaded: null,
        fault: null,
      });
    }
    return this.last[side];
  }
}
