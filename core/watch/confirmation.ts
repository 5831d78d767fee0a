import type { Signal } from './signal.ts';
import type { Verdict } from './verdict.ts';

/** What the confirmation leaves behind for the steps after it. Times are ISO 8601. */
export interface Confirmation extends Verdict {
  readonly signals: readonly Signal[];
  readonly decidedAt: string;
}

/** What a look at a shielded primary leaves behind. */
export interface Watch {
  readonly recovered: boolean;
  readonly summary: string;
  readonly signals: readonly Signal[];
  readonly decidedAt: string;
}
