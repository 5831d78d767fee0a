import { makeRunEnds } from '../../../../clouds/aws/run/run-ends.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

function endsAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  return { ends: makeRunEnds({ ...access, account: '111122223333' }), sent };
}

const described = (more: Readonly<Record<string, unknown>>) =>
  ok({ executionArn: 'arn:x', stateMachineArn: 'arn:y', name: 'run-1', startDate: 1_772_334_000, ...more });

describe('how a run stands', () => {
  it('is asked by the name of the run', async () => {
    const { ends, sent } = endsAnswering(described({ status: 'RUNNING' }));
    expect(await ends.of('run-1')).toEqual({ kind: 'goes-on' });
    expect(jsonOf(sent[0])).toEqual({
      executionArn: 'arn:aws:states:us-west-2:111122223333:execution:pilotlight-failover:run-1',
    });
  });

  it.each(['ABORTED', 'TIMED_OUT', 'FAILED'])('is told with its input where it is %s', async (status) => {
    const { ends } = endsAnswering(
      described({ status, stopDate: 1_772_334_300, input: '{"a":1}', error: 'E', cause: 'C' }),
    );
    expect(await ends.of('run-1')).toEqual({
      kind: 'ended',
      run: {
        ...{ name: 'run-1', status, startedAt: 1_772_334_000_000, endedAt: 1_772_334_300_000 },
        ...{ input: '{"a":1}', error: 'E', cause: 'C' },
      },
    });
  });

  it('tells success and a redrive that is on its way apart from an end without success', async () => {
    const { ends } = endsAnswering(
      described({ status: 'SUCCEEDED' }),
      described({ status: 'PENDING_REDRIVE' }),
    );
    expect(await ends.of('run-1')).toEqual({ kind: 'succeeded' });
    expect(await ends.of('run-1')).toEqual({ kind: 'goes-on' });
  });

  it('is unknown where Step Functions does not know the run, and nothing else is', async () => {
    const { ends } = endsAnswering(jsonError(400, 'ExecutionDoesNotExist'), jsonError(400, 'InvalidArn'));
    expect(await ends.of('run-1')).toEqual({ kind: 'unknown' });
    await expect(ends.of('run-1')).rejects.toMatchObject({ name: 'CloudRefused' });
  });
});
