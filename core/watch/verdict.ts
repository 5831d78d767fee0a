import type { HealthMemory, HealthPolicy } from './health.ts';
import {
  isDown,
  isGone,
  mayBecomeDown,
  mostFail,
  someFail,
  streakOf,
  trialSecondsOf,
  wasCleanlyGone,
} from './health.ts';
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

export const verdicts = ['outage', 'degraded', 'healthy', 'inconclusive'] as const;

export interface Verdict {
  readonly verdict: (typeof verdicts)[number];
  /** One sentence with the numbers that decided. */
  readonly summary: string;
  /** The earliest moment that a bad signal names as the beginning; ISO 8601, null where none does. */
  readonly since: string | null;
}

/** What a verdict is made from: the signals of this moment, and what is remembered of the primary. */
export interface Evidence {
  readonly signals: readonly Signal[];
  readonly memory: HealthMemory;
  readonly policy: HealthPolicy;
  readonly quorum: Quorum;
  /** How much the last hours make a move harder. */
  readonly unrest: number;
  /** Whether the run may still look again before it calls a person. */
  readonly patient: boolean;
  /** For how long looks that agree are believed to be ahead of the alarms, which lag by minutes. Seconds. */
  readonly alarmSeconds: number;
  /** When the run began. Milliseconds since the Unix epoch. */
  readonly runFrom: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

const isBad = (signal: Signal): boolean => signal.observation === 'bad';
const isRinging = (signal: Signal): boolean => signal.kind === 'alarm' && isBad(signal);
const seesPrimary = (signal: Signal): boolean => signal.kind === 'probe' && signal.about === 'primary';

function beginningOf({ signals, memory }: Evidence): string | null {
  // As moments, not as text: sources write ISO 8601 with and without fractions and offsets.
  const named = signals
    .filter(isBad)
    .flatMap((signal) => (signal.since === undefined ? [] : [Date.parse(signal.since)]))
    .filter((moment) => !Number.isNaN(moment));
  const seen = memory.troubleFrom === null ? [] : [memory.troubleFrom];
  const moments = [...named, ...seen];
  return moments.length === 0 ? null : new Date(Math.min(...moments)).toISOString();
}

interface Counts {
  readonly reached: boolean;
  /** All that is missing is a signal of another kind. */
  readonly lacksKind: boolean;
  readonly text: string;
}

/**
 * Whether the alarm of the watch may stand for the kind `alarm`. It sees with the same eyes as the probes, so it does only
 * where these see the outage on two ways: at the primary's door, and as users do. A door that refuses our probes alone, while
 * users are served, needs an alarm of other eyes. Behind the shield there is no second way, and no user on the primary.
 */
function ownAlarmCounts({ signals, quorum }: Evidence): boolean {
  const edge = signals.filter(({ kind, about }) => kind === 'probe' && about === 'edge');
  const known = edge.filter(({ observation }) => observation !== 'unknown');
  return known.length === 0 || known.filter(isBad).length >= quorum.places;
}

function countsOf(evidence: Evidence): Counts {
  const { signals, quorum } = evidence;
  const bad = signals.filter(isBad);
  const countsAsKind = ({ kind, eyes }: Signal): boolean =>
    kind === 'probe' || eyes === 'others' || ownAlarmCounts(evidence);
  const kinds = new Set(bad.filter(countsAsKind).map((signal) => signal.kind)).size;
  const probes = signals.filter(seesPrimary);
  const places = (observation: Signal['observation']): number =>
    probes.filter((signal) => signal.observation === observation).length;
  const unknown = signals.filter((signal) => signal.observation === 'unknown').length;
  const some = places('degraded');
  const enough = bad.length >= quorum.signals && places('bad') >= quorum.places;
  return {
    reached: enough && kinds >= quorum.kinds,
    lacksKind: enough && kinds < quorum.kinds,
    text:
      `${bad.length} of ${signals.length} signals bad (${quorum.signals} needed) of ${kinds} kinds ` +
      `(${quorum.kinds} needed); the primary is bad from ${places('bad')} places (${quorum.places} needed)` +
      `${some === 0 ? '' : `, failing now and then from ${some}`}, good from ${places('good')}; ${unknown} unknown`,
  };
}

/** Why signals that are not bad enough for an outage are not good enough for `healthy` either. */
function contradictionOf(evidence: Evidence): string {
  const { signals, memory, policy, now, unrest } = evidence;
  if (mostFail(memory, policy, now)) return 'most looks fail, and the other signals do not say so yet';
  const ringing = signals.filter(isRinging).length;
  const { seconds, needed, seenGood } = streakOf(memory, { policy, unrest, now });
  if (!seenGood) return 'too few places see the primary good';
  if (seconds < needed) {
    return `the last bad look is ${Math.round(seconds)} s ago, ${needed} s without one are needed`;
  }
  if (ringing > 0)
    return `the looks are good, and ${ringing === 1 ? 'an alarm rings' : `${ringing} alarms ring`}`;
  return 'the signals do not agree';
}

/**
 * Decides what the signals say together.
 *
 * `outage` needs most looks to fail for as long as the last hours demand, and the quorum in all three counts. `degraded`
 * is what a stretch of looks shows where some fail, at the primary's door and for users. `healthy` needs a stretch
 * without a bad look, at the door and for users, and no alarm that rings: good at the door and bad for users is no
 * health. Everything else is `inconclusive`: it is looked at again, and then a person is asked.
 */
export function decideVerdict(evidence: Evidence): Verdict {
  const { signals, memory, policy, unrest, now } = evidence;
  const { reached, text } = countsOf(evidence);
  const since = beginningOf(evidence);
  const judging = { policy, unrest, now };
  if (reached && isDown(memory, judging)) return { verdict: 'outage', summary: text, since };
  // As long as it may turn out to be down, it is not called degraded: that would end the run.
  const undecided = mostFail(memory, policy, now) || (evidence.patient && mayBecomeDown(memory, policy, now));
  if (!undecided && someFail(memory, policy, now)) {
    return { verdict: 'degraded', summary: text, since };
  }
  const { seconds, needed, seenGood } = streakOf(memory, judging);
  if (seenGood && seconds >= needed && !signals.some(isRinging)) {
    return { verdict: 'healthy', summary: text, since: null };
  }
  return { verdict: 'inconclusive', summary: `${text}; ${contradictionOf(evidence)}`, since };
}

/** Whether a look that does not decide is worth another: nobody is called while the answer is on its way. */
export function isWorthAnotherLook(evidence: Evidence): boolean {
  const { memory, policy, now, patient } = evidence;
  if (patient) return true;
  const { reached, lacksKind } = countsOf(evidence);
  const isAhead = (from: number): boolean => now - from < evidence.alarmSeconds * 1000;
  // A restless primary must be down for longer: that time is not patience.
  if (mostFail(memory, policy, now)) return reached || (lacksKind && isAhead(evidence.runFrom));
  // Nor is the time in which it shows that it is well again.
  const { seconds, needed, seenGood } = streakOf(memory, evidence);
  const { goodSince } = memory;
  return seenGood && goodSince !== null && (seconds < needed || isAhead(goodSince));
}

/** What a look at a primary that users were moved away from means. */
export interface Recovery {
  /** Well for as long as it takes. */
  readonly recovered: boolean;
  /** Whether a moment of good looks is enough to let users home on trial. */
  readonly mayTry: boolean;
  /** Good for a moment, and trusted enough to let users home on trial. */
  readonly trial: boolean;
  /** Nearly all looks fail: the page takes nothing away from users who were on a degraded primary. */
  readonly down: boolean;
  readonly summary: string;
}

/**
 * Decides whether the primary has come back. Every place that looked must have seen it good in every look of the streak;
 * alarms may lag by minutes, so they do not speak here.
 */
export function decideRecovery(
  evidence: Pick<Evidence, 'memory' | 'policy' | 'unrest' | 'now'>,
  trial: { readonly seconds: number; readonly failedBefore: boolean },
): Recovery {
  const { memory } = evidence;
  const { seconds, needed, seenGood, unrest } = streakOf(memory, evidence);
  const trusted = unrest === 0 && !trial.failedBefore && wasCleanlyGone(memory);
  return {
    recovered: seenGood && seconds >= needed,
    mayTry: trusted,
    trial: seenGood && trusted && seconds >= trialSecondsOf(memory, trial.seconds),
    down: isGone(memory, evidence),
    summary: seenGood
      ? `the primary is good for ${Math.round(seconds)} s (${needed} needed)`
      : 'the primary is not seen good from enough places',
  };
}
