import type { Signal } from './signal.ts';

/** What the signals must say together before anything is done. */
export interface Quorum {
  /** Signals that must be bad. */
  readonly signals: number;
  /** Kinds of signal (alarm, probe) that must be among the bad ones: one broken source must not be enough. */
  readonly kinds: number;
  /** Places whose probes of the primary must be bad. */
  readonly places: number;
}

export interface Verdict {
  readonly verdict: 'outage' | 'healthy' | 'inconclusive';
  /** One sentence with the numbers that decided. */
  readonly summary: string;
  /** The earliest moment that a bad signal names as the beginning; ISO 8601, null where none does. */
  readonly since: string | null;
}

const bad = (signal: Signal): boolean => signal.observation === 'bad';
const good = (signal: Signal): boolean => signal.observation === 'good';
const probesPrimary = (signal: Signal): boolean => signal.kind === 'probe' && signal.about === 'primary';

function placesOf(signals: readonly Signal[]): Set<string> {
  return new Set(signals.map((signal) => signal.place));
}

function earliestSince(signals: readonly Signal[]): string | null {
  // As moments, not as text: sources write ISO 8601 with and without fractions and offsets.
  const moments = signals
    .flatMap((signal) => (signal.since === undefined ? [] : [Date.parse(signal.since)]))
    .filter((moment) => !Number.isNaN(moment));
  return moments.length === 0 ? null : new Date(Math.min(...moments)).toISOString();
}

/**
 * Decides what the signals say together.
 *
 * `outage` needs the quorum in all three counts, and more places that see the primary bad than good. `healthy` needs
 * the mirror image: most of the answering places see the primary good, and the quorum of an outage is not met.
 * Everything else is `inconclusive`, and a person is asked: an alarm that rings while the probes split is no licence.
 */
export function decideVerdict(signals: readonly Signal[], quorum: Quorum): Verdict {
  const badSignals = signals.filter(bad);
  const kinds = new Set(badSignals.map((signal) => signal.kind));
  const badPlaces = placesOf(signals.filter(probesPrimary).filter(bad));
  const goodPlaces = placesOf(signals.filter(probesPrimary).filter(good));
  const unknown = signals.filter((signal) => signal.observation === 'unknown').length;
  const counts =
    `${badSignals.length} of ${signals.length} signals bad (${quorum.signals} needed) of ${kinds.size} kinds ` +
    `(${quorum.kinds} needed); the primary is bad from ${badPlaces.size} places (${quorum.places} needed), ` +
    `good from ${goodPlaces.size}; ${unknown} unknown`;
  const since = earliestSince(badSignals);
  const outage =
    badSignals.length >= quorum.signals &&
    kinds.size >= quorum.kinds &&
    badPlaces.size >= quorum.places &&
    badPlaces.size > goodPlaces.size;
  if (outage) return { verdict: 'outage', summary: counts, since };
  if (goodPlaces.size > badPlaces.size) return { verdict: 'healthy', summary: counts, since: null };
  return { verdict: 'inconclusive', summary: counts, since };
}

/**
 * Decides whether the primary has come back while it is shielded.
 *
 * Only signals about the primary itself count: what goes through the edge sees the shield. Every place that answers must
 * see it good; alarms may lag by minutes, so they do not speak here.
 */
export function decideRecovery(
  signals: readonly Signal[],
  places: number,
): { recovered: boolean; summary: string } {
  const probes = signals.filter(probesPrimary);
  const goodPlaces = placesOf(probes.filter(good)).size;
  const badPlaces = placesOf(probes.filter(bad)).size;
  return {
    recovered: places > 0 && goodPlaces >= places && badPlaces === 0,
    summary: `the primary is good from ${goodPlaces} places (${places} needed), bad from ${badPlaces} (0 allowed)`,
  };
}
