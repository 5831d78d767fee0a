import { makeStarter } from '../../../../clouds/aws/run/starter.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok } from '../helpers.ts';

function starterAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const starter = makeStarter({
    ...access,
    account: '111122223333',
  });
  return { starter, sent };
}

describe('a start by the watch', () => {
  it('names the workflow, the run and its input', async () => {
    const { starter, sent } = starterAnswering(ok({ executionArn: 'arn:x', startDate: 1_772_334_000 }));
    expect(await starter.start('watch-shop-1', { watch: 'down' })).toBe(true);
    expect(jsonOf(sent[0])).toEqual({
      stateMachineArn: 'arn:aws:states:us-west-2:111122223333:stateMachine:pilotlight-failover',
      name: 'watch-shop-1',
      input: '{"watch":"down"}',
    });
  });

  it('is no second start where the run exists already', async () => {
    const { starter } = starterAnswering(jsonError(400, 'ExecutionAlreadyExists'));
    expect(await starter.start('watch-shop-1', {})).toBe(false);
  });

  it.each([
    ['StateMachineDoesNotExist', 'CloudRefused'],
    ['AccessDeniedException', 'CloudRefused'],
  ])('says what is wrong: %s', async (code, name) => {
    const { starter } = starterAnswering(jsonError(400, code));
    await expect(starter.start('watch-shop-1', {})).rejects.toMatchObject({ name });
  });
});
