import { EXECUTION_SECONDS_MAX } from '../../core/run/run.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { startPattern } from '../../core/watch/detection.ts';
import { Executions, type Execution } from '../engine/executions.ts';
import { LambdaService } from '../engine/lambda-service.ts';
import { drawFaults, noFaults, type FaultBounds, type Faults } from '../faults.ts';
import type { SeededRandom } from '../random.ts';
import type { Convergence, DrillReport } from '../report/summary.ts';
import type { Evidence } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import { arrange, usesSlack } from './arrange.ts';
import { buildClouds, type Clouds } from './clouds.ts';
import { Closing } from './closing.ts';
import { watchSite, type Detection } from './detection.ts';
import { EventBus } from './event-bus.ts';
import { Happenings } from './happenings.ts';
import { Journal } from './journal.ts';
import { readLedger } from './ledger-view.ts';
import { People } from './people.ts';
import { reportOf } from './report.ts';
import { initialRouteOf, RouteWatch } from './route-watch.ts';
import { buildSite, type Site } from './site.ts';
import { makeSlackState } from './slack-side.ts';
import { Users } from './users.ts';
import { WatchSchedule } from './watch-schedule.ts';

/** What a world is made of. */
export interface WorldOrder {
  readonly name: string;
  readonly seed: number;
  readonly scenario: Scenario;
  readonly config: Config;
  readonly random: SeededRandom;
  readonly faults?: FaultBounds;
  /** Nobody acts: no alarm starts a run, no watch looks, and no person does anything. */
  readonly idle?: boolean;
}

/** The whole simulated world of one run: site, users, clouds, alarms, people, and the controller among them. */
export class World {
  readonly journal = new Journal();
  calls = 0;
  private readonly order: WorldOrder;
  private readonly id: string;
  private readonly config: Config;
  private readonly workload: Workload;
  private readonly site: Site;
  private readonly routes: RouteWatch;
  private readonly happenings: Happenings;
  private readonly clouds: Clouds;
  private readonly detection: Detection;
  private readonly executions: Executions;
  private readonly people: People | null;
  private readonly users: Users;
  private readonly schedule: WatchSchedule;
  private readonly bus: EventBus;
  private readonly closing: Closing;
  private started = 0;

  constructor(order: WorldOrder) {
    const { scenario, random } = order;
    this.order = order;
    this.id = Object.keys(order.config.workloads)[0] ?? '';
    this.config = arrange(order.config, this.id, scenario);
    const workload = this.config.workloads[this.id];
    if (workload === undefined) throw new Error(`no workload ${this.id}`);
    this.workload = workload;
    const { journal } = this;
    this.site = buildSite({ workload, scenario, random, journal });
    this.routes = new RouteWatch({
      site: this.site,
      journal,
      scenario,
      holder: () => this.ledger().leaseHolder,
    });
    this.happenings = new Happenings({
      site: this.site,
      journal,
      random: random.fork('limping'),
      region: workload.primary.region,
      list: scenario.happenings,
    });
    this.bus = new EventBus({
      pattern: startPattern,
      random: random.fork('bus'),
      deliver: (event) => {
        if (order.idle !== true) this.startRun(event);
      },
    });
    this.detection = this.watch();
    const faults = order.faults === undefined ? noFaults : drawFaults(order.faults, random.fork('faults'));
    const slack = usesSlack(scenario) ? makeSlackState(scenario.slackDown) : null;
    this.clouds = this.build(faults, slack);
    this.people =
      slack === null
        ? null
        : new People({
            slack,
            journal,
            plans: scenario.people,
            runtime: this.clouds.runtime,
            workload: this.id,
          });
    this.schedule = new WatchSchedule(this.clouds.runtime, random.fork('schedule'));
    const lambda = new LambdaService(this.clouds.runtime, random.fork('lambda'), (name) =>
      scenario.brokenFunctions.includes(name) ? 'dies-before' : faults.platform(name),
    );
    const place = order.config.controller;
    this.closing = new Closing({ place, lambda, journal, random: random.fork('closing') });
    this.executions = new Executions(lambda, journal, {
      onState: (run, state) => {
        this.people?.tellState(run.name, { ...state, id: run.states.length });
      },
      onEnd: (run) => {
        this.closing.ended(run);
      },
    });
    this.users = new Users({
      edge: this.site.edge,
      random: random.fork('users'),
      journal,
      onResponse: (response) => {
        this.detection.observers.count(response);
      },
    });
  }

  private readonly regionAnswers = (region: string): boolean =>
    !(this.happenings.regionDead && region === this.workload.primary.region);

  private watch(): Detection {
    return watchSite({
      id: this.id,
      workload: this.workload,
      config: this.config,
      site: this.site,
      random: this.order.random.fork('detection'),
      journal: this.journal,
      regionAnswers: this.regionAnswers,
      strayErrors: () => this.happenings.strayErrors,
      onEvent: (event) => {
        this.onAlarm(event);
      },
    });
  }

  private build(faults: Faults, slack: ReturnType<typeof makeSlackState> | null): Clouds {
    const { scenario, random } = this.order;
    const initialRoute = initialRouteOf(scenario);
    if (initialRoute !== null) this.site.edge.install(initialRoute);
    return buildClouds({
      id: this.id,
      config: this.config,
      workload: this.workload,
      site: this.site,
      journal: this.journal,
      random,
      faults,
      slack,
      initialRoute,
      brake: scenario.brake ?? null,
      regionAnswers: this.regionAnswers,
      alarms: () => this.detection.evaluator,
      workflow: {
        callbacks: () => this.executions.callbacks,
        executions: () => this.executions.all,
        start: (name, input) => this.startNamed(name, input),
      },
      work: (payload) => this.people?.work(payload) ?? null,
      onRoute: (value) => {
        this.routes.onValue(value);
      },
      onTarget: (origin) => {
        this.routes.onTarget(origin);
      },
      conflicts: scenario.happenings.filter(({ what }) => what === 'distribution-touched').length,
      onCall: () => {
        this.calls += 1;
      },
    });
  }

  /** Names as Step Functions gives them to EventBridge: unique, and here also readable. */
  private startRun(input: unknown): void {
    this.started += 1;
    this.startNamed(`drill-${this.order.seed}-${this.started}`, input);
  }

  private startNamed(name: string, input: unknown): Execution {
    const execution = this.executions.start(name, input);
    this.people?.askInShell(name);
    return execution;
  }

  start(faultAt: number): void {
    this.users.start();
    this.detection.start();
    if (this.order.idle !== true) this.schedule.start();
    this.people?.start();
    this.happenings.schedule(faultAt, {
      places: this.clouds.places,
      startRun: (input) => {
        if (this.order.idle !== true) this.startRun({ workload: this.id, ...input });
      },
      abortRun: () => {
        for (const run of this.executions.all) if (run.endedAt === null) this.executions.abort(run.name);
      },
    });
  }

  stop(): void {
    this.users.stop();
    this.detection.stop();
    this.schedule.stop();
    this.people?.stop();
  }

  isOver(faultAt: number, aftermathSeconds: number): boolean {
    const now = Date.now();
    const { all, running } = this.executions;
    if (running || this.closing.busy || now < faultAt + this.order.scenario.watchSeconds * 1000) return false;
    const lastEnd = Math.max(0, ...all.map((execution) => execution.endedAt ?? 0));
    const quiet = Math.max(lastEnd, faultAt + this.happenings.lastAt * 1000) + aftermathSeconds * 1000;
    const patience = all.length === 0 ? faultAt + this.order.scenario.durationSeconds * 1000 : quiet;
    return now > patience;
  }

  private onAlarm(event: Record<string, unknown>): void {
    this.bus.put(event);
    const name = (event['detail'] as { alarmName: string }).alarmName;
    const repeats = this.order.scenario.happenings.some(
      (happening) =>
        happening.what === 'alarm-repeats' && name === `pilotlight-${this.id}-${happening.alarm}`,
    );
    if (repeats) this.bus.put(event);
  }

  private ledger(): ReturnType<typeof readLedger> {
    return readLedger(this.clouds.ledger, this.id);
  }

  /** The execution that the drill is about: the first that had something to do. */
  mainExecution(): Execution | null {
    const { all } = this.executions;
    return all.find((execution) => execution.states.at(-1)?.name !== 'Nothing to do') ?? all[0] ?? null;
  }

  evidence(): Evidence {
    const { leaseHolder, recorded } = this.ledger();
    return {
      executions: this.executions.all,
      routeWrites: this.routes.writes,
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

  report(): DrillReport {
    const origin = this.routes.writes.at(-1)?.origin ?? this.order.scenario.startsOn;
    return reportOf({
      scenario: this.order.name,
      seed: this.order.seed,
      workload: this.id,
      evidence: this.evidence(),
      main: this.mainExecution(),
      journal: this.journal,
      serving: origin === 'standby' ? this.site.standby.database : this.site.primary.database,
      convergenceOf: this.convergenceOf,
      gatewayAnswers: this.people?.gatewayAnswers ?? [],
      azureSeconds: this.site.azure.unavoidableSeconds(),
    });
  }
}
