import type { StagePlan as AnyStage } from '../clouds/azure/azure-devops-run.ts';

/*
 * How long a run of the pipeline takes, and what waits for what in it: pipelines/failover.yml and terraform/modules/standby. Moments are
 * seconds since Terraform's job began.
 */

/** Seconds, from FACTS section 8: AKS 4-8 min with a tail, gateway about 6 min and more, MySQL 6:15 by one log. */
export const BUILD_SECONDS = {
  agent: [30, 120],
  /** A container of the job until it runs: allocation and image; assumed, no figure is published. */
  container: [20, 60],
  /** Checkout, Terraform, sign-in, init and plan; the provider is fetched meanwhile, and the network is always there. Assumed. */
  begin: [30, 55],
  /** The firewall policy, which the gateway names. Assumed. */
  policy: [10, 25],
  cluster: [219, 450],
  gateway: [360, 480],
  database: [365, 385],
  /**
   * The four changes until its transactions have ids. Two of them were recorded with the Azure CLI (its test of `gtid reset`, 2024-11), 3 and
   * 17 s long; the start of the CLI is assumed.
   */
  prepare: [20, 76],
  /** Where the site brings its data itself. Assumed. */
  restore: [60, 180],
  /** Until the pod that loads is there: its image, its secrets. Assumed. What the load itself takes follows from the data. */
  applier: [20, 60],
  /** The same of the application's pods, and the address of its load balancer. Assumed. */
  images: [20, 60],
  loadBalancer: [30, 60],
  /** The application, from the moment at which it may read. Assumed. */
  start: [15, 40],
  /** A parked cluster that does not wake is taken away before it is made anew. Assumed. */
  remove: [120, 240],
  /** A job that signs in and applies what is there already; the like of Smoke. Both assumed. */
  deploy: [20, 40],
  smoke: [20, 40],
  /** Until Restore hears that Terraform has failed: its next look. */
  notice: [4, 12],
  /** Nodes that join a running pool; no trustworthy figure is published. */
  scale: [90, 180],
  /** Until a probing gateway calls a new backend healthy: its probe interval, twice. */
  probe: [30, 60],
  /** The same of a gateway that comes up beside its backends: two rounds of the five seconds that Terraform sets. */
  probeAwake: [5, 15],
} as const satisfies Record<string, readonly [number, number]>;

export type BuildStep = keyof typeof BUILD_SECONDS;
export type Part = 'cluster' | 'gateway' | 'database';
export type StageName = 'Infrastructure' | 'Restore' | 'Deploy' | 'Smoke' | 'Destroy';

/** One stage of the pipeline as the drill plays it. */
export interface StagePlan extends AnyStage {
  readonly name: StageName;
}

/** What Infrastructure has built before it ends; `data` is the moment at which the load may begin. */
export type BuildMilestone = Part | 'data';

export interface BuildPlan {
  readonly stages: readonly StagePlan[];
  /** From the data to an application that answers, and from there to a gateway that believes it. */
  readonly startSeconds: number;
  readonly probeSeconds: number;
  /** Along the critical path, from the beginning of Terraform's job to the end of Smoke. */
  readonly totalSeconds: number;
}

export interface BuildOrder {
  readonly draw: (what: BuildStep) => number;
  /** What is not there yet. */
  readonly missing: readonly Part[];
  /** A cluster that does not wake is in the way. */
  readonly removesCluster: boolean;
  /** From an empty database to one that has caught up; null where the site brings its data itself. */
  readonly loadSeconds: number | null;
  /** Why a stage will fail, as its task logs it; null where it will not. */
  readonly faultOf: (name: StageName) => readonly string[] | null;
}

/** What the stage beside says where Terraform has failed. Words: pipelines/scripts/lib/pilot.sh. */
const NOT_BUILT =
  'STANDBY_NOT_BUILT: the stage Infrastructure of this run has failed, so there will be no database and no cluster.';
/** Smoke asks again so soon. */
const ASK_SECONDS = 3;

/** One run: what it builds side by side, and what may begin before all of it is there. */
export function planBuild(order: BuildOrder): BuildPlan {
  const { draw, loadSeconds } = order;
  const at = partsAt(order);
  const built = Math.max(at.cluster, at.gateway, at.database);
  const inCluster = Math.max(at.cluster, at.database);
  const isNew = order.missing.includes('database');
  // The pod of the mover waits for a database that is prepared, and the pods of the application for its data.
  const moverThere = inCluster + (loadSeconds === null ? 0 : draw('applier'));
  const mayLoad = Math.max(moverThere, at.database + (isNew ? draw('prepare') : 0));
  const load = loadSeconds ?? draw('restore');
  const restored = mayLoad + load;
  const deploy = Math.max(draw('deploy'), inCluster + draw('loadBalancer') - built);
  const startSeconds = draw('start');
  const probeSeconds = draw('probeAwake');
  const answers = Math.max(restored, inCluster + draw('images')) + startSeconds;
  const healthy = Math.max(answers, at.gateway) + probeSeconds;
  const smokeAt = Math.max(restored, built + deploy);
  const smoke = Math.max(draw('smoke'), healthy + ASK_SECONDS - smokeAt);
  const moments: Readonly<Record<BuildMilestone, number>> = { ...at, data: mayLoad };
  const milestones = (Object.keys(moments) as BuildMilestone[]).map((name) => ({
    ...{ name, beforeEndSeconds: built - moments[name] },
  }));
  const waitsFor = {
    ...{ stage: 'Infrastructure', beforeEndSeconds: built - mayLoad },
    ...{ noticeSeconds: draw('notice'), error: NOT_BUILT },
  };
  const stages = [
    { name: 'Infrastructure', startsAfter: [], durationSeconds: built, milestones },
    { name: 'Restore', startsAfter: [], durationSeconds: load, waitsFor },
    { name: 'Deploy', startsAfter: ['Infrastructure'], durationSeconds: deploy },
    { name: 'Smoke', startsAfter: ['Restore', 'Deploy'], durationSeconds: smoke },
  ] as const;
  return {
    ...{ startSeconds, probeSeconds, totalSeconds: smokeAt + smoke },
    stages: stages.map((stage) => {
      const errors = order.faultOf(stage.name);
      return errors === null ? { ...stage, outcome: 'succeeded' } : { ...stage, outcome: 'failed', errors };
    }),
  };
}

/** When each part is there; what was there before, from the first second. */
function partsAt({ draw, missing, removesCluster }: BuildOrder): Readonly<Record<Part, number>> {
  const begin = draw('begin');
  const removal = removesCluster ? draw('remove') : 0;
  const seconds: Readonly<Record<Part, number>> = {
    cluster: begin + removal + draw('cluster'),
    gateway: begin + draw('policy') + draw('gateway'),
    database: begin + draw('database'),
  };
  const at = (part: Part): number => (missing.includes(part) ? seconds[part] : 0);
  return { cluster: at('cluster'), gateway: at('gateway'), database: at('database') };
}
