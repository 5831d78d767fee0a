/**
 * Every error that the controller throws on purpose.
 *
 * The `name` is a contract: AWS Lambda reports it as `errorType`, and the workflow matches it in Retry and Catch. It is
 * a literal, because a bundler may rename a class. `retryable` says whether the same call may succeed a moment later.
 */
export abstract class PilotlightError extends Error {
  abstract override readonly name: string;
  abstract readonly retryable: boolean;
}

/** What entered was refused at the door; `problems` is the whole list of what is wrong with it. */
export class InvalidInput extends PilotlightError {
  override readonly name = 'InvalidInput';
  readonly retryable = false;
  readonly problems: readonly string[];
  constructor(what: string, problems: readonly string[]) {
    super(`${what} is not valid:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** The facts that every failed call to a cloud carries. */
export interface CallFacts {
  /** Service and operation as the vendor spells them, for instance `DynamoDB UpdateItem`. */
  readonly call: string;
  /** What came back: an error code, a status, or the words of the network error. */
  readonly got: string;
  /** What a person does about it. */
  readonly next: string;
}

const sentence = (facts: CallFacts): string => `${facts.call} failed: got ${facts.got}. ${facts.next}`;

/** A cloud did not answer, or answered that it cannot now: throttled, 5xx, timed out. Worth a retry. */
export class CloudUnavailable extends PilotlightError {
  override readonly name = 'CloudUnavailable';
  readonly retryable = true;
  readonly facts: CallFacts;
  constructor(facts: CallFacts, options?: ErrorOptions) {
    super(sentence(facts), options);
    this.facts = facts;
  }
}

/** A cloud understood the call and refused it: no permission, no such thing, bad request. A retry changes nothing. */
export class CloudRefused extends PilotlightError {
  override readonly name = 'CloudRefused';
  readonly retryable = false;
  readonly facts: CallFacts;
  constructor(facts: CallFacts, options?: ErrorOptions) {
    super(sentence(facts), options);
    this.facts = facts;
  }
}

/** A cloud answered something that does not parse. `problems` names each place where it differs from its documentation. */
export class CloudAnswerUnreadable extends PilotlightError {
  override readonly name = 'CloudAnswerUnreadable';
  readonly retryable = false;
  readonly problems: readonly string[];
  constructor(call: string, problems: readonly string[]) {
    super(
      `${call} answered something unreadable: ${problems.join('; ')}. Compare with the vendor's documentation of this ` +
        'version; nothing was decided on this answer.',
    );
    this.problems = problems;
  }
}

/** This execution no longer holds the lease of the workload: another one acts, so this one must stop. */
export class LeaseLost extends PilotlightError {
  override readonly name = 'LeaseLost';
  readonly retryable = false;
}

/** The route in the store kept changing while we tried to write ours. */
export class RouteContended extends PilotlightError {
  override readonly name = 'RouteContended';
  readonly retryable = true;
}

/** A move of the route was asked for that the rules forbid, for instance to a standby that nobody saw healthy. */
export class UnsafeMove extends PilotlightError {
  override readonly name = 'UnsafeMove';
  readonly retryable = false;
}

/** Verification through the edge did not see the wanted origin everywhere in time. */
export class NotConverged extends PilotlightError {
  override readonly name = 'NotConverged';
  readonly retryable = false;
}

/** The standby answered a share of the users worse than the policy allows. */
export class CanaryFailed extends PilotlightError {
  override readonly name = 'CanaryFailed';
  readonly retryable = false;
}

/** The pipeline run ended without success; the message names the stage and its first error lines. */
export class PipelineFailed extends PilotlightError {
  override readonly name = 'PipelineFailed';
  readonly retryable = false;
}

/** The pipeline run was still going at its time limit. */
export class PipelineTimedOut extends PilotlightError {
  override readonly name = 'PipelineTimedOut';
  readonly retryable = false;
}

/** The standby did not become healthy within its time limit; the message lists each check. */
export class StandbyNotReady extends PilotlightError {
  override readonly name = 'StandbyNotReady';
  readonly retryable = false;
}

/** The function has too little time left to finish what it was about to begin, so it did not begin. */
export class TooLittleTime extends PilotlightError {
  override readonly name = 'TooLittleTime';
  readonly retryable = true;
}

/** The names that a workflow may match; the last four are raised by the workflow itself. */
export const errorNames = [
  'InvalidInput',
  'CloudUnavailable',
  'CloudRefused',
  'CloudAnswerUnreadable',
  'LeaseLost',
  'RouteContended',
  'UnsafeMove',
  'NotConverged',
  'CanaryFailed',
  'PipelineFailed',
  'PipelineTimedOut',
  'StandbyNotReady',
  'TooLittleTime',
  'PrimaryRecovered',
  'PrimaryDown',
  'ApprovalRejected',
  'ApprovalTimedOut',
] as const;
export type ErrorName = (typeof errorNames)[number];
