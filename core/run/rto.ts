/** The phases of a failover as they lie on its critical path; they add up to the RTO. */
export const phases = ['detect', 'confirm', 'shield', 'prepare', 'switch', 'converge'] as const;
export type Phase = (typeof phases)[number];

/** The moments between which the phases lie; milliseconds since the Unix epoch. */
export interface Milestones {
  /** First failed user request, or the best estimate of it. */
  readonly outageBegan: number;
  readonly executionStarted: number;
  readonly confirmed: number;
  /** The shield's route was written. */
  readonly shielded: number;
  /** The standby is healthy and the whole edge serves the shield. */
  readonly prepared: number;
  /** The standby's route was written. */
  readonly switched: number;
  /** First good answer from the standby after the switch. */
  readonly firstGood: number;
}

export interface Rto {
  readonly totalSeconds: number;
  readonly phases: Readonly<Record<Phase, number>>;
}

/** Resolution of the phases: an eighth of a second, which binary numbers hold exactly, so that sums are exact too. */
const EIGHTH_MS = 125;
const EIGHTHS = 8;

/**
 * RTO by phase, in seconds. A milestone that lies before its predecessor (clocks of two clouds differ) counts as no time,
 * so that no phase is negative and the sum is the total.
 */
export function rtoOf(milestones: Milestones): Rto {
  const ends: Readonly<Record<Phase, number>> = {
    detect: milestones.executionStarted,
    confirm: milestones.confirmed,
    shield: milestones.shielded,
    prepare: milestones.prepared,
    switch: milestones.switched,
    converge: milestones.firstGood,
  };
  // Moments are rounded, not lengths: then what is cut off one phase is given to the next.
  let latest = 0;
  const lengths = phases.map((phase) => {
    const end = Math.round((ends[phase] - milestones.outageBegan) / EIGHTH_MS);
    const length = Math.max(0, end - latest);
    latest += length;
    return [phase, length / EIGHTHS] as const;
  });
  return {
    totalSeconds: latest / EIGHTHS,
    phases: Object.fromEntries(lengths) as Record<Phase, number>,
  };
}
