import { spansOf, type Run, type StagePlan, type StageResult } from './azure-devops-run.ts';

/** The end of a stage, told at its moment so that the world can react: what Terraform built now exists. */
export interface StageEnd {
  readonly run: Run;
  readonly stage: string;
  readonly result: Exclude<StageResult, 'skipped'>;
}

/** The beginning of a stage, which may turn out otherwise than planned: a lock may be held by then. */
export interface StageBegin {
  readonly run: Run;
  readonly stage: StagePlan;
  /** Puts another plan in the place of this stage's, counted from its beginning; the stages behind it follow. */
  readonly replan: (stage: StagePlan) => void;
}

/** What a stage has reached before its end. */
export interface StageMilestone {
  readonly run: Run;
  readonly stage: string;
  readonly name: string;
}

/** Whoever wants to hear of the stages of a run. */
export interface StageHooks {
  readonly onStageBegin?: (begin: StageBegin) => void;
  readonly onStageEnd?: (end: StageEnd) => void;
  readonly onMilestone?: (milestone: StageMilestone) => void;
}

/** The timers that tell the world what runs do. A run is followed anew whenever its plan has changed. */
export class RunTimers {
  private readonly hooks: StageHooks;
  private readonly timers = new Map<Run, ReturnType<typeof setTimeout>[]>();
  private readonly begun = new Map<Run, Set<string>>();
  private readonly reached = new Map<Run, Set<string>>();

  constructor(hooks: StageHooks) {
    this.hooks = hooks;
  }

  /** The timers follow the plan as it is now; a cancellation makes a new one. */
  follow(run: Run): void {
    this.timers.get(run)?.forEach(clearTimeout);
    const now = Date.now();
    const begun = this.begun.get(run) ?? new Set<string>();
    this.begun.set(run, begun);
    const timers: ReturnType<typeof setTimeout>[] = [];
    for (const { stage, startsAt, endsAt, result } of spansOf(run)) {
      if (startsAt === null) continue;
      if (startsAt >= now && !begun.has(stage.name) && this.hooks.onStageBegin !== undefined) {
        timers.push(
          setTimeout(() => {
            begun.add(stage.name);
            this.hooks.onStageBegin?.({ run, stage, replan: (other) => this.replan(run, other) });
          }, startsAt - now),
        );
      }
      if (result === 'succeeded') timers.push(...this.expectMilestones(run, { stage, startsAt, endsAt }));
      if (endsAt <= now || result === 'skipped') continue;
      timers.push(
        setTimeout(() => this.hooks.onStageEnd?.({ run, stage: stage.name, result }), endsAt - now),
      );
    }
    this.timers.set(run, timers);
  }

  /** Each is told once; one that a shorter plan has put into the past, at once. */
  private expectMilestones(
    run: Run,
    {
      stage,
      startsAt,
      endsAt,
    }: { readonly stage: StagePlan; readonly startsAt: number; readonly endsAt: number },
  ): ReturnType<typeof setTimeout>[] {
    const reached = this.reached.get(run) ?? new Set<string>();
    this.reached.set(run, reached);
    const open = (stage.milestones ?? []).filter(({ name }) => !reached.has(name));
    return open.map(({ name, beforeEndSeconds }) => {
      const at = Math.max(startsAt, endsAt - beforeEndSeconds * 1_000);
      return setTimeout(
        () => {
          reached.add(name);
          this.hooks.onMilestone?.({ run, stage: stage.name, name });
        },
        Math.max(0, at - Date.now()),
      );
    });
  }

  private replan(run: Run, stage: StagePlan): void {
    run.plan = {
      ...run.plan,
      stages: run.plan.stages.map((known) => (known.name === stage.name ? stage : known)),
    };
    this.follow(run);
  }
}
