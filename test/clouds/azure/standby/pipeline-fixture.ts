import { makePipeline } from '../../../../clouds/azure/standby/pipeline.ts';
import { fakeAzure, fakeClock, fakeCredential } from '../azure-fixture.ts';
import type { Answer } from '../azure-fixture.ts';

export const API = '/contoso/Failover%20Site/_apis';
export const BUILDS = `GET ${API}/build/builds`;
export const RUN = `GET ${API}/build/builds/752`;
export const TIMELINE = `GET ${API}/build/builds/752/timeline`;
export const START = `POST ${API}/pipelines/42/runs`;
export const CANCEL = `PATCH ${API}/build/builds/752`;
export const NAME = 'pilotlight-petclinic-apply-exec-1';
export const TAG = `PUT ${API}/build/builds/752/tags/${NAME}`;

export const web = { web: { href: 'https://dev.azure.com/contoso/p/_build/results?buildId=752' } };
export const build = (rest: Record<string, unknown> = {}) => ({
  id: 752,
  buildNumber: NAME,
  status: 'inProgress',
  _links: web,
  ...rest,
});
export const list = (...builds: unknown[]): Answer => ({
  status: 200,
  body: { count: builds.length, value: builds },
});
export const one = (rest: Record<string, unknown>): Answer => ({ status: 200, body: build(rest) });
export const started: Answer = {
  status: 200,
  body: { id: 752, name: '20261123.1', state: 'inProgress', _links: web },
};
export const noTimeline: Answer = { status: 204 };

export const pipeline = (answers: Record<string, Answer | readonly Answer[]>) => {
  const { httpClient, sent } = fakeAzure(answers);
  const port = makePipeline({
    action: 'apply',
    organization: 'contoso',
    project: 'Failover Site',
    pipelineId: 42,
    branch: 'main',
    workload: 'petclinic',
    credential: fakeCredential,
    clock: fakeClock(),
    httpClient,
  });
  return {
    port,
    sent,
    wire: () => sent.map(({ method, url }) => `${method} ${url.replace('https://dev.azure.com', '')}`),
  };
};
