import { makeCancelPipeline } from '../../lambdas/cancel-pipeline/cancel-pipeline.ts';
import type { PipelineRun } from '../../core/standby/pipeline.ts';
import type { Step } from '../../lambdas/runtime.ts';
import type { Config } from '../../core/config/schema.ts';
import { brokenRun, config, externalConfig, problemsOf, problemsOfBrokenRun, run } from './fixture.ts';
import { MemoryPipeline, onlyFor, pipelineRun } from './azure-helpers.ts';
import { callOf, MemoryLog, VirtualClock } from './helpers.ts';

const call = callOf(new VirtualClock());
const START = new VirtualClock().now();

function bench(
  parts: Partial<PipelineRun> | null,
  own: Config = config,
): {
  step: Step;
  pipeline: MemoryPipeline;
  clock: VirtualClock;
} {
  const pipeline = new MemoryPipeline();
  if (parts !== null) pipeline.runs.set('run-1', pipelineRun(parts));
  const clock = new VirtualClock();
  const step = makeCancelPipeline({ config: own, clock, log: new MemoryLog(), pipeline: onlyFor(pipeline) });
  return { step, pipeline, clock };
}

describe('cancel-pipeline', () => {
  it.each(['queued', 'running'] as const)('cancels a run that is %s', async (state) => {
    const { step, pipeline } = bench({ state });
    expect(await step({ run }, call)).toEqual({
      cancelled: true,
      detail: 'run pilotlight-shop-apply-run-1 was cancelled',
    });
    expect(pipeline.cancelled).toEqual([500]);
  });

  it('asks nobody about an external standby, and waits for nothing', async () => {
    const { step, pipeline, clock } = bench({ state: 'running' }, externalConfig());
    expect(await step({ run }, call)).toEqual({
      cancelled: false,
      detail: 'the standby is external: nothing was started',
    });
    expect(pipeline.cancelled).toEqual([]);
    expect(clock.now()).toBe(START);
  });

  it('is content where this execution started none', async () => {
    const { step, pipeline } = bench(null);
    expect(await step({ run }, call)).toEqual({
      cancelled: false,
      detail: 'this execution started no pipeline run',
    });
    expect(pipeline.cancelled).toEqual([]);
  });

  it('cancels a run that came through after its first look, because its start was on the way', async () => {
    const { step, pipeline, clock } = bench(null);
    void clock.sleep(19_000).then(() => pipeline.runs.set('run-1', pipelineRun({ state: 'queued' })));
    expect(await step({ run }, call)).toMatchObject({ cancelled: true });
    expect(pipeline.cancelled).toEqual([500]);
    expect(clock.now() - START).toBe(20_000);
  });

  it('leaves the run of another execution alone', async () => {
    const { step, pipeline } = bench({});
    expect(await step({ run: { ...run, execution: 'run-2' } }, call)).toMatchObject({ cancelled: false });
    expect(pipeline.cancelled).toEqual([]);
  });

  it.each([
    ['failed', 'failed'],
    ['succeeded', 'succeeded'],
    [null, 'unknown'],
  ] as const)('leaves a run alone that ended as %s', async (result, shown) => {
    const { step, pipeline } = bench({ state: 'completed', result });
    expect(await step({ run }, call)).toEqual({
      cancelled: false,
      detail: `run pilotlight-shop-apply-run-1 had ended already: ${shown}`,
    });
    expect(pipeline.cancelled).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const { step, pipeline } = bench({});
    expect(await problemsOf(step, { run: brokenRun })).toEqual(problemsOfBrokenRun);
    expect(pipeline.cancelled).toEqual([]);
  });
});
