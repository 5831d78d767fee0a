import fc from 'fast-check';
import {
  correlationIdOf,
  judgeRun,
  runNameOf,
  type PipelineRun,
  type PipelineStage,
} from '../../../core/standby/pipeline.ts';

const stage = (change: Partial<PipelineStage>): PipelineStage => ({
  name: 'Apply',
  state: 'completed',
  result: 'succeeded',
  errors: [],
  ...change,
});
const run = (change: Partial<PipelineRun>): PipelineRun => ({
  runner: 'azure-devops',
  id: 17,
  name: 'pilotlight-petclinic-apply-e1',
  state: 'completed',
  result: 'succeeded',
  url: 'https://dev.azure.com/petclinic/petclinic/_build/results?buildId=17',
  stages: [],
  waits: null,
  begun: true,
  ...change,
});

describe('a pipeline run', () => {
  it.each(['queued', 'canceling'] as const)('that is %s goes on', (state) => {
    expect(judgeRun(run({ state, result: null }))).toEqual({ kind: 'running', detail: state });
  });

  it('that is running names the stages that are', () => {
    const stages = [
      stage({ name: 'Plan' }),
      stage({ name: 'Network', state: 'running', result: null }),
      stage({ name: 'Cluster', state: 'running', result: null }),
      stage({ name: 'Deploy', state: 'pending', result: null }),
    ];
    expect(judgeRun(run({ state: 'running', result: null, stages }))).toEqual({
      kind: 'running',
      detail: 'stages Network, Cluster',
    });
  });

  it.each([
    ['permission', 'Infrastructure', 'waits for permission of stage Infrastructure'],
    ['agent', null, 'waits for agent'],
  ] as const)('that waits for %s says so', (reason, name, detail) => {
    const waits = { for: reason, stage: name };
    expect(judgeRun(run({ state: 'running', result: null, waits }))).toEqual({ kind: 'running', detail });
  });

  it('that succeeded has succeeded', () => {
    expect(judgeRun(run({}))).toEqual({ kind: 'succeeded' });
  });

  it('that failed names each failed stage and its error lines', () => {
    const stages = [
      stage({ name: 'Plan' }),
      stage({ name: 'Apply', result: 'failed', errors: ['no such file', 'exit code 1'] }),
      stage({ name: 'Deploy', result: 'canceled' }),
      stage({ name: 'Smoke', result: 'skipped' }),
    ];
    expect(judgeRun(run({ result: 'failed', stages }))).toEqual({
      kind: 'failed',
      detail:
        'run pilotlight-petclinic-apply-e1: stage Apply failed: no such file | exit code 1. It means: no failure that ' +
        'Pilotlight knows. Read the log of the stage; stage Deploy canceled: it gave no error line',
    });
  });

  it('that failed for a known reason says what it means and what to do, last', () => {
    const stages = [stage({ result: 'failed', errors: ['Code="SkuNotAvailable"', 'exit code 1'] })];
    expect(judgeRun(run({ result: 'failed', stages }))).toEqual({
      kind: 'failed',
      detail:
        'run pilotlight-petclinic-apply-e1: stage Apply failed: Code="SkuNotAvailable" | exit code 1. It means: this machine ' +
        'size is not offered to the subscription in this Region (for the owner of the subscription; what may help: another ' +
        'size or zone). Choose another size in the Terraform variables: `az vm list-skus --location REGION` lists them.',
    });
  });

  it.each([
    ['canceled', 'canceled'],
    [null, 'unknown'],
  ] as const)('that completed as %s without a failed stage has failed all the same', (result, word) => {
    expect(judgeRun(run({ result }))).toEqual({
      kind: 'failed',
      detail: `run pilotlight-petclinic-apply-e1 ended as ${word} and named no failed stage`,
    });
  });
});

describe('the correlation id of an execution', () => {
  it('is its name, where the pipeline can take that', () => {
    expect(correlationIdOf('failover-2026-11-22')).toBe('failover-2026-11-22');
    expect(correlationIdOf('x'.repeat(64))).toBe('x'.repeat(64));
  });

  it('differs where names differ in what the pipeline cannot take', () => {
    expect(correlationIdOf('a_b')).toBe('a-b-1ba46871');
    expect(correlationIdOf('a.b')).toBe('a-b-108bf50c');
    expect(correlationIdOf('a-b')).toBe('a-b');
  });

  it('differs where long names differ at their end only', () => {
    const uuids = '3fa85f64-5717-4562-b3fc-2c963f66afa6_0b0f1f1e-6a7c-4b1e-9d5e-1f2a3b4c5d6';
    const first = correlationIdOf(`${uuids}7`);
    const second = correlationIdOf(`${uuids}8`);
    expect(first).toHaveLength(64);
    expect(second).toHaveLength(64);
    expect(first).not.toBe(second);
  });

  it('is always one that the pipeline takes, and always the same', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80 }), (execution) => {
        expect(correlationIdOf(execution)).toMatch(/^[A-Za-z0-9-]{1,64}$/);
        expect(correlationIdOf(execution)).toBe(correlationIdOf(execution));
      }),
    );
  });
});

describe('the name of a run', () => {
  it('tells workload, action and execution', () => {
    expect(runNameOf('petclinic', 'apply', 'e1')).toBe('pilotlight-petclinic-apply-e1');
  });
});
