import type { Workload } from '../../core/config/schema.ts';
import type { SeededRandom } from '../random.ts';
import type { Scenario } from '../scenario.ts';
import { Application, type OriginAnswer } from './application.ts';
import { AzureSide, type AzurePlan } from './azure-side.ts';
import type { BlobStore } from '../clouds/azure/blob-store.ts';
import { dataPlanOf } from './data/data-plan.ts';
import { buildData, type BuiltData, type SiteData } from './data/site-data.ts';
import { deepLookAtStandby } from '../../core/standby/tier.ts';
import { drilledAzureTier, ExternalSide, type StandbySide } from './standby-side.ts';
import { Edge, type EdgeLocationPlan } from './edge.ts';
import type { Journal } from './journal.ts';
import { ORDINARY_STOPPED_DAYS } from './parked-plan.ts';
import { PrimaryDoor } from './primary-door.ts';

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
  /** Its load balancer: what users and probes meet first. */
  readonly door: PrimaryDoor;
  readonly standby: Application;
  /** Its machinery in Azure; null where it is somebody else's. */
  readonly azure: AzureSide | null;
  readonly standbySide: StandbySide;
  readonly data: SiteData;
  readonly edge: Edge;
  /** Takes the maintenance page away. */
  removeMaintenancePage(): void;
}

/** Its load balancer sends looks at its health on before the fence is asked; docs/edge.md says so. */
function doorOf({ primary, health }: Workload, application: Application, random: SeededRandom): PrimaryDoor {
  const { path: shallow, deep, door = deep } = health;
  const looks = [shallow, door.path].map((one) => one.split('?')[0] ?? one);
  return new PrimaryDoor({ application, random, hasFence: primary.fence !== undefined, looks });
}

type AzureTier = AzurePlan['tier'];

/** Since when the standby's database is there, and what has become of it. `tier` is null of one that is not ours. */
function standbyDataOf(tier: AzureTier | null, scenario: Scenario): BuiltData['standby'] {
  const { standbyServed, startsOn, parked } = scenario;
  if (tier === 'cold') return 'not-there';
  if (standbyServed || startsOn === 'standby') return 'served';
  return tier === 'parked' ? { asleepForDays: parked?.stoppedDays ?? ORDINARY_STOPPED_DAYS } : 'follows';
}

/** A parked standby is stopped, unless an earlier run has woken it for its users. */
const isAsleep = (tier: AzureTier | null, { standbyServed, startsOn }: Scenario): boolean =>
  tier === 'parked' && !standbyServed && startsOn !== 'standby';

/** The Azure side of a standby that is there, as the scenario has it. */
function azureOf(options: {
  readonly tier: AzureTier;
  readonly scenario: Scenario;
  readonly azureRandom: SeededRandom;
  readonly journal: Journal;
  readonly application: Application;
  readonly data: SiteData;
}): AzureSide {
  const { tier, scenario, azureRandom: random, journal, application, data } = options;
  const plan = {
    tier,
    parked: scenario.parked ?? {},
    asleep: isAsleep(tier, scenario),
    gatewayStaysSick: scenario.gatewayStaysSick,
    checkpoint: scenario.pipelineWaits ?? null,
    scalingFailure: scenario.scalingFails ?? null,
    ...(scenario.failStage === undefined ? {} : { failStage: scenario.failStage }),
  };
  return new AzureSide({ plan, random, journal, application, data });
}

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
  const tier = drilledAzureTier(workload.standby, scenario);
  const data = buildData({
    plan: dataPlanOf(workload.data, scenario.data),
    ...{ workload: id, store, journal, random: random.fork('data') },
    standby: standbyDataOf(tier, scenario),
  });
  const primary = new Application('primary', { database: data.primary, condition: 'up', deepText });
  const standby = new Application('standby', {
    database: data.standby,
    // One that is not ours has always been on, as a warm one has.
    condition: tier === 'cold' || isAsleep(tier, scenario) ? 'silent' : 'up',
    deepText: deepLookAtStandby(workload).contains,
  });
  const door = doorOf(workload, primary, random.fork('door'));
  let page: OriginAnswer | null = {
    status: 200,
    body: `<title>${workload.maintenance.contains}</title>`,
    headers: { 'cache-control': 'no-store, pilotlight-origin=maintenance' },
  };
  const edge = new Edge({
    plans: plansOf(workload, scenario),
    strategy: workload.edge.strategy,
    origins: {
      primary: (request) => door.answer(request),
      standby: (request) => standby.answer(request),
      maintenance: () => page,
    },
    random: random.fork('edge'),
    journal,
  });
  const azure = tier === null ? null : azureOf({ ...options, tier, application: standby, data });
  return {
    primary,
    door,
    standby,
    azure,
    standbySide: azure ?? new ExternalSide(standby),
    data,
    edge,
    removeMaintenancePage: () => {
      page = null;
    },
  };
}
