import type { MoverLog } from '../log.ts';
import type { BlobContainer } from '../store/blob-store.ts';
import type { ApplicationLogin } from './open.ts';

/** What `apply` is asked for. */
export interface ApplyOptions {
  readonly workload: string;
  readonly optionFile: string;
  /** Name of the server, for what a dump for the way home says of itself. */
  readonly host: string;
  /** `handover` is null where nobody is told and nobody asks. */
  readonly store: { readonly backups: BlobContainer; readonly handover: BlobContainer | null };
  /** Folder of this machine for the log that is replayed; a few files at a time. */
  readonly work: string;
  readonly jobs: number;
  /** Goes on with what is shipped, answers the hand-over, and never ends by itself; otherwise it ends when it has caught up. */
  readonly follow: boolean;
  readonly everySeconds: number;
  /** Is there while the database has caught up, or is open; null for none. */
  readonly readyFile: string | null;
  readonly application: ApplicationLogin | null;
  /** Loads this dump; null for the newest, or the one that is there. */
  readonly dump: string | null;
  /** Throws away what the database holds. */
  readonly replace: boolean;
  readonly correlationId: string;
  /** For a dump of the first layout, which names no schema. */
  readonly schemaOfV1: string;
  readonly until: number | null;
  readonly only: string | null;
  /** Loads and does not replay: for a server that takes no binary log, such as RDS. */
  readonly loadOnly: boolean;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: MoverLog;
}
