import { bounded } from '../bounds.ts';
import type { RunRecord } from './record.ts';
import { rtoOf, type Rto } from './rto.ts';
import type { Outcome } from './run.ts';
import {
  failureSentence,
  failureText,
  isByFence,
  settleOf,
  shieldSpreadAt,
  type WorkflowState,
} from './state.ts';
import { dataOf, dataText, lastDataAt } from './data-story.ts';
import { cameHomeText, homeOf, homeText, homeTimeline, stayedAwayText } from './home-story.ts';
import { isFailback } from './run.ts';
import { cancelText, orderEntries, proceedText } from './orders-story.ts';
import { parkedTexts } from './parked-story.ts';
import {
  givenUpText,
  isGraceful,
  plannedHeadline,
  plannedOf,
  plannedText,
  ungracefulText,
} from './planned-story.ts';
import { everybodyIsOn, pipelineText, routeText, type World } from './world.ts';

/** One or two sentences that say why the run ended as it did, and what is to be done. */
export function whyOf(state: WorkflowState): string {
  // A rehearsal on paper ends by many names, and not one of them is what happened to the users.
  if (state.run.dryRun && state.outcome.name !== 'NothingToDo') return dryRunText(state);
  const explain: Record<Outcome, () => string> = {
    FailedOver: () => [...ungracefulText(state), failedOverText(state)].join(' '),
    StoodDown: () =>
      isGraceful(state)
        ? plannedStandDownText(state)
        : [...ungracefulText(state), standDownText(state)].join(' '),
    Degraded: () => degradedText(state),
    Rejected: () => rejectionText(state),
    Cancelled: () => cancelledText(state),
    DryRun: () => dryRunText(state),
    NothingToDo: () => leaseRefusalText(state),
    Escalated: () => [...ungracefulText(state), escalationText(state)].join(' '),
    InvalidInput: () => 'The input was refused; nothing was touched.',
    CameHome: () => cameHomeText(state),
    StayedAway: () => stayedAwayText(state),
  };
  return explain[state.outcome.name]();
}

function failedOverText(state: WorkflowState): string {
  if (isGraceful(state)) return plannedMoveText(state);
  const next = 'Bring the site home when the primary is well.';
  const seen = proceedText(state) === null ? 'The primary was seen down' : 'A person ordered the failover';
  const confirmed = state.run.planned ? seen : 'The outage was confirmed';
  return everybodyIsOn(state.world?.value, 'standby')
    ? `${confirmed} and everybody is served by the standby. ${next}`
    : [`${confirmed} and the standby was verified through the edge.`, whereUsersAre(state), next].join(' ');
}

function plannedMoveText(state: WorkflowState): string {
  const users = everybodyIsOn(state.world?.value, 'standby')
    ? 'everybody is served by the standby.'
    : `the standby was verified through the edge. ${whereUsersAre(state)}`;
  return `The planned move is done: ${users} No acknowledged write was lost. Bring the site home when you want to.`;
}

const plannedStandDownText = (state: WorkflowState): string =>
  [givenUpText(state), ...openedText(state), ...pipelineTexts(state)].join(' ');

/** A standby whose database was opened follows no log any more. */
const openedText = ({ prepared }: WorkflowState): string[] =>
  prepared?.lastData === undefined
    ? []
    : [
        'The database of the standby was opened already: load it anew before the next move (docs/procedures.md).',
      ];

function standDownText(state: WorkflowState): string {
  if (state.lowered === undefined) {
    const verdict = `No outage: ${state.confirmation?.value.summary ?? 'the primary is healthy'}.`;
    return [verdict, ...pipelineTexts(state)].join(' ');
  }
  const home = everybodyIsOn(state.world?.value, 'primary')
    ? 'The primary came back before anything was switched; its users are home again.'
    : `The primary came back before anything was switched. ${whereUsersAre(state)}`;
  return [home, ...pipelineTexts(state)].join(' ');
}

function degradedText(state: WorkflowState): string {
  const seen = state.confirmation?.value;
  const since = seen?.since == null ? '' : ` since ${seen.since}`;
  return [
    `Some requests fail${since}: ${seen?.summary ?? 'see the evidence'}.`,
    'Users stay on the primary, because most of them are served. Nothing was moved; people look after the primary.',
    ...pipelineTexts(state),
  ].join(' ');
}

function dryRunText(state: WorkflowState): string {
  const verdict = state.confirmation?.value;
  const seen =
    verdict === undefined ? 'The signals were not asked' : `The signals say ${verdict.verdict} now`;
  const untouched = 'nothing was changed: no route was written and nothing was built.';
  const failure = state.failure ?? state.shieldFailure;
  if (failure === undefined) return `${seen}. Every step was planned and ${untouched}`;
  return (
    `${seen}. The dry run could not be planned to its end, a true run would have failed here: ${failureText(failure)}. ` +
    `Mend that and rehearse again; ${untouched}`
  );
}

function rejectionText(state: WorkflowState): string {
  const words = state.rejection?.Cause ?? 'Nobody approved.';
  const lowered = state.lowered === undefined ? '' : 'The shield was lowered and nothing was switched. ';
  const rest = `${lowered}${whereUsersAre(state)} Whoever wants to fail over starts a new run.`;
  return [words, rest, ...pipelineTexts(state)].join(' ');
}

function cancelledText(state: WorkflowState): string {
  const rest = 'Automation rests for the cooldown; whoever wants to move users starts a new run.';
  return [cancelText(state), whereUsersAre(state), rest, ...pipelineTexts(state)].join(' ');
}

function leaseRefusalText(state: WorkflowState): string {
  const lease = state.lease?.value;
  return lease?.taken === false ? `Nothing was done: ${lease.detail}.` : 'Nothing was done.';
}

function escalationText(state: WorkflowState): string {
  const failure = state.returnFailure ?? state.failure ?? state.recovery;
  const cause = failure === undefined ? 'The run could not go on.' : failureSentence(failure);
  const shield =
    state.shieldFailure === undefined
      ? []
      : [`The shield could not be raised again (${failureText(state.shieldFailure)}).`];
  const again =
    isFailback(state.run) && everybodyIsOn(state.world?.value, 'primary')
      ? ['Automation is armed: if the primary is down, a new failover begins by itself.']
      : [];
  const users = whereUsersAre(state);
  return ['A person is needed.', cause, ...shield, users, ...again, ...pipelineTexts(state)].join(' ');
}

const whereUsersAre = (state: WorkflowState): string =>
  routeText(worldOf(state), state.run, state.reshielded !== undefined);

/** What became of a pipeline run that nobody waits for any more: one that goes on costs money until somebody stops it. */
function pipelineTexts(state: WorkflowState): string[] {
  // An external standby has no pipeline, whatever could not be read.
  if (state.plan?.tier === 'external') return [];
  const failed =
    state.stopFailure === undefined
      ? []
      : [`The pipeline run could not be cancelled (${failureText(state.stopFailure)}).`];
  // A run that goes on tells people before its end: nothing was looked at yet.
  return state.world === undefined && state.worldFailure === undefined
    ? failed
    : [...failed, ...pipelineText(worldOf(state)), ...parkedTexts(state)];
}

/** The world as it was read; where the look itself failed, what went wrong with it. */
function worldOf(state: WorkflowState): World | undefined {
  if (state.world !== undefined || state.worldFailure === undefined) return state.world?.value;
  const unknown = { known: false, detail: failureText(state.worldFailure) } as const;
  return { route: unknown, pipeline: unknown };
}

/** The shield, and how long it is waited for: most of what a fast standby takes is this wait. */
function shieldText(state: WorkflowState): string {
  const settle = settleOf(state);
  return settle === null
    ? 'the shield was raised'
    : `the shield was raised; it counts as everywhere no sooner than after ${settle.why}`;
}

const kindOf = ({ run }: WorkflowState): string =>
  isFailback(run) ? 'way home' : run.planned ? 'planned move' : 'run';

/** What happened, in the order of its moments. */
export function timelineOf(state: WorkflowState, endedAt: string): { at: string; event: string }[] {
  const entries: (readonly [string | null | undefined, string | null | undefined])[] = [
    [state.confirmation?.value.since, 'the outage began, by the alarms'],
    [state.run.startedAt, `the ${kindOf(state)} began: ${state.run.reason}`],
    [state.confirmation?.value.decidedAt, state.confirmation?.value.unrest],
    [
      state.confirmation?.value.decidedAt,
      `verdict ${state.confirmation?.value.verdict ?? ''}: ${state.confirmation?.value.summary ?? ''}`,
    ],
    [
      state.ungraceful?.at,
      proceedText(state) === null
        ? 'the primary was seen down, and the planned move became a failover'
        : 'the planned move became a failover, by a person’s order',
    ],
    ...orderEntries(state),
    [state.shield?.value.movedAt, shieldText(state)],
    [
      shieldSpreadAt(state),
      isByFence(state) ? "the primary's door was seen shut" : 'the whole edge served the shield',
    ],
    [state.prepared?.standby.checkedAt, 'the standby was seen healthy'],
    [
      lastDataAt(state),
      state.prepared?.lastData?.value.whole === true
        ? 'everything that was acknowledged is on the standby, and its database is open'
        : 'the last data were applied, and the standby opened its database',
    ],
    [state.switched?.value.movedAt, 'the route was moved to the standby'],
    ...homeTimeline(state),
    [state.lowered?.value.movedAt, 'the shield was lowered'],
    [state.verified?.value.firstGoodAt, 'the first good answer came through the edge'],
    [state.verified?.value.convergedAt, 'every place was served by the wanted origin'],
    [state.reshielded?.value.movedAt, 'the shield was raised again'],
    [endedAt, `the run ended: ${state.outcome.name}`],
  ];
  return entries
    .flatMap(([at, event]) => (at == null || event == null ? [] : [{ at, event }]))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** RTO by phase of a run that failed over, counted from the start of the outage; null for every other run. */
export function rtoOfState(state: WorkflowState): Rto | null {
  // A planned move has no outage to count from; what users see of it is the page.
  if (state.outcome.name !== 'FailedOver' || isGraceful(state)) return null;
  const { shield, prepared, switched, verified } = state;
  const spreadAt = shieldSpreadAt(state);
  if (!shield || !prepared || spreadAt === null || !switched || !verified) return null;
  const started = Date.parse(state.ungraceful?.at ?? state.run.startedAt);
  const since = state.confirmation?.value.since;
  return rtoOf({
    outageBegan: since == null ? started : Math.min(started, Date.parse(since)),
    executionStarted: started,
    confirmed: Date.parse(state.confirmation?.value.decidedAt ?? state.ungraceful?.at ?? state.run.startedAt),
    shielded: Date.parse(shield.value.movedAt),
    prepared: Math.max(Date.parse(prepared.standby.checkedAt), Date.parse(spreadAt)),
    switched: Date.parse(switched.value.movedAt),
    firstGood: Date.parse(verified.value.firstGoodAt),
  });
}

function convergenceOf(state: WorkflowState): RunRecord['convergence'] {
  if (state.verified === undefined) return null;
  const { firstPlaceSeconds, lastPlaceSeconds, places } = state.verified.value;
  return { firstPlaceSeconds, lastPlaceSeconds, places };
}

/** The record of a run, from what the workflow carried. */
export function recordOf(state: WorkflowState, endedAt: string): RunRecord {
  return {
    run: state.run,
    outcome: state.outcome.name,
    why: whyOf(state),
    endedAt,
    rto: rtoOfState(state),
    convergence: convergenceOf(state),
    data: dataOf(state, endedAt),
    settle: state.shield === undefined ? null : settleOf(state),
    planned: plannedOf(state),
    home: homeOf(state),
    timeline: timelineOf(state, endedAt),
    evidence: state.confirmation?.value.signals ?? [],
  };
}

/** Of the 100 characters of a subject the outcome must have its part: a long name must not push it out. */
const SUBJECT_NAME_LENGTH_MAX = 45;

/** The announcement for people who were asleep a minute ago. */
export function announcementOf(
  record: RunRecord,
  site: { name: string; url: string },
): { subject: string; text: string } {
  const headline: Record<Outcome, string> = {
    FailedOver: 'failed over to the standby',
    StoodDown: 'stood down, the primary serves',
    Degraded: 'degraded, users stay on the primary',
    Rejected: 'not approved, nothing was switched',
    Cancelled: 'cancelled, nothing was switched',
    DryRun: 'dry run, nothing was changed',
    NothingToDo: 'nothing to do',
    Escalated: 'A PERSON IS NEEDED',
    InvalidInput: 'start refused',
    CameHome: 'home again, the primary serves',
    StayedAway: 'way home given up, users stay on the standby',
  };
  const head = record.run.dryRun ? headline.DryRun : (plannedHeadline(record) ?? headline[record.outcome]);
  const rto =
    record.rto === null ? [] : [`RTO ${record.rto.totalSeconds} s: ${phasesText(record.rto.phases)}`];
  const lines = [
    `${site.name} (${site.url}): ${head}`,
    '',
    record.why,
    ...rto,
    ...dataText(record.data),
    ...plannedText(record.planned),
    ...homeText(record.home),
    '',
    `Started by ${record.run.requestedBy}: ${record.run.reason}`,
    `Execution ${record.run.execution}`,
    '',
    ...record.timeline.map((entry) => `${entry.at}  ${entry.event}`),
  ];
  const name = bounded(site.name, SUBJECT_NAME_LENGTH_MAX);
  return { subject: `[Pilotlight] ${name}: ${head}`, text: lines.join('\n') };
}

const phasesText = (byPhase: Readonly<Record<string, number>>): string =>
  Object.entries(byPhase)
    .map(([phase, seconds]) => `${phase} ${seconds} s`)
    .join(', ');
