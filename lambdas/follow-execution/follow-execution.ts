import type { MessagePlace, ThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import type { Approval } from '../../core/approval/approval.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { BrakeItem } from '../../core/ledger/lease.ts';
import type { Approvals, Log, Messenger } from '../../core/ports.ts';
import type { RunRecord } from '../../core/run/record.ts';
import { decidedMessage, endedMessage, startedMessage, stoppedMessage } from '../../core/slack/message.ts';
import { END_OF_RUN, type ThreadPhase } from '../../core/slack/thread.ts';
import type { Step } from '../runtime.ts';
import { readExecutionLog, type LoggedEvent } from './execution-log.ts';

export interface FollowExecutionDeps {
  readonly config: Config;
  readonly log: Log;
  readonly threads: ThreadLedger;
  readonly approvals: Pick<Approvals, 'find'>;
  readonly messenger: Messenger;
  readonly brakeOf: (workload: string) => Promise<BrakeItem | null>;
}

/** A run, by its two names, with what people call its site. */
interface Followed {
  readonly workload: string;
  readonly execution: string;
  readonly site: Workload;
  readonly approval: Approval | null;
  /** Where its message stands; null where there is none yet. */
  readonly place: MessagePlace | null;
}

/** The message of a run is posted once; remembered like a phase. */
const MESSAGE = 'message';

/**
 * Tells the thread of a run how it goes: one line a phase, and the last word in the message. It reads the log of the
 * workflow and stands beside its path: what goes wrong here is written down and keeps nothing from happening.
 */
export const makeFollowExecution =
  (deps: FollowExecutionDeps): Step =>
  async (raw): Promise<{ told: number }> => {
    let told = 0;
    // One after the other: the lines of a thread have an order.
    for (const logged of readExecutionLog(raw)) {
      try {
        if (await follow(deps, logged)) told += 1;
      } catch (error) {
        deps.log.warn('a line of the thread is lost', {
          execution: logged.execution,
          problem: error instanceof Error ? error.message : String(error),
        });
      }
    }
    return { told };
  };

/** True where something was said. */
async function follow(deps: FollowExecutionDeps, logged: LoggedEvent): Promise<boolean> {
  const { execution, event, at } = logged;
  const workload = await workloadOfExecution(deps, execution);
  const site = workload === null ? undefined : deps.config.workloads[workload];
  if (workload === null || site === undefined) return false;
  const approval = await deps.approvals.find(workload, execution);
  const place = approval?.message ?? (await deps.threads.message(workload, execution));
  const run: Followed = { workload, execution, site, approval, place };
  return event.kind === 'end' ? tellEnd(deps, run, event.how) : tellPhase(deps, run, { ...event, at });
}

/** The log does not say what a run is about; the lease does. Null for a run that never held one, so for a dry run. */
async function workloadOfExecution(deps: FollowExecutionDeps, execution: string): Promise<string | null> {
  for (const workload of Object.keys(deps.config.workloads)) {
    if (await deps.threads.isAbout(workload, execution)) return workload;
  }
  return null;
}

async function tellPhase(
  deps: FollowExecutionDeps,
  run: Followed,
  { phase, at }: { readonly phase: ThreadPhase; readonly at: number },
): Promise<boolean> {
  const { workload, execution } = run;
  if (run.place === null && !phase.opens) return false;
  if (!(await deps.threads.claim(workload, execution, phase.id))) return false;
  const place = run.place ?? (await begin(deps, run, at));
  if (place === null) return false;
  await deps.messenger.post({ text: phase.line, thread: place.ts });
  if (phase.id === 'silence') await closeQuestion(deps, run);
  return true;
}

/** Posts the message of a run; null where another invocation is just doing it. */
async function begin(deps: FollowExecutionDeps, run: Followed, at: number): Promise<MessagePlace | null> {
  const { workload, execution, site } = run;
  if (!(await deps.threads.claim(workload, execution, MESSAGE))) {
    return deps.threads.message(workload, execution);
  }
  const message = startedMessage({ workload, execution, at }, site, await brakeOf(deps, workload));
  const place = await deps.messenger.post(message).catch(async (error: unknown) => {
    // The next phase tries again; a message that did arrive stands there twice then, which is better than none.
    await deps.threads.unclaim(workload, execution, MESSAGE);
    throw error;
  });
  await deps.threads.noteMessage(workload, execution, place);
  return place;
}

/** Nobody answered: the buttons go, before somebody presses one for nothing. */
async function closeQuestion(
  deps: FollowExecutionDeps,
  { approval, site, workload }: Followed,
): Promise<void> {
  if (approval?.message == null) return;
  const closed = { ...approval, state: 'closed' } as const;
  await deps.messenger.update(approval.message, decidedMessage(closed, site, await brakeOf(deps, workload)));
}

async function tellEnd(deps: FollowExecutionDeps, run: Followed, how: string): Promise<boolean> {
  const { workload, execution, site, approval, place } = run;
  if (await deps.threads.isTold(workload, execution, END_OF_RUN)) return false;
  const record = await deps.threads.record(workload, execution);
  const brake = await brakeOf(deps, workload);
  const message =
    record === null
      ? stoppedMessage({ execution, how, site, brake })
      : endedMessage(record, { site, approval, brake });
  // A run that stood down before it did anything has no message and gets none: a flapping alarm is no news.
  if (place === null && isQuiet(record)) return false;
  if (place !== null) {
    // Rewriting is harmless twice, so it is remembered only afterwards.
    await deps.messenger.update(place, message);
    return deps.threads.claim(workload, execution, END_OF_RUN);
  }
  if (!(await deps.threads.claim(workload, execution, END_OF_RUN))) return false;
  await deps.messenger.post(message);
  return true;
}

const isQuiet = (record: RunRecord | null): boolean =>
  record?.outcome === 'StoodDown' || record?.outcome === 'NothingToDo';

/** Shown where it can be read; a message must not wait for it. */
const brakeOf = async (deps: FollowExecutionDeps, workload: string): Promise<BrakeItem | null> =>
  deps.brakeOf(workload).catch(() => null);
