import { rejection } from '../azure-fixture.ts';
import { SHOW, STOP, FILE, STOP_FILE, ABSENT, one, told, bench } from './container-job-fixture.ts';

/* Goal: an execution ends well: what has begun is asked to, and only what has not is stopped by Azure. */

describe('stopping', () => {
  const begun = told({
    execution: 'job-runner-abc1234',
    stages: [{ name: 'Infrastructure', state: 'running', result: null }],
  });

  it('has Azure stop what has not begun', async () => {
    const { port, wire } = bench({ [SHOW]: one('Processing'), [FILE]: ABSENT, [STOP]: { status: 202 } });
    await port.cancel('job-runner-abc1234');
    expect(wire()).toEqual([SHOW, FILE, STOP]);
  });

  it('asks what has begun to end, because a Terraform that is killed leaves its state locked', async () => {
    const { port, sent, wire } = bench({
      [SHOW]: one('Running'),
      [FILE]: begun,
      [`HEAD ${STOP_FILE}`]: ABSENT,
      [`PUT ${STOP_FILE}`]: { status: 201 },
    });
    await port.cancel('job-runner-abc1234');
    expect(wire()).toEqual([SHOW, FILE, `HEAD ${STOP_FILE}`, `PUT ${STOP_FILE}`]);
    expect(sent.at(-1)?.body).toEqual({ execution: 'job-runner-abc1234' });
  });

  it('is seen as under way from then on, and as cancelled in the end', async () => {
    const there = { status: 200, headers: { 'content-length': '2' } };
    const going = bench({ [SHOW]: one('Running'), [FILE]: begun, [`HEAD ${STOP_FILE}`]: there });
    expect(await going.port.read('job-runner-abc1234')).toMatchObject({ state: 'canceling', begun: true });
    const stages = [{ name: 'Infrastructure', state: 'completed', result: 'canceled' }];
    const file = told({ execution: 'job-runner-abc1234', stages });
    const over = bench({ [SHOW]: one('Failed'), [FILE]: file });
    expect(await over.port.read('job-runner-abc1234')).toMatchObject({
      state: 'completed',
      result: 'canceled',
    });
  });

  it('leaves alone what has ended', async () => {
    const { port, wire } = bench({ [SHOW]: one('Succeeded') });
    await port.cancel('job-runner-abc1234');
    expect(wire()).toEqual([SHOW]);
  });

  it('is content where the execution ended between the look and the stop', async () => {
    const ended = { status: 409, body: { error: { code: 'Ended', message: 'it has ended' } } };
    const { port } = bench({ [SHOW]: [one('Processing'), one('Succeeded')], [FILE]: ABSENT, [STOP]: ended });
    await expect(port.cancel('job-runner-abc1234')).resolves.toBeUndefined();
  });

  it('hands on a refusal while the execution goes on', async () => {
    const refused = { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } };
    const { port } = bench({ [SHOW]: one('Processing'), [FILE]: ABSENT, [STOP]: refused });
    expect((await rejection(port.cancel('job-runner-abc1234'))).name).toBe('CloudRefused');
  });
});
