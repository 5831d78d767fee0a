/** One thing that must be good before traffic may go to the standby. */
export interface StandbyCheck {
  readonly good: boolean;
  readonly detail: string;
  /** What is still being added to what serves already; missing where nothing is. */
  readonly growing?: string | undefined;
}

/** How much of the standby must be there before users come: all of it, or what serves, while the rest is added. */
export type StandbyWanted = 'whole' | 'serving';

/** The machinery of the standby; each is looked at on its own, and all must be good. */
export interface StandbyChecks {
  /** Application Gateway: running, and every backend server `Up`. */
  readonly gateway: StandbyCheck;
  /** AKS: provisioned and powered on. */
  readonly cluster: StandbyCheck;
  /** MySQL Flexible Server: `Ready`. */
  readonly database: StandbyCheck;
}

export interface StandbyReadiness {
  readonly ready: boolean;
  /** Each check with its name, in a fixed order. */
  readonly checks: readonly { readonly name: string; readonly good: boolean; readonly detail: string }[];
  /** What is still being added while it serves; null where it is whole. */
  readonly growing: string | null;
}

/**
 * The standby is ready when its machinery is good and the application itself, asked deeply, is too.
 * @param machinery null where the standby is somebody else's: then the application speaks for all of it.
 */
export function judgeStandby(machinery: StandbyChecks | null, application: StandbyCheck): StandbyReadiness {
  const parts: readonly (StandbyCheck & { readonly name: string })[] = [
    ...(machinery === null
      ? []
      : [
          { name: 'application gateway', ...machinery.gateway },
          { name: 'kubernetes cluster', ...machinery.cluster },
          { name: 'database', ...machinery.database },
        ]),
    { name: 'application', ...application },
  ];
  const growing = parts.flatMap((part) => part.growing ?? []);
  return {
    ready: parts.every((part) => part.good),
    checks: parts.map(({ name, good, detail }) => ({ name, good, detail })),
    growing: growing.length === 0 ? null : growing.join('; '),
  };
}

/** One line that names what is not good yet. */
export function describeReadiness(readiness: StandbyReadiness): string {
  if (readiness.ready) return 'every check is good';
  return readiness.checks
    .filter((check) => !check.good)
    .map((check) => `${check.name}: ${check.detail}`)
    .join('; ');
}

/** One server behind the Application Gateway, as its backend health tells. */
export interface BackendServer {
  /** The pool that it belongs to: requests of a rule go to one pool. */
  readonly pool: string;
  readonly address: string;
  readonly health: string;
  readonly detail: string;
}

/**
 * Decides whether the gateway may take traffic. An empty pool is not healthy: Azure answers an empty list while the
 * gateway has not probed yet. To serve, each pool needs one server that is up: the gateway sends nobody to one that is not.
 */
export function judgeGateway(
  operationalState: string,
  servers: readonly BackendServer[],
  wanted: StandbyWanted = 'whole',
): StandbyCheck {
  if (operationalState !== 'Running')
    return { good: false, detail: `gateway is ${operationalState}, expected Running` };
  if (servers.length === 0) return { good: false, detail: 'no backend server is reported yet' };
  const sick = servers.filter((server) => server.health !== 'Up');
  if (sick.length === 0) return { good: true, detail: `${servers.length} of ${servers.length} backends Up` };
  const names = sick.map(
    (server) => `${server.address} is ${server.health}${server.detail && ` (${server.detail})`}`,
  );
  const detail = `${servers.length - sick.length} of ${servers.length} backends Up; ${names.join(', ')}`;
  const serving = new Set(servers.filter(({ health }) => health === 'Up').map(({ pool }) => pool));
  const serves = servers.every(({ pool }) => serving.has(pool));
  return wanted === 'serving' && serves ? { good: true, detail, growing: detail } : { good: false, detail };
}

/** How long a look at the standby is good for: longer than what a run does between the look and the move by itself. */
export const STANDBY_LOOK_SECONDS_MAX = 120;

/** Whether the standby was seen healthy too long ago to send users there now. Milliseconds since the Unix epoch. */
export const lookIsTooOld = (checkedAt: number, now: number): boolean =>
  now - checkedAt > STANDBY_LOOK_SECONDS_MAX * 1000;
