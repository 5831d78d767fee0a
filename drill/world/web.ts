import type { Service, WireRequest, WireResponse } from '../clouds/wire/wire-shape.ts';
import { WireFailure } from '../clouds/wire/wire-shape.ts';
import type { Edge } from './edge.ts';
import type { PrimaryDoor } from './primary-door.ts';

/** The web as a probe sees it: the site through CloudFront, and the primary's own load balancer. */
export function webService(options: {
  readonly siteHost: string;
  readonly primaryHost: string;
  readonly edge: Edge;
  readonly door: PrimaryDoor;
  /** The edge location that the probing place is near to. */
  readonly location: string;
}): Service {
  const pathOf = (request: WireRequest): string => {
    const query = new URLSearchParams(request.query).toString();
    return query === '' ? request.path : `${request.path}?${query}`;
  };
  const throughEdge = async (request: WireRequest): Promise<WireResponse> => {
    const { method } = request;
    const answer = await options.edge.serve(options.location, {
      method,
      path: pathOf(request),
      ip: '198.51.100.7',
      write: null,
    });
    return { status: answer.status, headers: answer.headers, body: answer.body };
  };
  const fromPrimary = (request: WireRequest): WireResponse => {
    const answer = options.door.answer({ method: request.method, path: request.path, write: null });
    if (answer === null) throw new WireFailure('refused', request.host);
    return answer;
  };
  return {
    name: 'web',
    handles: (request) => request.host === options.siteHost || request.host === options.primaryHost,
    answer: (request) => (request.host === options.siteHost ? throughEdge(request) : fromPrimary(request)),
  };
}
