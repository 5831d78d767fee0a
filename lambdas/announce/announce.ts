import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { Announcer, Clock, Log } from '../../core/ports.ts';
import { failureText, workflowStateSchema, type WorkflowState } from '../../core/run/state.ts';
import { ungracefulAnnouncement } from '../../core/run/planned-story.ts';
import { announcementOf, recordOf } from '../../core/run/story.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput } from '../step-input.ts';

/** A run without an outcome goes on: it tells of a degraded primary before anybody is moved, or that its planned move is a failover now. */
const inputSchema = z.object({ state: workflowStateSchema.partial({ outcome: true }) });

export interface AnnounceDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly announcer: Announcer;
}

/** Tells people. It needs nothing but the workflow's own state, so it works when the ledger does not. */
export const makeAnnounce =
  (deps: AnnounceDeps): Step =>
  async (raw): Promise<{ announced: true }> => {
    const { state: known } = readInput('announce', inputSchema, raw);
    const { displayName, url, policy } = workloadOf(deps.config, known.run.workload);
    if (known.outcome === undefined && known.ungraceful !== undefined) return tellUngraceful(deps, known);
    // Besides that only a degraded primary is told of before the run has ended.
    const state = { ...known, outcome: known.outcome ?? ({ name: 'Degraded' } as const) };
    const record = recordOf(state, iso(deps.clock.now()));
    const { subject, text } = announcementOf(record, { name: displayName, url });
    await deps.announcer.announce({
      subject,
      text: `${text}${known.outcome === undefined ? whatFollows(policy) : ''}${unrecordedText(state)}`,
      workload: state.run.workload,
      outcome: record.outcome,
    });
    deps.log.info('people were told', { outcome: record.outcome });
    return { announced: true };
  };

/** People planned a move that loses nothing, and hear at once that it has become something else. */
async function tellUngraceful(
  deps: AnnounceDeps,
  state: Omit<WorkflowState, 'outcome'>,
): Promise<{ announced: true }> {
  const { displayName, url } = workloadOf(deps.config, state.run.workload);
  await deps.announcer.announce({
    ...ungracefulAnnouncement(state, { name: displayName, url }),
    workload: state.run.workload,
    outcome: 'Escalated',
  });
  deps.log.warn('the planned move became a failover, and people were told', { at: state.ungraceful?.at });
  return { announced: true };
}

/** What is missing in the history, and what stands there instead. */
function unrecordedText({ recordFailure, closed }: Pick<WorkflowState, 'recordFailure' | 'closed'>): string {
  if (recordFailure === undefined) return '';
  const instead =
    closed?.value.closed === true
      ? 'A short record stands in its place, and the lease was given back.'
      : 'Nothing stands in its place, and the lease ends by itself.';
  return `\n\nThis run could not be written to the ledger: ${failureText(recordFailure)}. ${instead}`;
}

/** What the policy does about a primary that stays degraded. */
function whatFollows({ degraded }: Workload['policy']): string {
  const then =
    degraded.then === 'ask'
      ? 'people are asked whether users go to the standby'
      : 'the standby is prepared and users are moved to it';
  return `\n\nIf it lasts for ${degraded.minutes} min, ${then} (policy.degraded). The brake stops that: pilotlight brake on.`;
}
