import { rmSync, writeFileSync } from 'node:fs';
import type { ApplierState } from '../../core/data/handover.ts';
import { wordsOf, type MoverError } from '../errors.ts';
import type { Load, Progress } from './bookkeeping.ts';
import type { ApplyOptions } from './options.ts';
import type { Handover } from './requests.ts';

/** What was reached. Moments in milliseconds since the Unix epoch. */
export interface Applied {
  readonly dump: string;
  readonly appliedUntil: number | null;
  readonly lastCommitAt: number | null;
  readonly transactions: number;
}

export const appliedOf = (load: Load | null, progress: Progress | null): Applied => ({
  dump: load?.dump ?? '',
  appliedUntil: progress?.appliedUntil ?? null,
  lastCommitAt: progress?.lastCommitAt ?? null,
  transactions: progress?.transactions ?? 0,
});

/** The same, as the store is told. */
export type AppliedFacts = Pick<ApplierState, 'dump' | 'appliedUntil' | 'lastTransactionAt' | 'transactions'>;

export function factsOf({ dump, appliedUntil, lastCommitAt, transactions }: Applied): AppliedFacts {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  return {
    dump: dump === '' ? null : dump,
    appliedUntil: iso(appliedUntil),
    lastTransactionAt: iso(lastCommitAt),
    transactions,
  };
}

export const faultOf = (error: MoverError): NonNullable<ApplierState['fault']> => ({
  code: error.code,
  detail: wordsOf(error).slice(0, 500),
});

/** What others see of an applier: its state in the store, and the file that says that it is ready. */
export class Told {
  private readonly options: Pick<ApplyOptions, 'now' | 'log' | 'readyFile'>;
  private readonly handover: Handover | null;

  constructor(options: Pick<ApplyOptions, 'now' | 'log' | 'readyFile'>, handover: Handover | null) {
    this.options = options;
    this.handover = handover;
  }

  /** Never throws: what is applied is applied, whether the store hears of it or not. */
  async tell(state: Omit<ApplierState, 'schemaVersion' | 'at'>): Promise<void> {
    const at = new Date(this.options.now()).toISOString();
    try {
      await this.handover?.tell({ schemaVersion: 1, at, ...state });
    } catch (error) {
      this.options.log.warn('state-not-told', { because: wordsOf(error) });
    }
  }

  ready(is: boolean): void {
    const { readyFile } = this.options;
    if (readyFile === null) return;
    if (is) writeFileSync(readyFile, '');
    else rmSync(readyFile, { force: true });
  }
}
