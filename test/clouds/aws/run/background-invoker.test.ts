import { makeBackgroundInvoker } from '../../../../clouds/aws/run/background-invoker.ts';
import { awsAnswering, jsonError, jsonOf } from '../helpers.ts';

describe('the background invoker', () => {
  it('hands the event over and waits for no result', async () => {
    const { access, sent } = awsAnswering({ status: 202 });
    await makeBackgroundInvoker({ ...access, functionName: 'pilotlight-slack-worker' })({ a: 1 });
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/2015-03-31/functions/pilotlight-slack-worker/invocations',
        headers: { 'x-amz-invocation-type': 'Event' },
      },
    ]);
    expect(jsonOf(sent[0])).toEqual({ a: 1 });
  });

  it('says so where the function may not be invoked', async () => {
    const { access } = awsAnswering(jsonError(403, 'AccessDeniedException'));
    await expect(makeBackgroundInvoker({ ...access, functionName: 'x' })({})).rejects.toMatchObject({
      name: 'CloudRefused',
      message: expect.stringContaining('Lambda Invoke failed'),
    });
  });
});
