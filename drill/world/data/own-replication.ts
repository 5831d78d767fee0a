import type { Database } from '../database.ts';

/** How far a replica of the site's own is behind the primary. Seconds; assumed. */
const LAG_SECONDS = 5;
/** A backup of the site's own is taken every so often. Seconds; assumed. */
const BACKUP_EVERY_SECONDS = 900;

/** A site that brings its data to the standby by its own means: nothing of it is ours, and all of it is assumed. */
export class OwnReplication {
  private silentSince: number | null = null;
  private readonly primary: Database;
  private readonly standby: Database;

  constructor(primary: Database, standby: Database) {
    this.primary = primary;
    this.standby = standby;
  }

  /** The primary is gone: no more backups, and a replica stays where it is. */
  primaryDied(): void {
    this.silentSince = Date.now();
  }

  primaryCameBack(): void {
    this.silentSince = null;
  }

  /** Fills a standby that was just built from the newest backup. */
  restore(): void {
    const alive = this.lastSentAt;
    this.standby.load(this.primary.upTo(alive - (alive % (BACKUP_EVERY_SECONDS * 1000))));
  }

  /** Gives a standby that was there before what its replica has received by now. */
  replicate(): void {
    this.standby.load(this.primary.upTo(this.lastSentAt - LAG_SECONDS * 1000));
  }

  /** How far a replica is behind, as it tells it itself. */
  get lagSeconds(): number {
    return LAG_SECONDS + (Date.now() - this.lastSentAt) / 1000;
  }

  /** How far the primary is behind the standby, which it follows while users are there. It is even once nobody has written for a while. */
  homeLagSeconds(): number {
    const newest = this.standby.all().at(-1);
    if (newest === undefined || this.primary.holds(newest.id)) return 0;
    const behind = Math.max(0, LAG_SECONDS - (Date.now() - newest.at) / 1000);
    if (behind === 0) this.primary.restore(this.standby.all());
    return Math.ceil(behind);
  }

  private get lastSentAt(): number {
    return this.silentSince ?? Date.now();
  }
}
