import type { ExecutionEvent } from '../core/ledger/operations.ts';
import { failureText } from '../core/run/state.ts';

/** One line of the timeline of a run. */
export interface TimelineEntry {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'bad';
}

/** States that only choose or carry are not what people wait for. */
const TOLD_STATES: ReadonlySet<string> = new Set([
  'TaskStateEntered',
  'FailStateEntered',
  'SucceedStateEntered',
]);

/** Kinds of event that say that something went wrong; a retry or a Catch may still mend it. */
const TOLD_FAILURES: ReadonlySet<string> = new Set([
  'TaskFailed',
  'TaskTimedOut',
  'LambdaFunctionFailed',
  'LambdaFunctionTimedOut',
]);

const ENDS: Readonly<Record<string, TimelineEntry['tone']>> = {
  ExecutionSucceeded: 'good',
  ExecutionFailed: 'bad',
  ExecutionTimedOut: 'bad',
  ExecutionAborted: 'bad',
};

/**
 * Turns events into lines, keeping between two calls what was told already: a polling state is told once, however often
 * it is entered, and a failure that a retry repeats is told once for each of its wordings.
 */
export function makeTimeline(): (events: readonly ExecutionEvent[]) => TimelineEntry[] {
  const told = new Set<string>();
  return (events) =>
    events.flatMap((event) => {
      const entry = entryOf(event);
      if (entry === null || told.has(entry.text)) return [];
      told.add(entry.text);
      return [entry];
    });
}

function entryOf(event: ExecutionEvent): TimelineEntry | null {
  const { at, type, state, error, cause } = event;
  if (type === 'ExecutionStarted') return { at, text: 'the run began', tone: 'plain' };
  if (state !== null && TOLD_STATES.has(type)) return { at, text: state, tone: 'plain' };
  const words = failureText({ Error: error ?? '', Cause: cause ?? '' }).replace(/^: /, '');
  if (TOLD_FAILURES.has(type)) return { at, text: `failed: ${firstLine(words)}`, tone: 'bad' };
  const tone = ENDS[type];
  if (tone === undefined) return null;
  const ending = type.replace('Execution', '').toLowerCase();
  return { at, text: `the run ended: ${ending}${words === '' ? '' : ` (${firstLine(words)})`}`, tone };
}

/** The whole text is in the record; a timeline has a line for each event. */
const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
