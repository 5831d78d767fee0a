import { buildSchema, timelineSchema, toPipelineRun } from '../../../../clouds/azure/standby/devops-run.ts';
import type { Build, Timeline } from '../../../../clouds/azure/standby/devops-run.ts';

const build = (status: string, result?: string): Build =>
  buildSchema.parse({
    id: 752,
    buildNumber: 'pilotlight-petclinic-apply-e1',
    status,
    ...(result && { result }),
    _links: { web: { href: 'https://dev.azure.com/org/p/_build/results?buildId=752' } },
  });

const record = (
  id: string,
  parentId: string | null,
  rest: Record<string, unknown>,
): Record<string, unknown> => ({
  id,
  parentId,
  name: id,
  state: 'completed',
  result: 'failed',
  ...rest,
});
const timeline = (...records: Record<string, unknown>[]): Timeline => timelineSchema.parse({ records });
const error = (message: string) => ({ type: 'error', message });

describe('a build as a pipeline run', () => {
  it.each([
    ['none', 'queued'],
    ['notStarted', 'queued'],
    ['postponed', 'queued'],
    ['inProgress', 'running'],
    ['cancelling', 'canceling'],
  ])('reads the status %s as %s, without a result', (status, state) => {
    expect(toPipelineRun(build(status), null)).toEqual({
      runner: 'azure-devops',
      id: 752,
      name: 'pilotlight-petclinic-apply-e1',
      state,
      result: null,
      url: 'https://dev.azure.com/org/p/_build/results?buildId=752',
      stages: [],
      waits: state === 'queued' ? { for: 'agent', stage: null } : null,
      begun: false,
    });
  });

  it.each([
    ['succeeded', 'succeeded'],
    ['partiallySucceeded', 'failed'],
    ['failed', 'failed'],
    ['canceled', 'canceled'],
  ])('reads the result %s as %s', (result, ours) => {
    expect(toPipelineRun(build('completed', result), null)).toMatchObject({
      state: 'completed',
      result: ours,
    });
  });

  it.each([
    ['completed', 'none'],
    ['completed', undefined],
  ])('claims no result for %s with %s', (status, result) => {
    expect(toPipelineRun(build(status, result), null).result).toBeNull();
  });

  it('does not believe the result of a run that is not completed', () => {
    expect(toPipelineRun(build('cancelling', 'succeeded'), null).result).toBeNull();
  });

  it('does not parse a status that is not documented', () => {
    expect(() => build('sleeping')).toThrow('status');
  });

  it('lists the stages in their order, with states and results', () => {
    const stages = toPipelineRun(
      build('inProgress'),
      timeline(
        record('Verify', null, { type: 'Stage', order: 3, state: 'pending', result: null }),
        record('Apply', null, { type: 'Stage', order: 2, state: 'inProgress', result: null }),
        record('Plan', null, { type: 'Stage', order: 1, result: 'succeeded' }),
        record('a job', 'Plan', { type: 'Job', result: 'succeeded' }),
        record('Extra', null, { type: 'Stage', order: 4, result: 'skipped' }),
      ),
    ).stages;
    expect(stages).toEqual([
      { name: 'Plan', state: 'completed', result: 'succeeded', errors: [] },
      { name: 'Apply', state: 'running', result: null, errors: [] },
      { name: 'Verify', state: 'pending', result: null, errors: [] },
      { name: 'Extra', state: 'completed', result: 'skipped', errors: [] },
    ]);
  });

  it('finds the errors of a stage on the tasks below it, earliest first, each once, three at most', () => {
    const { stages } = toPipelineRun(
      build('completed', 'failed'),
      timeline(
        record('Apply', null, { type: 'Stage', order: 1 }),
        record('phase', 'Apply', { type: 'Phase' }),
        record('job', 'phase', {
          type: 'Job',
          startTime: '2026-11-23T00:00:01Z',
          issues: [error('quota exceeded')],
        }),
        record('late', 'job', {
          type: 'Task',
          startTime: '2026-11-23T00:05:00Z',
          issues: [error('third\n line'), error('fourth')],
        }),
        record('early', 'job', {
          type: 'Task',
          startTime: '2026-11-23T00:01:00Z',
          issues: [{ type: 'warning', message: 'deprecated' }, error('quota exceeded'), error('second')],
        }),
        record('other', null, { type: 'Stage', order: 2, result: 'succeeded' }),
        record('task of other', 'other', {
          type: 'Task',
          result: 'succeeded',
          issues: [error('ignored by its stage')],
        }),
        record('lost', 'nobody', { type: 'Task', issues: [error('of no stage')] }),
      ),
    );
    expect(stages).toEqual([
      {
        name: 'Apply',
        state: 'completed',
        result: 'failed',
        errors: ['quota exceeded', 'second', 'third line'],
      },
      { name: 'other', state: 'completed', result: 'succeeded', errors: [] },
    ]);
  });

  it('reads an abandoned stage as canceled', () => {
    const run = toPipelineRun(
      build('completed', 'canceled'),
      timeline(record('Apply', null, { type: 'Stage', result: 'abandoned' })),
    );
    expect(run.stages[0]?.result).toBe('canceled');
  });

  it('blames a stage with issues where the run partially succeeded, and only there', () => {
    const stage = timeline(
      record('Apply', null, { type: 'Stage', result: 'succeededWithIssues', issues: [error('e')] }),
    );
    expect(toPipelineRun(build('completed', 'partiallySucceeded'), stage).stages[0]).toMatchObject({
      result: 'failed',
      errors: ['e'],
    });
    expect(toPipelineRun(build('completed', 'succeeded'), stage).stages[0]).toMatchObject({
      result: 'succeeded',
      errors: [],
    });
  });

  it('ends on records that are each other’s parents', () => {
    const circle = timeline(
      record('a', 'b', { type: 'Task', issues: [error('x')] }),
      record('b', 'a', { type: 'Task', issues: [error('y')] }),
    );
    expect(toPipelineRun(build('completed', 'failed'), circle).stages).toEqual([]);
  });
});

describe('what a run waits for', () => {
  const waits = (...records: Record<string, unknown>[]) =>
    toPipelineRun(build('inProgress'), timelineSchema.parse({ records })).waits;
  const stage = record('s1', null, { type: 'Stage', name: 'Infrastructure', state: 'pending' });
  const checkpoint = record('c1', 's1', { type: 'Checkpoint', state: 'inProgress' });
  const check = (type: string, state = 'inProgress') => record(type, 'c1', { type, state });

  it.each([
    ['Checkpoint.Authorization', 'permission'],
    ['Checkpoint.Approval', 'approval'],
    ['Checkpoint.TaskCheck', 'check'],
  ])('is, by its %s, a %s', (type, reason) => {
    expect(waits(stage, checkpoint, check(type))).toEqual({ for: reason, stage: 'Infrastructure' });
  });

  it('is what a person must give, where several checks are open', () => {
    const open = waits(stage, checkpoint, check('Checkpoint.TaskCheck'), check('Checkpoint.Approval'));
    expect(open?.for).toBe('approval');
  });

  it('is nothing where the checks have passed', () => {
    expect(waits(stage, checkpoint, check('Checkpoint.Approval', 'completed'))).toBeNull();
  });

  it('is an agent where every open job is pending', () => {
    const job = (state: string) => record(`j-${state}`, 's1', { type: 'Job', state });
    expect(waits(stage, job('pending'))).toEqual({ for: 'agent', stage: 'Infrastructure' });
    expect(waits(stage, job('pending'), job('inProgress'))).toBeNull();
  });

  it('is nothing that is known while there is no timeline', () => {
    expect(toPipelineRun(build('inProgress'), null).waits).toBeNull();
  });
});

describe('whether a run has begun', () => {
  const records = (task: Record<string, unknown>, stage = 'Infrastructure') =>
    timeline(
      { id: 's', type: 'Stage', name: stage, state: 'inProgress' },
      { id: 'j', parentId: 's', type: 'Job', name: 'Terraform', state: 'inProgress' },
      { id: 't', parentId: 'j', type: 'Task', name: 'Initialize job', ...task },
    );
  const begun = (...[task, stage]: Parameters<typeof records>): boolean =>
    toPipelineRun(build('inProgress'), records(task, stage)).begun;

  it('is true from the first task of the stage that applies, and stays so', () => {
    expect(begun({ state: 'inProgress' })).toBe(true);
    expect(begun({ state: 'completed', result: 'succeeded' })).toBe(true);
    expect(begun({ state: 'completed', result: 'canceled' })).toBe(true);
  });

  it('is false while the task waits, or where it was skipped', () => {
    expect(begun({ state: 'pending' })).toBe(false);
    expect(begun({ state: 'completed', result: 'skipped' })).toBe(false);
  });

  it('is false while only Restore waits on the server, for which no agent is needed', () => {
    expect(begun({ state: 'inProgress' }, 'Restore')).toBe(false);
  });
});
