import { ORIGIN_HEADER } from '../../core/watch/probe.ts';
import { BEACON_KEY } from '../../core/route/beacon.ts';
import { originIds, ROUTE_KEY, type OriginId } from '../../core/route/route.ts';
import { PROBE_PATH } from '../../core/watch/targets.ts';
import {
  ANSWER_RESPONSE_FILE,
  PROBE_ORIGIN_FILE,
  ROUTE_REQUEST_FILE,
  isEdgeResponse,
  loadEdgeFunction,
  type EdgeEvent,
  type EdgeHandler,
  type EdgeModule,
  type EdgeRequest,
  type EdgeResponse,
} from '../../edge/load.ts';
import type { OriginAnswer, OriginRequest } from './application.ts';
import type { Write } from './database.ts';

/** The origins of the simulated distribution. */
export type Origins = Readonly<Record<OriginId, (request: OriginRequest) => OriginAnswer | null>>;

/** What a viewer asks at an edge location. */
export interface ViewerRequest {
  readonly method: string;
  readonly path: string;
  readonly ip: string;
  readonly write: Write | null;
}

export interface ViewerResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Which origin the request was sent to; null when the edge answered by itself. For the measures and checkers only. */
  readonly sentTo: OriginId | null;
}

/** One machine at an edge location: it knows what it last learned. */
export interface EdgeHost {
  /** `version` grows with every change; the value is what was published, null before the first change. */
  learned: { version: number; value: string | null };
  /** The same of the beacon, a key of its own: how a change of one arrives says nothing about the other. */
  beacon: { version: number; value: string | null };
  serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse>;
}

/** The origin of the default behaviour: where a request goes that the function leaves alone. */
const DEFAULT_ORIGIN = 'primary';

/** Answers of nobody: CloudFront's own, or a load balancer's about its targets. In their place the page is shown. */
const NOBODY_ANSWERED = [502, 504];
const MAINTENANCE_PAGE = '/maintenance.html';

const isOrigin = (id: string): id is OriginId => (originIds as readonly string[]).includes(id);

/** The origin of the probe behaviour that takes this path, as its pattern says; null for a path of the site. */
const probedOrigin = (uri: string): OriginId | null =>
  originIds.find((id) => uri.startsWith(`${PROBE_PATH}/${id}/`)) ?? null;

/** A write by the path of a probe would go around the shield, so these behaviours refuse it before anything runs. */
const mayProbe = ({ method }: ViewerRequest): boolean => method === 'GET' || method === 'HEAD';
const FORBIDDEN: ViewerResponse = { status: 403, headers: {}, body: '', sentTo: null };

// An origin that nobody answers for becomes 504, as CloudFront does it.
function fetchFrom(origins: Origins, origin: OriginId, request: OriginRequest): ViewerResponse {
  const answer = origins[origin](request);
  return answer === null
    ? { status: 504, headers: {}, body: '', sentTo: origin }
    : { ...answer, sentTo: origin };
}

/** Error responses hold for the whole distribution. The page keeps the code of the error. Source: docs/edge.md. */
function withErrorPage(answer: ViewerResponse, origins: Origins): ViewerResponse {
  if (!NOBODY_ANSWERED.includes(answer.status)) return answer;
  const page = origins.maintenance({ method: 'GET', path: MAINTENANCE_PAGE, write: null });
  return page?.status === 200
    ? { ...answer, headers: page.headers, body: page.body }
    : { ...answer, headers: {}, body: '' };
}

/** A machine of our own distribution. It runs the edge functions: the very files that are deployed. */
export class FunctionHost implements EdgeHost {
  learned: EdgeHost['learned'] = { version: 0, value: null };
  beacon: EdgeHost['beacon'] = { version: 0, value: null };
  private readonly onRequest: EdgeHandler;
  private readonly onResponse: EdgeHandler;
  private readonly onProbe: EdgeHandler;
  private selected: string = DEFAULT_ORIGIN;

  constructor() {
    const cf: EdgeModule = {
      kvs: () => ({
        get: (key) => {
          const value = this.valueOf(key);
          return value === null ? Promise.reject(new Error('KeyNotFound')) : Promise.resolve(value);
        },
      }),
      selectRequestOriginById: (originId) => {
        this.selected = originId;
      },
    };
    const functions = loadFunctions();
    this.onRequest = functions.request(cf);
    this.onResponse = functions.response(cf);
    this.onProbe = functions.probe(cf);
  }

  private valueOf(key: string): string | null {
    if (key === ROUTE_KEY) return this.learned.value;
    return key === BEACON_KEY ? this.beacon.value : null;
  }

  async serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    const probed = probedOrigin(uriOf(viewer));
    return probed === null ? this.visit(viewer, origins) : this.probe(viewer, origins, probed);
  }

  /** One origin, whatever the route says, and its name written over everything else: on errors too. */
  private async probe(viewer: ViewerRequest, origins: Origins, origin: OriginId): Promise<ViewerResponse> {
    if (!mayProbe(viewer)) return FORBIDDEN;
    const result = await this.onProbe(requestEventOf(viewer));
    if (isEdgeResponse(result)) throw new Error('the function of the probes answered by itself');
    const request = { method: viewer.method, path: pathOf(result), write: null };
    const answer = withErrorPage(fetchFrom(origins, origin, request), origins);
    return {
      ...answer,
      headers: { ...answer.headers, [ORIGIN_HEADER]: origin, 'cache-control': 'no-store' },
    };
  }

  /** The default behaviour: what a user asks. */
  private async visit(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    this.selected = DEFAULT_ORIGIN;
    const result = await this.onRequest(requestEventOf(viewer));
    if (isEdgeResponse(result)) return viewerResponseOf(result);
    const origin = this.selected;
    if (!isOrigin(origin))
      throw new Error(`the edge function selected ${origin}, which is no origin of the distribution`);
    const answer = fetchFrom(origins, origin, { ...viewer, path: pathOf(result) });
    return this.respond(withErrorPage(answer, origins), result);
  }

  /** CloudFront runs no viewer-response function on an error of the origin. Source: its developer guide. */
  private async respond(answer: ViewerResponse, request: EdgeRequest): Promise<ViewerResponse> {
    if (answer.status >= 400) return answer;
    const response: EdgeResponse = {
      statusCode: answer.status,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, { value }])),
    };
    const result = await this.onResponse({
      version: '1.0',
      context: { eventType: 'viewer-response', requestId: 'drill' },
      viewer: { ip: '' },
      request,
      response,
    });
    if (!isEdgeResponse(result)) throw new Error('the viewer-response function answered with a request');
    return { ...viewerResponseOf(result), body: answer.body, sentTo: answer.sentTo };
  }
}

/**
 * A machine of a customer's distribution without functions: what it learned is the target of the default behaviour. Who
 * answers says so itself, the origins take the probe's prefix away, and nobody has set up a page for errors.
 * Source: docs/bring-your-own-distribution.md.
 */
export class PlainHost implements EdgeHost {
  learned: EdgeHost['learned'] = { version: 0, value: null };
  /** It reads no store, so none ever arrives. */
  beacon: EdgeHost['beacon'] = { version: 0, value: null };

  serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    const probed = probedOrigin(uriOf(viewer));
    if (probed !== null && !mayProbe(viewer)) return Promise.resolve(FORBIDDEN);
    const origin = probed ?? this.learned.value ?? DEFAULT_ORIGIN;
    if (!isOrigin(origin))
      throw new Error(`the distribution targets ${origin}, which is none of its origins`);
    // A static site takes no writes: it answers 405 by itself, and the write reaches nobody.
    const refused = origin === 'maintenance' && viewer.method !== 'GET';
    if (refused) return Promise.resolve({ status: 405, headers: {}, body: '', sentTo: origin });
    const path = probed === null ? viewer.path : viewer.path.slice(`${PROBE_PATH}/${probed}`.length);
    return Promise.resolve(fetchFrom(origins, origin, { ...viewer, path }));
  }
}

/** The path without its query: what behaviours are chosen by. */
const uriOf = ({ path }: ViewerRequest): string => path.split('?', 1)[0] ?? path;

function edgeRequestOf(viewer: ViewerRequest): EdgeRequest {
  const uri = uriOf(viewer);
  const query = new URLSearchParams(viewer.path.slice(uri.length));
  return {
    method: viewer.method,
    uri,
    querystring: Object.fromEntries([...query].map(([name, value]) => [name, { value }])),
    headers: { 'user-agent': { value: 'drill' } },
    cookies: {},
  };
}

const requestEventOf = (viewer: ViewerRequest): EdgeEvent => ({
  version: '1.0',
  context: { eventType: 'viewer-request', requestId: 'drill' },
  viewer: { ip: viewer.ip },
  request: edgeRequestOf(viewer),
});

/** Path and query as the function left them. */
function pathOf({ uri, querystring }: EdgeRequest): string {
  const query = new URLSearchParams(
    Object.entries(querystring).map(([name, { value }]): [string, string] => [name, value]),
  ).toString();
  return query === '' ? uri : `${uri}?${query}`;
}

const viewerResponseOf = (response: EdgeResponse): ViewerResponse => ({
  status: response.statusCode,
  headers: Object.fromEntries(Object.entries(response.headers).map(([name, { value }]) => [name, value])),
  body: response.body?.data ?? '',
  sentTo: null,
});

interface EdgeFunctions {
  readonly request: (cf: EdgeModule) => EdgeHandler;
  readonly response: (cf: EdgeModule) => EdgeHandler;
  readonly probe: (cf: EdgeModule) => EdgeHandler;
}

let compiled: EdgeFunctions | undefined;

/** Compiled once for all edge machines. */
function loadFunctions(): EdgeFunctions {
  compiled ??= {
    request: loadEdgeFunction(ROUTE_REQUEST_FILE),
    response: loadEdgeFunction(ANSWER_RESPONSE_FILE),
    probe: loadEdgeFunction(PROBE_ORIGIN_FILE),
  };
  return compiled;
}
