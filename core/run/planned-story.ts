import { proceedText } from './orders-story.ts';
import type { RunRecord } from './record.ts';
import { failureSentence, type WorkflowState } from './state.ts';

/* What a planned move came to: for its record and for the people who are told. */

/** Whether it was planned to its end: its primary did not die half-way. */
export const isGraceful = ({ run, ungraceful }: Pick<WorkflowState, 'run' | 'ungraceful'>): boolean =>
  run.planned && ungraceful === undefined;

/** From the write of the page to the first good answer after it; null where users saw no page, or see it still. Seconds. */
function realPageSeconds({
  run,
  shield,
  switched,
  lowered,
  verified,
  reshielded,
}: WorkflowState): number | null {
  const left = lowered ?? switched;
  if (run.dryRun || shield === undefined || left === undefined || reshielded !== undefined) return null;
  if (verified === undefined) return null;
  const ms = Date.parse(verified.value.firstGoodAt) - Date.parse(shield.value.movedAt);
  return Math.max(0, Math.round(ms / 100) / 10);
}

/** The part of the record; null where it was no planned move. */
export function plannedOf(state: WorkflowState): RunRecord['planned'] {
  if (!state.run.planned) return null;
  const promise = state.prepared?.approval?.loss?.planned ?? state.loss?.value.planned;
  return {
    pageSeconds: {
      promised: promise?.barrier === null ? promise.pageSeconds : null,
      real: realPageSeconds(state),
    },
    ungracefulAt: state.ungraceful?.at ?? null,
  };
}

/** The same in a line that begins with "Page: "; none where it was no planned move, or nobody saw the page. */
export function plannedText(planned: RunRecord['planned']): string[] {
  if (planned === null) return [];
  const { promised, real } = planned.pageSeconds;
  if (real === null) return [];
  const told = promised === null ? 'nothing was promised' : `about ${promised} s were promised`;
  return [`Page: users saw it for ${real} s, ${told}.`];
}

/** Why a planned move ended with the users on the primary. */
export function givenUpText(state: WorkflowState): string {
  const { failure, recovery, lowered } = state;
  const cause = failure ?? recovery;
  const why = cause === undefined ? 'it could not go on.' : failureSentence(cause);
  const users =
    lowered === undefined
      ? 'Users never left the primary.'
      : 'Users are back on the primary, which was verified through the edge.';
  return `The planned move was given up: ${why} ${users} Nothing was lost.`;
}

/** How a planned move that became a failover began, before what it came to. */
export function ungracefulText(state: Pick<WorkflowState, 'ungraceful' | 'world' | 'watch'>): string[] {
  const { ungraceful, watch } = state;
  if (ungraceful === undefined) return [];
  // At the end the ledger knows the order; while the run goes on, the look that heard it.
  const word = proceedText(state) ?? (watch?.value.vouched === true ? `${watch.value.summary}.` : null);
  return [
    word === null
      ? `The primary died at ${ungraceful.at} during a planned move, which goes on ungracefully, as a failover.`
      : `The planned move goes on as a failover since ${ungraceful.at}, by a person's word: ${word}`,
  ];
}

/** How a planned move ended, where the words for an outage would say something else; null otherwise. */
export function plannedHeadline({ planned, outcome }: Pick<RunRecord, 'planned' | 'outcome'>): string | null {
  if (planned === null) return null;
  if (planned.ungracefulAt !== null)
    return outcome === 'FailedOver' ? 'planned move, became a failover: on the standby' : null;
  if (outcome === 'FailedOver') return 'planned move done, on the standby';
  return outcome === 'StoodDown' ? 'planned move given up, the primary serves' : null;
}

/** For people who planned a move: it is a failover now, and goes on. */
export function ungracefulAnnouncement(
  state: Pick<WorkflowState, 'run' | 'ungraceful' | 'world' | 'watch'>,
  site: { readonly name: string; readonly url: string },
): { readonly subject: string; readonly text: string } {
  const head = 'the planned move has become a failover';
  const lines = [
    `${site.name} (${site.url}): ${head}`,
    '',
    ...ungracefulText(state),
    'Users see the maintenance page. What was acknowledged and not shipped yet may be lost; the end of the run says how much.',
    '',
    `Started by ${state.run.requestedBy}: ${state.run.reason}`,
    `Execution ${state.run.execution}`,
  ];
  return { subject: `[Pilotlight] ${site.name.slice(0, 45)}: ${head}`, text: lines.join('\n') };
}
