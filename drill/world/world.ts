import type { Config, Workload } from '../../core/config/schema.ts';
import { startPatternOf } from '../../core/detection.ts';
import { EXECUTION_SECONDS_MAX } from '../../core/config/rules.ts';
import { Executions, type Execution } from '../engine/executions.ts';
import { LambdaService } from '../engine/lambda-service.ts';
import type { SeededRandom } from '../random.ts';
import {
  type Convergence,
  measureConvergence,
  measureRto,
  summariseUsers,
  type DrillReport,
} from '../report/summary.ts';
import type { Evidence, RouteWrite } from '../rules/rule.ts';
import { checkRules } from '../rules/rules.ts';
import type { Happening, Scenario } from '../scenario.ts';
import type { Database } from './database.ts';
import { buildClouds, type Clouds } from './clouds.ts';
import { watchSite, type Detection } from './detection.ts';
import { EventBus } from './event-bus.ts';
import { Journal } from './journal.ts';
import { readLedger } from './ledger-view.ts';
import { outcomeOf } from './outcome.ts';
import { arrange } from './arrange.ts';
import { buildSite, type Site } from './site.ts';
import { Users } from './users.ts';

/** The part of a written route that the world looks at. */
interface RouteText {
  readonly origin: string;
  readonly by: string;
  readonly epoch: number;
  readonly canary?: { readonly origin: string; readonly percent: number };
}

const describeRoute = ({ origin, canary }: RouteText): string =>
  canary === undefined ? origin : `${origin} with ${canary.percent} % on ${canary.origin}`;

/** A route that an earlier run, long over, has left behind. */
function initialRouteOf({ startsOn }: Scenario): string | null {
  if (startsOn === 'primary') return null;
  const route = {
    v: 1,
    origin: startsOn,
    epoch: 7,
    fence: 0,
    by: 'an earlier run',
    at: new Date().toISOString(),
  };
  return JSON.stringify(route);
}

/** Happenings that follow something else instead of the clock. */
const BY_THEMSELVES: ReadonlySet<Happening['what']> = new Set([
  'alarm-repeats',
  'standby-dies-after-switch',
  'distribution-touched',
]);

/** The whole simulated world of one run: site, users, clouds, alarms, and the controller among them. */
export class World {
  readonly journal = new Journal();
  calls = 0;
  private readonly id: string;
  private readonly workload: Workload;
  private readonly site: Site;
  private readonly users: Users;
  private readonly clouds: Clouds;
  private readonly detection: Detection;
  private readonly executions: Executions;
  private readonly bus: EventBus;
  private readonly routeWrites: RouteWrite[] = [];
  private readonly scenario: Scenario;
  private readonly name: string;
  private readonly seed: number;
  private readonly limping: SeededRandom;
  private regionDead = false;
  private strayErrors = 0;
  private started = 0;

  constructor(order: {
    readonly name: string;
    readonly seed: number;
    readonly scenario: Scenario;
    readonly config: Config;
    readonly random: SeededRandom;
  }) {
    const id = Object.keys(order.config.workloads)[0] ?? '';
    const config = arrange(order.config, id, order.scenario);
    const workload = config.workloads[id];
    if (workload === undefined) throw new Error(`no workload ${id}`);
    const { random } = order;
    const { journal } = this;
    this.id = id;
    this.name = order.name;
    this.seed = order.seed;
    this.scenario = order.scenario;
    this.workload = workload;
    this.limping = random.fork('limping');
    this.site = buildSite({ workload, scenario: order.scenario, random, journal });
    const regionAnswers = (region: string): boolean =>
      !(this.regionDead && region === workload.primary.region);
    this.bus = new EventBus({
      pattern: startPatternOf(config),
      random: random.fork('bus'),
      deliver: (event) => this.executions.start(this.nextExecutionName(), event),
    });
    this.detection = watchSite({
      id,
      workload,
      config,
      site: this.site,
      random: random.fork('detection'),
      journal,
      regionAnswers,
      strayErrors: () => this.strayErrors,
      onEvent: (event) => {
        this.onAlarm(event);
      },
    });
    const initialRoute = initialRouteOf(order.scenario);
    if (initialRoute !== null) this.site.edge.install(initialRoute);
    this.clouds = buildClouds({
      initialRoute,
      id,
      config,
      workload,
      site: this.site,
      journal,
      random,
      regionAnswers,
      alarms: () => this.detection.evaluator,
      onRoute: (value) => {
        this.onRoute(value);
      },
      onTarget: (originId) => {
        this.onTarget(originId);
      },
      conflicts: order.scenario.happenings.filter(({ what }) => what === 'distribution-touched').length,
      onCall: () => {
        this.calls += 1;
      },
    });
    this.executions = new Executions(new LambdaService(this.clouds.runtime, random.fork('lambda')), journal);
    this.users = new Users({
      edge: this.site.edge,
      random: random.fork('users'),
      journal,
      onResponse: (response) => {
        this.detection.observers.count(response);
      },
    });
  }

  /** Names as Step Functions gives them to EventBridge: unique, and here also readable. */
  private nextExecutionName(): string {
    this.started += 1;
    return `drill-${this.seed}-${this.started}`;
  }

  start(faultAt: number): void {
    this.users.start();
    this.detection.start();
    for (const happening of this.scenario.happenings) {
      if (BY_THEMSELVES.has(happening.what)) continue;
      setTimeout(
        () => {
          this.happen(happening);
        },
        faultAt - Date.now() + happening.at * 1000,
      );
    }
  }

  stop(): void {
    this.users.stop();
    this.detection.stop();
  }

  isOver(faultAt: number, aftermathSeconds: number): boolean {
    const now = Date.now();
    const { all, running } = this.executions;
    if (running) return false;
    const lastHappening = Math.max(...this.scenario.happenings.map((happening) => happening.at));
    const lastEnd = Math.max(0, ...all.map((execution) => execution.endedAt ?? 0));
    const quiet = Math.max(lastEnd, faultAt + lastHappening * 1000) + aftermathSeconds * 1000;
    const patience = all.length === 0 ? faultAt + this.scenario.durationSeconds * 1000 : quiet;
    return now > patience;
  }

  private happen(happening: Happening): void {
    switch (happening.what) {
      case 'region-dies':
        this.regionDead = true;
        this.site.primary.condition = 'silent';
        this.site.azure.primaryWentSilent();
        this.journal.note('world', `${this.workload.primary.region} stops answering`);
        return;
      case 'region-returns':
        this.regionDead = false;
        this.site.primary.condition = 'up';
        this.site.azure.primaryCameBack();
        this.journal.note('world', `${this.workload.primary.region} answers again`);
        return;
      case 'maintenance-dies':
        this.site.removeMaintenancePage();
        this.journal.note('world', 'the maintenance page is gone');
        return;
      case 'load-balancer-errors':
        this.strayErrors = happening.count;
        this.journal.note('world', 'the load balancer begins to count errors of its own');
        setTimeout(() => {
          this.strayErrors = 0;
          this.journal.note('world', 'the load balancer counts no more errors');
        }, happening.seconds * 1000);
        return;
      case 'manual-start':
        this.journal.note('people', 'a person starts the failover by hand');
        this.executions.start(this.nextExecutionName(), happening.input);
        return;
      case 'primary-limps':
        this.site.primary.limp = { share: happening.share, random: this.limping };
        this.journal.note(
          'world',
          `the primary fails ${Math.round(100 * happening.share)} % of all requests`,
        );
        return;
      case 'standby-limps':
        this.site.standby.limp = { share: happening.share, random: this.limping };
        return;
      case 'place-cut-off':
        this.clouds.places.cutOff.add(happening.place);
        this.journal.note('world', `${happening.place} loses its way to the Internet`);
        return;
      case 'alarm-repeats':
      case 'standby-dies-after-switch':
      case 'distribution-touched':
        throw new Error(`${happening.what} happens by itself, not at a time`);
    }
  }

  private onAlarm(event: Record<string, unknown>): void {
    this.bus.put(event);
    const name = (event['detail'] as { alarmName: string }).alarmName;
    const repeats = this.scenario.happenings.some(
      (happening) => happening.what === 'alarm-repeats' && happening.alarm === name,
    );
    if (repeats) this.bus.put(event);
  }

  private onRoute(value: string): void {
    this.noteMove(JSON.parse(value) as RouteText, value);
  }

  /** A distribution does not say who updates it: whoever holds the lease does, or somebody who should not. */
  private onTarget(originId: string): void {
    const { leaseHolder } = readLedger(this.clouds.ledger, this.id);
    const by = leaseHolder ?? 'somebody without the lease';
    this.noteMove({ origin: originId, by, epoch: this.routeWrites.length + 1 }, originId);
  }

  private noteMove(route: RouteText, published: string): void {
    const words = describeRoute(route);
    const { change } = this.site.edge.publish(published, words);
    this.routeWrites.push({
      at: Date.now(),
      origin: route.origin,
      by: route.by,
      epoch: route.epoch,
      change,
      standbyWasFit: this.site.azure.fitForTraffic,
      primaryWasUp: this.site.primary.isWell,
    });
    this.journal.note('edge', `the route to ${words} is written, epoch ${route.epoch}`);
    if (route.origin === 'standby') this.site.azure.replicate();
    const dies = this.scenario.happenings.some((happening) => happening.what === 'standby-dies-after-switch');
    if (dies && route.origin === 'standby') {
      this.site.standby.condition = 'silent';
      this.journal.note('world', 'the standby stops answering');
    }
  }

  /** The execution that the drill is about: the first that had something to do. */
  mainExecution(): Execution | null {
    const { all } = this.executions;
    return all.find((execution) => execution.states.at(-1)?.name !== 'Nothing to do') ?? all[0] ?? null;
  }

  evidence(): Evidence {
    const { leaseHolder, recorded } = readLedger(this.clouds.ledger, this.id);
    return {
      executions: this.executions.all,
      routeWrites: this.routeWrites,
      primaryWrites: this.site.primary.accepted,
      standbyWrites: this.site.standby.accepted,
      requests: this.users.requests,
      leaseHolder,
      announcements: this.clouds.topics.messages.map((message) => message.message),
      recordedExecutions: recorded,
      unexpectedCalls: this.clouds.unexpectedCalls(),
      executionSecondsMax: EXECUTION_SECONDS_MAX,
    };
  }

  private readonly convergenceOf = (change: number): Convergence | null => {
    const spread = this.site.edge.spreadOf(change);
    return spread === null ? null : { strategy: this.workload.edge.strategy, ...spread };
  };

  /** The database behind what users are served at the end. */
  private servingDatabase(): Database {
    const origin = this.routeWrites.at(-1)?.origin ?? this.scenario.startsOn;
    const onStandby = origin === 'standby';
    return onStandby ? this.site.standby.database : this.site.primary.database;
  }

  report(): DrillReport {
    const evidence = this.evidence();
    const main = this.mainExecution();
    const serving = this.servingDatabase();
    return {
      scenario: this.name,
      seed: this.seed,
      workload: this.id,
      outcome: main === null ? 'NothingStarted' : outcomeOf(main),
      rto: main === null ? null : measureRto(evidence, main),
      users: summariseUsers(evidence, (id) => serving.holds(id)),
      convergence: main === null ? null : measureConvergence(evidence, main, this.convergenceOf),
      rules: checkRules(evidence),
      timeline: this.journal.entries.map(({ at, who, event }) => ({
        at: new Date(at).toISOString(),
        event: `${who}: ${event}`,
      })),
      states: main?.states.map((state) => state.name) ?? [],
    };
  }
}
