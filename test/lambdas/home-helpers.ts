import type {
  HomeAnswer,
  HomeOrder,
  HomeResult,
  HomeTask,
  HomeWork,
  Side,
  SideState,
} from '../../core/data/home.ts';
import type { HomeStore } from '../../core/data/ports.ts';
import type { Run } from '../../core/run/run.ts';
import { DUMP } from './data-helpers.ts';
import { run } from './fixture.ts';
import { MemoryLedger } from './helpers.ts';

/* A way home, in memory. */

/** The run that brings the site of the tests home. */
export const homeRun: Run = {
  ...{ ...run, execution: 'failback-1', trigger: 'manual', requestedBy: 'mina', reason: 'Seoul is well' },
  workflow: 'failback',
};

/** A ledger whose lease that run holds. */
export function homeLedger(): MemoryLedger {
  const ledger = new MemoryLedger();
  ledger.holder = homeRun.execution;
  return ledger;
}

/** One order of each kind. */
export const tasks: Readonly<Record<HomeWork, HomeTask>> = {
  dump: { what: 'dump', since: null },
  figures: { what: 'figures' },
  orphans: { what: 'orphans', anew: false },
  gates: { what: 'gates' },
  load: { what: 'load', dump: DUMP, isLast: false },
  verify: { what: 'verify' },
  settle: { what: 'settle' },
  discard: { what: 'discard' },
  equal: { what: 'equal' },
  follow: { what: 'follow' },
};

export const answered = (id: string, at: string, result: HomeResult): HomeAnswer => ({
  ...{ schemaVersion: 1, id, at, outcome: 'done', seconds: 1, result },
});

export const failed = (id: string, code: string, detail: string): HomeAnswer => ({
  ...{ schemaVersion: 1, id, at: '2026-03-02T10:00:05.000Z', outcome: 'failed', code, detail },
});

export const sideAt = (at: string, side: Side, more: Partial<SideState> = {}): SideState => ({
  ...{ schemaVersion: 1, at, side, busy: null, loaded: null, fault: null },
  ...more,
});

/** A store in which an order stands once, and whose answers a test prepares. */
export class MemoryHome implements HomeStore {
  /** Every order that was given, again and again; the store keeps the first of each id. */
  readonly given: HomeOrder[] = [];
  readonly kept = new Map<string, HomeOrder>();
  /** What is said to each look for an answer; the last one again and again. */
  answers: (HomeAnswer | Error | null)[] = [null];
  /** Ids that were asked for. */
  readonly looked: string[] = [];
  /** What a side says of itself at this moment. */
  says: (side: Side) => SideState | null = () => null;
  /** What the next order is refused with. */
  refusal: Error | null = null;

  async order(wanted: HomeOrder): Promise<HomeOrder> {
    const { refusal } = this;
    this.refusal = null;
    if (refusal !== null) throw refusal;
    this.given.push(wanted);
    const kept = this.kept.get(wanted.id) ?? wanted;
    this.kept.set(wanted.id, kept);
    return kept;
  }

  async answer(id: string): Promise<HomeAnswer | null> {
    this.looked.push(id);
    const [answer = null] = this.answers;
    if (this.answers.length > 1) this.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async side(side: Side): Promise<SideState | null> {
    return this.says(side);
  }
}
