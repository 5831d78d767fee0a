import {
  makeDistributionRouteStore,
  type DistributionRouteStore,
} from '../../../../clouds/aws/route/distribution-store.ts';
import { decideMove, type OriginId, type Route } from '../../../../core/route/route.ts';
import { cloudFrontService, servedTargets } from '../../../../drill/clouds/aws/cloudfront.ts';
import { dynamoDbService, makeDynamoDbState } from '../../../../drill/clouds/dynamodb/dynamodb.ts';
import { Network, type Fault, type WireRequest } from '../../../../drill/clouds/wire/wire.ts';
import { cloudFrontWith, configXml, DISTRIBUTION } from '../../../drill/clouds/aws/distribution-fixture.ts';
import { START } from '../../../drill/clouds/fixture.ts';

const REGION = 'us-west-2';
const TABLE = 'pilotlight-ledger';

/** The home of these tests: two behaviours that are not on the primary, one that is not ours, one for probes. */
export const HOME = configXml({
  ordered: [
    ['/__pilotlight/standby/*', 'standby'],
    ['/legacy/*', 'standby'],
    ['/status/*', 'maintenance'],
    ['/static/*', 'assets'],
  ],
});

/** What each behaviour of a distribution targets, the default one first. */
export type Targets = readonly string[];
export const AT_HOME: Targets = ['primary', 'standby', 'standby', 'maintenance', 'assets'];
export const AT_STANDBY: Targets = ['standby', 'standby', 'standby', 'standby', 'assets'];
export const SHIELDED: Targets = ['maintenance', 'standby', 'maintenance', 'maintenance', 'assets'];

/** A call by what it does to which service, as these tests speak of it. */
const nameOf = (request: WireRequest): string =>
  request.headers['x-amz-target']?.replace('DynamoDB_20120810.', '') ??
  `${request.method} ${request.path.replace(`/2020-05-31/distribution/${DISTRIBUTION}`, '')}`;

/** The store over a simulated CloudFront and a simulated DynamoDB. A fault is put in front of the calls of one name. */
export function distributionWorld(config = HOME) {
  const faults = new Map<string, () => Fault>();
  const calls: string[] = [];
  const requests: WireRequest[] = [];
  const logged: unknown[] = [];
  const cloudFront = cloudFrontWith(config);
  const ledger = makeDynamoDbState(REGION, [
    { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const network = new Network({
    services: [cloudFrontService(cloudFront), dynamoDbService(ledger)],
    fault: (_service, request) => faults.get(nameOf(request))?.() ?? null,
    onCall: ({ request }) => {
      calls.push(nameOf(request));
      requests.push(request);
    },
  });
  const store = makeDistributionRouteStore({
    region: REGION,
    transport: network.awsRequestHandler(),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
    distributionIdOf: (workload) => (workload === 'petclinic' ? DISTRIBUTION : 'E0NOTHERE'),
    originIdsOf: () => ({ primary: 'primary', standby: 'standby', maintenance: 'maintenance' }),
    tableName: TABLE,
    clock: { now: () => Date.now(), sleep: () => Promise.resolve() },
    log: { info: () => undefined, warn: (message, facts) => logged.push([message, facts]) },
  });
  const { distribution } = cloudFront;
  const targets = (): Targets => {
    const { defaultTarget, ordered } = servedTargets(distribution);
    return [defaultTarget, ...ordered.map(({ target }) => target)];
  };
  return { store, cloudFront, distribution, ledger, network, faults, calls, requests, logged, targets };
}

/** One attempt of a step, exactly as move-route makes it: read, decide, write. Only a person goes home from the standby. */
export async function attempt(
  store: DistributionRouteStore,
  origin: OriginId,
  fence: number,
  dataSeenTo = false,
): Promise<string> {
  const { route, version } = await store.read('petclinic');
  const at = new Date(Date.now()).toISOString();
  const decision = decideMove(route, { origin }, { fence, by: `run-${fence}`, at, dataSeenTo });
  if (decision.kind !== 'write') return decision.kind;
  return (await store.write('petclinic', decision.route, version)) ? 'written' : 'contended';
}

/** Lets virtual time pass until the promise is settled; the SDK waits between its repeats. */
export async function passing<T>(promise: Promise<T>): Promise<T> {
  const waiting = { pending: true };
  const done = (): void => {
    waiting.pending = false;
  };
  promise.then(done, done);
  while (waiting.pending) await jest.advanceTimersByTimeAsync(100);
  return promise;
}

/** The name space of every document of CloudFront. */
export const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** The call by which the distribution is updated. */
export const UPDATE = 'PUT /config';

/** CloudFront says no in place of doing what it is asked. */
export const refusal = (status: number, code: string): Fault => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body:
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code>` +
    `<Message>the words of ${code}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
});

/** The route as an attempt writes it at the beginning of a test. */
export const routeAt = (origin: OriginId, epoch: number, fence: number): Route => ({
  v: 1,
  origin,
  epoch,
  fence,
  by: `run-${fence}`,
  at: new Date(START).toISOString(),
  ...(origin === 'standby' ? { standbyServed: true } : {}),
});
