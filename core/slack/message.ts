import type { Answer, Approval } from '../approval/approval.ts';
import type { Workload } from '../config/schema.ts';
import { lossText, type Loss } from '../data/loss.ts';
import type { BrakeItem } from '../ledger/lease.ts';
import { dataText } from '../run/data-story.ts';
import type { RunRecord } from '../run/record.ts';
import { isGraceful, plannedHeadline, plannedText } from '../run/planned-story.ts';
import { PLANNED_NAME, type Outcome } from '../run/run.ts';
import { actions, button, context, divider, fields, header, section } from './blocks.ts';
import type { SlackMessage } from './blocks.ts';
import { consequencesOf, signalLines } from './evidence.ts';
import { slackActions } from './interaction.ts';
import { fit, fitLines, slackLimits, slackMoment } from './text.ts';
import { settleOf, type WorkflowState } from '../run/state.ts';

export type { SlackMessage } from './blocks.ts';

/** What a workload is called in messages. */
type Site = Pick<Workload, 'displayName' | 'url'>;

export interface Question {
  readonly approval: Approval;
  readonly workload: Workload;
  /** What the workflow carries when it asks: the evidence. */
  readonly state: Omit<WorkflowState, 'outcome'>;
  readonly brake?: BrakeItem | null;
  /** What it would lose; left out where nobody has measured it. */
  readonly loss?: Loss | undefined;
}

const messageText = (text: string): string => fit(text, slackLimits.message);

const siteText = (site: Site): string => `*${fit(site.displayName, 200)}* (${fit(site.url, 300)})`;

/** The brake in words, for every message; empty where it is off. */
export function brakeBlocks(brake: BrakeItem | null | undefined): unknown[] {
  if (brake?.on !== true) return [];
  const words = `:octagonal_sign: The brake is on: ${fit(brake.reason, 500)} (${fit(brake.owner, 200)}). No alarm starts a run until it is off.`;
  return [context(words)];
}

/** The question: the evidence, what will happen, what it costs, what may be lost, and two buttons. */
export function questionMessage(question: Question): SlackMessage {
  const { approval, workload, state } = question;
  const confirmation = state.confirmation?.value;
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
      context(
        `Without Slack: \`pilotlight approve ${fit(approval.workload, 200)}\` or \`pilotlight reject …\`. The time limit ends ${slackMoment(approval.expiresAt)}.`,
      ),
    ],
  };
}

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

function buttons(approval: Approval, site: Site, what: 'planned move' | 'failover'): unknown {
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
        text: `All users of ${site.displayName} go to the standby as soon as it is healthy.`,
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
        text: `The run stops, and users of ${site.displayName} go back to the primary as it is now.`,
        yes: 'Reject',
      },
    }),
  ]);
}

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

const namesOf = (answers: readonly Answer[]): string =>
  answers.map(({ decider }) => decider.name || decider.id).join(' and ');

/** The question after its answer: who, when, and nothing left to press. */
export function decidedMessage(approval: Approval, site: Site, brake?: BrakeItem | null): SlackMessage {
  const headline = `${site.displayName}: ${decisionText(approval)}`;
  const answers = approval.answers.map(
    ({ decider, answer, at }) =>
      `• ${answer === 'approve' ? 'approved' : 'rejected'} by ${fit(decider.name || decider.id, 200)} ${slackMoment(at)}`,
  );
  return {
    text: messageText(headline),
    blocks: [
      header(headline),
      ...brakeBlocks(brake),
      section(siteText(site)),
      section(fitLines(answers.length === 0 ? ['Nobody answered.'] : answers, slackLimits.section)),
      context(`Execution ${fit(approval.execution, 200)}`),
    ],
  };
}

function decisionText({ state, execution }: Approval): string {
  const what = kindOf(execution);
  const words: Readonly<Record<Approval['state'], string>> = {
    pending: 'not decided yet',
    approved: `the ${what} is approved`,
    rejected: `the ${what} is rejected`,
    closed: 'the question is closed, nothing more can be answered',
  };
  return words[state];
}

/** What an execution is called where only its name is known. */
const kindOf = (execution: string): string =>
  execution.startsWith(PLANNED_NAME) ? 'planned move' : 'failover';

/** The message of a run that asks nobody, or could not ask in Slack: its thread follows the run. */
export function startedMessage(
  about: { readonly execution: string; readonly at: number },
  site: Site,
  brake?: BrakeItem | null,
): SlackMessage {
  const headline = `${site.displayName}: a ${kindOf(about.execution)} is under way`;
  return {
    text: messageText(headline),
    blocks: [
      header(headline),
      ...brakeBlocks(brake),
      section(
        `${siteText(site)}\nA run acts on it; the thread follows. \`pilotlight status\` says where users are.`,
      ),
      context(`Execution ${fit(about.execution, 200)}, ${slackMoment(about.at)}`),
    ],
  };
}

const endText: Readonly<Record<Outcome, string>> = {
  FailedOver: 'failed over to the standby',
  StoodDown: 'stood down, the primary serves',
  Degraded: 'degraded, users stay on the primary',
  Rejected: 'not approved, nothing was switched',
  Cancelled: 'cancelled, nothing was switched',
  NothingToDo: 'nothing to do',
  Escalated: 'A PERSON IS NEEDED',
  DryRun: 'dry run, nothing was changed',
  InvalidInput: 'start refused',
};

/** The message when the run is over: outcome, RTO by phase, and who decided. */
export function endedMessage(
  record: RunRecord,
  about: { readonly site: Site; readonly approval?: Approval | null; readonly brake?: BrakeItem | null },
): SlackMessage {
  const headline = `${about.site.displayName}: ${plannedHeadline(record) ?? endText[record.outcome]}`;
  const answers = about.approval?.answers ?? [];
  return {
    text: messageText(`${headline}. ${record.why}`),
    blocks: [
      header(headline),
      ...brakeBlocks(about.brake),
      section(`${siteText(about.site)}\n${fit(record.why, 2000)}`),
      fields([
        ['RTO', rtoText(record)],
        ...dataText(record.data).map((text) => ['Data', text.replace('Data: ', '')] as const),
        ...plannedText(record.planned).map((text) => ['Page', text.replace('Page: ', '')] as const),
        ['Decided by', answers.length === 0 ? 'nobody was asked, or nobody answered' : namesOf(answers)],
        ['Started by', `${record.run.requestedBy}: ${record.run.reason}`],
        ['Ended', record.endedAt],
      ]),
      divider,
      section(
        fitLines(
          record.timeline.map(({ at, event }) => `${fit(at, 40)}  ${fit(event, 400)}`),
          slackLimits.section,
        ),
      ),
      context(`Execution ${fit(record.run.execution, 200)}`),
    ].filter((block) => !isEmptySection(block)),
  };
}

/** Slack refuses a section without text, and a run that broke at once has no timeline. */
const isEmptySection = (block: unknown): boolean => (block as { text?: { text?: string } }).text?.text === '';

function rtoText({ rto }: RunRecord): string {
  if (rto === null) return 'nothing was switched';
  const parts = Object.entries(rto.phases).map(([phase, seconds]) => `${phase} ${seconds} s`);
  return [`${rto.totalSeconds} s`, ...parts].join('\n');
}

/** The message of a run that was stopped before it could write its record. */
export function stoppedMessage(about: {
  readonly execution: string;
  readonly how: string;
  readonly site: Site;
  readonly brake?: BrakeItem | null;
}): SlackMessage {
  const headline = `${about.site.displayName}: the run was stopped, A PERSON IS NEEDED`;
  return {
    text: messageText(headline),
    blocks: [
      header(headline),
      ...brakeBlocks(about.brake),
      section(
        `${siteText(about.site)}\nThe execution ${fit(about.how, 300)} without its last steps: there is no record. ` +
          'Look at the route first (`pilotlight route show`), then at the execution; the lease ends by itself.',
      ),
      context(`Execution ${fit(about.execution, 200)}`),
    ],
  };
}
