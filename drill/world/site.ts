import type { Workload } from '../../core/config/schema.ts';
import type { SeededRandom } from '../random.ts';
import type { Scenario } from '../scenario.ts';
import { Application, type OriginAnswer } from './application.ts';
import { AzureSide } from './azure-side.ts';
import { Database } from './database.ts';
import { Edge, type EdgeLocationPlan } from './edge.ts';
import type { Journal } from './journal.ts';

/** Where the users of a Korean site meet CloudFront, and how soon each place learns of a change (FACTS section 8). */
const LOCATIONS: readonly EdgeLocationPlan[] = [
  { name: 'ICN-1', learnsWithinSeconds: [3, 32] },
  { name: 'ICN-2', learnsWithinSeconds: [3, 32] },
  { name: 'NRT', learnsWithinSeconds: [3, 32] },
  { name: 'SIN', learnsWithinSeconds: [3, 32] },
  { name: 'FRA', learnsWithinSeconds: [3, 32] },
];

/** The edge location that probes from the controller's Region come to. */
export const PROBE_LOCATION = 'NRT';

/** The protected site: both sides, their databases, the page, and the edge in front of them. */
export interface Site {
  readonly primary: Application;
  readonly standby: Application;
  readonly azure: AzureSide;
  readonly edge: Edge;
  /** Takes the maintenance page away. */
  removeMaintenancePage(): void;
}

/** Builds the site as it is on an ordinary night. */
export function buildSite(options: {
  readonly workload: Workload;
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  readonly journal: Journal;
}): Site {
  const { workload, scenario, random, journal } = options;
  const deepText = workload.health.deep.contains;
  const warm = scenario.tier === 'warm';
  const primary = new Application('primary', { database: new Database(), condition: 'up', deepText });
  const standby = new Application('standby', {
    database: new Database(),
    condition: warm ? 'up' : 'silent',
    deepText,
  });
  let page: OriginAnswer | null = {
    status: 200,
    body: `<title>${workload.maintenance.contains}</title>`,
    headers: { 'cache-control': 'no-store, pilotlight-origin=maintenance' },
  };
  const edge = new Edge({
    plans: LOCATIONS,
    origins: {
      primary: (request) => primary.answer(request),
      standby: (request) => standby.answer(request),
      maintenance: () => page,
    },
    random: random.fork('edge'),
    journal,
  });
  const azure = new AzureSide({
    plan: {
      tier: scenario.tier,
      gatewayStaysSick: scenario.gatewayStaysSick,
      ...(scenario.failStage === undefined ? {} : { failStage: scenario.failStage }),
    },
    random: random.fork('azure'),
    journal,
    application: standby,
    primaryDatabase: primary.database,
  });
  return {
    primary,
    standby,
    azure,
    edge,
    removeMaintenancePage: () => {
      page = null;
    },
  };
}
