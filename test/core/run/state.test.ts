import { failureText, workflowStateSchema } from '../../../core/run/state.ts';
import { RUN, SIGNALS, wholeState } from './state-fixture.ts';

describe('what the last steps read', () => {
  it('may be everything', () => {
    expect(workflowStateSchema.parse(wholeState())).toMatchObject({
      outcome: { name: 'FailedOver' },
      lease: { value: { taken: true, epoch: 4 } },
      confirmation: { value: { verdict: 'outage', signals: SIGNALS } },
      switched: { value: { origin: 'standby' } },
    });
  });

  it('may be a rejection, with the words of the workflow', () => {
    const rejection = { Error: 'ApprovalRejected', Cause: 'Rejected by Mina.' };
    const state = { run: RUN, outcome: { name: 'Rejected' }, rejection };
    expect(workflowStateSchema.parse(state)).toEqual(state);
  });

  it('keeps how a move spread by its places', () => {
    const state = workflowStateSchema.parse(wholeState());
    expect(state.verified?.value.places).toEqual([
      { place: 'ap-southeast-1', seconds: 20 },
      { place: 'us-west-2', seconds: 30 },
    ]);
  });

  it('may be only a run and its outcome', () => {
    const state = { run: RUN, outcome: { name: 'Escalated' } };
    expect(workflowStateSchema.parse(state)).toEqual(state);
  });

  it('keeps a failure that names no cause, as a time-out does', () => {
    const state = { run: RUN, outcome: { name: 'Escalated' }, failure: { Error: 'States.Timeout' } };
    expect(workflowStateSchema.parse(state).failure).toEqual({ Error: 'States.Timeout', Cause: '' });
  });

  it.each([
    [
      'with a rejection that names no error',
      { run: RUN, outcome: { name: 'Rejected' }, rejection: { Cause: 'x' } },
    ],
    [
      'with a spread without its places',
      {
        ...wholeState(),
        verified: {
          value: {
            firstGoodAt: RUN.startedAt,
            convergedAt: RUN.startedAt,
            firstPlaceSeconds: 1,
            lastPlaceSeconds: 1,
          },
        },
      },
    ],
    ['without a run', { outcome: { name: 'Escalated' } }],
    ['without an outcome', { run: RUN }],
    ['of an outcome that does not exist', { run: RUN, outcome: { name: 'Won' } }],
    [
      'with a lease that was neither given nor refused',
      { run: RUN, outcome: { name: 'Escalated' }, lease: { value: { taken: 'perhaps' } } },
    ],
  ])('is refused %s', (_case, state) => {
    expect(workflowStateSchema.safeParse(state).success).toBe(false);
  });
});

describe('the words of a failure', () => {
  it.each([
    [
      'of a function are its message',
      'PipelineFailed',
      '{"errorType":"PipelineFailed","errorMessage":"stage Apply failed","trace":[]}',
      'PipelineFailed: stage Apply failed',
    ],
    ['of the workflow are its cause', 'States.Timeout', 'took too long', 'States.Timeout: took too long'],
    ['of JSON without a message are that JSON', 'X', '{"a":1}', 'X: {"a":1}'],
    ['of JSON that is no object are that JSON', 'X', '5', 'X: 5'],
  ])('%s', (_case, name, cause, text) => {
    expect(failureText({ Error: name, Cause: cause })).toBe(text);
  });
});
