import { secondsLost } from '../data/loss.ts';
import { ageText, momentText } from '../data/words.ts';
import type { RunRecord } from './record.ts';
import type { WorkflowState } from './state.ts';
import { writesEndAt } from './writes-end.ts';

/* What a run came to with its data: for its record and for the people who are told. */

/** When the standby had applied the last data; null where it was not asked to, or only on paper. */
export const lastDataAt = (state: WorkflowState): string | null =>
  state.run.dryRun ? null : (state.prepared?.lastData?.value.at ?? null);

/** The data of a run, from what the workflow carried; null where nothing was measured. */
export function dataOf(state: WorkflowState, endedAt: string): RunRecord['data'] {
  const loss = state.prepared?.approval?.loss;
  const last = state.run.dryRun ? undefined : state.prepared?.lastData?.value;
  if (loss === undefined && last === undefined) return null;
  const promised = loss?.point ?? null;
  const reached = last?.appliedUntil ?? null;
  const point = reached ?? promised;
  const isMoved = state.switched !== undefined && !state.run.dryRun;
  const lostSeconds =
    isMoved && point !== null ? secondsLost(point, writesEndAt(state, Date.parse(endedAt))) : null;
  const applied =
    last === undefined
      ? null
      : `${last.transactions} transactions were applied last, in ${ageText(last.seconds)}`;
  const detail = [applied, loss?.detail ?? null].filter((part) => part !== null).join('; ');
  return { promised, reached, lostSeconds, detail };
}

/** The same in a line that begins with "Data: ", as of the recovery point that counts; none where nothing was measured or nothing was moved. */
export function dataText(data: RunRecord['data']): string[] {
  if (data === null) return [];
  const { promised, reached, lostSeconds, detail } = data;
  const point = reached ?? promised;
  const more = detail === '' ? '' : ` ${detail}.`;
  if (point === null) return [`Data: nobody knows what was lost${detail === '' ? '' : `: ${detail}`}.`];
  if (lostSeconds === null) return [];
  return [
    `Data: ${ageText(lostSeconds)} of writes lost (recovery point ${momentText(point, point)}).${more}`,
  ];
}
