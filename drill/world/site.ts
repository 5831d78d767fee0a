import type { Workload } from '../../core/config/schema.ts';
import type { SeededRandom } from '../random.ts';
import type { Scenario } from '../scenario.ts';
import { Application, type OriginAnswer } from './application.ts';
import { AzureSide } from './azure-side.ts';
import type { BlobStore } from '../clouds/azure/blob-store.ts';
import { dataPlanOf } from './data/data-plan.ts';
import { buildData, type BuiltData, type SiteData } from './data/site-data.ts';
import { Edge, type EdgeLocationPlan } from './edge.ts';
import type { Journal } from './journal.ts';
import { ORDINARY_STOPPED_DAYS } from './parked-plan.ts';

/** Where the users of a Korean site meet CloudFront. */
const LOCATIONS = ['ICN-1', 'ICN-2', 'NRT', 'SIN', 'FRA', 'PDX'] as const;

/**
 * Seconds until an edge location learns of a change. A store: 3 to 32 (AWS says a few, others measured up to 32); a
 * distribution: AWS said in 2020 that it is reliably within five minutes.
 */
const SPREAD_SECONDS = {
  'key-value': [3, 32],
  distribution: [60, 280],
} as const satisfies Record<string, readonly [number, number]>;

/** The edge location that a probe from a Region comes to; every other Region comes to Tokyo. */
const LOCATION_OF_REGION: Readonly<Record<string, string>> = {
  'ap-southeast-1': 'SIN',
  'eu-central-1': 'FRA',
  'us-west-2': 'PDX',
};

export const locationOf = (region: string): string => LOCATION_OF_REGION[region] ?? 'NRT';

function plansOf(workload: Workload, scenario: Scenario): EdgeLocationPlan[] {
  const { strategy } = workload.edge;
  const { slowLocation } = scenario;
  return LOCATIONS.map((name) => ({
    name,
    learnsWithinSeconds:
      slowLocation?.name === name
        ? ([slowLocation.seconds, slowLocation.seconds + 5] as const)
        : SPREAD_SECONDS[strategy],
  }));
}

/** The protected site: both sides, their databases, the page, and the edge in front of them. */
export interface Site {
  readonly primary: Application;
  readonly standby: Application;
  readonly azure: AzureSide;
  readonly data: SiteData;
  readonly edge: Edge;
  /** Takes the maintenance page away. */
  removeMaintenancePage(): void;
}

/** Since when the standby's database is there, and what has become of it. */
function standbyDataOf({ tier, standbyServed, startsOn, parked }: Scenario): BuiltData['standby'] {
  if (tier === 'cold') return 'not-there';
  if (standbyServed || startsOn === 'standby') return 'served';
  return tier === 'warm' ? 'follows' : { asleepForDays: parked?.stoppedDays ?? ORDINARY_STOPPED_DAYS };
}

/** A parked standby is stopped, unless an earlier run has woken it for its users. */
const isAsleep = ({ tier, standbyServed, startsOn }: Scenario): boolean =>
  tier === 'parked' && !standbyServed && startsOn !== 'standby';

/** Builds the site as it is on an ordinary night. */
export function buildSite(options: {
  readonly id: string;
  readonly workload: Workload;
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  readonly azureRandom: SeededRandom;
  readonly journal: Journal;
  /** The storage account of its data. */
  readonly store: BlobStore;
}): Site {
  const { id, workload, scenario, random, journal, store } = options;
  const deepText = workload.health.deep.contains;
  const data = buildData({
    plan: dataPlanOf(workload.data, scenario.data),
    ...{ workload: id, store, journal, random: random.fork('data') },
    standby: standbyDataOf(scenario),
  });
  const primary = new Application('primary', { database: data.primary, condition: 'up', deepText });
  const standby = new Application('standby', {
    database: data.standby,
    condition: scenario.tier === 'cold' || isAsleep(scenario) ? 'silent' : 'up',
    deepText,
  });
  let page: OriginAnswer | null = {
    status: 200,
    body: `<title>${workload.maintenance.contains}</title>`,
    headers: { 'cache-control': 'no-store, pilotlight-origin=maintenance' },
  };
  const edge = new Edge({
    plans: plansOf(workload, scenario),
    strategy: workload.edge.strategy,
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
      parked: scenario.parked ?? {},
      asleep: isAsleep(scenario),
      gatewayStaysSick: scenario.gatewayStaysSick,
      checkpoint: scenario.pipelineWaits ?? null,
      ...(scenario.failStage === undefined ? {} : { failStage: scenario.failStage }),
    },
    random: options.azureRandom,
    journal,
    application: standby,
    data,
  });
  return {
    primary,
    standby,
    azure,
    data,
    edge,
    removeMaintenancePage: () => {
      page = null;
    },
  };
}
