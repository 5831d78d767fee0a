/** Answers of the standby while a share of the users is on it. */
export interface ShareCount {
  readonly asked: number;
  readonly failed: number;
}

/** Fewer answers than this say nothing yet: one slow start must not send everybody back. */
const ANSWERS_MIN = 10;

/** Whether the error rate is within the bound; fewer than ten answers are always good, until there are more. */
export function judgeShare(count: ShareCount, errorPercentMax: number): { good: boolean; detail: string } {
  const percent = count.asked === 0 ? 0 : (100 * count.failed) / count.asked;
  return {
    good: count.asked < ANSWERS_MIN || percent <= errorPercentMax,
    detail: `${count.failed} of ${count.asked} answers failed (${percent.toFixed(1)} %, at most ${errorPercentMax} % allowed)`,
  };
}
