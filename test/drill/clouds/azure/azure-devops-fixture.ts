import {
  bearerTokenAuthenticationPolicy,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import { AZURE_DEVOPS_RESOURCE, azureDevOpsService } from '../../../../drill/clouds/azure/azure-devops.ts';
import type { AzureDevOpsState, RunPlan, StageEnd } from '../../../../drill/clouds/azure/azure-devops.ts';
import { accessToken, CLIENT, networkOf, START } from '../fixture.ts';

export const NAME = 'pilotlight-petclinic-apply-run-1';
export const PARAMETERS = { action: 'apply', workload: 'petclinic', correlationId: 'run-1' };
export const PLAN: RunPlan = {
  agentWaitSeconds: 60,
  cancelSeconds: 30,
  stages: [
    { name: 'Infrastructure', startsAfter: [], durationSeconds: 600, outcome: 'succeeded' },
    { name: 'Restore', startsAfter: ['Infrastructure'], durationSeconds: 120, outcome: 'succeeded' },
    { name: 'Deploy', startsAfter: ['Infrastructure'], durationSeconds: 180, outcome: 'succeeded' },
  ],
};
export const FAILING: RunPlan = {
  ...PLAN,
  stages: [
    {
      name: 'Infrastructure',
      startsAfter: [],
      durationSeconds: 600,
      outcome: 'failed',
      errors: ['Error: quota', 'exit 1'],
    },
    { name: 'Restore', startsAfter: ['Infrastructure'], durationSeconds: 120, outcome: 'succeeded' },
  ],
};

interface Reply {
  status: number;
  body: Record<string, unknown> & { value?: Record<string, unknown>[]; records?: Record<string, unknown>[] };
}

/** A project with one pipeline, and the calls that the tests make. */
export function world(plan: RunPlan = PLAN) {
  const state: AzureDevOpsState = { runs: [] };
  const ends: [number, string, StageEnd['result']][] = [];
  const service = azureDevOpsService(
    {
      organization: 'contoso',
      project: 'site one',
      pipelines: new Map([
        [
          7,
          {
            parameters: {
              action: { values: ['apply', 'destroy'] },
              workload: {},
              correlationId: {},
              tier: { default: 'cold' },
            },
            runName: ({ workload = '', action = '', correlationId = '' }) =>
              `pilotlight-${workload}-${action}-${correlationId}`,
          },
        ],
      ]),
      branches: new Set(['main']),
      members: new Set([CLIENT]),
      plan: () => plan,
      onStageEnd: ({ stage, result }) => ends.push([(Date.now() - START) / 1_000, stage, result]),
    },
    state,
  );
  const network = networkOf([service]);
  const call = async (
    method: HttpMethods,
    path: string,
    options: { body?: unknown; token?: string | null } = {},
  ): Promise<Reply> => {
    const pipeline = createEmptyPipeline();
    const token = options.token === undefined ? accessToken({ aud: AZURE_DEVOPS_RESOURCE }) : options.token;
    if (token !== null) {
      const credential = {
        getToken: () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 3_600_000 }),
      };
      pipeline.addPolicy(
        bearerTokenAuthenticationPolicy({ credential, scopes: `${AZURE_DEVOPS_RESOURCE}/.default` }),
      );
    }
    const separator = path.includes('?') ? '&' : '?';
    const request = createPipelineRequest({
      url: `https://dev.azure.com/contoso/site%20one/_apis/${path}${separator}api-version=7.1`,
      method,
      headers: createHttpHeaders({ 'content-type': 'application/json' }),
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const response = await pipeline.sendRequest(network.azureHttpClient(), request);
    const text = response.bodyAsText ?? '';
    return {
      status: response.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Reply['body']) : { text },
    };
  };
  const start = (more: object = {}) =>
    call('POST', 'pipelines/7/runs', {
      body: {
        resources: { repositories: { self: { refName: 'refs/heads/main' } } },
        templateParameters: PARAMETERS,
        ...more,
      },
    });
  const build = async (id = 1_001) => (await call('GET', `build/builds/${id}`)).body;
  const stages = async (id = 1_001) =>
    (await call('GET', `build/builds/${id}/timeline`)).body.records
      ?.filter(({ type }) => type === 'Stage')
      .map(({ name, state: at, result }) => [name, at, result]);
  return { state, ends, network, call, start, build, stages };
}
