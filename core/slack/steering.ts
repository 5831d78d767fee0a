import type { Approvers } from '../approval/approval.ts';
import type { Workload } from '../config/schema.ts';
import { actions, button } from './blocks.ts';
import { slackActions } from './interaction.ts';

/* The buttons by which listed people hold a run, let it go on, or cancel it. */

/** Who may press them: the approvers of the workload; nobody where its policy names none. */
export const steerersOf = ({ policy: { approval } }: Pick<Workload, 'policy'>): Approvers['slackUserIds'] =>
  approval.mode === 'required' ? approval.approvers.slackUserIds : [];

/** The block of buttons; none where nobody may press them. */
export function steeringBlocks(
  run: { readonly workload: string; readonly execution: string },
  site: Pick<Workload, 'policy' | 'displayName'>,
): unknown[] {
  if (steerersOf(site).length === 0) return [];
  const value = JSON.stringify({ workload: run.workload, execution: run.execution });
  return [
    actions('pilotlight-steering', [
      button({
        actionId: slackActions.pause,
        label: 'Hold the run',
        value,
        confirm: {
          title: 'Hold the run?',
          text: 'It stops before users are moved. What is being built goes on. Behind the page users wait all the while.',
          yes: 'Hold',
        },
      }),
      button({ actionId: slackActions.resume, label: 'Let it go on', value }),
      button({
        actionId: slackActions.cancel,
        label: 'Cancel the run',
        style: 'danger',
        value,
        confirm: {
          title: 'Cancel the run?',
          text: `It takes users of ${site.displayName} back to the nearest safe state, and moves nobody any further.`,
          yes: 'Cancel the run',
        },
      }),
    ]),
  ];
}
