import type { Config, Workload } from '../../core/config/schema.ts';
import { placesOf } from '../../core/watch/places.ts';
import type { SpreadHistory } from '../../core/route/spread.ts';
import { Journal } from './journal.ts';
import type { SeededRandom } from '../random.ts';
import type { Convergence } from '../report/summary.ts';
import type { Scenario } from '../scenario.ts';
import { watchSite, type Detection } from './detection.ts';
import { initialRouteOf, RouteWatch } from './route-watch.ts';
import type { BlobStore } from '../clouds/azure/blob-store.ts';
import { buildSite, type Site } from './site.ts';
import { measuredSpread } from './spread-history.ts';
import { Users } from './users.ts';

/** What a protected site of the world is made of. */
export interface CellOrder {
  readonly id: string;
  readonly workload: Workload;
  readonly config: Config;
  readonly scenario: Scenario;
  readonly random: SeededRandom;
  /** Azure takes as long for every site: what then differs between them is ours. */
  readonly azureRandom: SeededRandom;
  /** Null where its story is not told: of fifty sites that die together one is enough to read about. */
  readonly journal: Journal | null;
  readonly requestsPerSecond: number;
  /** The storage account of its data. */
  readonly store: BlobStore;
  readonly regionAnswers: (region: string) => boolean;
  readonly strayErrors: () => number;
  readonly leaseHolder: () => string | null;
  readonly onAlarm: (event: Record<string, unknown>) => void;
}

/** One protected site: both its sides, its edge, its route, its alarms, and its users. */
export class Cell {
  readonly id: string;
  readonly workload: Workload;
  readonly site: Site;
  readonly routes: RouteWatch;
  readonly detection: Detection;
  readonly users: Users;
  readonly initialRoute: string | null;
  /** Where its users were before the drill begins. */
  readonly startsOn: string;
  /** What was measured of its edge before the drill begins; null where nothing was. */
  readonly spread: SpreadHistory | null;

  constructor(order: CellOrder) {
    const { id, workload, scenario, random } = order;
    const journal = order.journal ?? new Journal();
    this.id = id;
    this.startsOn = scenario.startsOn;
    this.workload = workload;
    this.site = buildSite({
      ...{ id, workload, scenario, random, journal },
      ...{ azureRandom: order.azureRandom, store: order.store },
    });
    this.routes = new RouteWatch({ site: this.site, journal, scenario, holder: order.leaseHolder });
    this.initialRoute = initialRouteOf(scenario);
    if (this.initialRoute !== null) this.site.edge.install(this.initialRoute);
    const { keyValueStoreArn: store, strategy } = workload.edge;
    const isMeasured = scenario.spread === 'measured' && strategy === 'key-value' && store !== undefined;
    this.spread = isMeasured
      ? measuredSpread({
          ...{ edge: this.site.edge, store, places: placesOf(order.config) },
          ...{ random: random.fork('measured spread'), now: Date.now() },
        })
      : null;
    this.detection = watchSite({
      ...{ id, workload, journal, random: random.fork('detection'), site: this.site, config: order.config },
      ...{ regionAnswers: order.regionAnswers, strayErrors: order.strayErrors },
      onEvent: order.onAlarm,
    });
    this.users = new Users({
      edge: this.site.edge,
      random: random.fork('users'),
      journal,
      requestsPerSecond: order.requestsPerSecond,
      onResponse: (response) => {
        this.detection.observers.count(response);
      },
    });
  }

  start(): void {
    this.users.start();
    this.detection.start();
  }

  stop(): void {
    this.users.stop();
    this.detection.stop();
  }

  readonly convergenceOf = (change: number): Convergence | null => {
    const spread = this.site.edge.spreadOf(change);
    return spread === null ? null : { strategy: this.workload.edge.strategy, ...spread };
  };
}
