import type { Service } from '../../clouds/wire/wire-shape.ts';

/** The address at which a site tells how far its own replication is behind. It stands beside the standby, so it lives. */
export function lagProbeService(url: string, lagSeconds: () => number): Service {
  const { host, pathname } = new URL(url);
  return {
    name: 'lag-probe',
    handles: (request) => request.host === host,
    answer: ({ method, path }) =>
      method === 'GET' && path === pathname
        ? {
            status: 200,
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ lagSeconds: lagSeconds() }),
          }
        : { status: 404, headers: {}, body: 'not found' },
  };
}
