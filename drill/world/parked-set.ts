import { PowerStates, type PowerKind, type PowerWord } from '../clouds/azure/azure-arm-power.ts';
import type { SeededRandom } from '../random.ts';
import type { SiteData } from './data/site-data.ts';
import type { Journal } from './journal.ts';
import type { ParkedScenario } from './parked-plan.ts';

/**
 * Seconds. Starts of a cluster that were seen, the quickest, the middle and the slowest (FACTS2 section 1: time stamps in the test recordings
 * of the Azure CLI); starts of MySQL from the same. Of a gateway no start was ever published that can be trusted: assumed as long as
 * creating one. Stops: of a cluster 122 s seen, the others assumed.
 */
const CLUSTER_STARTS = [141, 192, 452] as const;
const SECONDS = {
  database: [61, 122],
  gateway: [360, 480],
  stopCluster: [110, 135],
  stopOther: [60, 150],
  /** A start that Azure has no machines for is known after some of its time. Assumed. */
  refusal: [40, 90],
  /** Nodes that are new pull the images, and the application starts. Assumed, of the usual order. */
  pods: [30, 75],
} as const satisfies Record<string, readonly [number, number]>;

/** Along the three starts that were seen: half of all are quicker than the middle one. */
function clusterStart(share: number): number {
  const [low, middle, high] = CLUSTER_STARTS;
  return share < 0.5 ? low + 2 * share * (middle - low) : middle + (2 * share - 1) * (high - middle);
}

/** Gateway, cluster and database of a standby, whether they run, and what runs on them while they do. */
export class ParkedSet {
  readonly power: PowerStates;
  /** Seconds that Azure needed for the last waking, as they were drawn; null before one. */
  wakeSeconds: number | null = null;
  private readonly drawn = new Map<PowerKind, number>();
  private podsRun: boolean;
  private podsRound = 0;
  private readonly options: {
    readonly plan: ParkedScenario;
    /** Days since it was stopped; null where it runs. */
    readonly stoppedDays: number | null;
    readonly random: SeededRandom;
    readonly journal: Journal;
    readonly data: SiteData;
    /** Users can be served from now on, or cannot any more. */
    readonly onServing: (serves: boolean) => void;
  };

  constructor(options: ParkedSet['options']) {
    this.options = options;
    const { stoppedDays } = options;
    this.podsRun = stoppedDays === null;
    this.power = new PowerStates(
      {
        startSeconds: (kind) => this.startSeconds(kind),
        stopSeconds: (kind) => this.between(kind === 'cluster' ? 'stopCluster' : 'stopOther'),
        startFailure: (kind) => this.startFailure(kind),
        onChange: (kind, word) => {
          this.changed(kind, word);
        },
      },
      stoppedDays === null ? null : Date.now() - stoppedDays * 86_400_000,
    );
  }

  get serves(): boolean {
    return this.podsRun && this.power.word('gateway') === 'Running';
  }

  /** Somebody starts all of it outside of Pilotlight. */
  wokenBySomebody(): void {
    this.options.journal.note('people', 'somebody starts the parked standby in the portal');
    for (const kind of ['gateway', 'cluster', 'mysql'] as const) this.power.start(kind);
  }

  /** The pipeline has built, or woken, all of it; the waiting was its own. */
  built(): void {
    if (this.serves) return;
    this.power.built();
  }

  private between(what: keyof typeof SECONDS): number {
    const [low, high] = SECONDS[what];
    return this.options.random.between(low, high);
  }

  private startSeconds(kind: PowerKind): number {
    const { random, plan } = this.options;
    const [low, high] = plan.gatewayStartSeconds ?? SECONDS.gateway;
    const seconds = {
      cluster: () => clusterStart(random.next()),
      mysql: () => this.between('database'),
      gateway: () => random.between(low, high),
    }[kind]();
    this.drawn.set(kind, seconds);
    return seconds;
  }

  private startFailure(kind: PowerKind): ReturnType<PowerStartFailure> {
    const { clusterRefuses } = this.options.plan;
    if (kind !== 'cluster' || clusterRefuses === undefined) return null;
    return { seconds: this.between('refusal'), failure: clusterRefuses };
  }

  private changed(kind: PowerKind, word: PowerWord): void {
    const { journal } = this.options;
    journal.note('azure', `the ${NAMES[kind]} of the standby is ${word}`);
    const machines = this.power.word('cluster') === 'Running' && this.power.word('mysql') === 'Running';
    if (machines && !this.podsRun) this.startPods();
    if (!machines) this.stopPods();
    this.options.onServing(this.serves);
  }

  private startPods(): void {
    const round = ++this.podsRound;
    const pods = this.between('pods');
    setTimeout(() => {
      if (round !== this.podsRound) return;
      // The application may not read while a dump is being loaded.
      const loading = this.options.data.wake();
      this.wakeSeconds = this.criticalSeconds(pods + loading);
      setTimeout(() => {
        if (round !== this.podsRound) return;
        this.podsRun = true;
        this.options.onServing(this.serves);
      }, loading * 1000);
    }, pods * 1000);
  }

  private criticalSeconds(pods: number): number {
    const of = (kind: PowerKind): number => this.drawn.get(kind) ?? 0;
    return Math.max(of('gateway'), Math.max(of('cluster'), of('mysql')) + pods);
  }

  private stopPods(): void {
    this.podsRound += 1;
    this.podsRun = false;
    this.options.data.sleep();
  }
}

type PowerStartFailure = ConstructorParameters<typeof PowerStates>[0]['startFailure'];

const NAMES: Readonly<Record<PowerKind, string>> = {
  gateway: 'gateway',
  cluster: 'cluster',
  mysql: 'database',
};
