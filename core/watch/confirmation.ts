import type { Signal } from './signal.ts';
import type { Recovery, Verdict } from './verdict.ts';

/** What the confirmation leaves behind for the steps after it. Times are ISO 8601. */
export interface Confirmation extends Verdict {
  readonly signals: readonly Signal[];
  readonly decidedAt: string;
  /** Whether another look may decide what this one could not. */
  readonly lookAgain: boolean;
  /** Whether a degraded primary has been so for as long as the policy bears. */
  readonly lasts: boolean;
  /** Whether people do not know of a degraded primary yet. */
  readonly news: boolean;
  /** How much the last hours make a move harder, in words; null on an ordinary day. */
  readonly unrest: string | null;
}

/** What a look at a primary that users were moved away from leaves behind. */
export interface Watch extends Recovery {
  readonly signals: readonly Signal[];
  readonly decidedAt: string;
  /** It counts as down by a person's word. */
  readonly vouched?: true;
  /** Whether it was seen good by every place; of a look whether users can go home. */
  readonly well?: boolean;
}
