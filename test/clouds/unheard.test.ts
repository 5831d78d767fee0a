import { makeAlarms } from '../../clouds/aws/watch/alarms.ts';
import { makeLambdaProber } from '../../clouds/aws/watch/lambda-prober.ts';
import { makeLookQueue } from '../../clouds/aws/watch/look-queue.ts';
import { makeWatchLedger } from '../../clouds/aws/watch/watch-ledger.ts';
import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import { makeRouteStore } from '../../clouds/aws/route/route-store.ts';
import { makeAnnouncer } from '../../clouds/aws/run/announcer.ts';
import { makeStarter } from '../../clouds/aws/run/starter.ts';
import { makeWorkflow } from '../../clouds/aws/run/workflow.ts';
import { makeSlackSecret } from '../../clouds/aws/secrets.ts';
import { makeAssertion } from '../../clouds/aws/web-identity.ts';
import { makeAzureCredential } from '../../clouds/azure/credential.ts';
import { makePipeline } from '../../clouds/azure/standby/pipeline.ts';
import { makeStandby } from '../../clouds/azure/standby/standby.ts';
import { makeMessenger } from '../../clouds/slack/messenger.ts';
import { makeHttpProber } from '../../clouds/watch/http-prober.ts';
import type { TokenCredential } from '@azure/identity';
import { fakeAzure, fakeClock, fakeCredential } from './azure/azure-fixture.ts';
import { awsAnswering, jsonError } from './aws/helpers.ts';

/*
 * Goal: whatever fails, somebody hears of it: a promise that rejects unheard ends the process, and in Lambda the whole
 * environment. Method: every adapter over a transport that refuses everything; Jest hears what nobody else does, and fails the test.
 */

const clock = { now: () => 0, sleep: async () => undefined };
const log = { info: () => undefined, warn: () => undefined };
const metrics = { count: () => undefined, seconds: () => undefined, level: () => undefined };
const aws = () =>
  awsAnswering(...Array.from({ length: 12 }, () => jsonError(400, 'AccessDeniedException'))).access;
const refusing = fakeAzure({}).httpClient;
const workload = 'petclinic';
const noWay = (): Promise<never> => Promise.reject(new Error('no way'));
const probe = { about: 'edge', url: 'https://petclinic.example.com/', timeoutMs: 1000 } as const;
const azure = { credential: fakeCredential, clock: fakeClock(), httpClient: refusing };

const adapters: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['alarms', () => makeAlarms(aws()).states('us-east-1', ['one'])],
  [
    'lambda-prober',
    () =>
      makeLambdaProber({
        ...{ ...aws(), places: ['us-west-2'], functionName: 'f', clock, log, metrics },
      }).probe('us-west-2', [probe]),
  ],
  [
    'look-queue',
    () =>
      makeLookQueue({ ...aws(), account: '1' }).send(
        Array.from({ length: 11 }, () => ({ dueAt: 0, workloads: [workload] })),
        0,
      ),
  ],
  ['watch-ledger', () => makeWatchLedger({ ...aws(), tableName: 't' }).read(workload)],
  ['approvals', () => makeApprovals({ ...aws(), tableName: 't', clock }).find(workload, 'run-1')],
  [
    'ledger',
    () =>
      makeLedger({ ...aws(), tableName: 't', log }).takeLease({
        ...{ workload, execution: 'run-1', now: 0, expiresAt: 1, byPerson: false },
      }),
  ],
  [
    'route-store',
    () =>
      makeRouteStore({ ...aws(), storeArnOf: () => 'arn:aws:cloudfront::1:key-value-store/x' }).read(
        workload,
      ),
  ],
  [
    'announcer',
    () =>
      makeAnnouncer({ ...aws(), topicArn: 'arn:aws:sns:us-west-2:1:t' }).announce({
        ...{ subject: 's', text: 't', workload, outcome: 'Escalated' },
      }),
  ],
  ['starter', () => makeStarter({ ...aws(), account: '1' }).start('run-1', {})],
  ['workflow', () => makeWorkflow({ ...aws(), account: '1' }).describe('run-1')],
  ['secrets', () => makeSlackSecret({ ...aws(), secretName: 's', clock }).botToken()],
  ['web-identity', () => makeAssertion({ ...aws(), audience: 'a', clock })()],
  [
    'credential',
    () =>
      makeAzureCredential({
        ...{ tenantId: '11111111-1111-4111-8111-111111111111', clientId: 'c', httpClient: refusing },
        assertion: () => Promise.reject(new Error('STS refuses')),
      }).getToken('scope'),
  ],
  [
    'pipeline',
    () =>
      makePipeline({
        action: 'apply',
        ...azure,
        organization: 'o',
        project: 'p',
        pipelineId: 1,
        branch: 'main',
        workload,
      }).read(1),
  ],
  [
    'standby',
    () =>
      makeStandby({
        ...azure,
        ...{ subscriptionId: 's', resourceGroup: 'r', applicationGateway: 'g', aksCluster: 'k' },
        ...{ aksNodePool: 'n', mysqlServer: 'm' },
      }).check(),
  ],
  [
    'messenger',
    () =>
      makeMessenger({
        ...{ channel: 'C', clock, token: async () => 't' },
        fetch: () => Promise.reject(new Error('Slack is down')),
      }).post({ text: 'x' }),
  ],
  [
    'http-prober',
    () =>
      makeHttpProber({ place: 'here', clock, connections: { fresh: noWay, reuse: noWay } }).probe(
        'here',
        [probe],
        { reuse: true },
      ),
  ],
];

/** Calls, and waits for what may still come. Jest fails a test in which a promise rejects and nobody listens. */
async function hearOut(call: () => Promise<unknown>): Promise<void> {
  await call().catch(() => undefined);
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('an adapter', () => {
  it.each(adapters)('lets no failure go unheard: %s', async (_, call) => {
    await hearOut(call);
    expect.assertions(0);
  });
});

describe('a token that is near its end and cannot be renewed', () => {
  it('fails the call that needs it, and nothing else', async () => {
    let asked = 0;
    const credential: TokenCredential = {
      getToken: () => {
        asked += 1;
        return asked === 1
          ? Promise.resolve({ token: 'old', expiresOnTimestamp: Date.now() + 60_000 })
          : Promise.reject(new Error('STS GetWebIdentityToken refuses'));
      },
    };
    const { httpClient } = fakeAzure({ 'GET /o/p/_apis/build/builds/1': { status: 404 } });
    const pipeline = makePipeline({
      action: 'apply',
      ...{ clock: fakeClock(), httpClient, credential },
      ...{ organization: 'o', project: 'p', pipelineId: 1, branch: 'main', workload },
    });
    const errors: string[] = [];
    const read = async (): Promise<void> => {
      await pipeline.read(1).catch((error: unknown) => errors.push(String(error)));
    };
    await hearOut(read);
    await hearOut(read);
    expect(asked).toBe(2);
    expect(errors[1]).toContain('STS GetWebIdentityToken refuses');
  });
});
