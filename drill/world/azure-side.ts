import type { RunPlan } from '../clouds/azure/azure-devops-run.ts';
import type { SeededRandom } from '../random.ts';
import type { Application } from './application.ts';
import type { SiteData } from './data/site-data.ts';
import type { Journal } from './journal.ts';

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
  readonly tier: 'cold' | 'warm';
  readonly failStage?: { readonly name: StagePlan['name']; readonly errors: readonly string[] };
  /** The gateway's backends never turn healthy. */
  readonly gatewayStaysSick: boolean;
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
  deploy: [60, 120],
  smoke: [20, 40],
  /** Nodes that join a running pool; no trustworthy figure is published. */
  scale: [90, 180],
  /** Until a probing gateway calls a new backend healthy: its probe interval, twice. */
  probe: [30, 60],
} as const satisfies Record<string, readonly [number, number]>;

const BACKENDS = 3;

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
  private scalingSeconds: number | null = null;
  private readonly plan: AzurePlan;
  private readonly random: SeededRandom;
  readonly journal: Journal;
  private readonly application: Application;
  private readonly data: SiteData;

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
    const warm = options.plan.tier === 'warm';
    this.exists = { gateway: warm, cluster: warm, database: warm };
    this.nodeCount = warm ? 1 : 0;
    this.deployedAt = warm ? Date.now() - 3_600_000 : null;
    this.agentSeconds = this.draw('agent');
    this.beginSeconds = this.agentSeconds;
  }

  /** Until a container of the second runner works. Seconds. */
  containerSeconds(): number {
    this.beginSeconds = this.draw('container');
    return this.beginSeconds;
  }

  private draw(what: keyof typeof BUILD_SECONDS): number {
    const [low, high] = BUILD_SECONDS[what];
    return this.random.between(low, high);
  }

  /** The stages of one run; inside Infrastructure the three large builds go side by side. */
  stages(): readonly StagePlan[] {
    const builds = Math.max(this.draw('cluster'), this.draw('gateway'), this.draw('database'));
    const durations = {
      Infrastructure: this.draw('network') + builds,
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

  /** Seconds that Azure itself needs, one after the other, for what was asked of it; null before anything was. */
  unavoidableSeconds(): number | null {
    const handover = this.data.applier?.handoverSeconds ?? 0;
    if (this.plan.tier === 'warm')
      return this.scalingSeconds === null ? null : this.scalingSeconds + handover;
    if (this.planned === null) return null;
    const of = (name: string): number =>
      this.planned?.find((stage) => stage.name === name)?.durationSeconds ?? 0;
    return (
      this.beginSeconds +
      of('Infrastructure') +
      Math.max(of('Restore'), of('Deploy')) +
      of('Smoke') +
      handover
    );
  }

  /** What the end of a stage leaves behind in Azure. */
  stageEnded(name: string, outcome: string): void {
    this.journal.note('azure', `pipeline stage ${name} ${outcome}`);
    if (outcome !== 'succeeded') return;
    if (name === 'Infrastructure') {
      this.exists = { gateway: true, cluster: true, database: true };
      this.nodeCount = BACKENDS;
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
  planScaling(): { seconds: number; failure: null } {
    this.scalingSeconds = this.draw('scale');
    return { seconds: this.scalingSeconds, failure: null };
  }

  scaled(nodeCount: number): void {
    this.nodeCount = nodeCount;
    this.journal.note('azure', `the warm pool has ${nodeCount} nodes`);
  }

  /** Health of the servers behind the gateway, as it reports it. */
  backends(): readonly { readonly address: string; readonly health: 'Up' | 'Down' | 'Unknown' }[] {
    if (this.deployedAt === null) return [];
    const probed = Date.now() >= this.deployedAt;
    const health = this.plan.gatewayStaysSick ? 'Down' : probed ? 'Up' : 'Unknown';
    return Array.from({ length: Math.min(this.nodeCount, BACKENDS) }, (_, i) => ({
      address: `10.40.1.${10 + i}`,
      health,
    }));
  }

  /** The truth, for the checkers: whether a user sent here now would be served. */
  get fitForTraffic(): boolean {
    const backends = this.backends();
    return (
      this.application.condition === 'up' &&
      backends.length > 0 &&
      backends.every((backend) => backend.health === 'Up')
    );
  }
}
