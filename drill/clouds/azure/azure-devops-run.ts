/*
 * One run of a pipeline, as a function of time: the plan says how long everything takes, and every look at the run
 * computes from it what has happened by now.
 */

/** One stage of the plan. */
export interface StagePlan {
  readonly name: string;
  /** Stages that must have succeeded before this one starts; without any it starts with the run. */
  readonly startsAfter: readonly string[];
  readonly durationSeconds: number;
  readonly outcome: 'succeeded' | 'failed';
  /** What the failing task writes, one line each. */
  readonly errors?: readonly string[];
  /** What is there before the stage ends, where it succeeds. */
  readonly milestones?: readonly Milestone[];
  readonly waitsFor?: Wait;
}

/** So many seconds before the end of its stage, or after it where that is negative. */
export interface Milestone {
  readonly name: string;
  readonly beforeEndSeconds: number;
}

/** A stage that runs and has nothing to do before another one is so near its end. Where that one fails it gives up a little later. */
export interface Wait {
  readonly stage: string;
  readonly beforeEndSeconds: number;
  readonly noticeSeconds: number;
  readonly error: string;
}

/** What will happen to a run that nobody cancels. */
export interface RunPlan {
  /** Until an agent takes the run. */
  readonly agentWaitSeconds: number;
  /** From the request to cancel until the agent has stopped. */
  readonly cancelSeconds: number;
  readonly stages: readonly StagePlan[];
  /** The run waits for somebody before its first stage; null where it does not. */
  readonly checkpoint?: { readonly type: 'Authorization' | 'Approval'; readonly seconds: number } | null;
}

/** A run as it is kept; moments are milliseconds since the Unix epoch. */
export interface Run {
  readonly id: number;
  readonly pipelineId: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly branch: string;
  /** A stage that finds its lock held is planned anew. */
  plan: RunPlan;
  readonly queuedAt: number;
  /** The number that it carries until an agent takes it. */
  readonly provisionalName: string;
  /** The number that the pipeline's `name:` gives it then. */
  readonly name: string;
  readonly tags: Set<string>;
  cancelRequestedAt: number | null;
}

export type StageResult = 'succeeded' | 'failed' | 'canceled' | 'skipped';

/** When a stage starts and ends and how; a skipped one ends when it is skipped and never starts. */
export interface StageSpan {
  readonly stage: StagePlan;
  readonly startsAt: number | null;
  readonly endsAt: number;
  readonly result: StageResult;
}

/** The run at one moment. */
export interface RunView {
  readonly status: 'notStarted' | 'inProgress' | 'cancelling' | 'completed';
  readonly result: 'succeeded' | 'failed' | 'canceled' | null;
  readonly buildNumber: string;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly spans: readonly StageSpan[];
}

const agentAt = (run: Run): number => run.queuedAt + run.plan.agentWaitSeconds * 1_000;

/** The moment from which stages may run: somebody has given what the checkpoint waits for. */
export const permittedAt = (run: Run): number => agentAt(run) + (run.plan.checkpoint?.seconds ?? 0) * 1_000;

/** The moment at which a cancelled run has stopped; a run that no agent has taken stops at once. */
const stoppedAt = (run: Run, requestedAt: number): number =>
  requestedAt < agentAt(run) ? requestedAt : requestedAt + run.plan.cancelSeconds * 1_000;

const needsOf = ({ startsAfter, waitsFor }: StagePlan): readonly string[] =>
  waitsFor === undefined ? startsAfter : [...startsAfter, waitsFor.stage];

/** Stages in an order in which each comes after those it waits for. @throws Error on a plan that can never start. */
export function orderedStages(plan: RunPlan): readonly StagePlan[] {
  const ordered: StagePlan[] = [];
  const done = new Set<string>();
  while (ordered.length < plan.stages.length) {
    const next = plan.stages.find(
      (stage) => !done.has(stage.name) && needsOf(stage).every((name) => done.has(name)),
    );
    if (next === undefined)
      throw new Error('the plan of a pipeline run waits for a stage that it does not have, or in a circle');
    ordered.push(next);
    done.add(next.name);
  }
  return ordered;
}

function runningSpan(stage: StagePlan, startsAt: number, spans: ReadonlyMap<string, StageSpan>): StageSpan {
  const { waitsFor } = stage;
  const other = waitsFor === undefined ? undefined : spans.get(waitsFor.stage);
  if (waitsFor !== undefined && other !== undefined && other.result !== 'succeeded') {
    const endsAt = Math.max(startsAt, other.endsAt) + waitsFor.noticeSeconds * 1_000;
    return { stage: { ...stage, errors: [waitsFor.error] }, startsAt, endsAt, result: 'failed' };
  }
  const worksAt =
    waitsFor === undefined || other === undefined
      ? startsAt
      : Math.max(startsAt, other.endsAt - waitsFor.beforeEndSeconds * 1_000);
  return { stage, startsAt, endsAt: worksAt + stage.durationSeconds * 1_000, result: stage.outcome };
}

const plannedSpans = (run: Run): StageSpan[] => {
  const spans = new Map<string, StageSpan>();
  for (const stage of orderedStages(run.plan)) {
    const before = stage.startsAfter.map((name) => spans.get(name)).filter((span) => span !== undefined);
    const readyAt = Math.max(permittedAt(run), ...before.map((span) => span.endsAt));
    const runs = before.every((span) => span.result === 'succeeded');
    spans.set(
      stage.name,
      runs
        ? runningSpan(stage, readyAt, spans)
        : { stage, startsAt: null, endsAt: readyAt, result: 'skipped' },
    );
  }
  return [...spans.values()];
};

/** The stages of a run as they go, a cancellation taken into account. */
export function spansOf(run: Run): readonly StageSpan[] {
  const planned = plannedSpans(run);
  const requestedAt = run.cancelRequestedAt;
  if (requestedAt === null) return planned;
  return planned.map((span) => {
    if (span.endsAt <= requestedAt) return span;
    if (span.startsAt === null || span.startsAt >= requestedAt) {
      return { ...span, startsAt: null, endsAt: requestedAt, result: 'skipped' };
    }
    return { ...span, endsAt: stoppedAt(run, requestedAt), result: 'canceled' };
  });
}

/** What the run looks like at `now`. */
export function viewRun(run: Run, now: number): RunView {
  const spans = spansOf(run);
  const requestedAt = run.cancelRequestedAt;
  const endsAt =
    requestedAt === null ? Math.max(...spans.map((span) => span.endsAt)) : stoppedAt(run, requestedAt);
  const taken = now >= agentAt(run) && (requestedAt === null || requestedAt >= agentAt(run));
  const view = {
    buildNumber: taken ? run.name : run.provisionalName,
    startedAt: taken ? agentAt(run) : null,
    spans,
  };
  if (now < endsAt) {
    const going = taken ? 'inProgress' : 'notStarted';
    return { ...view, status: requestedAt === null ? going : 'cancelling', result: null, finishedAt: null };
  }
  const good = spans.every((span) => span.result === 'succeeded');
  const result = requestedAt !== null ? 'canceled' : good ? 'succeeded' : 'failed';
  return { ...view, status: 'completed', result, finishedAt: endsAt };
}
