import type { DueLook } from '../ports.ts';

/** How often every place looks at every workload. Milliseconds. */
export const LOOK_INTERVAL_MS = 10_000;

/** Looks at each workload in the minute between two calls of the schedule. */
export const LOOKS_A_MINUTE = 6;

/** Workloads of one look: for each a place is asked two questions, and takes 50 at once. */
export const WORKLOADS_A_LOOK = 25;

/** Into how many looks the workloads of one moment are divided. */
export const looksAtOnce = (workloads: number): number => Math.ceil(workloads / WORKLOADS_A_LOOK);

/**
 * The looks of the minute that begins at a moment, in the order in which they are due. Workloads are divided among looks that are
 * spread over the ten seconds, so that neither the places nor the ledger get all questions at one moment.
 */
export function looksOfMinute(workloads: readonly string[], from: number): readonly DueLook[] {
  const groups = Array.from({ length: looksAtOnce(workloads.length) }, (_, group) =>
    workloads.slice(group * WORKLOADS_A_LOOK, (group + 1) * WORKLOADS_A_LOOK),
  );
  return Array.from({ length: LOOKS_A_MINUTE }, (_, look) =>
    groups.map((group, index) => ({
      // To the second, as a queue counts.
      dueAt:
        from + look * LOOK_INTERVAL_MS + 1000 * Math.floor((index * LOOK_INTERVAL_MS) / 1000 / groups.length),
      workloads: group,
    })),
  ).flat();
}
