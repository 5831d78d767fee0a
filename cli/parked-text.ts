import { daysToAutoStart, type ParkedRecord } from '../core/standby/parked.ts';
import { powerResources, resourceWords } from '../core/standby/power.ts';
import { nameOf } from './people.ts';
import type { Dress } from './output.ts';
import { durationText, momentText } from './time.ts';

/* A parked standby, as the standing look last saw it. */

/** The standing look comes every quarter of an hour; after so long it does not come any more. Milliseconds. */
const STALE_MS = 45 * 60_000;
/** MySQL starts by itself so soon that somebody should wake the set before. */
const DAYS_SOON = 5;

/** One line: what it is, since when, and what will come of it. */
export function parkedText(
  record: ParkedRecord | null,
  { now, dress }: { readonly now: number; readonly dress: Dress },
): string {
  if (record?.seen == null) return `parked; ${dress.warn('nobody has looked at it yet')}`;
  const { seen } = record;
  const age = now - Date.parse(seen.at);
  const words = `looked at ${durationText(age)} ago`;
  const trust = age > STALE_MS ? dress.bad(`${words}: does the standing look run?`) : words;
  return `${stateText(record, now, dress)}; ${trust}`;
}

function stateText(record: ParkedRecord, now: number, dress: Dress): string {
  const { seen, needless, parkedSince } = record;
  if (seen === null) return 'not known';
  const days = daysToAutoStart(record, now);
  if (parkedSince !== null && days !== null) {
    const warning = `MySQL starts by itself in ${days} days: wake it for an exercise before`;
    const soon = days <= DAYS_SOON ? dress.warn(warning) : `MySQL starts by itself in ${days} days`;
    return `${dress.good('parked')} since ${momentText(parkedSince)}, ${soon}`;
  }
  const parts = powerResources.map((resource) => `${resourceWords[resource]} ${seen[resource]}`).join(', ');
  if (needless !== null)
    return `${dress.bad('awake without a reason')} since ${momentText(needless.since)}: ${parts}`;
  return `${record.wanted === 'awake' ? 'wanted awake' : 'to be parked'} by ${nameOf(record.by.name)} since ${momentText(record.at)}: ${parts}`;
}

/** The same for programs; nothing for every other tier. */
export function parkedDocument(record: ParkedRecord | null, now: number): Record<string, unknown> {
  if (record === null) return {};
  const { wanted, by, at, why, seen, parkedSince, needless } = record;
  return {
    parked: {
      wanted,
      by,
      at,
      why,
      seen,
      parkedSince,
      needless,
      daysToAutoStart: daysToAutoStart(record, now),
    },
  };
}
