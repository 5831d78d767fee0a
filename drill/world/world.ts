import type { Config } from '../../core/config/schema.ts';
import { FAILBACK_NAME } from '../../core/names.ts';
import { startPattern } from '../../core/watch/detection.ts';
import { Executions, type Execution } from '../engine/executions.ts';
import { LambdaService } from '../engine/lambda-service.ts';
import { drawFaults, noFaults, type FaultBounds, type Faults } from '../faults.ts';
import type { SeededRandom } from '../random.ts';
import { fleetRules, summariseFleet } from '../report/fleet.ts';
import type { DrillReport } from '../report/summary.ts';
import type { Evidence } from '../rules/rule.ts';
import type { Scenario } from '../scenario.ts';
import { arrange, usesSlack } from './arrange.ts';
import { Cell, type CellOrder } from './cell.ts';
import { buildClouds, type Clouds } from './clouds.ts';
import { Closing } from './closing.ts';
import { StorageAccounts } from './data/storage-accounts.ts';
import { dataPlanOf } from './data/data-plan.ts';
import { DevOpsTrouble } from './devops-trouble.ts';
import { EventBus } from './event-bus.ts';
import { evidenceOf } from './evidence.ts';
import { placesOf } from '../../core/watch/places.ts';
import { Happenings, type Hands } from './happenings.ts';
import { Journal } from './journal.ts';
import { readLedger, writeBrake } from './ledger-view.ts';
import { Noise } from './noise.ts';
import { ringOwnAlarm, type OwnAlarm } from './own-alarms.ts';
import { Steering } from './orders.ts';
import { People } from './people.ts';
import { reportOf } from './report.ts';
import { makeSlackState } from './slack-side.ts';
import { REQUESTS_PER_SECOND } from './users.ts';
import { WatchFunctions } from './watch-functions.ts';

/** Enough to tell an outage of a minute from one of two. */
const FLEET_REQUESTS_PER_SECOND = 1;

const MEMBER = { journal: null, requestsPerSecond: FLEET_REQUESTS_PER_SECOND } as const;

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
  private readonly config: Config;
  /** The site that the drill tells of. */
  private readonly main: Cell;
  private readonly cells: readonly [Cell, ...Cell[]];
  private readonly stores = new StorageAccounts();
  private readonly happenings: Happenings;
  private readonly ownAlarms: readonly OwnAlarm[];
  private readonly clouds: Clouds;
  private readonly executions: Executions;
  private readonly people: People | null;
  private readonly steering: Steering;
  private readonly watchers: WatchFunctions;
  private readonly bus: EventBus;
  private readonly closing: Closing;
  private readonly trouble: DevOpsTrouble;
  private eventsAreLost = false;
  private started = 0;

  constructor(order: WorldOrder) {
    const { scenario, random } = order;
    this.order = order;
    this.config = arrange(order.config, scenario);
    const [first, ...others] = Object.keys(this.config.workloads);
    const { journal } = this;
    this.trouble = new DevOpsTrouble(scenario.azureDevOps);
    this.main = this.cellOf(first ?? '', { journal, random, requestsPerSecond: REQUESTS_PER_SECOND });
    // The others of a fleet: their users are few, and their stories are not told.
    this.cells = [this.main, ...others.map((id) => this.cellOf(id, { ...MEMBER, random: random.fork(id) }))];
    this.happenings = new Happenings({
      site: this.main.site,
      others: this.cells.slice(1).map(({ site }) => site),
      journal,
      random: random.fork('limping'),
      region: this.main.workload.primary.region ?? 'the primary',
      list: scenario.happenings,
    });
    this.ownAlarms = scenario.ownAlarms.map((alarm) => ({ ...alarm, ringingSince: null }));
    this.bus = new EventBus({
      pattern: startPattern,
      random: random.fork('bus'),
      deliver: (event) => {
        if (order.idle !== true) void this.watchers.ring(event);
      },
    });
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
            workload: this.main.id,
          });
    this.steering = new Steering({ runtime: this.clouds.runtime, workload: this.main.id, journal });
    this.watchers = new WatchFunctions(this.clouds.runtime, random.fork('schedule'));
    const lambda = new LambdaService(this.clouds.runtime, random.fork('lambda'), (name) =>
      scenario.brokenFunctions.includes(name) ? 'dies-before' : faults.platform(name),
    );
    const place = this.config.controller;
    this.closing = new Closing({ place, lambda, journal, random: random.fork('closing') });
    this.executions = new Executions(lambda, journal, {
      isTold: (name) => this.isAbout(this.main, name),
      onState: (run, state) => {
        this.people?.tellState(run.name, { ...state, id: run.states.length });
      },
      onEnd: (run) => {
        this.closing.ended(run);
      },
    });
  }

  private cellOf(id: string, told: Pick<CellOrder, 'journal' | 'random' | 'requestsPerSecond'>): Cell {
    const workload = this.config.workloads[id];
    if (workload === undefined) throw new Error(`no workload ${id}`);
    return new Cell({
      ...told,
      ...{ id, workload, config: this.config, scenario: this.order.scenario },
      azureRandom: this.order.random.fork('azure'),
      store: this.stores.of(dataPlanOf(workload.data, this.order.scenario.data).account),
      regionAnswers: this.regionAnswers,
      strayErrors: () => this.happenings.strayErrors,
      leaseHolder: () => readLedger(this.clouds.ledger, id).leaseHolder,
      onAlarm: (event) => {
        this.onAlarm(event);
      },
    });
  }

  private readonly regionAnswers = (region: string): boolean =>
    !(this.happenings.regionDead && region === this.main.workload.primary.region);

  /** In a fleet the name of an execution says whose it is; one site alone has them all. */
  private isAbout({ id }: Cell, execution: string): boolean {
    return this.cells.length === 1 || execution.split('-').includes(id);
  }

  private build(faults: Faults, slack: ReturnType<typeof makeSlackState> | null): Clouds {
    const { scenario, random } = this.order;
    return buildClouds({
      cells: this.cells,
      stores: this.stores,
      config: this.config,
      journal: this.journal,
      random,
      faults,
      slack,
      ownAlarms: this.ownAlarms,
      noise:
        scenario.noise === undefined
          ? null
          : new Noise(scenario.noise, placesOf(this.config), random.fork('noise')),
      brake: scenario.brake ?? null,
      trouble: this.trouble,
      regionAnswers: this.regionAnswers,
      workflow: {
        callbacks: () => this.executions.callbacks,
        executions: () => this.executions.all,
        start: (name, input) => this.startNamed(name, input),
      },
      work: (payload) => this.people?.work(payload) ?? null,
      close: (event) => this.closing.handOver(event),
      conflicts: scenario.happenings.filter(({ what }) => what === 'distribution-touched').length,
      onLook: (body, delaySeconds) => {
        this.watchers.queue(body, delaySeconds);
      },
      onLevel: (metric, value, workload) => {
        this.cells.find(({ id }) => id === workload)?.detection.tellLevel(metric, value);
      },
      onCall: () => {
        this.calls += 1;
      },
    });
  }

  /** Names as Step Functions gives them to EventBridge: unique, and here also readable. */
  private startRun(input: unknown, workflow: 'failover' | 'failback'): void {
    this.started += 1;
    const prefix = workflow === 'failback' ? FAILBACK_NAME : '';
    this.startNamed(`${prefix}drill-${this.order.seed}-${this.started}`, input);
  }

  private startNamed(name: string, input: unknown): Execution {
    const execution = this.executions.start(name, input);
    this.people?.askInShell(name);
    return execution;
  }

  start(faultAt: number): void {
    this.trouble.startsFrom(faultAt);
    for (const cell of this.cells) cell.start();
    if (this.order.idle !== true) this.watchers.start();
    this.people?.start();
    this.happenings.schedule(faultAt, this.hands());
  }

  private hands(): Hands {
    return {
      places: this.clouds.places,
      startRun: (input, workflow) => {
        if (this.order.idle !== true) this.startRun({ workload: this.main.id, ...input }, workflow);
      },
      abortRun: () => {
        for (const run of this.executions.all) if (run.endedAt === null) this.executions.abort(run.name);
      },
      loseEvents: () => {
        this.eventsAreLost = true;
      },
      giveOrder: (order) => void this.steering.give(order),
      loseEnds: () => {
        this.closing.isDeaf = true;
      },
      releaseBrake: () => {
        const released = { on: false, owner: 'on call', reason: 'the migration is over' };
        writeBrake(this.clouds.ledger, this.main.id, released);
      },
      killWatch: () => {
        this.watchers.isDead = true;
      },
      measureSpread: () => {
        this.watchers.measureSpread();
      },
      ringOwnAlarm: (name) => {
        const { region, event } = ringOwnAlarm(this.ownAlarms, name, this.config.controller.account);
        this.journal.note('alarm', `${name} (${region}), the site's own, goes to ALARM`);
        this.onAlarm(event);
      },
    };
  }

  stop(): void {
    for (const cell of this.cells) cell.stop();
    this.watchers.stop();
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
    if (this.eventsAreLost) return;
    this.bus.put(event);
    const name = (event['detail'] as { alarmName: string }).alarmName;
    const repeats = this.order.scenario.happenings.some(
      (happening) =>
        happening.what === 'alarm-repeats' && name === `pilotlight-${this.main.id}-${happening.alarm}`,
    );
    if (repeats) this.bus.put(event);
  }

  private executionsOf(cell: Cell): readonly Execution[] {
    return this.executions.all.filter(({ name }) => this.isAbout(cell, name));
  }

  /** The execution that the drill is about: the first that had something to do. */
  mainExecution(cell: Cell = this.main): Execution | null {
    const all = this.executionsOf(cell);
    return all.find((execution) => execution.states.at(-1)?.name !== 'Nothing to do') ?? all[0] ?? null;
  }

  evidence(cell: Cell = this.main): Evidence {
    return evidenceOf({
      ...{ cell, clouds: this.clouds, executions: this.executionsOf(cell) },
      orders: this.steering.taken,
    });
  }

  report(): DrillReport {
    const { main } = this;
    const origin = main.routes.writes.at(-1)?.origin ?? this.order.scenario.startsOn;
    const report = reportOf({
      ...{ scenario: this.order.name, seed: this.order.seed, workload: main.id },
      ...{ evidence: this.evidence(), main: this.mainExecution() },
      ...{ journal: this.journal, standby: main.site.standby.database },
      serving: origin === 'standby' ? main.site.standby.database : main.site.primary.database,
      convergenceOf: main.convergenceOf,
      gatewayAnswers: this.people?.gatewayAnswers ?? [],
      azure: main.site.standbySide.unavoidableSeconds(),
    });
    if (this.cells.length === 1) return report;
    const parts = this.cells.map((cell) => ({
      workload: cell.id,
      priority: cell.workload.priority,
      main: this.mainExecution(cell),
      evidence: this.evidence(cell),
    }));
    return { ...report, fleet: summariseFleet(parts), rules: [...report.rules, ...fleetRules(parts)] };
  }
}
