/** A signal: one piece of evidence about the primary, from one source, at one moment. */
export interface Signal {
  /** Unique within one confirmation, for instance `alarm:petclinic-edge-5xx` or `probe:primary:ap-northeast-1`. */
  readonly source: string;
  readonly kind: 'alarm' | 'probe';
  /** Whose eyes it sees with: those of the watch, which the probes are, or others. */
  readonly eyes: 'watch' | 'others';
  /** What it speaks of: the primary itself, or the whole way through the edge (which the shield changes too). */
  readonly about: 'primary' | 'edge';
  /** Where it was seen from: a Region, or the name of a probe place. */
  readonly place: string;
  /**
   * `bad`: it rings, or as many looks failed as make an outage. `degraded`: some looks failed. `unknown` is the absence of
   * evidence and never a vote.
   */
  readonly observation: 'bad' | 'degraded' | 'good' | 'unknown';
  /** ISO 8601. */
  readonly at: string;
  /** Since when it has been so, where the source can say; ISO 8601. */
  readonly since?: string;
  readonly detail: string;
}

/** What CloudWatch says of one alarm. */
export interface AlarmState {
  readonly name: string;
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  /** Start of the oldest datapoint that the state was decided on; ISO 8601, null where CloudWatch did not say. */
  readonly since: string | null;
  readonly reason: string;
}

/** What an alarm of the config is about, so that its state can become a signal. */
export interface AlarmSource {
  readonly name: string;
  /** What it is called among the signals of its workload: unique there. */
  readonly label: string;
  readonly region: string;
  readonly about: 'primary' | 'edge';
  /** Whose eyes it sees with: the alarm on the figures of the watch adds nothing that the probes do not see. */
  readonly eyes: 'watch' | 'others';
}

/** Turns an alarm's state into a signal; `state` is null where the alarm or its Region could not be read. */
export function signalOfAlarm(source: AlarmSource, state: AlarmState | null, at: string): Signal {
  const base = {
    source: `alarm:${source.label}`,
    kind: 'alarm',
    eyes: source.eyes,
    about: source.about,
    place: source.region,
    at,
  } as const;
  if (state === null) return { ...base, observation: 'unknown', detail: 'the alarm could not be read' };
  switch (state.state) {
    case 'ALARM':
      return {
        ...base,
        observation: 'bad',
        detail: state.reason,
        ...(state.since === null ? {} : { since: state.since }),
      };
    case 'OK':
      return { ...base, observation: 'good', detail: state.reason };
    case 'INSUFFICIENT_DATA':
      return { ...base, observation: 'unknown', detail: state.reason };
  }
}

/**
 * While users are answered by another origin, the edge's alarms count that origin's answers: the page's 503 makes them ring.
 * They are no evidence about the primary then, neither good nor bad.
 */
export const whereUsersAreElsewhere = (alarms: readonly Signal[], elsewhere: readonly string[]): Signal[] =>
  alarms.map((alarm) =>
    alarm.about === 'edge' && elsewhere.length > 0
      ? {
          ...alarm,
          observation: 'unknown',
          detail: `it counts what the ${elsewhere.join(' and the ')} answers; ${alarm.detail}`,
        }
      : alarm,
  );

/** Sums up what one place saw of one subject over a stretch of looks. */
export function signalOfLooks(
  source: { readonly place: string; readonly about: 'primary' | 'edge'; readonly at: string },
  count: { readonly bad: number; readonly all: number },
  judged: { readonly badPercent: number; readonly detail: string },
): Signal {
  const observation =
    count.all === 0
      ? 'unknown'
      : (100 * count.bad) / count.all >= judged.badPercent
        ? 'bad'
        : count.bad > 0
          ? 'degraded'
          : 'good';
  return {
    source: `probe:${source.about}:${source.place}`,
    kind: 'probe',
    eyes: 'watch',
    about: source.about,
    place: source.place,
    observation,
    at: source.at,
    detail: `${count.bad} of ${count.all} looks bad; ${judged.detail}`,
  };
}
