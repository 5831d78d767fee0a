import type { ScalingPlan } from '../clouds/azure/azure-arm.ts';
import type { RunPlan } from '../clouds/azure/azure-devops-run.ts';
import type { azureTiers } from '../../core/config/standby-schema.ts';
import type { SeededRandom } from '../random.ts';
import type { Application } from './application.ts';
import type { SiteData } from './data/site-data.ts';
import type { Journal } from './journal.ts';
import type { PowerStates } from '../clouds/azure/azure-arm-power.ts';
import {
  BUILD_SECONDS,
  planBuild,
  type BuildMilestone,
  type BuildPlan,
  type BuildStep,
  type Part,
  type StageName,
  type StagePlan,
} from './build-plan.ts';
import { ORDINARY_STOPPED_DAYS, type ParkedScenario } from './parked-plan.ts';
import { ParkedSet } from './parked-set.ts';

/** What the scenario changes about the Azure side. */
export interface AzurePlan {
  readonly tier: (typeof azureTiers)[number];
  readonly parked?: ParkedScenario;
  /** A parked standby is stopped; it is not where an earlier run has users on it. */
  readonly asleep?: boolean;
  readonly failStage?: { readonly name: StageName; readonly errors: readonly string[] };
  /** The gateway's backends never turn healthy. */
  readonly gatewayStaysSick: boolean;
  /** What Azure says of a scaling that it cannot carry out; null where it can. */
  readonly scalingFailure: ScalingPlan['failure'];
  /** What the run of the pipeline waits for before its first stage; null where nothing. */
  readonly checkpoint: NonNullable<RunPlan['checkpoint']> | null;
}

const BACKENDS = 3;

const DESTROY = 'Destroy';
/** A gateway and a cluster are gone after minutes; assumed. */
const DESTROY_SECONDS = [240, 600] as const;

const destruction = (random: SeededRandom): StagePlan => ({
  name: DESTROY,
  startsAfter: [],
  durationSeconds: random.between(...DESTROY_SECONDS),
  outcome: 'succeeded',
});

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
  exists: Record<Part, boolean>;
  private deployedAt: number | null;
  /** The pods that this run has brought serve whoever reaches them. */
  private isStarted = false;
  private planned: BuildPlan | null = null;
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
    if (!serves) {
      this.deployedAt = null;
      this.isStarted = false;
    }
    if (serves) this.deployedAt ??= Date.now() + this.draw('probeAwake') * 1000;
  }

  private draw(what: BuildStep): number {
    const [low, high] = BUILD_SECONDS[what];
    return this.random.between(low, high);
  }

  /** The stages of one run. */
  stages(action: 'apply' | 'destroy' = 'apply'): readonly StagePlan[] {
    if (action === 'destroy') return [destruction(this.random)];
    const missing = this.missing();
    this.planned = planBuild({
      draw: (what) => this.draw(what),
      missing,
      removesCluster: this.plan.tier === 'parked' && missing.includes('cluster'),
      loadSeconds: this.data.applier?.secondsToCatchUp() ?? null,
      faultOf: (name) => this.faultOf(name),
    });
    return this.planned.stages;
  }

  /** What the pipeline has to build: of a parked standby, whatever was not woken. */
  private missing(): readonly Part[] {
    if (this.plan.tier !== 'parked') return ['cluster', 'gateway', 'database'];
    const kinds = { cluster: 'cluster', gateway: 'gateway', database: 'mysql' } as const;
    const missing = (['cluster', 'gateway', 'database'] as const).filter(
      (what) => this.power.word(kinds[what]) !== 'Running',
    );
    return missing.length === 0 ? ['cluster'] : missing;
  }

  /** Why a stage will fail, as its task logs it; null where it will not. */
  private faultOf(name: StageName): readonly string[] | null {
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
    return { prepare: this.beginSeconds + this.planned.totalSeconds, handover };
  }

  /** What Terraform has built before it is done with the rest. */
  reached(milestone: BuildMilestone): void {
    if (milestone === 'data') {
      this.data.standbyBuilt();
      return;
    }
    if (!this.exists[milestone]) this.journal.note('azure', `the ${milestone} of the standby is built`);
    this.exists = { ...this.exists, [milestone]: true };
    if (milestone === 'cluster') this.nodeCount = BACKENDS;
    if (milestone === 'gateway') this.answerBehindGateway();
  }

  /** What the end of a stage leaves behind in Azure. */
  stageEnded(name: string, outcome: string): void {
    this.journal.note('azure', `pipeline stage ${name} ${outcome}`);
    if (outcome !== 'succeeded') return;
    if (name === DESTROY) this.destroyed();
    if (name === 'Infrastructure') {
      this.exists = { gateway: true, cluster: true, database: true };
      this.nodeCount = BACKENDS;
      this.set.built();
      this.answerBehindGateway();
    }
    if (name === 'Restore') {
      this.data.restored();
      this.startApplication();
    }
  }

  private destroyed(): void {
    this.exists = { gateway: false, cluster: false, database: false };
    this.nodeCount = 0;
    this.served(false);
    this.data.standbyDestroyed();
  }

  /** Its pods are in the cluster already and have waited for the data; Deploy finds it as it is. */
  private startApplication(): void {
    const { startSeconds = this.draw('start') } = this.planned ?? {};
    setTimeout(() => {
      this.isStarted = true;
      this.answerBehindGateway();
    }, startSeconds * 1000);
  }

  /** Nobody reaches the application before there is a gateway, whichever of them comes first. */
  private answerBehindGateway(): void {
    if (!this.isStarted || !this.exists.gateway) return;
    this.application.condition = 'up';
    // The same again changes nothing: its pods stay, and the gateway goes on calling them healthy.
    if (this.deployedAt !== null) return;
    this.journal.note('azure', 'the application of the standby answers');
    const { probeSeconds = this.draw('probeAwake') } = this.planned ?? {};
    this.deployedAt = Date.now() + probeSeconds * 1000;
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
