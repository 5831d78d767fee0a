import * as errors from '../../core/errors.ts';

/*
 * Goal: the name of each error is what Lambda reports and the workflow matches, whatever a bundler makes of the class,
 * and each message says what was got and what to do.
 */

const facts = {
  call: 'DynamoDB UpdateItem',
  got: 'AccessDeniedException',
  next: 'Give the role dynamodb:UpdateItem.',
};

const thrown: readonly errors.PilotlightError[] = [
  new errors.InvalidInput('The event', ['a: got 1, expected 2', 'b: got 3, expected 4']),
  new errors.CloudUnavailable(facts),
  new errors.CloudRefused(facts),
  new errors.CloudAnswerUnreadable('GET builds', ['count: got "x", expected number']),
  new errors.LeaseLost('m'),
  new errors.RouteContended('m'),
  new errors.UnsafeMove('m'),
  new errors.NotConverged('m'),
  new errors.CanaryFailed('m'),
  new errors.PipelineFailed('m'),
  new errors.PipelineTimedOut('m'),
  new errors.StandbyNotReady('m'),
  new errors.ApprovalTimedOut('m'),
  new errors.LossAboveLimit('m'),
  new errors.LastDataNotApplied('m'),
  new errors.PrimaryNotWell('m'),
  new errors.GateShut('m'),
  new errors.DataNotHome('m'),
  new errors.HeldByOrder('m'),
  new errors.CancelledByOrder('m'),
  new errors.StandbyLookTooOld('m'),
  new errors.TooLittleTime('m'),
];

describe('the errors', () => {
  it('have literal names, of which only a few are worth the same call again', () => {
    expect(thrown.map((error) => [error.name, error.retryable])).toEqual([
      ['InvalidInput', false],
      ['CloudUnavailable', true],
      ['CloudRefused', false],
      ['CloudAnswerUnreadable', false],
      ['LeaseLost', false],
      ['RouteContended', true],
      ['UnsafeMove', false],
      ['NotConverged', false],
      ['CanaryFailed', false],
      ['PipelineFailed', false],
      ['PipelineTimedOut', false],
      ['StandbyNotReady', false],
      ['ApprovalTimedOut', false],
      ['LossAboveLimit', false],
      ['LastDataNotApplied', false],
      ['PrimaryNotWell', false],
      ['GateShut', false],
      ['DataNotHome', false],
      ['HeldByOrder', false],
      ['CancelledByOrder', false],
      ['StandbyLookTooOld', false],
      ['TooLittleTime', true],
    ]);
  });

  it('are all in the list that workflows are checked against, which adds those that a workflow raises itself', () => {
    const named = new Set(thrown.map((error) => error.name));
    expect(errors.errorNames.filter((name) => !named.has(name))).toEqual([
      'PrimaryRecovered',
      'PrimaryDown',
      'ApprovalRejected',
    ]);
    const classes = Object.values(errors).filter((value) => typeof value === 'function');
    // The abstract one is no error by itself.
    expect(classes).toHaveLength(thrown.length + 1);
    expect(errors.errorNames).toHaveLength(thrown.length + 3);
  });

  it('say what was wrong, what was got and what is next', () => {
    expect(thrown.slice(0, 4).map((error) => error.message)).toEqual([
      'The event is not valid:\n- a: got 1, expected 2\n- b: got 3, expected 4',
      'DynamoDB UpdateItem failed: got AccessDeniedException. Give the role dynamodb:UpdateItem.',
      'DynamoDB UpdateItem failed: got AccessDeniedException. Give the role dynamodb:UpdateItem.',
      'GET builds answered something unreadable: count: got "x", expected number. Compare with the vendor\'s ' +
        'documentation of this version; nothing was decided on this answer.',
    ]);
  });

  it('keep their facts and their cause', () => {
    const cause = new Error('socket hang up');
    const unavailable = new errors.CloudUnavailable(facts, { cause });
    expect(unavailable.facts).toEqual(facts);
    expect(unavailable.cause).toBe(cause);
    const refused = new errors.CloudRefused(facts, { cause });
    expect(refused.facts).toEqual(facts);
    expect(refused.cause).toBe(cause);
    expect(new errors.CloudAnswerUnreadable('GET builds', ['x']).problems).toEqual(['x']);
  });
});

describe('the messages of errors', () => {
  /** What Lambda reports of an error, which Step Functions takes as its Cause. */
  const causeOf = (error: Error): string =>
    JSON.stringify({
      errorType: error.name,
      errorMessage: error.message,
      trace: error.stack?.split('\n') ?? [],
    });

  it('fit into the Cause of a workflow, whatever went into them', () => {
    const huge = '"\n'.repeat(100_000);
    const many = Array.from({ length: 30_000 }, (_, index) => `field${index}: got ${huge.slice(0, 50)}`);
    const long: readonly errors.PilotlightError[] = [
      new errors.InvalidInput('The event', many),
      new errors.InvalidInput('The event', [huge, huge]),
      new errors.CloudUnavailable({ ...facts, got: huge }),
      new errors.CloudAnswerUnreadable('GET builds', many),
      new errors.PipelineFailed(huge),
    ];
    for (const error of long) {
      expect(error.message.length).toBeLessThanOrEqual(6_000);
      // Source: API reference of Step Functions, ExecutionFailedEventDetails.
      expect(causeOf(error).length).toBeLessThanOrEqual(32_768);
    }
  });

  it('keep what to do next behind an answer that is too long', () => {
    const { message } = new errors.CloudRefused({ ...facts, got: 'x'.repeat(50_000) });
    expect(message).toMatch(
      /^DynamoDB UpdateItem failed: got x{1300,}.*\. Give the role dynamodb:UpdateItem\.$/,
    );
  });

  it('name fifty problems and how many more there are', () => {
    const { problems, message } = new errors.InvalidInput(
      'The event',
      Array.from({ length: 52 }, (_, index) => `p${index}`),
    );
    expect([problems.length, problems[49], problems[50]]).toEqual([
      51,
      'p49',
      'and 2 more: correct these first',
    ]);
    expect(message.split('\n').at(-1)).toBe('- and 2 more: correct these first');
    expect(new errors.InvalidInput('The event', problems.slice(0, 50)).problems).toEqual(
      problems.slice(0, 50),
    );
  });
});
