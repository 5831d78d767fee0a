import type { EdgeEvent, EdgeHandler, EdgeModule, EdgeRequest, EdgeResponse } from '../../edge/load.ts';
import { isEdgeResponse, loadEdgeFunction, ROUTE_REQUEST_FILE } from '../../edge/load.ts';

const routeRequest = loadEdgeFunction(ROUTE_REQUEST_FILE);

/** One edge location: the very function, a store that gives one answer, and a record of what the function asked for. */
export interface Location {
  handler: EdgeHandler;
  reads: { key: string; options: unknown }[];
  selected: string[];
}

/** `answer` plays the store: what it returns is the value, what it throws is the failure of the read. */
export const locationWith = (
  answer: () => unknown,
  select: (id: string) => void = () => undefined,
): Location => {
  const reads: Location['reads'] = [];
  const selected: string[] = [];
  const module: EdgeModule = {
    kvs: () => ({
      get: (key, options) => {
        reads.push({ key, options });
        return new Promise((resolve) => {
          resolve(answer() as string);
        });
      },
    }),
    selectRequestOriginById: (id) => {
      select(id);
      selected.push(id);
    },
  };
  return { handler: routeRequest(module), reads, selected };
};

/** A location whose store holds this document. */
export const locationServing = (route: unknown): Location => locationWith(() => JSON.stringify(route));

/** A viewer's request, with what the test cares about put in. */
export const viewerRequest = (request: Partial<EdgeRequest> = {}, ip = '198.51.100.11'): EdgeEvent => ({
  version: '1.0',
  context: { eventType: 'viewer-request', requestId: 'EXAMPLE' },
  viewer: { ip },
  request: { method: 'GET', uri: '/owners', querystring: {}, headers: {}, cookies: {}, ...request },
});

/** A request of the user whose sticky cookie has this value. */
export const requestOfUser = (user: string): EdgeEvent =>
  viewerRequest({ cookies: { 'pilotlight-user': { value: user } } });

/** Runs the function and expects a request that goes on. */
export const passedOn = async (location: Location, event: EdgeEvent): Promise<EdgeRequest> => {
  const result = await location.handler(event);
  if (isEdgeResponse(result))
    throw new Error(`expected a request, got the answer ${String(result.statusCode)}`);
  return result;
};

/** Runs the function and expects its own answer. */
export const answered = async (location: Location, event: EdgeEvent): Promise<EdgeResponse> => {
  const result = await location.handler(event);
  if (!isEdgeResponse(result)) throw new Error(`expected an answer, got a request for ${result.uri}`);
  return result;
};

/** The value of the route header that the function set: what the cache key and the origin get to see. */
export const routeOf = async (location: Location, event: EdgeEvent): Promise<string | undefined> =>
  (await passedOn(location, event)).headers['x-pilotlight-route']?.value;
