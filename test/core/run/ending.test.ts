import { endedPatternOf, readEnded } from '../../../core/run/ending.ts';
import { config } from '../../lambdas/fixture.ts';

const input = { workload: 'shop', reason: 'it is dark', requestedBy: 'Mina' };
const eventOf = (detail: Readonly<Record<string, unknown>>): Record<string, unknown> => ({
  source: 'aws.states',
  'detail-type': 'Step Functions Execution Status Change',
  detail: {
    name: 'run-1',
    status: 'ABORTED',
    startDate: Date.parse('2026-03-02T10:00:00.000Z'),
    input: JSON.stringify(input),
    ...detail,
  },
});

describe('the event of an execution that ended', () => {
  it('names the run as its first step did', () => {
    expect(readEnded(config, eventOf({}))).toEqual({
      run: {
        ...input,
        execution: 'run-1',
        startedAt: '2026-03-02T10:00:00.000Z',
        trigger: 'manual',
        skipConfirmation: false,
        dryRun: false,
        planned: false,
        workflow: 'failover',
      },
      untold: false,
      failure: {
        Error: 'ExecutionAborted',
        Cause: 'somebody stopped the execution, so that its last steps did not run',
      },
    });
  });

  it.each([
    ['TIMED_OUT', null, 'ExecutionTimedOut', false],
    ['FAILED', 'States.Runtime', 'ExecutionFailed', false],
    ['FAILED', 'NobodyWasTold', 'ExecutionFailed', true],
  ])('says how it ended: %s %s', (status, error, name, untold) => {
    expect(readEnded(config, eventOf({ status, error }))).toMatchObject({ failure: { Error: name }, untold });
  });

  it('keeps the words of a person who stopped it', () => {
    expect(readEnded(config, eventOf({ cause: 'wrong site' })).failure.Cause).toBe(
      'somebody stopped the execution, so that its last steps did not run (wrong site)',
    );
  });

  it('knows a run that the door refused', () => {
    expect(readEnded(config, eventOf({ input: '{"workload":"shpo"}' })).run).toBeNull();
  });

  it.each([
    ['succeeded', eventOf({ status: 'SUCCEEDED' })],
    ['does not say with what it began', eventOf({ input: null })],
    ['is none', { source: 'aws.cloudwatch' }],
  ])('is refused where it %s', (_, event) => {
    expect(() => readEnded(config, event)).toThrow('The event of an execution is not valid');
  });

  it('is asked for by status and by the workflows alone', () => {
    expect(endedPatternOf(['arn:machine', 'arn:other'])).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['ABORTED', 'TIMED_OUT', 'FAILED'], stateMachineArn: ['arn:machine', 'arn:other'] },
    });
  });
});
