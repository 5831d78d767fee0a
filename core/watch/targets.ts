import type { Workload } from '../config/schema.ts';
import { deepLookAtStandby } from '../standby/tier.ts';
import type { ProbeTarget } from './probe.ts';
import type { OriginId } from '../route/route.ts';

/** Requests below this path go to the origin that the path names, whatever the route says. */
export const PROBE_PATH = '/__pilotlight';

const HTTP_OK = 200;
/** The shield's page says "not now" to people and machines alike. */
const HTTP_UNAVAILABLE = 503;

/**
 * Asks the primary itself, past the edge, for a page that needs its database: a living application in front of a dead
 * database serves nobody. The load balancer answers this path without the edge's secret.
 */
export function primaryTarget(workload: Workload): ProbeTarget {
  const { deep, door = deep, probeTimeoutMs } = workload.health;
  return {
    about: 'primary',
    url: `https://${workload.primary.domainName}${door.path}`,
    status: HTTP_OK,
    ...(door.contains === undefined ? {} : { contains: door.contains }),
    timeoutMs: probeTimeoutMs,
  };
}

/** Asks the standby's application for a page that needs its database, the way its users will come: by the edge. */
export function standbyTarget(workload: Workload): ProbeTarget {
  const deep = deepLookAtStandby(workload);
  return {
    about: 'standby',
    url: new URL(`${PROBE_PATH}/standby${deep.path}`, workload.url).href,
    status: HTTP_OK,
    contains: deep.contains,
    timeoutMs: workload.health.probeTimeoutMs,
  };
}

/** Asks as a user would, and says what a good answer from that origin looks like. */
export function edgeTarget(workload: Workload, origin: OriginId): ProbeTarget {
  const deep = origin === 'standby' ? deepLookAtStandby(workload) : workload.health.deep;
  const asked = {
    about: 'edge',
    url: new URL(deep.path, workload.url).href,
    timeoutMs: workload.health.probeTimeoutMs,
  } as const;
  if (origin !== 'maintenance') {
    const good = { ...asked, status: HTTP_OK, contains: deep.contains };
    // A load balancer of AWS cannot name itself in a header. Users are moved to the primary from behind the page, once all of
    // the edge has shown it: a good answer after that which names no origin can be no other's.
    return origin === 'primary'
      ? { ...good, identifies: 'primary', page: workload.maintenance.contains }
      : good;
  }
  const { contains } = workload.maintenance;
  if (workload.edge.strategy === 'key-value') return { ...asked, status: HTTP_UNAVAILABLE, contains };
  // Without the edge function a static site answers as it likes: 200 for the page, 404 with the same page for any other
  // path, and no header of its own. Its text is what it is known by.
  return { ...asked, contains, identifies: 'maintenance' };
}
