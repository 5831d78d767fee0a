import {
  ANSWER_RESPONSE_FILE,
  ROUTE_REQUEST_FILE,
  isEdgeResponse,
  loadEdgeFunction,
  type EdgeHandler,
  type EdgeModule,
  type EdgeRequest,
  type EdgeResponse,
} from '../../edge/load.ts';
import type { OriginAnswer, OriginRequest } from './application.ts';
import type { Write } from './database.ts';

/** The origins of the simulated distribution. */
export type Origins = Readonly<
  Record<'primary' | 'standby' | 'maintenance', (request: OriginRequest) => OriginAnswer | null>
>;

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
  readonly sentTo: keyof Origins | null;
}

/** One machine at an edge location: it knows what it last learned. */
export interface EdgeHost {
  /** `version` grows with every change; the value is what was published, null before the first change. */
  learned: { version: number; value: string | null };
  serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse>;
}

/** The origin of the default behaviour: where a request goes that the function leaves alone. */
const DEFAULT_ORIGIN = 'primary';

const isOrigin = (id: string): id is keyof Origins =>
  id === 'primary' || id === 'standby' || id === 'maintenance';

/** Probe behaviours of the distribution: they reach one origin whatever the route says. */
function probedOrigin(path: string): { origin: keyof Origins; path: string } | null {
  const match = /^\/__pilotlight\/(?<origin>primary|standby|maintenance)(?<rest>\/.*)$/.exec(path);
  const origin = match?.groups?.['origin'];
  const rest = match?.groups?.['rest'];
  return origin !== undefined && rest !== undefined && isOrigin(origin) ? { origin, path: rest } : null;
}

// An origin that nobody answers for becomes 504, as CloudFront does it.
function fetchFrom(origins: Origins, origin: keyof Origins, request: OriginRequest): ViewerResponse {
  const answer = origins[origin](request);
  return answer === null
    ? { status: 504, headers: {}, body: '', sentTo: origin }
    : { ...answer, sentTo: origin };
}

/** A machine that runs the edge functions: the very files that are deployed. */
export class FunctionHost implements EdgeHost {
  learned: EdgeHost['learned'] = { version: 0, value: null };
  private readonly onRequest: EdgeHandler;
  private readonly onResponse: EdgeHandler;
  private selected: string = DEFAULT_ORIGIN;

  constructor() {
    const cf: EdgeModule = {
      kvs: () => ({
        get: () => {
          const { value } = this.learned;
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
  }

  async serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    const fixed = probedOrigin(viewer.path);
    if (fixed !== null) return fetchFrom(origins, fixed.origin, { ...viewer, path: fixed.path });
    this.selected = DEFAULT_ORIGIN;
    const result = await this.onRequest({
      version: '1.0',
      context: { eventType: 'viewer-request', requestId: 'drill' },
      viewer: { ip: viewer.ip },
      request: edgeRequestOf(viewer),
    });
    if (isEdgeResponse(result)) return viewerResponseOf(result);
    const origin = this.selected;
    if (!isOrigin(origin))
      throw new Error(`the edge function selected ${origin}, which is no origin of the distribution`);
    return this.respond(fetchFrom(origins, origin, { ...viewer, path: result.uri }), result);
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

/** A machine of a distribution without functions: what it learned is the target of the default behaviour. */
export class PlainHost implements EdgeHost {
  learned: EdgeHost['learned'] = { version: 0, value: null };

  serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    const fixed = probedOrigin(viewer.path);
    const origin = fixed?.origin ?? this.learned.value ?? DEFAULT_ORIGIN;
    if (!isOrigin(origin))
      throw new Error(`the distribution targets ${origin}, which is none of its origins`);
    // A static site takes no writes: it answers 405 by itself, and the write reaches nobody.
    const refused = origin === 'maintenance' && viewer.method !== 'GET';
    if (refused) return Promise.resolve({ status: 405, headers: {}, body: '', sentTo: origin });
    return Promise.resolve(fetchFrom(origins, origin, { ...viewer, path: fixed?.path ?? viewer.path }));
  }
}

const edgeRequestOf = (viewer: ViewerRequest): EdgeRequest => ({
  method: viewer.method,
  uri: viewer.path.split('?')[0] ?? viewer.path,
  querystring: {},
  headers: { 'user-agent': { value: 'drill' } },
  cookies: {},
});

const viewerResponseOf = (response: EdgeResponse): ViewerResponse => ({
  status: response.statusCode,
  headers: Object.fromEntries(Object.entries(response.headers).map(([name, { value }]) => [name, value])),
  body: response.body?.data ?? '',
  sentTo: null,
});

interface EdgeFunctions {
  readonly request: (cf: EdgeModule) => EdgeHandler;
  readonly response: (cf: EdgeModule) => EdgeHandler;
}

let compiled: EdgeFunctions | undefined;

/** Compiled once for all edge machines. */
function loadFunctions(): EdgeFunctions {
  compiled ??= {
    request: loadEdgeFunction(ROUTE_REQUEST_FILE),
    response: loadEdgeFunction(ANSWER_RESPONSE_FILE),
  };
  return compiled;
}
