import type { Config } from '../../core/config/schema.ts';
import { makeStartPipeline } from '../../lambdas/start-pipeline/start-pipeline.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  configWith,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
} from './fixture.ts';
import { MemoryPipeline, onlyFor } from './azure-helpers.ts';
import { callOf, MemoryLedger, MemoryLog, VirtualClock } from './helpers.ts';

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly pipeline: MemoryPipeline;
}

function bench(own: Config = config): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const pipeline = new MemoryPipeline();
  const deps = { config: own, clock, log: new MemoryLog(), ledger, pipeline: onlyFor(pipeline) };
  return { step: makeStartPipeline(deps), clock, ledger, pipeline };
}

describe('start-pipeline', () => {
  it('starts the pipeline with all that it must know, under the execution as correlation id', async () => {
    const at = bench();
    expect(await at.step({ run, lease }, callOf(at.clock, 60))).toEqual({
      runner: 'azure-devops',
      runId: 500,
      name: 'pilotlight-shop-apply-run-1',
      url: 'https://dev.azure.com/shop/shop/_build/results?buildId=500',
      startedAt: '2026-03-02T10:00:00.000Z',
      why: null,
    });
    expect(at.pipeline.started).toEqual([
      { action: 'apply', workload: 'shop', correlationId: 'run-1', tier: 'cold', replaceData: 'true' },
    ]);
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('lets the pipeline replace no data where users have written on the standby', async () => {
    const at = bench();
    await at.step({ run, lease: { ...lease, standbyServed: true } }, callOf(at.clock, 60));
    expect(at.pipeline.started).toMatchObject([{ replaceData: 'false' }]);
  });

  it('tells the pipeline the tier of the workload', async () => {
    const warm = configWith((shop) => {
      shop.standby.tier = 'warm';
    });
    const at = bench(warm);
    await at.step({ run, lease }, callOf(at.clock, 60));
    expect(at.pipeline.started).toMatchObject([{ tier: 'warm' }]);
  });

  it('finds its own run when the step runs again, and starts no second one', async () => {
    const at = bench();
    const first = await at.step({ run, lease }, callOf(at.clock, 60));
    expect(await at.step({ run, lease }, callOf(at.clock, 60))).toEqual(first);
    expect(at.pipeline.started).toHaveLength(1);
  });

  it('starts another run for another execution', async () => {
    const at = bench();
    await at.step({ run, lease }, callOf(at.clock, 60));
    at.ledger.holder = 'run-2';
    const second = { ...run, execution: 'run-2' };
    expect(await at.step({ run: second, lease }, callOf(at.clock, 60))).toMatchObject({ runId: 501 });
  });

  it('gives an execution that EventBridge named a correlation id that the pipeline takes', async () => {
    const at = bench();
    const execution = 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92_0e5a5c0c-9d9c-4d6e-8a9f-2f1c8f0c1b2a';
    at.ledger.holder = execution;
    await at.step({ run: { ...run, execution }, lease }, callOf(at.clock, 60));
    const correlationId = at.pipeline.started[0]?.['correlationId'];
    expect(correlationId).toMatch(/^c4c1c1c9-6542-e61b-6ef0-8c4d36933a92-0e5a5c0c-9d9c-4d6e-[0-9a-f]{8}$/);
    expect(correlationId).toHaveLength(64);
  });

  it('starts nothing when the lease is lost', async () => {
    const at = bench();
    at.ledger.holder = null;
    expect((await refusalOf(at.step({ run, lease }, callOf(at.clock, 60)))).name).toBe('LeaseLost');
    expect(at.pipeline.started).toEqual([]);
  });

  it('does not begin what it may not finish', async () => {
    const at = bench();
    const error = await refusalOf(at.step({ run, lease }, callOf(at.clock, 19)));
    expect(error.name).toBe('TooLittleTime');
    expect(error.message).toBe('starting the pipeline needs 20000 ms, 19000 ms are left; nothing was begun.');
    expect(at.ledger.renewals).toEqual([]);
    expect(at.pipeline.started).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    expect(await problemsOf(at.step, { run: brokenRun })).toEqual([
      ...problemsOfBrokenRun,
      'lease: got nothing, expected object',
    ]);
    expect(at.pipeline.started).toEqual([]);
  });
});
