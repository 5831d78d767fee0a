import { PilotlightError } from '../core/errors.ts';
import type { Execution, RunEntry } from '../core/ledger/operations.ts';
import type { Deps } from './command.ts';
import { EXIT, refusal, type ExitCode } from './exit.ts';
import { runText } from './run-text.ts';
import { durationText, sinceText } from './time.ts';
import { makeTimeline, type TimelineEntry } from './timeline.ts';

/** Step Functions lets an account read histories some 20 times a second; a person reads slower. */
const LOOK_MS = 3_000;
/** A quiet run shows that it is alive. */
const HEARTBEAT_MS = 60_000;
/** So many looks in a row without an answer: it is not the network for a moment any more. */
const MISSES_MAX = 20;
/** The record is written before the execution ends; only a run that was killed has none. */
const OVER: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED']);

/** How a followed run ended. `entry` is null where it left no record. */
export interface Ending {
  readonly execution: Execution;
  readonly entry: RunEntry | null;
}

/** Shows a run line by line until it ends. Stopping to watch does not stop it. */
export async function follow(deps: Deps, workload: string, name: string): Promise<Ending> {
  const { out, clock, workflow } = deps;
  const timeline = makeTimeline();
  const tell = (startedAt: number) => (entry: TimelineEntry) => out.line(entryText(deps, entry, startedAt));
  let lastId = 0;
  let toldAt = clock.now();
  let misses = 0;
  for (;;) {
    try {
      // Whether it is over is asked first: what happens between the two questions is then seen by the second.
      const execution = await workflow.describe(name);
      if (execution === null)
        throw refusal(
          `The run ${name} is not known to Step Functions any more.`,
          whereToLook(workload, name),
        );
      const events = await workflow.events(name, lastId);
      lastId = events.at(-1)?.id ?? lastId;
      const entries = timeline(events);
      entries.forEach(tell(execution.startedAt));
      if (OVER.has(execution.status))
        return { execution, entry: await deps.operations.findRun(workload, name) };
      if (entries.length > 0) toldAt = clock.now();
      if (clock.now() - toldAt >= HEARTBEAT_MS) {
        out.line(out.dress.dim(`${sinceText(clock.now() - execution.startedAt)}  still running`));
        toldAt = clock.now();
      }
      misses = 0;
    } catch (error) {
      misses += 1;
      if (!(error instanceof PilotlightError && error.retryable) || misses >= MISSES_MAX) throw error;
      out.warn(
        `The run could not be looked at (${error.message.split('.', 1)[0] ?? ''}); it goes on, looking again.`,
      );
    }
    await clock.sleep(LOOK_MS);
  }
}

const whereToLook = (workload: string, name: string): string =>
  `Look for its record with: pilotlight show ${name}; and at the workload with: pilotlight status ${workload}`;

function entryText({ out: { dress } }: Deps, { at, text, tone }: TimelineEntry, startedAt: number): string {
  const dressed = tone === 'plain' ? text : dress[tone](text);
  return `${dress.dim(sinceText(at - startedAt))}  ${dressed}`;
}

/** Says how a run ended and what to do now. */
export function tellEnding(deps: Deps, workload: string, { execution, entry }: Ending): void {
  const { out } = deps;
  out.line();
  if (entry !== null) {
    out.line(runText(entry, out.dress));
    return;
  }
  const lasted = durationText((execution.stoppedAt ?? deps.clock.now()) - execution.startedAt);
  out.line(out.dress.bad(`The run ended as ${execution.status} after ${lasted} and left no record.`));
  if (execution.cause !== null) out.line(execution.cause);
  out.line(`Look at the route first: pilotlight status ${workload}`);
}

/** The same, and for programs what became of it. */
export function tellRun(deps: Deps, workload: string, ending: Ending): void {
  const { execution, entry } = ending;
  tellEnding(deps, workload, ending);
  deps.out.document({
    execution: execution.name,
    workload,
    startedAt: new Date(execution.startedAt).toISOString(),
    status: execution.status,
    outcome: entry?.outcome ?? null,
    record: entry?.record ?? null,
  });
}

/** The exit status of a run that was only watched. */
export const exitOf = ({ execution }: Ending): ExitCode =>
  execution.status === 'SUCCEEDED' ? EXIT.ok : EXIT.failed;
