import { CloudRefused } from '../../core/errors.ts';
import type { PipelineRun, RunId } from '../../core/standby/pipeline.ts';
import type { Pipeline, Standby } from '../../core/ports.ts';
import type { StandbyChecks, StandbyWanted } from '../../core/standby/standby.ts';
import { run } from './fixture.ts';

/* The Azure side of the steps, in memory. */

/** A pipeline whose runs are found by their correlation id. */
export class MemoryPipeline implements Pipeline {
  readonly previewed: Readonly<Record<string, string>>[] = [];

  async preview(parameters: Readonly<Record<string, string>>): Promise<{ yaml: string }> {
    this.previewed.push(parameters);
    return { yaml: 'stages: []' };
  }

  readonly runs = new Map<string, PipelineRun>();
  readonly started: Readonly<Record<string, string>>[] = [];
  readonly cancelled: RunId[] = [];

  async find(correlationId: string): Promise<PipelineRun | null> {
    return this.runs.get(correlationId) ?? null;
  }

  async start(correlationId: string, parameters: Readonly<Record<string, string>>): Promise<PipelineRun> {
    const running = this.runs.get(correlationId);
    if (running !== undefined) return running;
    const fresh = pipelineRun({ id: 500 + this.runs.size, name: `pilotlight-shop-apply-${correlationId}` });
    this.runs.set(correlationId, fresh);
    this.started.push(parameters);
    return fresh;
  }

  async read(runId: RunId): Promise<PipelineRun> {
    const found = [...this.runs.values()].find((known) => known.id === runId);
    if (found !== undefined) return found;
    throw new CloudRefused({ call: 'Azure DevOps Get Build', got: 'HTTP 404', next: 'Look at the project.' });
  }

  async cancel(runId: RunId): Promise<void> {
    this.cancelled.push((await this.read(runId)).id);
  }
}

export const pipelineRun = (parts: Partial<PipelineRun>): PipelineRun => ({
  runner: 'azure-devops',
  id: 500,
  name: 'pilotlight-shop-apply-run-1',
  state: 'running',
  result: null,
  url: 'https://dev.azure.com/shop/shop/_build/results?buildId=500',
  stages: [],
  waits: null,
  begun: true,
  ...parts,
});

export const healthyMachinery: StandbyChecks = {
  gateway: { good: true, detail: '2 of 2 backends Up' },
  cluster: { good: true, detail: 'running' },
  database: { good: true, detail: 'Ready' },
};

/** A standby that looks as it is told, and whose pool had one node. */
export class MemoryStandby implements Standby {
  checks: StandbyChecks = healthyMachinery;
  nodeCount = 1;
  /** What was asked for, in order. */
  readonly wanted: (StandbyWanted | undefined)[] = [];
  async check(wanted?: StandbyWanted): Promise<StandbyChecks> {
    this.wanted.push(wanted);
    return this.checks;
  }
  async scale(nodeCount: number): Promise<{ nodeCount: number; previousNodeCount: number }> {
    const previousNodeCount = this.nodeCount;
    this.nodeCount = nodeCount;
    return { nodeCount, previousNodeCount };
  }
}

/** Gives the one standby or pipeline of the tests, and only to its workload. */
export const onlyFor =
  <T>(thing: T) =>
  (workload: string): T => {
    if (workload !== run.workload) throw new Error(`unexpected workload ${workload}`);
    return thing;
  };
