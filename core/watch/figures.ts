/*
 * The figures that our functions tell CloudWatch and alarms are on. One list, because who sends them and the alarms on them must spell them alike,
 * and because each name (with each value of its dimension) is a metric that is paid by the month.
 */

/** The namespace of every metric of the controller's functions. */
export const NAMESPACE = 'Pilotlight';

/** How the functions of the controller name themselves in their logs and metrics. */
export const serviceOf = (name: string): string => `pilotlight-${name}`;

/** Failures of any function of ours. */
export const STEP_FAILED_METRIC = 'StepFailed';

/** Places that see the primary fail in one look, by workload, in high resolution: the alarm of the watch is on it. */
export const FAILING_METRIC = 'PlacesFailing';
/** Looks that came to nothing, because something of ours failed. */
export const LOOK_FAILED_METRIC = 'LookFailed';
/** Places that said nothing at all in one look: their votes would be missing. */
export const SILENT_METRIC = 'PlacesSilent';
/** Ticks, answers and events that are no evidence: late, doubled, of another question, by another clock, of somebody else. */
export const REFUSED_METRIC = 'EvidenceRefused';

/** Workloads whose edge took longer to learn of a change than their shields settle; nothing is sent while there is none. */
export const SPREAD_SLOW_METRIC = 'SpreadSlow';

/** Seconds from the recovery point of a workload to now, by workload. */
export const RECOVERY_POINT_METRIC = 'RecoveryPointSeconds';
/** Workloads of which each is true; nothing is sent while it is true of none. */
export const DATA_FAULT_METRICS = {
  unknown: 'RecoveryPointUnknown',
  tooOld: 'RecoveryPointTooOld',
  dumpFailed: 'DumpFailed',
  unproven: 'RestoreUnproven',
} as const;

/** What many functions count under one name for all: one metric, and one alarm on it. */
export const ALL_SERVICES = 'pilotlight';
export const SHARED_METRICS: readonly string[] = [STEP_FAILED_METRIC, REFUSED_METRIC];
