/** One line of the thread that follows a run. */
export interface ThreadPhase {
  /** What the phase is remembered by, so that a state that is entered again says nothing again. */
  readonly id: string;
  readonly line: string;
  /** Whether a run that has no message yet gets one now; before, the question may still be on its way. */
  readonly opens: boolean;
}

const quiet = (id: string, line: string): ThreadPhase => ({ id, line, opens: false });
const opening = (id: string, line: string): ThreadPhase => ({ id, line, opens: true });

/**
 * The phases by the name of the state that begins them; states that are not here are details, and polls and retries
 * enter the same state again. Runs that find nothing to do never come to one of these.
 */
const phases: Readonly<Record<string, ThreadPhase>> = {
  'The planned move is refused': opening(
    'refused',
    'The planned move would lose writes now: nobody is moved.',
  ),
  'Look whether users can go home': opening(
    'give-up',
    'The planned move does not go on: users stay, or go home.',
  ),
  'The planned move becomes a failover': opening(
    'ungraceful',
    'The primary died: the planned move goes on ungracefully, as a failover. Writes may be lost.',
  ),
  'No approval is needed': opening('unattended', 'Nobody has to approve: the policy lets the run go on.'),
  'Raise the shield': quiet('shield', 'The shield goes up: users get the maintenance page.'),
  'Raise the shield again': quiet('shield-again', 'The way home was not good: the shield goes up again.'),
  'Start the pipeline': quiet('build', 'The pipeline builds the standby.'),
  'Scale the standby up': quiet('build', 'The warm standby is scaled up.'),
  'Check the standby': quiet('check', 'The standby is there; its health is checked.'),
  'The standby is ready': quiet('ready', 'The standby was seen healthy.'),
  'The fence is shut': quiet('fence', "The primary's door is shut: no write can reach it any more."),
  'It is approved': quiet('approved', 'The approval has reached the run.'),
  'Silence means proceed': quiet('silence', 'Nobody answered in time; the policy says: proceed.'),
  'Silence means abort': quiet('silence', 'Nobody answered in time; the policy says: abort.'),
  'Silence means escalate': quiet('silence', 'Nobody answered in time; the policy says: call more people.'),
  'Look again at the primary': opening('look-again', 'The primary is looked at once more before the switch.'),
  'Say that the loss is above the limit': opening(
    'loss',
    'More would be lost than the policy allows without a question: a person must decide.',
  ),
  'Apply the last data': opening('last-data', 'The last data are applied on the standby, behind the page.'),
  'Begin with the first share': opening('shares', 'The users go to the standby in shares.'),
  'Switch to the standby': opening('switch', 'The route moves to the standby.'),
  'Verify the standby through the edge': opening(
    'verify',
    'The whole edge is asked until it serves the standby.',
  ),
  'Note since when it is waited for the primary': opening(
    'home-begins',
    'A way home begins: users stay on the standby until everything is ready.',
  ),
  'Export the orphans': opening('orphans', 'What only the primary has is kept, for people.'),
  'Dump the data of the standby': opening('home-data', 'The data are carried home while users go on.'),
  'Say how long the page will be up': opening(
    'home-page',
    'The first load is done; the page can be reckoned.',
  ),
  'Note since when the page is everywhere': opening(
    'home-last',
    'The page is everywhere: the last data go home.',
  ),
  'Compare the data of the primary': opening('home-compare', 'Both sides are compared, table by table.'),
  'Route home': opening('home-route', 'Both sides hold the same: the route moves home.'),
  'Begin a new backup at home': opening('home-backup', 'Everybody is home: a new backup begins.'),
  'Put the standby away': opening('home-away', 'The standby is put away.'),
  'Return to the standby': opening(
    'home-return',
    'Something failed: users go back to the standby, with nothing lost.',
  ),
  'The way home was given up': opening(
    'home-given-up',
    'The way home is given up: users stay on the standby.',
  ),
  'Lower the shield': opening('lower', 'The primary serves: the shield comes down.'),
  'Lower the shield after rejection': opening('lower', 'Not approved: the shield comes down.'),
  'Hold before the shield': opening('hold', 'Somebody holds the run: users stay on the primary meanwhile.'),
  'Hold behind the shield': opening(
    'hold-page',
    'Somebody holds the run: users see the maintenance page meanwhile.',
  ),
  'It was cancelled': opening('cancelled', 'Somebody has cancelled the run.'),
  'Return to the shield': opening('reshield', 'Something failed: users go back behind the shield.'),
};

/** The names of the states that have a line; a test holds them against the workflow. */
export const followedStates: readonly string[] = Object.keys(phases);

/** The phase that a state begins; null for every state that is a detail. */
export function phaseOfState(state: string): ThreadPhase | null {
  return Object.hasOwn(phases, state) ? (phases[state] ?? null) : null;
}

/** The state after which the record is written and people are told; quiet runs never enter it. */
export const LAST_STATE = 'Announce the outcome';

/** How an execution may end without its last steps, by the type of its last event in the log. */
const stops: Readonly<Record<string, string>> = {
  ExecutionAborted: 'was stopped by a person',
  ExecutionTimedOut: 'reached its time limit',
  ExecutionFailed: 'failed',
};

/** Types of the events that begin a state which has a line; waits and choices have none. */
const entries = ['TaskStateEntered', 'PassStateEntered', 'FailStateEntered'] as const;

/** Lets the log send what may become a line and keep the rest. Syntax: CloudWatch Logs, filter patterns for JSON. */
export const followFilter = `{ ${[...entries, ...Object.keys(stops)]
  .map((type) => `($.type = "${type}")`)
  .join(' || ')} }`;

/** What an event of the execution log says that the thread should know. */
export type FollowedEvent =
  | { readonly kind: 'phase'; readonly phase: ThreadPhase }
  | { readonly kind: 'end'; readonly how: string }
  | null;

/** Reads an event by its type and, where it has one, the name of the state. Source: Step Functions, log events. */
export function followedEvent(type: string, state: string | undefined): FollowedEvent {
  const how = Object.hasOwn(stops, type) ? stops[type] : undefined;
  if (how !== undefined) return { kind: 'end', how };
  if (state === undefined || !entries.some((entry) => entry === type)) return null;
  if (state === LAST_STATE) return { kind: 'end', how: 'ended' };
  const phase = phaseOfState(state);
  return phase === null ? null : { kind: 'phase', phase };
}

/** What the end of a run is remembered by, beside the phases. */
export const END_OF_RUN = 'end';
