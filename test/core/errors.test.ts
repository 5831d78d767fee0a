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
      ['TooLittleTime', true],
    ]);
  });

  it('are all in the list that workflows are checked against, which adds those that a workflow raises itself', () => {
    const named = new Set(thrown.map((error) => error.name));
    expect(errors.errorNames.filter((name) => !named.has(name))).toEqual([
      'PrimaryRecovered',
      'PrimaryDown',
      'ApprovalRejected',
      'ApprovalTimedOut',
    ]);
    const classes = Object.values(errors).filter((value) => typeof value === 'function');
    // The abstract one is no error by itself.
    expect(classes).toHaveLength(thrown.length + 1);
    expect(errors.errorNames).toHaveLength(thrown.length + 4);
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
