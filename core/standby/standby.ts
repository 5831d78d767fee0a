/** One thing that must be good before traffic may go to the standby. */
export interface StandbyCheck {
  readonly good: boolean;
  readonly detail: string;
}

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
}

/** The standby is ready when its machinery is good and the application itself, asked deeply, is too. */
export function judgeStandby(machinery: StandbyChecks, application: StandbyCheck): StandbyReadiness {
  const checks = [
    { name: 'application gateway', ...machinery.gateway },
    { name: 'kubernetes cluster', ...machinery.cluster },
    { name: 'database', ...machinery.database },
    { name: 'application', ...application },
  ];
  return { ready: checks.every((check) => check.good), checks };
}

/** One line that names what is not good yet. */
export function describeReadiness(readiness: StandbyReadiness): string {
  if (readiness.ready) return 'all four checks are good';
  return readiness.checks
    .filter((check) => !check.good)
    .map((check) => `${check.name}: ${check.detail}`)
    .join('; ');
}

/** One server behind the Application Gateway, as its backend health tells. */
export interface BackendServer {
  readonly address: string;
  readonly health: string;
  readonly detail: string;
}

/**
 * Decides whether the gateway may take traffic. An empty pool is not healthy: Azure answers an empty list while the
 * gateway has not probed yet.
 */
export function judgeGateway(operationalState: string, servers: readonly BackendServer[]): StandbyCheck {
  if (operationalState !== 'Running')
    return { good: false, detail: `gateway is ${operationalState}, expected Running` };
  if (servers.length === 0) return { good: false, detail: 'no backend server is reported yet' };
  const sick = servers.filter((server) => server.health !== 'Up');
  if (sick.length === 0) return { good: true, detail: `${servers.length} of ${servers.length} backends Up` };
  const names = sick.map(
    (server) => `${server.address} is ${server.health}${server.detail && ` (${server.detail})`}`,
  );
  return {
    good: false,
    detail: `${servers.length - sick.length} of ${servers.length} backends Up; ${names.join(', ')}`,
  };
}

/** How long a look at the standby is good for: longer than what a run does between the look and the move by itself. */
export const STANDBY_LOOK_SECONDS_MAX = 120;

/** Whether the standby was seen healthy too long ago to send users there now. Milliseconds since the Unix epoch. */
export const lookIsTooOld = (checkedAt: number, now: number): boolean =>
  now - checkedAt > STANDBY_LOOK_SECONDS_MAX * 1000;
