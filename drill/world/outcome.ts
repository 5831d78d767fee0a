import type { Execution } from '../engine/executions.ts';

/** The outcome that the name of the last state stands for, as a person reads it in the console. */
const OUTCOMES: Readonly<Record<string, string>> = {
  'Failed over': 'FailedOver',
  'Came home': 'CameHome',
  'Stayed away': 'StayedAway',
  'Stood down': 'StoodDown',
  'It stays degraded': 'Degraded',
  Rejected: 'Rejected',
  Cancelled: 'Cancelled',
  'Dry run done': 'DryRun',
  'Nothing to do': 'NothingToDo',
  Escalated: 'Escalated',
  'Nobody was told': 'Escalated',
  'Refused at the door': 'InvalidInput',
};

/** The named outcome of an execution, or what it ended with instead of one. */
export function outcomeOf(execution: Execution): string {
  // What was stopped from outside is closed from outside, and as that.
  if (execution.stopped !== null) return 'Escalated';
  const last = execution.states.at(-1)?.name ?? '';
  return OUTCOMES[last] ?? `Unnamed (${execution.error ?? last})`;
}
