import type { SeededRandom } from '../../random.ts';
import { Database } from '../database.ts';
import type { Journal } from '../journal.ts';
import { Applier } from './applier.ts';
import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import type { DataPlan } from './data-plan.ts';
import { OwnReplication } from './own-replication.ts';
import { PrimaryData } from './primary-data.ts';
import type { StoredBeat } from './shipper.ts';
import { WayHome } from './way-home.ts';

/** What the rules look at. Milliseconds since the Unix epoch. */
export interface DataTruth {
  readonly mode: DataPlan['mode'];
  /** Lines of the journal in the store. */
  readonly beats: readonly StoredBeat[];
  /** Dumps in the store, and the moment that each of them is of. */
  readonly dumps: readonly { readonly storedAt: number; readonly at: number }[];
  /** Users' writes in the standby's database, in the order in which they were put there; not those of its own users. */
  readonly applied: readonly number[];
  /** When the standby's database was opened in this drill; null where it was not. */
  readonly openedAt: number | null;
  /** Ids of the users' writes in the primary's database at the end; null where nobody carries them home. */
  readonly onPrimary: readonly number[] | null;
}

/** The data of a site on both sides, however they get from the one to the other. */
export interface SiteData {
  readonly primary: Database;
  readonly standby: Database;
  readonly plan: DataPlan;
  /** The log, the dumps and the shipper; null where the site has its own means. */
  readonly source: PrimaryData | null;
  /** Null where the site has its own means. */
  readonly applier: Applier | null;
  /** The data on the way home; null where the site has its own means. */
  readonly wayHome: WayHome | null;
  /** Null where the data go by way of the store. */
  readonly own: OwnReplication | null;
  primaryDied(): void;
  primaryCameBack(): void;
  /** A database was built for the standby. */
  standbyBuilt(): void;
  /** The standby was destroyed, and its database with it. */
  standbyDestroyed(): void;
  /** The machines of a parked standby run again. @returns seconds until the application may read */
  wake(): number;
  /** They are stopped: what is in the database stays as it is. */
  sleep(): void;
  /** The stage that restores has ended well. */
  restored(): void;
  /** Users are sent to the standby. */
  switched(): void;
  truth(): DataTruth;
}

/** What the data of a site are made from. `standby` says since when its database is there, and whether users were on it. */
export interface BuiltData {
  readonly plan: DataPlan;
  readonly workload: string;
  readonly store: BlobStore;
  readonly random: SeededRandom;
  readonly journal: Journal;
  readonly standby: 'not-there' | 'follows' | 'served' | { readonly asleepForDays: number };
}

/** What is there on an ordinary night. */
export function buildData(options: BuiltData): SiteData {
  const { plan, workload, store, journal, random } = options;
  const standby = new Database();
  if (plan.mode === 'none') return ownData(plan, standby, options.standby !== 'not-there');
  const source = new PrimaryData({
    ...{ plan, store, workload, random: random.fork('shipper'), now: Date.now() },
  });
  const primary = new Database((write) => {
    source.commit(write);
  });
  const applier = new Applier({
    ...{ plan, workload, store, primary: source, database: standby, journal },
    random: random.fork('applier'),
  });
  if (options.standby === 'follows') applier.beginLongAgo();
  if (options.standby === 'served') applier.openLongAgo();
  if (typeof options.standby === 'object') applier.beginAsleep(options.standby.asleepForDays);
  const openedBefore = applier.openedAt;
  const wayHome = new WayHome({
    ...{ workload, plan, store, source, applier, primary, standby, journal },
    random: random.fork('way home'),
  });
  const nothing = (): void => undefined;
  return {
    ...{ primary, standby, plan, source, applier, wayHome, own: null },
    primaryDied: () => {
      source.die();
    },
    primaryCameBack: () => {
      source.comeBack();
    },
    standbyBuilt: () => {
      applier.begin();
    },
    standbyDestroyed: () => {
      applier.vanish();
    },
    wake: () => applier.wake(),
    sleep: () => {
      applier.sleep();
    },
    restored: nothing,
    switched: nothing,
    truth: () => {
      applier.look();
      return {
        mode: plan.mode,
        beats: source.shipper.beats,
        dumps: source.dumps,
        applied: applier.applied,
        openedAt: applier.openedAt === openedBefore ? null : applier.openedAt,
        onPrimary: wayHome.held,
      };
    },
  };
}

function ownData(plan: DataPlan, standby: Database, isReplica: boolean): SiteData {
  const primary = new Database();
  const own = new OwnReplication(primary, standby);
  return {
    ...{ primary, standby, plan, source: null, applier: null, wayHome: null, own },
    primaryDied: () => {
      own.primaryDied();
    },
    primaryCameBack: () => {
      own.primaryCameBack();
    },
    standbyBuilt: () => undefined,
    standbyDestroyed: () => undefined,
    wake: () => 0,
    sleep: () => undefined,
    restored: () => {
      own.restore();
    },
    switched: () => {
      if (isReplica) own.replicate();
    },
    truth: () => ({ mode: 'none', beats: [], dumps: [], applied: [], openedAt: null, onPrimary: null }),
  };
}
