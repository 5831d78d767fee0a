import { bounded, firstProblems, MESSAGE_LENGTH_MAX, problemList } from './bounds.ts';

/**
 * Every error that the controller throws on purpose.
 *
 * The `name` is a contract: AWS Lambda reports it as `errorType`, and the workflow matches it in Retry and Catch. It is
 * a literal, because a bundler may rename a class. `retryable` says whether the same call may succeed a moment later.
 *
 * The message is bounded, whatever went into it: it travels in the workflow's state, and people read it.
 */
export abstract class PilotlightError extends Error {
  abstract override readonly name: string;
  abstract readonly retryable: boolean;
  constructor(message: string, options?: ErrorOptions) {
    super(bounded(message, MESSAGE_LENGTH_MAX), options);
  }
}

/** What entered was refused at the door; `problems` says what is wrong with it, the first fifty and how many more. */
export class InvalidInput extends PilotlightError {
  override readonly name = 'InvalidInput';
  readonly retryable = false;
  readonly problems: readonly string[];
  constructor(what: string, problems: readonly string[]) {
    const first = firstProblems(problems);
    super(`${what} is not valid:\n${problemList(first)}`);
    this.problems = first;
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

/** Longest answer of a cloud that is repeated; what to do stands after it. */
const GOT_LENGTH_MAX = 2_000;

const sentence = ({ call, got, next }: CallFacts): string =>
  `${call} failed: got ${bounded(got, GOT_LENGTH_MAX)}. ${next}`;

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
    const first = firstProblems(problems);
    super(
      `${call} answered something unreadable: ${first.join('; ')}. Compare with the vendor's documentation of this ` +
        'version; nothing was decided on this answer.',
    );
    this.problems = first;
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

/** Nobody has answered within the time limit of the approval, however often the question had to be repeated. */
export class ApprovalTimedOut extends PilotlightError {
  override readonly name = 'ApprovalTimedOut';
  readonly retryable = false;
}

/** A failover would lose more than the policy allows without a question, or nobody knows how much, and there is nobody to ask. */
export class LossAboveLimit extends PilotlightError {
  override readonly name = 'LossAboveLimit';
  readonly retryable = false;
}

/** The standby's side did not apply the last data, or not in time; the message says what it said itself. */
export class LastDataNotApplied extends PilotlightError {
  override readonly name = 'LastDataNotApplied';
  readonly retryable = false;
}

/** The primary is not well enough to take its users back, or was not in time; the message says what was seen. */
export class PrimaryNotWell extends PilotlightError {
  override readonly name = 'PrimaryNotWell';
  readonly retryable = false;
}

/** A gate of the way home is shut: the message names it, with what was got and what was expected. */
export class GateShut extends PilotlightError {
  override readonly name = 'GateShut';
  readonly retryable = false;
}

/** The data did not come home, or not in time, or are not equal; the message has the code and the words of the side that found it. */
export class DataNotHome extends PilotlightError {
  override readonly name = 'DataNotHome';
  readonly retryable = false;
}

/** Too much time has passed since the standby was seen healthy: it is looked at again before it takes users. */
export class StandbyLookTooOld extends PilotlightError {
  override readonly name = 'StandbyLookTooOld';
  readonly retryable = false;
}

/** A person holds this run: what cannot be undone is not begun until they let it go on. */
export class HeldByOrder extends PilotlightError {
  override readonly name = 'HeldByOrder';
  readonly retryable = false;
}

/** A person has cancelled this run: it goes back to the nearest safe state. */
export class CancelledByOrder extends PilotlightError {
  override readonly name = 'CancelledByOrder';
  readonly retryable = false;
}

/** The function has too little time left to finish what it was about to begin, so it did not begin. */
export class TooLittleTime extends PilotlightError {
  override readonly name = 'TooLittleTime';
  readonly retryable = true;
}

/** The names that a workflow may match; the last three are raised by the workflow itself. */
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
  'ApprovalTimedOut',
  'LossAboveLimit',
  'LastDataNotApplied',
  'PrimaryNotWell',
  'GateShut',
  'DataNotHome',
  'StandbyLookTooOld',
  'HeldByOrder',
  'CancelledByOrder',
  'TooLittleTime',
  'PrimaryRecovered',
  'PrimaryDown',
  'ApprovalRejected',
] as const;
export type ErrorName = (typeof errorNames)[number];

/**
 * The names under which Lambda itself reports that an invocation died: by its time limit, by its memory, by the end of its
 * process, by a rejection that nobody heard. Step Functions hands on the `errorType` of the answer, and says
 * `Lambda.Unknown` where there is none. Each may have had its effect; another try in a fresh environment may live.
 * Sources: Lambda Developer Guide, "Troubleshoot invocation issues"; `Sandbox.Timedout` in the answers that the emulator
 * of the Lambda runtime (aws/aws-lambda-runtime-interface-emulator) gives, and in public logs of functions.
 */
export const lambdaDeaths = [
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.OutOfMemory',
  'Runtime.ExitError',
  'Runtime.UnhandledPromiseRejection',
] as const;
export type LambdaDeath = (typeof lambdaDeaths)[number];

/** What every Task tries again in its first Retry: the service was busy, the invocation died, or our own code says so. */
export const retriedErrors = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  ...lambdaDeaths,
  'CloudUnavailable',
  'RouteContended',
  'TooLittleTime',
] as const;
