import { makeContainerJob } from '../../../../clouds/azure/standby/container-job.ts';
import { fakeAzure, fakeClock, fakeCredential, type Answer } from '../azure-fixture.ts';

/* The container job over an in-memory Azure, and the answers that its tests give. */

export const JOB =
  '/subscriptions/66666666-6666-4666-8666-666666666666/resourceGroups/rg-pilot/providers/Microsoft.App/jobs/job-runner';
export const GET_JOB = `GET ${JOB}`;
export const LIST = `GET ${JOB}/executions`;
export const SHOW = `GET ${JOB}/executions/job-runner-abc1234`;
export const START = `POST ${JOB}/start`;
export const STOP = `POST ${JOB}/executions/job-runner-abc1234/stop`;
export const FILE = 'GET /runner/petclinic/exec-1.json';
export const STOP_FILE = '/handover/petclinic/runner/exec-1.stop.json';
export const ABSENT: Answer = { status: 404, headers: { 'x-ms-error-code': 'BlobNotFound' } };

export const env = (...pairs: [string, string][]) => pairs.map(([name, value]) => ({ name, value }));
export const OWN = env(['ACTION', 'apply'], ['WORKLOAD', 'petclinic'], ['CORRELATION_ID', 'exec-1']);
export const execution = (status: string, given = OWN, name = 'job-runner-abc1234') => ({
  id: `${JOB}/executions/${name}`,
  name,
  properties: { status, startTime: '2026-11-23T00:00:00Z', template: { containers: [{ env: given }] } },
});
export const one = (status: string): Answer => ({ status: 200, body: execution(status) });
export const list = (...value: unknown[]): Answer => ({ status: 200, body: { value, nextLink: null } });
export const told = (value: unknown): Answer => {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { status: 206, body, headers: { 'content-range': `bytes 0-${body.length - 1}/${body.length}` } };
};
export const container = {
  name: 'runner',
  image: 'ghcr.io/example/pilotlight-runner@sha256:1',
  env: env(['IDENTITY_CLIENT_ID', 'id'], ['TIER', 'warm']),
  resources: { cpu: 1, memory: '2Gi', ephemeralStorage: '4Gi' },
};
export const job: Answer = {
  status: 200,
  body: { id: JOB, properties: { template: { containers: [container], initContainers: null } } },
};

export const bench = (answers: Record<string, Answer | readonly Answer[]>) => {
  const { httpClient, sent } = fakeAzure(answers);
  const clock = fakeClock();
  const port = makeContainerJob({
    action: 'apply',
    tenantId: '11111111-1111-4111-8111-111111111111',
    subscriptionId: '66666666-6666-4666-8666-666666666666',
    resourceGroup: 'rg-pilot',
    name: 'job-runner',
    storageAccount: 'stpetclinicdata',
    workload: 'petclinic',
    credential: fakeCredential,
    clock,
    httpClient,
  });
  return {
    port,
    sent,
    clock,
    wire: () => sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`),
  };
};
