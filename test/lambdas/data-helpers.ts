import type { ApplierState, HandoverAnswer, HandoverRequest } from '../../core/data/handover.ts';
import type { Beat } from '../../core/data/journal.ts';
import type { DataReports, DataStore, LagProbe } from '../../core/data/ports.ts';
import type { DataReport, StoreLook } from '../../core/data/report.ts';
import { configWith } from './fixture.ts';

/* The data of a workload, in memory. */

export const DUMP = '20260302T030000Z';

/** The configuration of the tests with the data shipped, and this besides. */
export const shipping = (more: object = {}) =>
  configWith((shop) => {
    Object.assign(shop, { data: { mode: 'ship', account: 'shopdata', ...more } });
  });

/** A report of this moment with this recovery point. */
export const reportAt = (
  measuredAt: string,
  point: string | null,
  more: Partial<DataReport> = {},
): DataReport => ({
  schemaVersion: 1,
  measuredAt,
  point: point === null ? null : { at: point, dump: DUMP, from: 'log', backlogBytes: 1_500_000 },
  detail: null,
  dump: DUMP,
  heardAt: measuredAt,
  dumpFault: null,
  proof: null,
  applier: null,
  ...more,
});

/** A line of the primary's side: everything that it had committed by then is in the store. */
export const beatAt = (at: string, wholeUntil: string, more: Partial<Beat> = {}): Beat => ({
  schemaVersion: 1,
  at,
  everySeconds: 10,
  dump: DUMP,
  log: {
    segment: '0001-0a1b2c3d',
    file: 'binlog.000007',
    position: 900,
    wholeUntil,
    gtidSet: '0a1b2c3d-0000-4000-8000-000000000001:1-40',
  },
  fault: null,
  dumpFault: null,
  proof: null,
  ...more,
});

/** What lies in a store whose shipper has come so far. */
export const storeAt = (beat: Beat | null, more: Partial<StoreLook> = {}): StoreLook => ({
  contents: {
    dumps: [DUMP],
    beat,
    parts: [{ segment: '0001-0a1b2c3d', file: 'binlog.000007', offset: 0, length: 900 }],
    start: { server: '0a1b2c3d-71ca-11e1-9e33-c80aa9429562', file: 'binlog.000007', position: 157 },
  },
  applier: null,
  problems: [],
  ...more,
});

export const applierAt = (at: string, more: Partial<ApplierState> = {}): ApplierState => ({
  schemaVersion: 1,
  at,
  state: 'replaying',
  dump: DUMP,
  appliedUntil: null,
  lastTransactionAt: null,
  transactions: 0,
  backlogBytes: 1_200_000,
  fault: null,
  ...more,
});

/** A store that answers a request when the test says so. */
export class MemoryStore implements DataStore {
  readonly requests: HandoverRequest[] = [];
  /** What is said to each look; the last one again and again. */
  looks: (StoreLook | Error)[];
  answers: (HandoverAnswer | Error | null)[] = [null];
  kept: HandoverRequest | null = null;
  now: ApplierState | Error | null = null;

  constructor(...looks: (StoreLook | Error)[]) {
    this.looks = looks;
  }

  async look(): Promise<StoreLook> {
    const [look] = this.looks;
    if (this.looks.length > 1) this.looks.shift();
    if (look === undefined) throw new Error('the test has prepared no look at the store');
    if (look instanceof Error) throw look;
    return look;
  }

  async ask(request: HandoverRequest): Promise<HandoverRequest> {
    this.requests.push(request);
    this.kept ??= request;
    return this.kept;
  }

  async answer(correlationId: string): Promise<HandoverAnswer | null> {
    if (correlationId !== this.kept?.correlationId) throw new Error(`nobody asked as ${correlationId}`);
    const [answer = null] = this.answers;
    if (this.answers.length > 1) this.answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  }

  async applier(): Promise<ApplierState | null> {
    if (this.now instanceof Error) throw this.now;
    return this.now;
  }
}

export class MemoryReports implements DataReports {
  readonly written: [string, DataReport][] = [];
  kept: DataReport | Error | null;

  constructor(kept: DataReport | Error | null = null) {
    this.kept = kept;
  }

  async read(): Promise<DataReport | null> {
    if (this.kept instanceof Error) throw this.kept;
    return this.kept;
  }

  async write(workload: string, report: DataReport): Promise<void> {
    this.written.push([workload, report]);
  }
}

/** A probe that no test asks unless it says so. */
export const lagOf = (seconds: number | Error): LagProbe => ({
  read: async () => {
    if (seconds instanceof Error) throw seconds;
    return seconds;
  },
});
