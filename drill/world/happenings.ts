import type { SeededRandom } from '../random.ts';
import type { Happening } from '../scenario.ts';
import type { Journal } from './journal.ts';
import type { Places } from './places.ts';
import type { Site } from './site.ts';

/** Happenings that follow something else instead of the clock. */
const BY_THEMSELVES: ReadonlySet<Happening['what']> = new Set([
  'alarm-repeats',
  'standby-dies-after-switch',
  'distribution-touched',
]);

/** What else a happening may lay hands on. */
export interface Hands {
  readonly places: Places;
  /** Of the workload that is drilled, unless the input names another. */
  readonly startRun: (input: Readonly<Record<string, unknown>>, workflow: 'failover' | 'failback') => void;
  readonly abortRun: () => void;
  readonly loseEvents: () => void;
  readonly loseEnds: () => void;
  readonly giveOrder: (order: Extract<Happening, { what: 'order' }>) => void;
  readonly releaseBrake: () => void;
  readonly killWatch: () => void;
  readonly measureSpread: () => void;
  readonly ringOwnAlarm: (name: string) => void;
}

/** Makes the scenario's happenings come true, each at its moment. */
export class Happenings {
  regionDead = false;
  /** Errors a minute that the load balancer counts on its own. */
  strayErrors = 0;
  private readonly site: Site;
  private readonly others: readonly Site[];
  private readonly journal: Journal;
  private readonly limping: SeededRandom;
  private readonly region: string;
  private readonly list: readonly Happening[];

  constructor(options: {
    readonly site: Site;
    /** Sites of the same Region. */
    readonly others: readonly Site[];
    readonly journal: Journal;
    readonly random: SeededRandom;
    readonly region: string;
    readonly list: readonly Happening[];
  }) {
    this.site = options.site;
    this.others = options.others;
    this.journal = options.journal;
    this.limping = options.random;
    this.region = options.region;
    this.list = options.list;
  }

  /** Seconds after the fault at which the last of them happens. */
  get lastAt(): number {
    return Math.max(0, ...this.list.map(({ at }) => at));
  }

  schedule(faultAt: number, hands: Hands): void {
    for (const happening of this.list.filter(({ what }) => !BY_THEMSELVES.has(what))) {
      setTimeout(
        () => {
          if (!this.handle(happening, hands)) this.happen(happening);
        },
        faultAt - Date.now() + happening.at * 1000,
      );
    }
  }

  /** What happens to the controller and its surroundings. @returns false where it happens to the site. */
  private handle(happening: Happening, hands: Hands): boolean {
    switch (happening.what) {
      case 'manual-start':
        this.journal.note('people', 'a person starts the failover by hand');
        hands.startRun(happening.input, 'failover');
        return true;
      case 'failback-start':
        this.journal.note('people', 'a person brings the site home');
        hands.startRun(happening.input, 'failback');
        return true;
      case 'execution-aborted':
        this.journal.note('people', 'a person stops the execution in the console');
        hands.abortRun();
        return true;
      case 'place-cut-off':
        hands.places.cutOff.add(happening.place);
        this.journal.note('world', `${happening.place} loses its way to the Internet`);
        return true;
      case 'place-falls-silent':
        hands.places.silent.add(happening.place);
        this.journal.note('world', `the probe function in ${happening.place} answers nothing any more`);
        return true;
      case 'events-lost':
        hands.loseEvents();
        this.journal.note('world', 'EventBridge delivers no alarm any more');
        return true;
      case 'order':
        hands.giveOrder(happening);
        return true;
      case 'ends-unheard':
        hands.loseEnds();
        this.journal.note('world', 'EventBridge delivers no end of an execution any more');
        return true;
      case 'brake-released':
        hands.releaseBrake();
        this.journal.note('people', 'a person releases the brake');
        return true;
      case 'watch-dies':
        hands.killWatch();
        this.journal.note('world', 'the functions of the watch do not start any more');
        return true;
      case 'beacon-due':
        hands.measureSpread();
        return true;
      case 'own-alarm-rings':
        hands.ringOwnAlarm(happening.name);
        return true;
      default:
        return false;
    }
  }

  private happen(happening: Happening): void {
    switch (happening.what) {
      case 'region-dies':
        this.regionDead = true;
        for (const site of [this.site, ...this.others]) {
          site.primary.condition = 'silent';
          site.data.primaryDied();
        }
        this.journal.note('world', `${this.region} stops answering`);
        return;
      case 'region-returns':
        this.regionDead = false;
        for (const site of [this.site, ...this.others]) {
          site.primary.condition = 'up';
          site.data.primaryCameBack();
        }
        this.journal.note('world', `${this.region} answers again`);
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
      case 'primary-limps':
        this.site.primary.limp = { share: happening.share, random: this.limping };
        this.journal.note(
          'world',
          `the primary fails ${Math.round(100 * happening.share)} % of all requests`,
        );
        return;
      case 'primary-heals':
        this.site.primary.heal();
        this.site.data.source?.setDatabase(true);
        this.journal.note('world', 'the primary is well again');
        return;
      case 'primary-slows':
        // Later than a probe waits (3 s) and than users do: for both it is as if nobody answered.
        this.site.primary.condition = 'silent';
        this.journal.note('world', 'the primary answers later than anybody waits');
        return;
      case 'primary-fails-writes':
        this.site.primary.failsWrites = true;
        this.journal.note('world', 'the primary takes no write any more');
        return;
      case 'locations-cut-off':
        for (const location of happening.locations) this.site.edge.cutOff.add(location);
        this.journal.note('world', `${happening.locations.join(', ')} answer nobody any more`);
        return;
      case 'standby-woken':
        this.site.azure?.wokenBySomebody();
        return;
      case 'standby-limps':
        this.site.standby.limp = { share: happening.share, random: this.limping };
        this.journal.note(
          'world',
          `the standby fails ${Math.round(100 * happening.share)} % of all requests`,
        );
        return;
      default:
        this.happenToDatabase(happening);
    }
  }

  private happenToDatabase(happening: Happening): void {
    switch (happening.what) {
      case 'standby-heals':
        this.site.standby.heal();
        this.journal.note('world', 'the standby is well again');
        return;
      case 'database-dies':
        this.site.primary.databaseDown = true;
        this.site.data.source?.setDatabase(false);
        this.journal.note('world', 'the database of the primary dies behind a living application');
        return;
      case 'database-returns':
        this.site.primary.databaseDown = false;
        this.site.data.source?.setDatabase(true);
        this.journal.note('world', 'the database of the primary is back');
        return;
      default:
        this.happenToData(happening);
    }
  }

  /** What happens to the way of the data; of a site that brings them to the standby by its own means nothing is known. */
  private happenToData(happening: Happening): void {
    const { source } = this.site.data;
    switch (happening.what) {
      case 'database-fails-over':
        source?.failOver();
        this.journal.note('world', 'another server of the same Region takes over the database');
        return;
      case 'shipper-dies':
        source?.setShipper(false);
        this.journal.note('world', 'nothing ships the binary log any more');
        return;
      case 'shipper-starts':
        source?.setShipper(true);
        this.journal.note('world', 'the shipper runs again');
        return;
      case 'backup-disk-full':
        source?.setDiskFull(true);
        this.journal.note('world', 'the disk of the backup instance is full');
        return;
      case 'foreign-write':
        if (this.site.data.wayHome !== null) this.site.data.wayHome.foreign += 1;
        this.journal.note('world', 'somebody writes to the primary past the edge');
        return;
      case 'home-data-differ':
        if (this.site.data.wayHome !== null) this.site.data.wayHome.differs = true;
        this.journal.note('world', 'a row is lost on its way into the primary');
        return;
      case 'log-purged':
        source?.purgeLog();
        this.journal.note('world', 'the database throws away its older binary log');
        return;
      default:
        throw new Error(`${happening.what} does not happen here`);
    }
  }
}
