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

/** Whoever wants to hear of the stages of a run. */
export interface StageHooks {
  readonly onStageBegin?: (begin: StageBegin) => void;
  readonly onStageEnd?: (end: StageEnd) => void;
}

/** The timers that tell the world what runs do. A run is followed anew whenever its plan has changed. */
export class RunTimers {
  private readonly hooks: StageHooks;
  private readonly timers = new Map<Run, ReturnType<typeof setTimeout>[]>();
  private readonly begun = new Map<Run, Set<string>>();

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
      if (endsAt <= now || result === 'skipped') continue;
      timers.push(
        setTimeout(() => this.hooks.onStageEnd?.({ run, stage: stage.name, result }), endsAt - now),
      );
    }
    this.timers.set(run, timers);
  }

  private replan(run: Run, stage: StagePlan): void {
    run.plan = {
      ...run.plan,
      stages: run.plan.stages.map((known) => (known.name === stage.name ? stage : known)),
    };
    this.follow(run);
  }
}
