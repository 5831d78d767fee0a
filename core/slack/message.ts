import type { Approval } from '../approval/approval.ts';
import type { Workload } from '../config/schema.ts';
import type { BrakeItem } from '../ledger/lease.ts';
import { dataText } from '../run/data-story.ts';
import { homeText } from '../run/home-story.ts';
import { plannedHeadline, plannedText } from '../run/planned-story.ts';
import type { RunRecord } from '../run/record.ts';
import type { Outcome } from '../run/run.ts';
import { context, divider, fields, header, section } from './blocks.ts';
import type { SlackMessage } from './blocks.ts';
import { brakeBlocks, kindOf, messageText, namesOf, siteText, type Site } from './parts.ts';
import { steeringBlocks } from './steering.ts';
import { fit, fitLines, slackLimits, slackMoment } from './text.ts';

export type { SlackMessage } from './blocks.ts';

/* What people are told of a run: that it is under way, decided, over. */

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

/** The message of a run that asks nobody, or could not ask in Slack: its thread follows the run. */
export function startedMessage(
  about: { readonly workload: string; readonly execution: string; readonly at: number },
  site: Site & Pick<Workload, 'policy'>,
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
      ...steeringBlocks(about, site),
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
  CameHome: 'home again, the primary serves',
  StayedAway: 'way home given up, users stay on the standby',
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
        ...homeText(record.home).map(labelled),
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

/** A line such as `Page: 12 s` as a name and its value. */
function labelled(text: string): readonly [string, string] {
  const [name = '', ...rest] = text.split(': ');
  return [name, rest.join(': ')];
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
