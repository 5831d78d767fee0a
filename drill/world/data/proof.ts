import { loadMs, PETCLINIC_TABLES, ROWS, type Dump } from './dumps.ts';

/** A restore that was tried for proof, as the journal tells it. */
export interface Proof {
  readonly at: string;
  readonly dump: string;
  readonly good: boolean;
  readonly tables: number;
  readonly rows: number;
  readonly seconds: number;
  readonly detail: string;
}

/** The restore of a dump begins so long after it was whole. Milliseconds; assumed. */
const PROOF_AFTER_MS = 600_000;

/** What comes of the restore that is tried of a dump for proof. */
export function proofOf(dump: Dump): Proof {
  const at = dump.storedAt + PROOF_AFTER_MS + loadMs(dump);
  const tables = dump.damaged ? 0 : PETCLINIC_TABLES.length;
  return {
    ...{ at: new Date(at).toISOString(), dump: dump.name, good: !dump.damaged },
    ...{ tables, rows: tables * ROWS, seconds: loadMs(dump) / 1000 },
    detail: dump.damaged ? 'rows-0001.sql.zst does not match its checksum' : '',
  };
}
