import type { Config, Workload } from '../schema.ts';

/** Takes what a rule or a warning has to say about the value at a path. */
export type Report = (path: string, problem: string) => void;

/**
 * The parts of a configuration whose own shape is right. A whole Config is one; so is what remains of a broken one, so
 * that a misspelt field in one section does not hide the mistakes between the others.
 */
export interface ReadableConfig {
  readonly controller: Partial<Config['controller']>;
  readonly workloads: Readonly<Record<string, Partial<Workload>>>;
}

/** One workload as a rule sees it: whatever is missing is somebody else's complaint. */
export interface Subject {
  readonly id: string;
  readonly controller: Partial<Config['controller']>;
  readonly workload: Partial<Workload>;
  readonly report: Report;
}

/** Looks at one workload. */
export type Rule = (subject: Subject) => void;

/** Looks at what all workloads have in common. */
export type CommonRule = (config: ReadableConfig, report: Report) => void;

/** A value that is allowed and dangerous: what was got, what may come of it, and what would be safer. */
export const danger = (got: string, what: string, safer: string): string =>
  `got ${got}: ${what}. Safer: ${safer}`;
