import type { DataReport, StoreLook } from './report.ts';
import type { HomeAnswer, HomeOrder, Side, SideState } from './home.ts';
import type { ApplierState, HandoverAnswer, HandoverRequest } from './handover.ts';

/* What is asked of the data from the outside, as narrow interfaces. */

/** The store of one workload: dumps and log are only read, the hand-over is asked for. */
export interface DataStore {
  /** @param now milliseconds since the Unix epoch @throws CloudUnavailable, CloudRefused, CloudAnswerUnreadable */
  look(now: number): Promise<StoreLook>;
  /** Asks for the last data, once for each correlation id. @returns the request that stands in the store: ours, or the earlier one. */
  ask(request: HandoverRequest): Promise<HandoverRequest>;
  /** Null as long as nobody has answered. */
  answer(correlationId: string): Promise<HandoverAnswer | null>;
  /** How far the standby's side is; null where it never wrote. */
  applier(): Promise<ApplierState | null>;
}

/** The orders of the way home of one workload. @throws CloudUnavailable, CloudRefused, CloudAnswerUnreadable */
export interface HomeStore {
  /** Gives an order, once for each id. @returns the order that stands in the store: ours, or the earlier one */
  order(wanted: HomeOrder): Promise<HomeOrder>;
  /** Null as long as nobody has answered. */
  answer(id: string): Promise<HomeAnswer | null>;
  /** What a side says of itself; null where it never wrote. */
  side(side: Side): Promise<SideState | null>;
}

/** What a site says of its own replication. */
export interface LagProbe {
  /** Seconds that the standby is behind. @throws CloudUnavailable, CloudAnswerUnreadable */
  read(url: string): Promise<number>;
}

/** The newest report of each workload, in the ledger. */
export interface DataReports {
  /** Null where there is none yet, or one of an older shape. */
  read(workload: string): Promise<DataReport | null>;
  /** Writes it unless a newer one stands there. */
  write(workload: string, report: DataReport): Promise<void>;
}
