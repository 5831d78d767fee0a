import { CloudRefused, type PilotlightError } from '../errors.ts';
import type { Clock, Log, Pipeline } from '../ports.ts';
import {
  hasFailed,
  isCloudError,
  isLive,
  unseenRun,
  wordsOf,
  type CarriedRun,
  type KnownRun,
  type RunOrder,
} from './carrying.ts';
import { NO_RUN, type PipelineRun, type RunId } from './pipeline.ts';

/*
 * Two runners for one request: Azure DevOps first, the container job where that refuses, does not answer, or has not begun
 * in time. Nothing is remembered here: each step looks at both by the correlation id, so that it may be cut off anywhere and
 * run again. Why the two never apply at once: docs/decisions/0020-two-runners.md.
 */

export interface TwoRunnersOptions {
  readonly workload: string;
  readonly first: Pipeline;
  readonly second: Pipeline;
  readonly clock: Clock;
  readonly log: Log;
  /** Until the first must have begun. Seconds. */
  readonly runnerSeconds: number;
}

/** How long a cancelled run may take to be seen ended before the second starts all the same. Seconds. */
const CANCEL_SECONDS = 60;
/** How long a look at the second runner waits for news of the first. Milliseconds. */
const ASIDE_MS = 5_000;

/** The answer of a look, or why there is none. */
type Looked = { readonly run: PipelineRun | null } | { readonly error: PilotlightError };

const look = async (pipeline: Pipeline, correlationId: string): Promise<Looked> => {
  try {
    return { run: await pipeline.find(correlationId) };
  } catch (error) {
    if (isCloudError(error)) return { error };
    throw error;
  }
};

/** What the first runner said to a start. */
type FirstAnswer =
  | { readonly kind: 'started'; readonly run: PipelineRun }
  /** Refused: nothing was started. */
  | { readonly kind: 'refused'; readonly error: PilotlightError }
  /** Nobody knows: a run may be queued. */
  | { readonly kind: 'silent'; readonly error: PilotlightError };

/** @see TwoRunnersOptions */
class TwoRunners implements Required<Pipeline> {
  private readonly options: TwoRunnersOptions;

  constructor(options: TwoRunnersOptions) {
    this.options = options;
  }

  /**
   * The run that counts: one that works before one that waits, and both before one that has ended. Where none goes on and
   * one runner could not be read, nobody knows, and it throws that runner's error.
   */
  async find(correlationId: string): Promise<PipelineRun | null> {
    const { first, second } = this.options;
    const looked = await Promise.all([look(second, correlationId), look(first, correlationId)]);
    const runs = looked.flatMap((one) => ('run' in one && one.run !== null ? [one.run] : []));
    const live = runs.find((run) => isLive(run) && run.begun) ?? runs.find(isLive);
    if (live !== undefined) return live;
    const unread = looked.find((one) => 'error' in one);
    if (unread !== undefined) throw unread.error;
    return (
      runs.find((run) => run.state === 'canceling') ??
      runs.find((run) => run.result === 'succeeded') ??
      runs[0] ??
      null
    );
  }

  /**
   * Starts the first runner, or the second where the first refuses. Where the first does not answer it may have queued a
   * run all the same: the answer is then a run without a number, and `carry` decides when that has taken too long.
   */
  async start(correlationId: string, parameters: Readonly<Record<string, string>>): Promise<PipelineRun> {
    const { second, log } = this.options;
    const moved = await look(second, correlationId);
    if ('run' in moved && moved.run !== null) return moved.run;
    const asked = await this.askFirst(correlationId, parameters);
    if (asked.kind === 'started') return asked.run;
    log.warn('the first runner did not start', { kind: asked.kind, error: asked.error });
    if (asked.kind === 'silent') return unseenRun(this.options.workload, correlationId);
    const run = await this.startSecond({ correlationId, parameters }, asked.error);
    return { ...run, why: `Azure DevOps refuses (${asked.error.message})` };
  }

  async preview(parameters: Readonly<Record<string, string>>): Promise<{ readonly yaml: string }> {
    const { first, second } = this.options;
    const previews = await Promise.all([first.preview(parameters), second.preview(parameters)]);
    return { yaml: previews.map(({ yaml }) => yaml).join('\n---\n') };
  }

  async read(runId: RunId): Promise<PipelineRun> {
    return this.of(runId).read(runId);
  }

  async cancel(runId: RunId): Promise<void> {
    return this.of(runId).cancel(runId);
  }

  async carry(order: RunOrder, known: KnownRun): Promise<CarriedRun> {
    if (known.runner === 'container-job') return this.carrySecond(order, known);
    if (known.runId === NO_RUN) return this.begin(order);
    const { first, second } = this.options;
    let run: PipelineRun;
    try {
      run = await first.read(known.runId);
    } catch (error) {
      // What has begun goes on without us: a second runner beside it would only wait for its lock.
      if (known.begun || !isCloudError(error)) throw error;
      if (!this.isLate(order))
        return { run: unseenRun(order.workload, order.correlationId, known.runId), loose: true, why: null };
      const why = `Azure DevOps does not answer (${wordsOf(error)})`;
      return this.takeOver(order, { run: null, loose: true, why, error });
    }
    if (run.begun)
      return hasFailed(run) ? this.rescued(second, order, run) : { run, loose: false, why: null };
    if (run.state === 'completed') {
      const why = `the run ${run.name} ended as ${run.result ?? 'unknown'} before it began`;
      return this.takeOver(order, { run: null, loose: false, why });
    }
    if (!this.isLate(order)) return { run, loose: false, why: null };
    const waits = run.waits === null ? '' : `: it waits for ${run.waits.for}`;
    const why = `the run ${run.name} has not begun within ${this.options.runnerSeconds} s${waits}`;
    return this.takeOver(order, { run, loose: false, why });
  }

  /** The first runner has no run that we know of: it is asked once more, which finds the run of a lost answer. */
  private async begin(order: RunOrder): Promise<CarriedRun> {
    const { correlationId, parameters } = order;
    const moved = await look(this.options.second, correlationId);
    if ('run' in moved && moved.run !== null) {
      return { run: moved.run, loose: true, why: 'it was started before, and carries this request' };
    }
    const asked = await this.askFirst(correlationId, parameters);
    if (asked.kind === 'started') return { run: asked.run, loose: false, why: null };
    if (asked.kind === 'silent' && !this.isLate(order)) {
      return { run: unseenRun(this.options.workload, correlationId), loose: true, why: null };
    }
    const words = asked.kind === 'refused' ? 'Azure DevOps refuses' : 'Azure DevOps does not answer';
    const run = await this.startSecond(order, asked.error);
    return { run, loose: asked.kind === 'silent', why: `${words} (${asked.error.message})` };
  }

  /** The second runner's run; a queued run that the first has kept is cancelled as soon as that can be done. */
  private async carrySecond(order: RunOrder, known: KnownRun): Promise<CarriedRun> {
    const { first, second } = this.options;
    const [run, loose] = await Promise.all([
      second.read(known.runId),
      known.loose ? this.isStillLoose(order) : false,
    ]);
    return hasFailed(run) ? this.rescued(first, order, run) : { run, loose, why: null };
  }

  private async isStillLoose({ correlationId }: RunOrder): Promise<boolean> {
    const { first, clock } = this.options;
    const cancelled = async (): Promise<boolean> => {
      try {
        const found = await first.find(correlationId);
        // What has begun meanwhile keeps its lock, or waits for ours: it ends by itself.
        if (found !== null && isLive(found) && !found.begun) await first.cancel(found.id);
        return false;
      } catch {
        return true;
      }
    };
    return Promise.race([cancelled(), clock.sleep(ASIDE_MS).then(() => true)]);
  }

  /**
   * Hands the request to the second runner: the run of the first is cancelled first, and seen to have ended. What cannot
   * be cancelled, because Azure DevOps is down, is kept out by the lock of the state.
   */
  private async takeOver(
    order: RunOrder,
    from: {
      readonly run: PipelineRun | null;
      readonly loose: boolean;
      readonly why: string;
      readonly error?: PilotlightError;
    },
  ): Promise<CarriedRun> {
    const { second, log } = this.options;
    if (from.run !== null) {
      try {
        // A second runner that cannot be used is no reason to give up the first.
        await second.preview(order.parameters);
      } catch (error) {
        if (!isCloudError(error)) throw error;
        log.warn('the second runner cannot be used: the first goes on', { error });
        return { run: from.run, loose: false, why: null };
      }
    }
    const left = from.run === null ? null : await this.cancelled(from.run);
    if (left?.run !== undefined && !this.isLate(order, CANCEL_SECONDS)) {
      return { run: left.run, loose: false, why: null };
    }
    const run = await this.startSecond(order, from.error ?? null);
    return { run, loose: from.loose || left !== null, why: from.why };
  }

  /** Null where it has ended; else as it was seen last, where it could be seen. */
  private async cancelled(run: PipelineRun): Promise<{ readonly run?: PipelineRun } | null> {
    const { first, log } = this.options;
    try {
      await first.cancel(run.id);
      const after = await first.read(run.id);
      return after.state === 'completed' ? null : { run: after };
    } catch (error) {
      if (!isCloudError(error)) throw error;
      log.warn('the run of the first runner cannot be cancelled', { runId: run.id, error });
      return {};
    }
  }

  /** A run that failed is no end where the other runner works at the same request, or has done it. */
  private async rescued(other: Pipeline, order: RunOrder, run: PipelineRun): Promise<CarriedRun> {
    const looked = await look(other, order.correlationId);
    const found = 'run' in looked ? looked.run : null;
    if (found === null || !(found.result === 'succeeded' || (isLive(found) && found.begun))) {
      return { run, loose: false, why: null };
    }
    return {
      run: found,
      loose: false,
      why: `the run ${run.name} (${run.runner}) ended as ${run.result ?? 'unknown'}`,
    };
  }

  private async askFirst(
    correlationId: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<FirstAnswer> {
    try {
      return { kind: 'started', run: await this.options.first.start(correlationId, parameters) };
    } catch (error) {
      if (!isCloudError(error)) throw error;
      return { kind: error instanceof CloudRefused ? 'refused' : 'silent', error };
    }
  }

  private async startSecond(
    { correlationId, parameters }: Pick<RunOrder, 'correlationId' | 'parameters'>,
    firstError: PilotlightError | null,
  ): Promise<PipelineRun> {
    try {
      return await this.options.second.start(correlationId, parameters);
    } catch (error) {
      if (firstError === null || !(error instanceof CloudRefused)) throw error;
      throw new CloudRefused({
        call: 'Starting the build of the standby',
        got: `a refusal of both runners: ${firstError.message} And: ${error.message}`,
        next: 'Mend either of the two, then start the run again.',
      });
    }
  }

  private isLate({ since }: RunOrder, moreSeconds = 0): boolean {
    return this.options.clock.now() - since >= (this.options.runnerSeconds + moreSeconds) * 1000;
  }

  /** Builds have numbers, executions have names. */
  private of(runId: RunId): Pipeline {
    return typeof runId === 'number' ? this.options.first : this.options.second;
  }
}

/** The two runners of a workload as one pipeline. */
export const makeTwoRunners = (options: TwoRunnersOptions): Pipeline => new TwoRunners(options);
