/**
 * The alarms on Pilotlight itself, each with what a person needs in the first minute. Every section is a heading of
 * docs/runbook.md; a test compares the two both ways.
 */
export type Severity =
  /** Somebody must act now: a failover may be needed that nobody carries out. */
  | 'critical'
  /** Somebody must look today: it works, and something has begun to go wrong. */
  | 'warning';

/** One alarm of our own, apart from what it measures. */
export interface OwnAlarm {
  /** Shaped like a path, so that the alarms of one part stand together in the console. */
  readonly path: string;
  readonly severity: Severity;
  /** Heading in docs/runbook.md. */
  readonly section: string;
  /** One sentence that says what happened. */
  readonly summary: string;
}

/** The address of a heading, as GitHub makes it: lower case, hyphens for blanks. */
const anchorOf = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');

/** The text that arrives by e-mail at 3 a.m.: how bad, what, where to read on. */
export const describeOwnAlarm = ({ severity, summary, section }: OwnAlarm): string =>
  `[${severity}] ${summary} Runbook: docs/runbook.md#${anchorOf(section)}`;
