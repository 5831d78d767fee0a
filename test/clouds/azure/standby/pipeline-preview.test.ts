import { makePipeline } from '../../../../clouds/azure/standby/pipeline.ts';
import { fakeAzure, fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

/*
 * Goal: a preview tells whether Azure DevOps would take the parameters, and starts nothing.
 */

const RUNS = '/contoso/Failover%20Site/_apis/pipelines/42/runs';

const previewing = (answer: Answer | readonly Answer[]) => {
  const { httpClient, sent } = fakeAzure({ [`POST ${RUNS}`]: answer });
  const port = makePipeline({
    action: 'apply',
    organization: 'contoso',
    project: 'Failover Site',
    pipelineId: 42,
    branch: 'release',
    workload: 'petclinic',
    credential: fakeCredential,
    clock: fakeClock(),
    httpClient,
  });
  return { port, sent };
};

describe('the preview of a run', () => {
  it('asks for the expanded YAML and nothing else', async () => {
    const { port, sent } = previewing({
      status: 200,
      body: { id: -1, finalYaml: 'stages:\n- stage: Apply\n' },
    });
    expect(await port.preview({ tier: 'cold' })).toEqual({ yaml: 'stages:\n- stage: Apply\n' });
    expect(sent.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST https://dev.azure.com/contoso/Failover Site/_apis/pipelines/42/runs?api-version=7.1',
    ]);
    expect(sent[0]?.body).toEqual({
      previewRun: true,
      resources: { repositories: { self: { refName: 'refs/heads/release' } } },
      templateParameters: { tier: 'cold', action: 'apply', workload: 'petclinic' },
    });
  });

  it('lets no parameter change what is done to which workload', async () => {
    const { port, sent } = previewing({ status: 200, body: { finalYaml: 'stages: []' } });
    await port.preview({ action: 'destroy', workload: 'shop', correlationId: 'exec-1' });
    expect(sent[0]?.body).toMatchObject({
      previewRun: true,
      templateParameters: { action: 'apply', workload: 'petclinic', correlationId: 'exec-1' },
    });
  });

  it('is refused with what Azure DevOps finds wrong', async () => {
    const { port } = previewing({
      status: 400,
      body: {
        typeName:
          'Microsoft.Azure.Pipelines.WebApi.PipelineValidationException, Microsoft.Azure.Pipelines.WebApi',
        typeKey: 'PipelineValidationException',
        message: '/pipelines/failover.yml (Line: 3): Unexpected value tierr',
      },
    });
    const error = await rejection(port.preview({ tierr: 'cold' }));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('Unexpected value tierr');
  });

  it.each<[string, unknown]>([
    ['a run in place of a preview', { id: 752, name: '20261123.1', state: 'inProgress' }],
    ['an empty YAML', { finalYaml: '' }],
    ['a YAML that is no text', { finalYaml: 5 }],
  ])('calls %s unreadable', async (_case, body) => {
    const error = await rejection(previewing({ status: 200, body }).port.preview({}));
    expect(error.name).toBe('CloudAnswerUnreadable');
    expect(error.message).toContain('finalYaml');
  });

  it('is repeated where it was throttled, and not where the answer was lost', async () => {
    const good: Answer = { status: 200, body: { finalYaml: 'stages: []' } };
    const throttled = previewing([{ status: 429, headers: { 'retry-after': '1' } }, good]);
    expect(await throttled.port.preview({})).toEqual({ yaml: 'stages: []' });
    const dead = previewing([{ status: 503, body: '' }, good]);
    expect((await rejection(dead.port.preview({}))).name).toBe('CloudUnavailable');
    expect(dead.sent).toHaveLength(1);
  });
});
