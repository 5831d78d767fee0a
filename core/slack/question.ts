import type { Approval } from '../approval/approval.ts';
import type { Workload } from '../config/schema.ts';
import { lossText, type Loss } from '../data/loss.ts';
import type { BrakeItem } from '../ledger/lease.ts';
import { isGraceful } from '../run/planned-story.ts';
import { isFailback } from '../run/run.ts';
import { settleOf, type WorkflowState } from '../run/state.ts';
import { actions, button, context, fields, header, section } from './blocks.ts';
import type { SlackMessage } from './blocks.ts';
import { consequencesOf, signalLines } from './evidence.ts';
import { wayHomeFacts } from './home.ts';
import { slackActions } from './interaction.ts';
import { brakeBlocks, messageText, namesOf, siteText, type Asked, type Site } from './parts.ts';
import { steeringBlocks } from './steering.ts';
import { fit, fitLines, slackLimits, slackMoment } from './text.ts';

/* The question that people are asked, and its reminders. */

export interface Question {
  readonly approval: Approval;
  readonly workload: Workload;
  /** What the workflow carries when it asks: the evidence. */
  readonly state: Omit<WorkflowState, 'outcome'>;
  readonly brake?: BrakeItem | null;
  /** What it would lose; left out where nobody has measured it. */
  readonly loss?: Loss | undefined;
}

/** The question: the evidence, what will happen, what it costs, what may be lost, and two buttons. */
export function questionMessage(question: Question): SlackMessage {
  const { approval, workload, state } = question;
  const confirmation = state.confirmation?.value;
  if (isFailback(state.run)) return homeQuestion(question);
  const isPlanned = isGraceful(state);
  const headline = isPlanned
    ? `${workload.displayName}: may its planned move to the standby begin?`
    : `${workload.displayName}: may it fail over to the standby?`;
  const since = confirmation?.since;
  const { happens, costs, losses } = consequencesOf(workload, {
    when: whenOf(state),
    settle: settleOf(state),
  });
  const loss = question.loss === undefined ? null : approvalLossText(question.loss);
  const people = approval.needed === 1 ? 'one approver' : 'two different approvers';
  return {
    text: messageText(
      [headline, confirmation?.summary ?? state.run.reason, loss].filter((part) => part !== null).join(' '),
    ),
    blocks: [
      header(headline),
      ...brakeBlocks(question.brake),
      section(
        `${siteText(workload)}\nStarted by ${fit(state.run.requestedBy, 200)}: ${fit(state.run.reason, 1000)}`,
      ),
      fields([
        ...(isPlanned
          ? ([['What it is', 'a planned move: the primary is well, and there is no outage']] as const)
          : ([
              ['Verdict', confirmation?.verdict ?? vouchedText(state)],
              ['Since', since ?? state.ungraceful?.at ?? 'unknown'],
              ['On what evidence', confirmation?.summary ?? 'the word of the person who started the run'],
            ] as const)),
        ['Who decides', `${people}, until ${new Date(approval.expiresAt).toISOString()}`],
      ]),
      ...unrestBlocks(confirmation?.unrest ?? null),
      ...signalBlocks(confirmation?.signals ?? []),
      section(fitLines(['*What will happen*', ...happens.map((line) => `• ${fit(line, 400)}`)], 3000)),
      fields([
        ['What it costs', costs],
        ['What may be lost', lostText(loss ?? losses, isPlanned, loss === null)],
      ]),
      buttons(approval, workload, isPlanned ? 'planned move' : 'failover'),
      ...steeringBlocks(approval, workload),
      withoutSlack(approval),
    ],
  };
}

/** The question of a way home: what is found, what will happen, and two buttons. */
function homeQuestion({ approval, workload, state, brake }: Question): SlackMessage {
  const headline = `${workload.displayName}: may it come home to the primary?`;
  const { facts, happens } = wayHomeFacts(workload, state);
  const people = approval.needed === 1 ? 'one approver' : 'two different approvers';
  return {
    text: messageText([headline, ...facts.map(([name, text]) => `${name}: ${text}.`)].join(' ')),
    blocks: [
      header(headline),
      ...brakeBlocks(brake),
      section(
        `${siteText(workload)}\nStarted by ${fit(state.run.requestedBy, 200)}: ${fit(state.run.reason, 1000)}`,
      ),
      fields([...facts, ['Who decides', `${people}, until ${new Date(approval.expiresAt).toISOString()}`]]),
      section(fitLines(['*What will happen*', ...happens.map((line) => `• ${fit(line, 400)}`)], 3000)),
      buttons(approval, workload, 'way home'),
      ...steeringBlocks(approval, workload),
      withoutSlack(approval),
    ],
  };
}

const withoutSlack = ({ workload, expiresAt }: Approval): unknown =>
  context(
    `Without Slack: \`pilotlight approve ${fit(workload, 200)}\` or \`pilotlight reject …\`. The time limit ends ${slackMoment(expiresAt)}.`,
  );

/** Where users are while the standby is prepared. */
function whenOf(state: Question['state']): 'planned' | 'degraded' | 'shielded' {
  if (isGraceful(state)) return 'planned';
  return state.confirmation?.value.verdict === 'degraded' ? 'degraded' : 'shielded';
}

const vouchedText = ({ ungraceful }: Question['state']): string =>
  ungraceful === undefined
    ? 'not asked: a person vouches for the outage'
    : 'the primary went down during a planned move';

/** The promise of a planned move says all; what the shield is good for is told where something may be lost. */
const lostText = (words: string, isPlanned: boolean, isUnmeasured: boolean): string =>
  isPlanned || isUnmeasured ? words : `${words} The shield keeps new writes from being lost.`;

const approvalLossText = (loss: Loss): string => lossText(loss, 'To approve now');

/** Why this move was harder to come to than on an ordinary day. */
const unrestBlocks = (unrest: string | null): unknown[] =>
  unrest === null ? [] : [section(fit(unrest, 500))];

function signalBlocks(signals: readonly object[]): unknown[] {
  if (signals.length === 0) return [];
  return [section(fitLines(['*Signals by place*', ...signalLines(signals)], slackLimits.section))];
}

function buttons(approval: Approval, site: Site, what: Asked): unknown {
  const { workload, execution } = approval;
  const value = JSON.stringify({ workload, execution });
  return actions('pilotlight-decision', [
    button({
      actionId: slackActions.approve,
      label: `Approve the ${what}`,
      style: 'primary',
      value,
      confirm: {
        title: `Approve the ${what}?`,
        text: approvingText(site, what),
        yes: 'Approve',
      },
    }),
    button({
      actionId: slackActions.reject,
      label: 'Reject',
      style: 'danger',
      value,
      confirm: {
        title: `Reject the ${what}?`,
        text: rejectingText(site, what),
        yes: 'Reject',
      },
    }),
  ]);
}

const approvingText = ({ displayName }: Site, what: Asked): string =>
  what === 'way home'
    ? `All users of ${displayName} see the page for the last data, and then go home.`
    : `All users of ${displayName} go to the standby as soon as it is healthy.`;

const rejectingText = ({ displayName }: Site, what: Asked): string =>
  what === 'way home'
    ? `The run stops, and users of ${displayName} stay on the standby.`
    : `The run stops, and users of ${displayName} go back to the primary as it is now.`;

/** One line under the question, for people who have not answered yet. @param loss what it would lose by now, where it is known */
export function reminderMessage(approval: Approval, now: number, loss?: Loss): { readonly text: string } {
  const minutes = Math.max(0, Math.ceil((approval.expiresAt - now) / 60_000));
  const have = approval.answers.length;
  const missing = approval.needed - have;
  const counted = have === 0 ? 'Nobody has answered yet' : `${namesOf(approval.answers)} approved`;
  return {
    text: messageText(
      `${counted}; ${missing} ${missing === 1 ? 'approval is' : 'approvals are'} missing, and ${minutes} min are left.` +
        (loss === undefined ? '' : ` ${approvalLossText(loss)}`),
    ),
  };
}
