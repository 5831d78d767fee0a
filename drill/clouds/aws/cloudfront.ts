import { createHash } from 'node:crypto';
import { requestIds, signatureProblem, xmlError } from './aws-wire.ts';
import {
  configElement,
  readConfig,
  refuseConfig,
  targetsOf,
  withComment,
  type ConfigTree,
  type DistributionTargets,
} from './cloudfront-config.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

export type { DistributionTargets } from './cloudfront-config.ts';

/** One invalidation that was asked for; asking again under its reference makes no second one. */
export interface Invalidation {
  readonly id: string;
  readonly reference: string;
  readonly paths: readonly string[];
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** One distribution; `config` is the truth that the edge locations learn, each at its own moment. */
export interface Distribution {
  readonly id: string;
  readonly account: string;
  /** The XML of its DistributionConfig, as its owner wrote it. */
  config: string;
  /** Changes with every update, also with one that changes nothing. */
  etag: string;
  /** Milliseconds since the Unix epoch: when the last update is, or was, on every edge location. */
  deployedAt: number;
  readonly invalidations: Invalidation[];
}

/** One change of a distribution, at the moment at which CloudFront took it. */
export interface DistributionUpdate {
  readonly id: string;
  readonly etag: string;
  readonly targets: DistributionTargets;
  /** Milliseconds since the Unix epoch at which the status will be Deployed; every location must know by then. */
  readonly deployedAt: number;
}

export interface CloudFrontState {
  readonly distributions: readonly Distribution[];
  /** How long the update that happens now takes to reach every edge location. Milliseconds. */
  readonly deploymentMs: () => number;
  readonly onUpdate?: (update: DistributionUpdate) => void;
  readonly onInvalidation?: (id: string, invalidation: Invalidation) => void;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const HOST = 'cloudfront.amazonaws.com';
const NAMESPACE = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';
const PATH = /^\/2020-05-31\/distribution\/(?<id>[A-Z0-9]+)(?<what>\/config|\/invalidation)?$/;
/** Source: CloudFront quotas: 15 invalidations with a wildcard at a time. They take about a minute; assumed. */
const INVALIDATIONS_MAX = 15;
const INVALIDATION_MS = 60_000;

const nextEtag = (distribution: Distribution): string =>
  `E${createHash('sha256').update(`${distribution.id} ${distribution.etag}`).digest('hex').slice(0, 13).toUpperCase()}`;

/** A distribution that has been deployed for long. @throws when its configuration is none. */
export function makeDistribution(id: string, account: string, config: string): Distribution {
  treeOf(config);
  const distribution = { id, account, config, etag: '', deployedAt: 0, invalidations: [] };
  distribution.etag = nextEtag(distribution);
  return distribution;
}

/** What a distribution targets now. */
export const servedTargets = (distribution: Distribution): DistributionTargets =>
  targetsOf(treeOf(distribution.config));

/** Somebody deploys the distribution: another comment, and with it another version. */
export function touch(state: CloudFrontState, id: string, comment: string): void {
  const distribution = state.distributions.find((candidate) => candidate.id === id);
  if (distribution === undefined) throw new Error(`no simulated distribution has the id ${id}`);
  change(state, distribution, withComment(treeOf(distribution.config), comment));
}

function treeOf(config: string): ConfigTree {
  const tree = readConfig(config);
  if (tree === null) throw new Error('not the XML of a DistributionConfig');
  return tree;
}

function change(state: CloudFrontState, distribution: Distribution, config: string): void {
  distribution.config = config;
  distribution.etag = nextEtag(distribution);
  distribution.deployedAt = Date.now() + state.deploymentMs();
  const { id, etag, deployedAt } = distribution;
  state.onUpdate?.({ id, etag, deployedAt, targets: targetsOf(treeOf(config)) });
}

/** The control plane of CloudFront, in us-east-1 for all. Protocol: REST-XML, checked against @aws-sdk/client-cloudfront. */
export function cloudFrontService(state: CloudFrontState): Service {
  const nextId = requestIds('cloudfront');
  return {
    name: 'cloudfront',
    handles: (request) => request.host === HOST,
    answer: (request) => {
      const operation = operationOf(request);
      const requestId = nextId();
      const refuse = (refusal: Refusal): WireResponse =>
        xmlError(refusal, { namespace: NAMESPACE, requestId });
      const stranger = signatureProblem(request, { region: 'us-east-1', service: 'cloudfront' });
      if (stranger !== null) return refuse({ status: 403, ...stranger });
      const distribution = state.distributions.find(({ id }) => id === operation.id);
      if (distribution === undefined) {
        const message = 'The specified distribution does not exist.';
        return refuse({ status: 404, code: 'NoSuchDistribution', message });
      }
      return operations[operation.name]({ state, distribution, request, refuse });
    },
  };
}

type OperationName =
  'GetDistribution' | 'GetDistributionConfig' | 'UpdateDistribution' | 'CreateInvalidation';

const byRequest: Readonly<Record<string, OperationName>> = {
  'GET ': 'GetDistribution',
  'GET /config': 'GetDistributionConfig',
  'PUT /config': 'UpdateDistribution',
  'POST /invalidation': 'CreateInvalidation',
};

function operationOf(request: WireRequest): { readonly id: string; readonly name: OperationName } {
  const { id, what } = PATH.exec(request.path)?.groups ?? {};
  const name = byRequest[`${request.method} ${what ?? ''}`];
  if (id === undefined || name === undefined || Object.keys(request.query).length > 0) {
    throw new UnexpectedCall('the simulated CloudFront does not know this operation');
  }
  return { id, name };
}

interface Call {
  readonly state: CloudFrontState;
  readonly distribution: Distribution;
  readonly request: WireRequest;
  readonly refuse: (refusal: Refusal) => WireResponse;
}

const operations: Readonly<Record<OperationName, (call: Call) => WireResponse>> = {
  GetDistribution: ({ distribution }) => xml(200, distribution, distributionXml(distribution)),
  GetDistributionConfig: ({ distribution }) => xml(200, distribution, distribution.config),
  UpdateDistribution: (call) => {
    const problem = refuseVersion(call) ?? refuseUpdate(call);
    if (problem !== null) return call.refuse(problem);
    change(call.state, call.distribution, call.request.body);
    return xml(200, call.distribution, distributionXml(call.distribution));
  },
  CreateInvalidation: (call) => {
    const asked = readInvalidation(call.request.body);
    if (asked === null) {
      return call.refuse({ status: 400, code: 'MalformedInput', message: 'The XML document is malformed.' });
    }
    return invalidate(call, asked);
  },
};

const xml = (status: number, { etag }: Distribution, body: string): WireResponse => ({
  status,
  headers: { 'content-type': 'text/xml', etag },
  body,
});

function distributionXml(distribution: Distribution): string {
  const { id, account, deployedAt, config } = distribution;
  const status = Date.now() < deployedAt ? 'InProgress' : 'Deployed';
  return (
    `<?xml version="1.0"?>\n<Distribution xmlns="${NAMESPACE}"><Id>${id}</Id>` +
    `<ARN>arn:aws:cloudfront::${account}:distribution/${id}</ARN><Status>${status}</Status>` +
    `<DomainName>${id.toLowerCase()}.cloudfront.net</DomainName>${configElement(config)}</Distribution>`
  );
}

function refuseVersion({ request, distribution }: Call): Refusal | null {
  const wanted = request.headers['if-match'] ?? '';
  if (!/^E[A-Z0-9]{5,}$/.test(wanted)) {
    const message = 'The If-Match version is missing or not valid for the resource.';
    return { status: 400, code: 'InvalidIfMatchVersion', message };
  }
  if (wanted === distribution.etag) return null;
  const message = 'The request failed because it did not meet the preconditions in one or more headers.';
  return { status: 412, code: 'PreconditionFailed', message };
}

const refuseUpdate = ({ request, distribution }: Call): Refusal | null =>
  refuseConfig(treeOf(distribution.config), readConfig(request.body));

interface AskedInvalidation {
  readonly reference: string;
  readonly paths: readonly string[];
}

function readInvalidation(body: string): AskedInvalidation | null {
  const reference = /<CallerReference>(?<text>[^<]+)<\/CallerReference>/.exec(body)?.groups?.['text'];
  const paths = [...body.matchAll(/<Path>(?<path>[^<]+)<\/Path>/g)].map(
    ({ groups }) => groups?.['path'] ?? '',
  );
  const quantity = /<Quantity>(?<count>\d+)<\/Quantity>/.exec(body)?.groups?.['count'];
  const whole = reference !== undefined && paths.length > 0 && Number(quantity) === paths.length;
  return whole ? { reference, paths } : null;
}

function invalidate(call: Call, { reference, paths }: AskedInvalidation): WireResponse {
  const { state, distribution, refuse } = call;
  const { invalidations } = distribution;
  const known = invalidations.find((invalidation) => invalidation.reference === reference);
  if (known !== undefined && known.paths.join('\n') !== paths.join('\n')) {
    const message = 'The caller reference was used for other paths.';
    return refuse({ status: 400, code: 'InvalidationBatchAlreadyExists', message });
  }
  const running = invalidations.filter(({ at }) => Date.now() < at + INVALIDATION_MS);
  if (known === undefined && running.length >= INVALIDATIONS_MAX) {
    const message = 'You have exceeded the maximum number of invalidations in progress.';
    return refuse({ status: 400, code: 'TooManyInvalidationsInProgress', message });
  }
  const id = `I${nextEtag(distribution).slice(1, 8)}${invalidations.length}`;
  const made = known ?? { id, reference, paths, at: Date.now() };
  if (known === undefined) {
    invalidations.push(made);
    state.onInvalidation?.(distribution.id, made);
  }
  const items = made.paths.map((path) => `<Path>${path}</Path>`).join('');
  return xml(
    201,
    distribution,
    `<?xml version="1.0"?>\n<Invalidation xmlns="${NAMESPACE}"><Id>${made.id}</Id>` +
      `<Status>${Date.now() < made.at + INVALIDATION_MS ? 'InProgress' : 'Completed'}</Status>` +
      `<CreateTime>${new Date(made.at).toISOString()}</CreateTime><InvalidationBatch>` +
      `<Paths><Quantity>${made.paths.length}</Quantity><Items>${items}</Items></Paths>` +
      `<CallerReference>${made.reference}</CallerReference></InvalidationBatch></Invalidation>`,
  );
}
