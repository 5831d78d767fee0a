/*
 * A primary that has come and gone is trusted less: each time makes the next move harder, within bounds, so that a flapping
 * site does not throw its users back and forth, and a site that is down and stays down is moved all the same.
 */

/** Moves away from the primary, and outages that ended by themselves, count for so long. Hours. */
export const UNREST_HOURS = 6;
/** Outages that ended by themselves count for so long. Milliseconds. */
export const SPELL_MEMORY_MS = 3_600_000;

/** However restless the primary, it is believed again after a quarter of an hour without a bad answer. Seconds. */
const RECOVERY_SECONDS_MAX = 900;
/** However restless, a site that was down for ten minutes without a break is down. Seconds. */
const OUTAGE_SECONDS_MAX = 600;
/** However restless, automation may act again after four hours. Minutes; a longer cooldown of the policy stays as it is. */
const COOLDOWN_MINUTES_MAX = 240;

/** Each step doubles what coming back needs. */
const RECOVERY_FACTOR = 2;
/** An outage that ended by itself was longer than the first limit; only one that is clearly longer than it is another thing. */
const OUTAGE_FACTOR = 4;

/** How much the last hours make the next move harder: 0 on an ordinary day. */
export const unrestOf = (counts: { readonly spells: number; readonly moves: number }): number =>
  Math.max(counts.spells, counts.moves);

/** Seconds without a bad answer after which the primary counts as well again. */
export const recoverySeconds = (seconds: number, unrest: number): number =>
  Math.max(seconds, Math.min(seconds * RECOVERY_FACTOR ** unrest, RECOVERY_SECONDS_MAX));

/** Seconds for which most requests must have failed before the site counts as down. */
export const outageSeconds = (seconds: number, unrest: number): number =>
  Math.max(seconds, Math.min(seconds * OUTAGE_FACTOR ** unrest, OUTAGE_SECONDS_MAX));

/** Minutes that automation rests after a run that left the users elsewhere. */
export const cooldownMinutes = (minutes: number, unrest: number): number =>
  Math.max(minutes, Math.min(minutes * RECOVERY_FACTOR ** unrest, COOLDOWN_MINUTES_MAX));

/** How long a run looks before it calls a person where every look fails and no alarm says so yet. Seconds. */
export const alarmSecondsMax = (patienceSeconds: number): number => 2 * patienceSeconds;

/** The longest that a run may look before it decides: its patience, the longest outage that is asked for, the degraded minutes. */
export const lookSecondsMax = (patienceSeconds: number, degradedMinutes: number): number =>
  alarmSecondsMax(patienceSeconds) + OUTAGE_SECONDS_MAX + degradedMinutes * 60;

/** The moves that still count, newest last. Milliseconds since the Unix epoch. */
export const recentMoves = (moves: readonly number[], now: number): readonly number[] =>
  moves.filter((at) => now - at < UNREST_HOURS * 3_600_000);

/** What people are told of it; null on an ordinary day. */
export function describeUnrest(
  counts: { readonly spells: number; readonly moves: number },
  policy: { readonly recoverySeconds: number; readonly outageSeconds: number },
): string | null {
  const unrest = unrestOf(counts);
  if (unrest === 0) return null;
  const parts = [
    ...(counts.moves === 0
      ? []
      : [`users were moved away ${times(counts.moves)} in the last ${UNREST_HOURS} h`]),
    ...(counts.spells === 0 ? [] : [`it failed and came back ${times(counts.spells)} in the last hour`]),
  ];
  return (
    `The primary is restless: ${parts.join(', ')}. So it counts as down only after ` +
    `${outageSeconds(policy.outageSeconds, unrest)} s, and as well only after ` +
    `${recoverySeconds(policy.recoverySeconds, unrest)} s without a bad answer.`
  );
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);
