import type { ScalingPlan } from '../clouds/azure/azure-arm.ts';
import type { RunPlan } from '../clouds/azure/azure-devops-run.ts';
import type { azureTiers } from '../../core/config/standby-schema.ts';
import type { SeededRandom } from '../random.ts';
import type { Application } from './application.ts';
import type { SiteData } from './data/site-data.ts';
import type { Journal } from './journal.ts';
import type { PowerStates } from '../clouds/azure/azure-arm-power.ts';
import { ORDINARY_STOPPED_DAYS, type ParkedScenario } from './parked-plan.ts';
import { ParkedSet } from './parked-set.ts';

/** One stage of the pipeline as the drill plays it. */
export interface StagePlan {
  readonly name: 'Infrastructure' | 'Restore' | 'Deploy' | 'Smoke';
  readonly startsAfter: readonly string[];
  readonly durationSeconds: number;
  readonly outcome: 'succeeded' | 'failed';
  readonly errors?: readonly string[];
}

/** What the scenario changes about the Azure side. */
export interface AzurePlan {
  readonly tier: (typeof azureTiers)[number];
  readonly parked?: ParkedScenario;
  /** A parked standby is stopped; it is not where an earlier run has users on it. */
  readonly asleep?: boolean;
  readonly failStage?: { readonly name: StagePlan['name']; readonly errors: readonly string[] };
  /** The gateway's backends never turn healthy. */
  readonly gatewayStaysSick: boolean;
  /** What Azure says of a scaling that it cannot carry out; null where it can. */
  readonly scalingFailure: ScalingPlan['failure'];
  /** What the run of the pipeline waits for before its first stage; null where nothing. */
  readonly checkpoint: NonNullable<RunPlan['checkpoint']> | null;
}

/** Seconds, from FACTS section 8: AKS 4-8 min with a tail, gateway about 6 min and more, MySQL 6:15 by one log. */
const BUILD_SECONDS = {
  agent: [30, 120],
  /** A container of the job until it runs: allocation and image; assumed, no figure is published. */
  container: [20, 60],
  network: [45, 75],
  cluster: [219, 450],
  gateway: [360, 480],
  database: [365, 385],
  restore: [60, 180],
  /** Until the pod that loads is there: its image, its secrets. What the load itself takes follows from the data. */
  applier: [20, 60],
  /** A parked cluster that does not wake is taken away before it is made anew. Assumed. */
  remove: [120, 240],
  deploy: [60, 120],
  smoke: [20, 40],
  /** Nodes that join a running pool; no trustworthy figure is published. */
  scale: [90, 180],
  /** Until a probing gateway calls a new backend healthy: its probe interval, twice. */
  probe: [30, 60],
  /** The same of a gateway that comes up beside its backends: two rounds of the five seconds that Terraform sets. */
  probeAwake: [5, 15],
} as const satisfies Record<string, readonly [number, number]>;

const BACKENDS = 3;

/** Seconds that a standby takes by itself: until it serves, and until its database has the last data and takes writes. */
export interface UnavoidableSeconds {
  readonly prepare: number;
  readonly handover: number;
}

/** The Azure side of the world: what exists, and how it is. */
export class AzureSide {
  readonly agentSeconds: number;
  /** Of the runner that was asked last. */
  private beginSeconds: number;
  readonly checkpoint: AzurePlan['checkpoint'];
  nodeCount: number;
  exists: { gateway: boolean; cluster: boolean; database: boolean };
  private deployedAt: number | null;
  private planned: readonly StagePlan[] | null = null;
  private isScaled = false;
  /** The last growth: servers beyond `from` are unknown to the gateway until it has probed them. */
  private grown: { readonly from: number; readonly probedAt: number } | null = null;
  private readonly plan: AzurePlan;
  private readonly random: SeededRandom;
  readonly journal: Journal;
  private readonly application: Application;
  private readonly data: SiteData;
  private readonly set: ParkedSet;

  constructor(options: {
    readonly plan: AzurePlan;
    readonly random: SeededRandom;
    readonly journal: Journal;
    readonly application: Application;
    readonly data: SiteData;
  }) {
    this.plan = options.plan;
    this.checkpoint = options.plan.checkpoint;
    this.random = options.random;
    this.journal = options.journal;
    this.application = options.application;
    this.data = options.data;
    const { tier, asleep = false, parked = {} } = options.plan;
    const built = tier !== 'cold';
    this.exists = { gateway: built, cluster: built, database: built };
    this.nodeCount = tier === 'warm' ? 1 : built ? BACKENDS : 0;
    this.deployedAt = built && !asleep ? Date.now() - 3_600_000 : null;
    this.agentSeconds = this.draw('agent');
    this.beginSeconds = this.agentSeconds;
    this.set = new ParkedSet({
      plan: parked,
      stoppedDays: asleep ? (parked.stoppedDays ?? ORDINARY_STOPPED_DAYS) : null,
      random: options.random.fork('parked'),
      ...{ journal: options.journal, data: options.data },
      onServing: (serves) => {
        this.served(serves);
      },
    });
  }

  /** Until a container of the second runner works. Seconds. */
  containerSeconds(): number {
    this.beginSeconds = this.draw('container');
    return this.beginSeconds;
  }

  /** What runs and what does not, for Azure Resource Manager. */
  get power(): PowerStates {
    return this.set.power;
  }

  get isParked(): boolean {
    return (['gateway', 'cluster', 'mysql'] as const).every((kind) => this.power.word(kind) === 'Stopped');
  }

  wokenBySomebody(): void {
    this.set.wokenBySomebody();
  }

  /** Machines that were started, or stopped, take the application with them. */
  private served(serves: boolean): void {
    this.application.condition = serves ? 'up' : 'silent';
    if (!serves) this.deployedAt = null;
    else this.deployedAt ??= Date.now() + this.draw('probeAwake') * 1000;
  }

  private draw(what: keyof typeof BUILD_SECONDS): number {
    const [low, high] = BUILD_SECONDS[what];
    return this.random.between(low, high);
  }

  /** The stages of one run; inside Infrastructure the three large builds go side by side. */
  stages(): readonly StagePlan[] {
    const drawn = {
      cluster: this.draw('cluster'),
      gateway: this.draw('gateway'),
      database: this.draw('database'),
    };
    const missing = this.missing();
    const builds = Math.max(...missing.map((what) => drawn[what]));
    const removal = this.plan.tier === 'parked' && missing.includes('cluster') ? this.draw('remove') : 0;
    const durations = {
      Infrastructure: this.draw('network') + removal + builds,
      Restore: this.restoreSeconds(),
      Deploy: this.draw('deploy'),
      Smoke: this.draw('smoke'),
    };
    const after = {
      Infrastructure: [],
      Restore: ['Infrastructure'],
      Deploy: ['Infrastructure'],
      Smoke: ['Restore', 'Deploy'],
    };
    const names = ['Infrastructure', 'Restore', 'Deploy', 'Smoke'] as const;
    this.planned = names.map((name) => {
      const errors = this.faultOf(name);
      return {
        name,
        startsAfter: after[name],
        durationSeconds: durations[name],
        outcome: errors === null ? 'succeeded' : 'failed',
        ...(errors === null ? {} : { errors }),
      };
    });
    return this.planned;
  }

  /** What the pipeline has to build: of a parked standby, whatever was not woken. */
  private missing(): readonly ('cluster' | 'gateway' | 'database')[] {
    if (this.plan.tier !== 'parked') return ['cluster', 'gateway', 'database'];
    const kinds = { cluster: 'cluster', gateway: 'gateway', database: 'mysql' } as const;
    const missing = (['cluster', 'gateway', 'database'] as const).filter(
      (what) => this.power.word(kinds[what]) !== 'Running',
    );
    return missing.length === 0 ? ['cluster'] : missing;
  }

  /** The stage waits until the data have caught up. */
  private restoreSeconds(): number {
    const { applier } = this.data;
    return applier === null ? this.draw('restore') : this.draw('applier') + applier.secondsToCatchUp();
  }

  /** Why a stage will fail, as its task logs it; null where it will not. */
  private faultOf(name: StagePlan['name']): readonly string[] | null {
    const { failStage } = this.plan;
    if (failStage?.name === name) return failStage.errors;
    const refusal = name === 'Restore' ? (this.data.applier?.refusal ?? null) : null;
    return refusal === null ? null : [`${refusal.code} ${refusal.detail}`];
  }

  /** What Azure itself needs for what was asked of it; null before anything was. */
  unavoidableSeconds(): UnavoidableSeconds | null {
    const handover = this.data.applier?.handoverSeconds ?? 0;
    // What runs of a warm standby serves while its nodes are being added.
    if (this.plan.tier === 'warm') return this.isScaled ? { prepare: 0, handover } : null;
    if (this.planned === null) {
      const { wakeSeconds } = this.set;
      return wakeSeconds === null ? null : { prepare: wakeSeconds, handover };
    }
    const of = (name: string): number =>
      this.planned?.find((stage) => stage.name === name)?.durationSeconds ?? 0;
    const stages = of('Infrastructure') + Math.max(of('Restore'), of('Deploy')) + of('Smoke');
    return { prepare: this.beginSeconds + stages, handover };
  }

  /** What the end of a stage leaves behind in Azure. */
  stageEnded(name: string, outcome: string): void {
    this.journal.note('azure', `pipeline stage ${name} ${outcome}`);
    if (outcome !== 'succeeded') return;
    if (name === 'Infrastructure') {
      this.exists = { gateway: true, cluster: true, database: true };
      this.nodeCount = BACKENDS;
      this.set.built();
      this.data.standbyBuilt();
    }
    if (name === 'Restore') this.data.restored();
    if (name === 'Deploy') {
      this.application.condition = 'up';
      // The same again changes nothing: its pods stay, and the gateway goes on calling them healthy.
      this.deployedAt ??= Date.now() + this.draw('probe') * 1000;
    }
  }

  /** How a scaling of the warm pool goes; its nodes are there only at its end. */
  planScaling(): ScalingPlan {
    this.isScaled = true;
    return { seconds: this.draw('scale'), failure: this.plan.scalingFailure };
  }

  scaled(nodeCount: number): void {
    this.grown = { from: this.nodeCount, probedAt: Date.now() + this.draw('probe') * 1000 };
    this.nodeCount = nodeCount;
    this.journal.note('azure', `the warm pool has ${nodeCount} nodes`);
  }

  /** Health of the servers behind the gateway, as it reports it. */
  backends(): readonly { readonly address: string; readonly health: 'Up' | 'Down' | 'Unknown' }[] {
    if (this.deployedAt === null) return [];
    const probed = Date.now() >= this.deployedAt;
    const isNew = (index: number): boolean =>
      this.grown !== null && index >= this.grown.from && Date.now() < this.grown.probedAt;
    return Array.from({ length: Math.min(this.nodeCount, BACKENDS) }, (_, i) => ({
      address: `10.40.1.${10 + i}`,
      health: this.plan.gatewayStaysSick ? 'Down' : probed && !isNew(i) ? 'Up' : 'Unknown',
    }));
  }

  /** The truth, for the checkers: whether a user sent here now would be served. */
  get fitForTraffic(): boolean {
    const backends = this.backends();
    return (
      this.application.condition === 'up' &&
      // The gateway sends nobody to a server that is not up.
      backends.some((backend) => backend.health === 'Up')
    );
  }
}
