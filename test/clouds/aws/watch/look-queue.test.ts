import { makeLookQueue } from '../../../../clouds/aws/watch/look-queue.ts';
import type { DueLook } from '../../../../core/ports.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok, rejectionOf, targetOf } from '../helpers.ts';

/* Goal: each look is delivered at the second at which it is due, and one that SQS did not take is told. */

const NOW = 1_772_445_600_000;
const look = (afterMs: number, ...workloads: readonly string[]): DueLook => ({
  dueAt: NOW + afterMs,
  workloads,
});
const many = (count: number): readonly DueLook[] =>
  Array.from({ length: count }, (_, n) => look(n * 1000, `shop${n}`));
interface Entry {
  readonly Id: string;
  readonly MessageBody: string;
  readonly DelaySeconds: number;
}
const taken = ok({ Successful: [], Failed: [] });

function queueAnswering(...answers: readonly Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const queue = makeLookQueue({ ...access, account: '111122223333' });
  const entries = (): readonly Entry[][] =>
    sent.map((request) => (jsonOf(request) as { Entries: Entry[] }).Entries);
  return { queue, sent, entries };
}

describe('the queue of the watch', () => {
  it('is that of the controller, and gets each look with the moment at which it is due', async () => {
    const { queue, sent } = queueAnswering(taken);
    await queue.send([look(0, 'shop', 'vets'), look(10_000, 'shop')], NOW);
    expect(sent.map(targetOf)).toEqual(['AmazonSQS.SendMessageBatch']);
    expect(sent[0]?.hostname).toBe('sqs.us-west-2.amazonaws.com');
    expect(jsonOf(sent[0])).toEqual({
      QueueUrl: 'https://sqs.us-west-2.amazonaws.com/111122223333/pilotlight-looks',
      Entries: [
        {
          Id: '0',
          MessageBody: '{"dueAt":1772445600000,"workloads":["shop","vets"]}',
          DelaySeconds: 0,
        },
        { Id: '1', MessageBody: '{"dueAt":1772445610000,"workloads":["shop"]}', DelaySeconds: 10 },
      ],
    });
  });

  it.each([
    [-2_000, 0],
    [499, 0],
    [500, 1],
    [59_000, 59],
  ])('delivers to the whole second, and never before now: %d ms is a delay of %d s', async (ms, delay) => {
    const { queue, entries } = queueAnswering(taken);
    await queue.send([look(ms, 'shop')], NOW);
    expect(entries()[0]?.[0]?.DelaySeconds).toBe(delay);
  });

  it('takes ten looks a call, and every look once', async () => {
    const { queue, entries } = queueAnswering(taken, taken, taken);
    await queue.send(many(21), NOW);
    expect(entries().map((batch) => batch.length)).toEqual([10, 10, 1]);
    const sent = entries().flat();
    expect(sent.map(({ DelaySeconds }) => DelaySeconds)).toEqual(Array.from({ length: 21 }, (_, n) => n));
    expect(entries()[1]?.map(({ Id }) => Id)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('is asked nothing where nothing is due', async () => {
    const { queue, sent } = queueAnswering();
    await queue.send([], NOW);
    expect(sent).toEqual([]);
  });

  it('tells how many looks were not taken, over all calls', async () => {
    const failed = (...ids: readonly string[]): Answer =>
      ok({ Failed: ids.map((Id) => ({ Id, SenderFault: false, Code: 'InternalError' })) });
    const { queue } = queueAnswering(failed('0', '3'), failed('0'));
    expect(await rejectionOf(queue.send(many(11), NOW))).toMatchObject({
      name: 'CloudUnavailable',
      message: expect.stringContaining('3 of 11 looks refused') as string,
    });
  });

  it.each([
    ['that is not there', jsonError(400, 'QueueDoesNotExist'), 'CloudRefused'],
    ['that may not be used', jsonError(403, 'AccessDeniedException'), 'CloudRefused'],
    ['whose Region is down', jsonError(503, 'ServiceUnavailable'), 'CloudUnavailable'],
  ])('%s is told', async (_, answer, name) => {
    const { queue } = queueAnswering(answer, answer, answer);
    expect(await rejectionOf(queue.send(many(1), NOW))).toMatchObject({ name });
  });

  it('sends all other looks where one call fails', async () => {
    const { queue, sent } = queueAnswering(jsonError(403, 'AccessDeniedException'), taken);
    await rejectionOf(queue.send(many(11), NOW));
    expect(sent).toHaveLength(2);
  });
});
