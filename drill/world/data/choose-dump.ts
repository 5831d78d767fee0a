import type { DataPlan } from './data-plan.ts';
import { loadMs, type Dump } from './dumps.ts';

/** Why the standby's side cannot go on, in the words that it tells. */
export interface Fault {
  readonly code: string;
  readonly detail: string;
}

/**
 * The dump to load, with the milliseconds until it is loaded: the newest that is good, if a log leads from it to those that are not. That one is
 * damaged is known only when it was loaded. Null where none will do.
 * @param dumps the oldest first
 */
export function chooseDump(
  dumps: readonly Dump[],
  { mode }: Pick<DataPlan, 'mode'>,
): { readonly dump: Dump; readonly ms: number } | null {
  let ms = 0;
  for (const dump of dumps.toReversed()) {
    ms += loadMs(dump);
    if (!dump.damaged) return { dump, ms };
    if (mode === 'dump') return null;
  }
  return null;
}

/** Why nothing can be loaded; null where something can. */
export function refusalOf(
  dumps: readonly Dump[],
  plan: Pick<DataPlan, 'mode' | 'applierFails'>,
): Fault | null {
  if (plan.applierFails) return { code: 'LOAD_FAILED', detail: 'ERROR 1114 (HY000): The table is full' };
  if (chooseDump(dumps, plan) !== null) return null;
  const newest = dumps.at(-1)?.name;
  if (newest === undefined) return { code: 'NO_DUMP', detail: 'There is no whole dump in the store.' };
  return {
    code: 'NEWEST_DUMP_DAMAGED',
    detail: `The newest dump cannot be used (${newest} is damaged), and no log leads from the one before to it.`,
  };
}
