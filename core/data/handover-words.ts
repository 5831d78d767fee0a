import type { ApplierState, HandoverAnswer } from './handover.ts';
import { bytesText, momentText } from './words.ts';

/* What the standby's side says of itself, for people. Moments are told as seen from another one, ISO 8601. */

const STATES: Readonly<Record<ApplierState['state'], string>> = {
  loading: 'is loading the dump',
  replaying: 'is replaying the log that was there when it had loaded the dump',
  following: 'follows the log',
  open: 'is done, and the database is open',
  failed: 'has failed',
};

const untilText = (appliedUntil: string | null, seenFrom: string): string =>
  appliedUntil === null ? 'nothing is applied yet' : `applied until ${momentText(appliedUntil, seenFrom)}`;

/** How far the standby's side is. */
export function applierText(applier: ApplierState | null, seenFrom: string): string {
  if (applier === null) return 'the standby’s side was never heard of';
  const { state, dump, appliedUntil, backlogBytes, fault, at } = applier;
  const facts = [
    ...(dump === null ? [] : [`dump ${dump}`]),
    untilText(appliedUntil, seenFrom),
    `${bytesText(backlogBytes)} of log left`,
    `last heard of ${momentText(at, seenFrom)}`,
    ...(fault === null ? [] : [`${fault.code}: ${fault.detail}`]),
  ];
  return `the standby’s side ${STATES[state]} (${facts.join('; ')})`;
}

/** Why the standby's side could not do it. */
export const failedAnswerText = (
  answer: Extract<HandoverAnswer, { outcome: 'failed' }>,
  seenFrom: string,
): string =>
  `the standby’s side says ${answer.code}: ${answer.detail.replace(/\.+$/, '')} (${untilText(answer.appliedUntil, seenFrom)})`;
