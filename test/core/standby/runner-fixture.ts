import { CloudRefused, CloudUnavailable } from '../../../core/errors.ts';
import type { Clock, Log, Pipeline } from '../../../core/ports.ts';
import type { KnownRun, RunOrder } from '../../../core/standby/carrying.ts';
import { NO_RUN, type PipelineRun, type RunId, type RunnerName } from '../../../core/standby/pipeline.ts';
import { makeTwoRunners } from '../../../core/standby/two-runners.ts';

/* Two runners in memory, each as bad as a test wants it. */

export const START = Date.parse('2026-03-02T10:00:00.000Z');
const PARAMETERS = { action: 'apply', workload: 'shop', correlationId: 'run-1' };

/** One runner: its runs, what was asked of it, and what is wrong with it. */
export class Runner implements Pipeline {
  readonly runs: PipelineRun[] = [];
  readonly asked: string[] = [];
  /** `down` answers nothing, `refuses` everything; `forgets` starts a run and loses the answer. */
  trouble: 'down' | 'refuses' | 'forgets' | null = null;
  /** Whether a cancelled run ends at once. */
  endsWhenCancelled = true;
  private readonly name: RunnerName;

  constructor(name: RunnerName) {
    this.name = name;
  }

  private fail(call: string): void {
    const name = `${this.name} ${call}`;
    if (this.trouble === 'down')
      throw new CloudUnavailable({ call: name, got: '503', next: 'It is repeated.' });
    if (this.trouble === 'refuses') throw new CloudRefused({ call: name, got: '401', next: 'Let it in.' });
  }

  private get(id: RunId): PipelineRun {
    const found = this.runs.find((run) => run.id === id);
    if (found === undefined) throw new CloudRefused({ call: this.name, got: '404', next: 'Look.' });
    return found;
  }

  async find(correlationId: string): Promise<PipelineRun | null> {
    this.fail('find');
    return this.runs.find(({ name }) => name.endsWith(correlationId)) ?? null;
  }

  async start(correlationId: string): Promise<PipelineRun> {
    const found = await this.find(correlationId);
    if (found !== null) return found;
    this.asked.push('start');
    const number = this.runs.length + 1;
    const run: PipelineRun = {
      runner: this.name,
      id: this.name === 'azure-devops' ? 700 + number : `job-${number}`,
      name: `pilotlight-shop-apply-${correlationId}`,
      ...{ state: 'queued', result: null, url: `https://${this.name}.example/${number}`, stages: [] },
      waits: this.name === 'azure-devops' ? { for: 'agent', stage: null } : null,
      begun: false,
    };
    this.runs.push(run);
    if (this.trouble === 'forgets') {
      this.trouble = null;
      throw new CloudUnavailable({ call: 'start', got: 'ECONNRESET', next: 'It is repeated.' });
    }
    return run;
  }

  async preview(): Promise<{ yaml: string }> {
    this.fail('preview');
    return { yaml: this.name };
  }

  async read(id: RunId): Promise<PipelineRun> {
    this.fail('read');
    return this.get(id);
  }

  async cancel(id: RunId): Promise<void> {
    this.fail('cancel');
    this.asked.push(`cancel ${id}`);
    this.change(this.endsWhenCancelled ? { state: 'completed', result: 'canceled' } : { state: 'canceling' });
  }

  /** Changes the newest run. */
  change(change: Partial<PipelineRun>): void {
    const run = this.runs.pop();
    if (run === undefined) throw new Error('there is no run to change');
    this.runs.push({ ...run, ...change });
  }
}

/** Both runners, the clock that tells when one is late, and what a step asks of them. */
export function twoRunners() {
  const devOps = new Runner('azure-devops');
  const job = new Runner('container-job');
  let now = START;
  const clock: Clock = {
    now: () => now,
    sleep: (ms) =>
      new Promise((wake) => {
        setImmediate(() => {
          now += ms;
          wake();
        });
      }),
  };
  const log: Log = { info: () => undefined, warn: () => undefined };
  const both = makeTwoRunners({
    workload: 'shop',
    first: devOps,
    second: job,
    clock,
    log,
    runnerSeconds: 180,
  });
  const order: RunOrder = {
    workload: 'shop',
    correlationId: 'run-1',
    parameters: PARAMETERS,
    since: START,
  };
  const carry = async (known: KnownRun) => {
    if (both.carry === undefined) throw new Error('two runners carry');
    return both.carry(order, known);
  };
  return {
    devOps,
    job,
    both,
    carry,
    start: () => both.start('run-1', PARAMETERS),
    at: (seconds: number) => {
      now = START + seconds * 1000;
    },
  };
}

/** What a look knows of the run of the look before. */
export const known = (run: PipelineRun, loose = false): KnownRun => ({
  ...{ runner: run.runner, runId: run.id, begun: run.begun, loose },
});

/** What the first look knows where the start was not answered. */
export const nobody: KnownRun = { runner: 'azure-devops', runId: NO_RUN, begun: false, loose: false };
