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
import type { SeededRandom } from '../random.ts';
import type { OriginAnswer, OriginRequest } from './application.ts';
import type { Write } from './database.ts';
import type { Journal } from './journal.ts';

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
  /** Which origin the request was sent to; null when the edge answered by itself. For the checkers only. */
  readonly sentTo: 'primary' | 'standby' | 'maintenance' | null;
}

/** The origin of the default behaviour: where a request goes that the function leaves alone. */
const DEFAULT_ORIGIN = 'primary';

/** One machine at an edge location: it knows the route that it last learned. */
class EdgeHost {
  learned: { version: number; value: string | null } = { version: 0, value: null };
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
    this.onRequest = loadFunctions().request(cf);
    this.onResponse = loadFunctions().response(cf);
  }

  async serve(viewer: ViewerRequest, origins: Origins): Promise<ViewerResponse> {
    const fixed = probedOrigin(viewer.path);
    if (fixed !== null) return this.fetchFrom(origins, fixed.origin, { ...viewer, path: fixed.path });
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
    return this.respond(await this.fetchFrom(origins, origin, { ...viewer, path: result.uri }), result);
  }

  // An origin that nobody answers for becomes 504, as CloudFront does it.
  private fetchFrom(
    origins: Origins,
    origin: keyof Origins,
    request: OriginRequest,
  ): Promise<ViewerResponse> {
    const answer = origins[origin](request);
    if (answer === null) return Promise.resolve({ status: 504, headers: {}, body: '', sentTo: origin });
    return Promise.resolve({ ...answer, sentTo: origin });
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

const isOrigin = (id: string): id is keyof Origins =>
  id === 'primary' || id === 'standby' || id === 'maintenance';

/** Probe behaviours of the distribution: they reach one origin whatever the route says. */
function probedOrigin(path: string): { origin: keyof Origins; path: string } | null {
  const match = /^\/__pilotlight\/(?<origin>primary|standby|maintenance)(?<rest>\/.*)$/.exec(path);
  const origin = match?.groups?.['origin'];
  const rest = match?.groups?.['rest'];
  return origin !== undefined && rest !== undefined && isOrigin(origin) ? { origin, path: rest } : null;
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

let compiled:
  { request: (cf: EdgeModule) => EdgeHandler; response: (cf: EdgeModule) => EdgeHandler } | undefined;

/** The very files that are deployed, compiled once for all edge machines. */
function loadFunctions(): NonNullable<typeof compiled> {
  compiled ??= {
    request: loadEdgeFunction(ROUTE_REQUEST_FILE),
    response: loadEdgeFunction(ANSWER_RESPONSE_FILE),
  };
  return compiled;
}

/** A place where users (and probes) meet CloudFront. Its machines learn of a change each at its own moment. */
export interface EdgeLocationPlan {
  readonly name: string;
  /** Seconds until a machine of this location learns of a change, drawn anew for every change and machine. */
  readonly learnsWithinSeconds: readonly [number, number];
}

const HOSTS_PER_LOCATION = 2;

/** The simulated CloudFront distribution. */
export class Edge {
  private readonly hosts = new Map<string, EdgeHost[]>();
  private readonly plans: readonly EdgeLocationPlan[];
  private readonly origins: Origins;
  private readonly random: SeededRandom;
  private readonly journal: Journal;
  private version = 0;

  constructor(options: {
    readonly plans: readonly EdgeLocationPlan[];
    readonly origins: Origins;
    readonly random: SeededRandom;
    readonly journal: Journal;
  }) {
    this.plans = options.plans;
    this.origins = options.origins;
    this.random = options.random;
    this.journal = options.journal;
    for (const plan of options.plans) {
      this.hosts.set(
        plan.name,
        Array.from({ length: HOSTS_PER_LOCATION }, () => new EdgeHost()),
      );
    }
  }

  get locations(): readonly string[] {
    return this.plans.map((plan) => plan.name);
  }

  /** A write to the store, on its way to every machine. */
  publish(value: string): void {
    this.version += 1;
    const { version } = this;
    let pending = this.plans.length * HOSTS_PER_LOCATION;
    for (const plan of this.plans) {
      for (const host of this.hosts.get(plan.name) ?? []) {
        const [low, high] = plan.learnsWithinSeconds;
        setTimeout(
          () => {
            // A newer change may have overtaken this one on its way.
            if (host.learned.version < version) host.learned = { version, value };
            pending -= 1;
            if (pending === 0) this.journal.note('edge', `every edge location knows ${describeRoute(value)}`);
          },
          this.random.between(low, high) * 1000,
        );
      }
    }
  }

  /** Every machine knows the route from the beginning. */
  install(value: string): void {
    for (const hosts of this.hosts.values()) for (const host of hosts) host.learned = { version: 0, value };
  }

  async serve(location: string, request: ViewerRequest): Promise<ViewerResponse> {
    const hosts = this.hosts.get(location);
    if (hosts === undefined) throw new Error(`no edge location is called ${location}`);
    return this.random.pick(hosts).serve(request, this.origins);
  }
}

function describeRoute(value: string): string {
  const match = /"origin":"(?<origin>\w+)"/.exec(value);
  return `the route to ${match?.groups?.['origin'] ?? 'somewhere unreadable'}`;
}
