import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { argv, stdout } from 'node:process';
import type { EdgeEvent, EdgeFunction, EdgeModule } from '../edge/load.ts';
import {
  ANSWER_RESPONSE_FILE,
  compileEdgeFunction,
  loadEdgeFunction,
  ROUTE_REQUEST_FILE,
} from '../edge/load.ts';

/**
 * What a viewer's request costs in the edge functions, against an empty function of the same kind measured in the same
 * run. The nanoseconds are this machine's; only the ratio travels, and CloudFront's own measure (compute utilisation)
 * can be had only from CloudFront.
 */
export interface EdgeCost {
  name: string;
  /** Median over the rounds, one call, in nanoseconds. */
  nanosecondsPerRequest: number;
  /** Cost divided by the empty function's; 1 for the empty ones. */
  ratioToEmpty: number;
  /** Size of the source as it is deployed, in bytes. */
  sizeBytes: number;
  readsPerRequest: number;
}

const ROUNDS = 31;
const CALLS_PER_ROUND = 4000;

const EMPTY_ASYNC = 'async function handler(event) { return event.request; }\n';
const EMPTY_SYNC = 'function handler(event) { return event.response; }\n';

interface Contender {
  name: string;
  make: EdgeFunction;
  sizeBytes: number;
  route: string;
  method: string;
  /** The name of the contender that this one is compared with. */
  against: string;
}

const routeText = (origin: string, more: object = {}): string =>
  JSON.stringify({ v: 1, origin, epoch: 41, fence: 12, ...more });

const contenders = (): Contender[] => {
  const routeRequest = loadEdgeFunction(ROUTE_REQUEST_FILE);
  const answerResponse = loadEdgeFunction(ANSWER_RESPONSE_FILE);
  const requestBytes = readFileSync(ROUTE_REQUEST_FILE).length;
  const request = { make: routeRequest, sizeBytes: requestBytes, method: 'GET', against: 'empty, request' };
  const empty = { route: '', method: 'GET' };
  return [
    {
      ...empty,
      name: 'empty, request',
      make: compileEdgeFunction(EMPTY_ASYNC, 'empty-request.js'),
      sizeBytes: EMPTY_ASYNC.length,
      against: 'empty, request',
    },
    { ...request, name: 'route-request, primary', route: routeText('primary') },
    { ...request, name: 'route-request, standby', route: routeText('standby') },
    {
      ...request,
      name: 'route-request, canary',
      route: routeText('primary', { canary: { origin: 'standby', percent: 50 } }),
    },
    { ...request, name: 'route-request, shield, page', route: routeText('maintenance') },
    { ...request, name: 'route-request, shield, write', route: routeText('maintenance'), method: 'POST' },
    { ...request, name: 'route-request, unreadable', route: '{' },
    {
      ...empty,
      name: 'empty, response',
      make: compileEdgeFunction(EMPTY_SYNC, 'empty-response.js'),
      sizeBytes: EMPTY_SYNC.length,
      against: 'empty, response',
    },
    {
      ...empty,
      name: 'answer-response',
      make: answerResponse,
      sizeBytes: readFileSync(ANSWER_RESPONSE_FILE).length,
      against: 'empty, response',
    },
  ];
};

const eventFor = (method: string, index: number): EdgeEvent => ({
  version: '1.0',
  context: { eventType: 'viewer-request', requestId: 'EXAMPLE' },
  viewer: { ip: `198.51.100.${String(index % 250)}` },
  request: {
    method,
    uri: '/owners/1/edit',
    querystring: {},
    headers: {
      host: { value: 'www.example.com' },
      'user-agent': { value: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' },
      'x-pilotlight-route': { value: 'primary' },
    },
    cookies: {},
  },
  response: { statusCode: 200, headers: { 'cache-control': { value: 'max-age=60' } } },
});

interface Round {
  nanosecondsPerRequest: number;
  readsPerRequest: number;
}

/** One round of one contender. The events are made before the watch starts: only the function is timed. */
const runRound = async ({ make, route, method }: Contender): Promise<Round> => {
  let reads = 0;
  const stored = Promise.resolve(route);
  const store = {
    get: (): Promise<string> => {
      reads += 1;
      return stored;
    },
  };
  const module: EdgeModule = { kvs: () => store, selectRequestOriginById: () => undefined };
  const handler = make(module);
  const events = Array.from({ length: CALLS_PER_ROUND }, (_, index) => eventFor(method, index));
  const start = performance.now();
  for (const event of events) await handler(event);
  const elapsedMs = performance.now() - start;
  return {
    nanosecondsPerRequest: (elapsedMs * 1e6) / CALLS_PER_ROUND,
    readsPerRequest: reads / CALLS_PER_ROUND,
  };
};

const median = (values: number[]): number => {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? Number.NaN;
};

/** Measures every contender in every round, so that a slow moment of the machine falls on all of them alike. */
export const benchEdgeFunction = async (): Promise<{ costs: EdgeCost[] }> => {
  const all = contenders();
  const rounds = new Map<string, Round[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const contender of all) {
      const result = await runRound(contender);
      // The first round only warms the compiler up.
      if (round > 0) rounds.get(contender.name)?.push(result);
    }
  }
  const cost = (name: string): number =>
    median((rounds.get(name) ?? []).map(({ nanosecondsPerRequest }) => nanosecondsPerRequest));
  return {
    costs: all.map(({ name, against, sizeBytes }) => ({
      name,
      nanosecondsPerRequest: cost(name),
      ratioToEmpty: cost(name) / cost(against),
      sizeBytes,
      readsPerRequest: median((rounds.get(name) ?? []).map(({ readsPerRequest }) => readsPerRequest)),
    })),
  };
};

/** The costs as a table for people. */
export const printEdgeCosts = ({ costs }: { costs: EdgeCost[] }): string =>
  [
    `${'edge function'.padEnd(30)}${'ns/request'.padStart(12)}${'x empty'.padStart(10)}${'bytes'.padStart(8)}${'reads'.padStart(7)}`,
    ...costs.map(
      (row) =>
        row.name.padEnd(30) +
        row.nanosecondsPerRequest.toFixed(0).padStart(12) +
        row.ratioToEmpty.toFixed(2).padStart(10) +
        String(row.sizeBytes).padStart(8) +
        String(row.readsPerRequest).padStart(7),
    ),
    '',
  ].join('\n');

if (argv[1] === import.meta.filename) stdout.write(printEdgeCosts(await benchEdgeFunction()));
