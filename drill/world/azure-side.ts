import type { RunPlan } from '../clouds/azure/azure-devops-run.ts';
import type { SeededRandom } from '../random.ts';
import type { Application } from './application.ts';
import type { Database } from './database.ts';
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
  network: [45, 75],
  cluster: [219, 450],
  gateway: [360, 480],
  database: [365, 385],
  restore: [60, 180],
  deploy: [60, 120],
  smoke: [20, 40],
  /** Nodes that join a running pool; no trustworthy figure is published. */
  scale: [90, 180],
  /** Until a probing gateway calls a new backend healthy: its probe interval, twice. */
  probe: [30, 60],
} as const satisfies Record<string, readonly [number, number]>;

/** How far a warm replica is behind the primary. Seconds; assumed. */
const REPLICA_LAG_SECONDS = 5;
/** A backup is taken every so often; what was written after the newest one is lost in a cold failover. Seconds. */
const BACKUP_EVERY_SECONDS = 900;

const BACKENDS = 3;

/** The Azure side of the world: what exists, and how it is. */
export class AzureSide {
  readonly agentSeconds: number;
  readonly checkpoint: AzurePlan['checkpoint'];
  nodeCount: number;
  exists: { gateway: boolean; cluster: boolean; database: boolean };
  private deployedAt: number | null;
  private planned: readonly StagePlan[] | null = null;
  private scalingSeconds: number | null = null;
  private primarySilentSince: number | null = null;
  private readonly plan: AzurePlan;
  private readonly random: SeededRandom;
  private readonly journal: Journal;
  private readonly application: Application;
  private readonly primaryDatabase: Database;

  constructor(options: {
    readonly plan: AzurePlan;
    readonly random: SeededRandom;
    readonly journal: Journal;
    readonly application: Application;
    readonly primaryDatabase: Database;
  }) {
    this.plan = options.plan;
    this.checkpoint = options.plan.checkpoint;
    this.random = options.random;
    this.journal = options.journal;
    this.application = options.application;
    this.primaryDatabase = options.primaryDatabase;
    const warm = options.plan.tier === 'warm';
    this.exists = { gateway: warm, cluster: warm, database: warm };
    this.nodeCount = warm ? 1 : 0;
    this.deployedAt = warm ? Date.now() - 3_600_000 : null;
    this.agentSeconds = this.draw('agent');
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
      Restore: this.draw('restore'),
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
      const failed = this.plan.failStage?.name === name;
      return {
        name,
        startsAfter: after[name],
        durationSeconds: durations[name],
        outcome: failed ? 'failed' : 'succeeded',
        ...(failed ? { errors: this.plan.failStage.errors } : {}),
      };
    });
    return this.planned;
  }

  /** Seconds that Azure itself needs, one after the other, for what was asked of it; null before anything was. */
  unavoidableSeconds(): number | null {
    if (this.plan.tier === 'warm') return this.scalingSeconds;
    if (this.planned === null) return null;
    const of = (name: string): number =>
      this.planned?.find((stage) => stage.name === name)?.durationSeconds ?? 0;
    return this.agentSeconds + of('Infrastructure') + Math.max(of('Restore'), of('Deploy')) + of('Smoke');
  }

  /** What the end of a stage leaves behind in Azure. */
  stageEnded(name: string, outcome: string): void {
    this.journal.note('azure', `pipeline stage ${name} ${outcome}`);
    if (outcome !== 'succeeded') return;
    if (name === 'Infrastructure') {
      this.exists = { gateway: true, cluster: true, database: true };
      this.nodeCount = BACKENDS;
    }
    if (name === 'Restore') {
      this.application.database.load(this.primaryDatabase.upTo(this.newestBackupAt()));
    }
    if (name === 'Deploy') {
      this.application.condition = 'up';
      this.deployedAt = Date.now() + this.draw('probe') * 1000;
    }
  }

  /** No backup is taken of a primary that does not answer. */
  private newestBackupAt(): number {
    const lastAlive = this.primarySilentSince ?? Date.now();
    return lastAlive - (lastAlive % (BACKUP_EVERY_SECONDS * 1000));
  }

  /** Tells the Azure side that the primary is gone: no more backups, and the replica stays where it is. */
  primaryWentSilent(): void {
    this.primarySilentSince = Date.now();
  }

  primaryCameBack(): void {
    this.primarySilentSince = null;
  }

  /** What a warm replica has received by now; a cold standby has its backup instead. */
  replicate(): void {
    if (this.plan.tier === 'cold') return;
    const lastSent = this.primarySilentSince ?? Date.now();
    this.application.database.load(this.primaryDatabase.upTo(lastSent - REPLICA_LAG_SECONDS * 1000));
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
