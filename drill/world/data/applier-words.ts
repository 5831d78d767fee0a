import type { BlobStore } from '../../clouds/azure/blob-store.ts';
import { TRANSACTION_BYTES } from './binary-log.ts';
import type { Fault } from './choose-dump.ts';
import type { Point } from './dumps.ts';

/* What the standby's side says: of itself, and where it is asked. */

type Facts = Readonly<Record<string, unknown>>;

export const refused = (code: string) => ({
  ...{ outcome: 'failed', code },
  detail: 'it is not proven that everything the primary has committed is here',
});

/** Answers the request of a hand-over, once. */
export function putAnswer(
  { store, workload }: { readonly store: BlobStore; readonly workload: string },
  correlationId: string,
  words: Facts,
): void {
  const at = Date.now();
  const text = JSON.stringify({ schemaVersion: 1, at: new Date(at).toISOString(), ...words });
  store.put('handover', `${workload}/${correlationId}/answer.json`, { text, at, onlyIfAbsent: true });
}

/** How far it is, and why it cannot go on. */
export function applierText(about: {
  /** ISO 8601. */
  readonly at: string;
  readonly state: string;
  readonly facts: Facts;
  readonly reached: Point;
  /** The newest mark of the log in the store; left out where no log is shipped. */
  readonly newest: Point | undefined;
  readonly fault: Fault | null;
}): string {
  const behind = Math.max(0, (about.newest?.transactions ?? 0) - about.reached.transactions);
  return JSON.stringify({
    schemaVersion: 1,
    at: about.at,
    state: about.state === 'following' && behind > 0 ? 'replaying' : about.state,
    ...about.facts,
    backlogBytes: behind * TRANSACTION_BYTES,
    fault: about.fault,
  });
}
