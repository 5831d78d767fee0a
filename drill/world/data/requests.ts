import type { BlobStore } from '../../clouds/azure/blob-store.ts';

/** A request as the controller writes it, as far as the standby's side goes by it. Milliseconds since the Unix epoch. */
export interface Request {
  readonly correlationId: string;
  readonly askedAt: number;
  /** A planned move: opened with everything by then, or not at all; null where as much as there is will do. */
  readonly wholeBy: number | null;
}

const SUFFIX = '/request.json';

/** The newest request of a workload that is later than `since` and has no answer; null where there is none. */
export function pendingRequest(
  store: BlobStore,
  workload: string,
  { since, answered }: { readonly since: number; readonly answered: ReadonlySet<string> },
): Request | null {
  const requests = (store.list('handover', `${workload}/`) ?? [])
    .filter(([name]) => name.endsWith(SUFFIX))
    .map(([name, { text }]) => {
      const { askedAt = '', wholeBy } = JSON.parse(text ?? '{}') as { askedAt?: string; wholeBy?: string };
      return {
        correlationId: name.slice(workload.length + 1, -SUFFIX.length),
        askedAt: Date.parse(askedAt),
        wholeBy: wholeBy === undefined ? null : Date.parse(wholeBy),
      };
    });
  return (
    requests
      .filter(({ correlationId, askedAt }) => !answered.has(correlationId) && askedAt >= since)
      .sort((a, b) => a.askedAt - b.askedAt)
      .at(-1) ?? null
  );
}
