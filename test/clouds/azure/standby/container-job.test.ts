import { rejection } from '../azure-fixture.ts';
import {
  JOB,
  GET_JOB,
  LIST,
  SHOW,
  START,
  FILE,
  STOP_FILE,
  ABSENT,
  env,
  OWN,
  execution,
  one,
  list,
  told,
  job,
  bench,
} from './container-job-fixture.ts';

/* Goal: the container job is a pipeline like Azure DevOps, found by its correlation id and started once. */

describe('an execution as a run', () => {
  it.each([
    ['Processing', 'queued', null],
    ['Running', 'running', null],
    ['Unknown', 'running', null],
    ['Degraded', 'running', null],
    ['Stopped', 'completed', 'canceled'],
    ['Succeeded', 'completed', 'succeeded'],
  ])('is, as %s, %s with the result %s', async (status, state, result) => {
    const { port } = bench({ [SHOW]: one(status), [FILE]: ABSENT, [`HEAD ${STOP_FILE}`]: ABSENT });
    expect(await port.read('job-runner-abc1234')).toEqual({
      runner: 'container-job',
      id: 'job-runner-abc1234',
      name: 'pilotlight-petclinic-apply-exec-1',
      state,
      result,
      url: `https://portal.azure.com/#@11111111-1111-4111-8111-111111111111/resource${JOB}`,
      stages: [],
      waits: null,
      begun: false,
    });
  });

  it('has the stages that its job has told, with their first three error lines', async () => {
    const stages = [
      { name: 'Infrastructure', state: 'completed', result: 'failed', errors: ['a', 'b', 'c', 'd'] },
      { name: 'Deploy', state: 'completed', result: 'skipped' },
    ];
    const { port } = bench({
      [SHOW]: one('Failed'),
      [FILE]: told({ execution: 'job-runner-abc1234', stages }),
    });
    expect(await port.read('job-runner-abc1234')).toMatchObject({
      begun: true,
      result: 'failed',
      stages: [
        { name: 'Infrastructure', result: 'failed', errors: ['a', 'b', 'c'] },
        { name: 'Deploy', result: 'skipped', errors: [] },
      ],
    });
  });

  it('says of a container that was killed in which stage it was', async () => {
    const stages = [
      { name: 'Infrastructure', state: 'completed', result: 'succeeded' },
      { name: 'Restore', state: 'running', result: null },
    ];
    const { port } = bench({
      [SHOW]: one('Failed'),
      [FILE]: told({ execution: 'job-runner-abc1234', stages }),
    });
    const { stages: seen } = await port.read('job-runner-abc1234');
    expect(seen[1]).toMatchObject({ name: 'Restore', state: 'completed', result: 'failed' });
    expect(seen[1]?.errors[0]).toContain('the container ended during this stage without a word');
  });

  it.each([
    ['there is no file', ABSENT],
    ['the file is another execution’s', told({ execution: 'job-runner-zzz9999', stages: [] })],
    ['the file is no JSON', told('{"execution":')],
    ['the file may not be read', { status: 403, body: '' }],
  ])('says of one that failed before any stage, where %s, that nothing was told', async (_, file) => {
    const { port } = bench({ [SHOW]: one('Failed'), [FILE]: file });
    const { stages } = await port.read('job-runner-abc1234');
    expect(stages).toHaveLength(1);
    expect(stages[0]?.errors[0]).toContain('the container ended before it told of any stage');
  });

  it('is refused where Azure says a word that nobody knows', async () => {
    const { port } = bench({ [SHOW]: one('Suspended') });
    const error = await rejection(port.read('job-runner-abc1234'));
    expect(error.name).toBe('CloudAnswerUnreadable');
  });
});

describe('finding', () => {
  it('takes the execution of the workload, the action and the correlation id', async () => {
    const other = (name: string, value: string) =>
      OWN.map((pair) => (pair.name === name ? { name, value } : pair));
    const { port } = bench({
      [LIST]: list(
        execution('Running', other('CORRELATION_ID', 'exec-2'), 'job-runner-a'),
        execution('Running', other('WORKLOAD', 'shop'), 'job-runner-b'),
        execution('Running', other('ACTION', 'destroy'), 'job-runner-c'),
        execution('Running'),
      ),
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    expect(await port.find('exec-1')).toMatchObject({ id: 'job-runner-abc1234' });
    expect(await port.find('exec-3')).toBeNull();
  });

  it('takes of two, which a lost answer can bring about, the one that did not fail', async () => {
    const { port } = bench({
      [LIST]: list(execution('Failed', OWN, 'job-runner-a'), execution('Running')),
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    expect(await port.find('exec-1')).toMatchObject({ id: 'job-runner-abc1234', state: 'running' });
  });

  it('reads page after page, and sends its token to no address of the answer', async () => {
    const elsewhere = 'https://elsewhere.example/executions?api-version=1999-01-01&$skiptoken=2';
    const { port, sent } = bench({
      [LIST]: [{ status: 200, body: { value: [], nextLink: elsewhere } }, list(execution('Running'))],
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    expect(await port.find('exec-1')).toMatchObject({ id: 'job-runner-abc1234' });
    expect(sent[1]?.url).toBe(
      `https://management.azure.com${JOB}/executions?$skiptoken=2&api-version=2026-07-01`,
    );
  });
});

describe('starting', () => {
  it('sends the job’s own container with the parameters in its environment', async () => {
    const { port, sent, wire } = bench({
      [LIST]: list(),
      [GET_JOB]: job,
      [START]: {
        status: 200,
        body: { id: `${JOB}/executions/job-runner-abc1234`, name: 'job-runner-abc1234' },
      },
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    const parameters = { action: 'destroy', tier: 'cold', replaceData: 'true' };
    expect(await port.start('exec-1', parameters)).toMatchObject({
      id: 'job-runner-abc1234',
      state: 'queued',
    });
    expect(sent.find(({ method }) => method === 'POST')?.body).toEqual({
      containers: [
        {
          name: 'runner',
          image: 'ghcr.io/example/pilotlight-runner@sha256:1',
          env: env(
            ['IDENTITY_CLIENT_ID', 'id'],
            ['ACTION', 'apply'],
            ['TIER', 'cold'],
            ['REPLACE_DATA', 'true'],
            ['WORKLOAD', 'petclinic'],
            ['CORRELATION_ID', 'exec-1'],
          ),
          resources: { cpu: 1, memory: '2Gi' },
        },
      ],
    });
    expect(wire()).toEqual([LIST, GET_JOB, START, FILE]);
  });

  it('starts nothing where the execution is there', async () => {
    const { port, wire } = bench({
      [LIST]: list(execution('Running')),
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    expect(await port.start('exec-1', {})).toMatchObject({ id: 'job-runner-abc1234' });
    expect(wire()).toEqual([LIST, FILE, `HEAD ${STOP_FILE}`]);
  });

  it('looks for the execution of a start that was accepted without a name', async () => {
    const { port, clock } = bench({
      [LIST]: [list(), list(), list(execution('Processing'))],
      [GET_JOB]: job,
      [START]: { status: 202, headers: { location: 'https://management.azure.com/operation' } },
      [FILE]: ABSENT,
      [`HEAD ${STOP_FILE}`]: ABSENT,
    });
    expect(await port.start('exec-1', {})).toMatchObject({ id: 'job-runner-abc1234', state: 'queued' });
    expect(clock.slept).toEqual([2_000, 2_000]);
  });

  it('does not know of a start that is never listed, and says that the step is repeated', async () => {
    const { port } = bench({ [LIST]: list(), [GET_JOB]: job, [START]: { status: 202 } });
    const error = await rejection(port.start('exec-1', {}));
    expect(error).toMatchObject({ name: 'CloudUnavailable' });
    expect(error.message).toContain('no execution of exec-1 in the list 10 s later');
  });

  it('sends a start without an answer only once', async () => {
    const { port, wire } = bench({ [LIST]: list(), [GET_JOB]: job, [START]: { status: 503, body: {} } });
    expect((await rejection(port.start('exec-1', {}))).name).toBe('CloudUnavailable');
    expect(wire().filter((call) => call === START)).toHaveLength(1);
  });

  it('is refused where there is no such job, with where to look', async () => {
    const missing = { status: 404, body: { error: { code: 'ResourceNotFound', message: 'not found' } } };
    const { port } = bench({ [LIST]: missing });
    const error = await rejection(port.start('exec-1', {}));
    expect(error).toMatchObject({ name: 'CloudRefused' });
    expect(error.message).toContain(
      'Check standby.containerJob (resourceGroup and name) in the configuration',
    );
  });

  it('is refused without the right, which is named', async () => {
    const refused = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
    const { port } = bench({ [LIST]: list(), [GET_JOB]: job, [START]: refused });
    const error = await rejection(port.start('exec-1', {}));
    expect(error.message).toContain(
      'Give the identity a role with the action Microsoft.App/jobs/start/action on the resource group rg-pilot.',
    );
  });

  it('is shown beforehand as the very body that would be sent, and nothing is started', async () => {
    const { port, wire } = bench({ [GET_JOB]: job });
    const { yaml } = await port.preview({ tier: 'cold' });
    expect(JSON.parse(yaml)).toMatchObject({ containers: [{ name: 'runner' }] });
    expect(wire()).toEqual([GET_JOB]);
  });
});
