import { requestIds, xmlError } from './clouds/aws/aws-wire.ts';
import { refusal } from './clouds/azure/blob-answers.ts';
import type { Fault, Service, WireResponse } from './clouds/wire/wire-shape.ts';
import type { PlatformFault } from './engine/lambda-service.ts';
import type { SeededRandom } from './random.ts';

/** The largest share of calls, and of invocations, that each kind of fault may take in a run. Shares, 0 to 1. */
export interface FaultBounds {
  readonly callShareMax: number;
  readonly invocationShareMax: number;
}

const callFaults = ['throttled', 'server-error', 'reset', 'answer-lost'] as const;
type CallFault = (typeof callFaults)[number];
const invocationFaults = ['dies-before', 'dies-after'] as const;
type InvocationFault = (typeof invocationFaults)[number];

/** What share of calls or invocations each kind of fault takes in one run. Shares, 0 to 1. */
export type FaultRates = Readonly<Record<CallFault | InvocationFault, number>>;

/** The faults of one run, where the network and the platform ask for them. */
export interface Faults {
  readonly network: (service: Service) => Fault;
  readonly platform: PlatformFault;
}

/** Nothing goes wrong by itself. */
export const noFaults: Faults = { network: () => null, platform: () => null };

/**
 * The rates are random themselves: a run with much of one kind and little of the others finds what an even mixture
 * hides.
 */
export function drawRates(bounds: FaultBounds, random: SeededRandom): FaultRates {
  const draws = (kinds: readonly string[], max: number): [string, number][] =>
    kinds.map((kind) => [kind, random.fork(kind).between(0, max)]);
  return Object.fromEntries([
    ...draws(callFaults, bounds.callShareMax),
    ...draws(invocationFaults, bounds.invocationShareMax),
  ]) as FaultRates;
}

/** Faults at the rates that the seed draws, each call and each invocation at its own luck. */
export function drawFaults(bounds: FaultBounds, random: SeededRandom): Faults {
  const rates = drawRates(bounds, random);
  const calls = random.fork('calls');
  const invocations = random.fork('invocations');
  const nextId = requestIds('faults');
  return {
    network: (service) => {
      const kind = drawKind(callFaults, rates, calls.next());
      if (kind === 'throttled') return answersOf(service).throttled(nextId());
      if (kind === 'server-error') return answersOf(service).serverError(nextId());
      return kind;
    },
    platform: () => drawKind(invocationFaults, rates, invocations.next()),
  };
}

/** One draw decides among all kinds, so that a rate of one kind moves no draw of another. */
function drawKind<T extends CallFault | InvocationFault>(
  kinds: readonly T[],
  rates: FaultRates,
  draw: number,
): T | null {
  let below = 0;
  for (const kind of kinds) {
    below += rates[kind];
    if (draw < below) return kind;
  }
  return null;
}

/** How a service says "not now" and "my fault", each in its own protocol. */
interface Answers {
  readonly throttled: (requestId: string) => WireResponse;
  readonly serverError: (requestId: string) => WireResponse;
}

/** AWS JSON and REST JSON: the name of the error is in the body, or in a header, or in both. */
const awsJson =
  (status: number, code: string, namespace = ''): ((requestId: string) => WireResponse) =>
  (requestId) => ({
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': code,
      'x-amzn-requestid': requestId,
    },
    body: JSON.stringify({ __type: `${namespace}${code}`, message: code }),
  });

const awsXml =
  (status: number, code: string, namespace: string): ((requestId: string) => WireResponse) =>
  (requestId) =>
    xmlError({ status, code, message: code }, { namespace, requestId });

/** Services that are no AWS: JSON, and what to wait for in a header. */
const jsonOf =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): (() => WireResponse) =>
  () => ({
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  });

/** Codes: Microsoft Learn, "Common REST API error codes". */
const BLOB_BUSY = { code: 'ServerBusy', message: 'The server is busy.' };
const BLOB_BROKEN = {
  code: 'InternalError',
  message: 'Server encountered an internal error. Please try again after some time.',
};

const blobError =
  (status: number, error: typeof BLOB_BUSY): ((requestId: string) => WireResponse) =>
  (requestId) =>
    refusal({ status, ...error }, { requestId, withoutBody: false });

const DYNAMODB = 'com.amazonaws.dynamodb.v20120810#';
const CLOUDWATCH = 'com.amazonaws.cloudwatch.v2010_08_01#';
const SQS = 'com.amazonaws.sqs#';
const SNS = 'http://sns.amazonaws.com/doc/2010-03-31/';
const STS = 'https://sts.amazonaws.com/doc/2011-06-15/';
const CLOUDFRONT = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

/** Codes and statuses: the common errors and the API references of the services, as their SDK clients read them. */
const ANSWERS: Readonly<Record<string, Answers>> = {
  dynamodb: {
    throttled: awsJson(400, 'ThrottlingException', DYNAMODB),
    serverError: awsJson(500, 'InternalServerError', DYNAMODB),
  },
  cloudwatch: {
    throttled: awsJson(400, 'Throttling', CLOUDWATCH),
    serverError: awsJson(500, 'InternalServiceFault', CLOUDWATCH),
  },
  sqs: {
    throttled: awsJson(400, 'RequestThrottled', SQS),
    serverError: awsJson(500, 'InternalError', SQS),
  },
  keyvaluestore: {
    throttled: awsJson(429, 'ThrottlingException'),
    serverError: awsJson(500, 'InternalServerException'),
  },
  lambda: {
    throttled: awsJson(429, 'TooManyRequestsException'),
    serverError: awsJson(500, 'ServiceException'),
  },
  sns: { throttled: awsXml(429, 'Throttled', SNS), serverError: awsXml(500, 'InternalError', SNS) },
  sts: { throttled: awsXml(400, 'Throttling', STS), serverError: awsXml(500, 'InternalFailure', STS) },
  cloudfront: {
    throttled: awsXml(400, 'Throttling', CLOUDFRONT),
    serverError: awsXml(500, 'ServiceUnavailable', CLOUDFRONT),
  },
  'secrets-manager': {
    throttled: awsJson(400, 'ThrottlingException'),
    serverError: awsJson(500, 'InternalServiceError'),
  },
  'step-functions': {
    throttled: awsJson(400, 'ThrottlingException'),
    serverError: awsJson(500, 'InternalFailure'),
  },
  slack: {
    throttled: jsonOf(429, { ok: false, error: 'ratelimited' }, { 'retry-after': '1' }),
    serverError: jsonOf(503, { ok: false, error: 'service_unavailable' }),
  },
  entra: {
    throttled: jsonOf(429, { error: 'temporarily_unavailable', error_description: 'AADSTS90055: throttled' }),
    serverError: jsonOf(503, {
      error: 'temporarily_unavailable',
      error_description: 'AADSTS90033: A transient error has occurred. Please try again.',
    }),
  },
  'azure-devops': {
    throttled: jsonOf(
      429,
      { typeKey: 'RequestBlockedException', message: 'TF400733: the request has been blocked' },
      { 'retry-after': '2' },
    ),
    serverError: jsonOf(503, {
      typeKey: 'ServiceUnavailableException',
      message: 'The service is unavailable.',
    }),
  },
  'azure-arm': {
    throttled: jsonOf(
      429,
      { error: { code: 'TooManyRequests', message: 'throttled' } },
      { 'retry-after': '2' },
    ),
    serverError: jsonOf(503, { error: { code: 'ServiceUnavailable', message: 'try again later' } }),
  },
  'lag-probe': { throttled: jsonOf(429, {}), serverError: jsonOf(503, {}) },
  'azure-blob': { throttled: blobError(503, BLOB_BUSY), serverError: blobError(500, BLOB_BROKEN) },
};

function answersOf(service: Service): Answers {
  const answers = ANSWERS[service.name];
  if (answers === undefined) {
    throw new Error(
      `nobody knows how ${service.name} says that it is overloaded; teach it to drill/faults.ts`,
    );
  }
  return answers;
}
