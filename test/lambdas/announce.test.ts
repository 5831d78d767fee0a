import { makeAnnounce } from '../../lambdas/announce/announce.ts';
import type { Step } from '../../lambdas/runtime.ts';
import { brokenRun, config, problemsOf, refusalOf } from './fixture.ts';
import { callOf, MemoryAnnouncer, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { workflowStates } from './workflow-states.ts';

const clock = new VirtualClock();
beforeAll(() => clock.sleep(765_000));

function bench(): { step: Step; announcer: MemoryAnnouncer } {
  const announcer = new MemoryAnnouncer();
  return { step: makeAnnounce({ config, clock, log: new MemoryLog(), announcer }), announcer };
}

describe('announce: what people read', () => {
  it('tells the whole story of a failover', async () => {
    const { step, announcer } = bench();
    expect(await step({ state: workflowStates.failedOver }, callOf(clock, 30))).toEqual({ announced: true });
    expect(announcer.messages).toEqual([
      {
        subject: '[Pilotlight] Shop: failed over to the standby',
        workload: 'shop',
        outcome: 'FailedOver',
        text: [
          'Shop (https://shop.example.com): failed over to the standby',
          '',
          'The outage was confirmed and everybody is served by the standby. Bring the site home when the primary is well.',
          'RTO 920 s: detect 180 s, confirm 8 s, shield 2 s, prepare 710 s, switch 5 s, converge 15 s',
          '',
          'Started by CloudWatch: alarm pilotlight-shop-edge-5xx in us-east-1: two datapoints',
          'Execution run-1',
          '',
          '2026-03-02T09:57:00.000Z  the outage began, by the alarms',
          '2026-03-02T10:00:00.000Z  the run began: alarm pilotlight-shop-edge-5xx in us-east-1: two datapoints',
          '2026-03-02T10:00:08.000Z  verdict outage: 7 of 8 signals bad',
          '2026-03-02T10:00:10.000Z  the shield was raised',
          '2026-03-02T10:01:40.000Z  the whole edge served the shield',
          '2026-03-02T10:12:00.000Z  the standby was seen healthy',
          '2026-03-02T10:12:05.000Z  the route was moved to the standby',
          '2026-03-02T10:12:20.000Z  the first good answer came through the edge',
          '2026-03-02T10:12:40.000Z  every place was served by the wanted origin',
          '2026-03-02T10:12:45.000Z  the run ended: FailedOver',
        ].join('\n'),
      },
    ]);
  });

  it.each([
    ['falseAlarm', '[Pilotlight] Shop: stood down, the primary serves'],
    ['nothingToDo', '[Pilotlight] Shop: nothing to do'],
    ['inconclusive', '[Pilotlight] Shop: A PERSON IS NEEDED'],
  ] as const)('says in the subject how %s ended', async (ending, subject) => {
    const { step, announcer } = bench();
    await step({ state: workflowStates[ending] }, callOf(clock, 30));
    expect(announcer.messages).toMatchObject([{ subject }]);
    expect(announcer.messages[0]?.text).not.toContain('RTO');
  });

  it('tells people all the same when the run could not be recorded, and says so', async () => {
    const { step, announcer } = bench();
    const recordFailure = { Error: 'CloudUnavailable', Cause: '{"errorMessage":"DynamoDB is away"}' };
    await step({ state: { ...workflowStates.pipelineFailed, recordFailure } }, callOf(clock, 30));
    expect(announcer.messages).toMatchObject([{ outcome: 'Escalated' }]);
    const lines = announcer.messages[0]!.text.split('\n');
    expect(lines.slice(-2)).toEqual([
      '',
      'This run could not be written to the ledger: CloudUnavailable: DynamoDB is away. Nothing stands in its place, ' +
        'and the lease ends by itself.',
    ]);
  });

  it('says where a short record stands in for the whole one', async () => {
    const { step, announcer } = bench();
    const recordFailure = { Error: 'InvalidInput', Cause: 'the item is too large' };
    const closed = { value: { closed: true, detail: 'a short record was written' } };
    await step({ state: { ...workflowStates.pipelineFailed, recordFailure, closed } }, callOf(clock, 30));
    expect(announcer.messages[0]?.text.split('\n').at(-1)).toBe(
      'This run could not be written to the ledger: InvalidInput: the item is too large. A short record stands in its ' +
        'place, and the lease was given back.',
    );
  });

  it('says nothing of the ledger when the run was recorded', async () => {
    const { step, announcer } = bench();
    await step({ state: workflowStates.pipelineFailed }, callOf(clock, 30));
    expect(announcer.messages[0]?.text).not.toContain('ledger');
  });

  it.each([
    ['plain words', 'boom', 'Boom: boom'],
    ['JSON without a message', '{"statusCode":500}', 'Boom: {"statusCode":500}'],
    ['nothing', '', 'Boom.'],
  ])('quotes a cause that is %s', async (_, Cause, shown) => {
    const { step, announcer } = bench();
    const state = { ...workflowStates.inconclusive, failure: { Error: 'Boom', Cause } };
    await step({ state }, callOf(clock, 30));
    expect(announcer.messages[0]?.text).toContain(`A person is needed. ${shown}`);
  });
});

describe('announce: what is refused', () => {
  it('fails when nobody could be told, so that the workflow tries again', async () => {
    const { step, announcer } = bench();
    announcer.failure = unavailable('SNS Publish');
    const failed = step({ state: workflowStates.failedOver }, callOf(clock, 30));
    expect((await refusalOf(failed)).name).toBe('CloudUnavailable');
  });

  it('names everything that is wrong with its input', async () => {
    const { step, announcer } = bench();
    const state = { run: brokenRun, failure: { Cause: 7 } };
    expect(await problemsOf(step, { state })).toEqual([
      'state.run.execution: got "", expected string to have >=1 characters',
      'state.run.trigger: got "cron", expected one of "alarm"|"manual"|"watch"',
      'state.failure.Error: got nothing, expected string',
      'state.failure.Cause: got 7, expected string',
    ]);
    expect(announcer.messages).toEqual([]);
  });
});

describe('announce: a planned move that has become a failover', () => {
  it('tells people at once, while the run goes on', async () => {
    const { step, announcer } = bench();
    const begun: Record<string, unknown> = { ...(workflowStates.failedOver as object) };
    delete begun['outcome'];
    const run = { ...(begun['run'] as object), planned: true };
    const state = { ...begun, run, ungraceful: { at: '2026-03-02T10:05:00.000Z' } };
    expect(await step({ state }, callOf(clock, 30))).toEqual({ announced: true });
    expect(announcer.messages).toEqual([
      expect.objectContaining({
        subject: '[Pilotlight] Shop: the planned move has become a failover',
        text: expect.stringContaining('goes on ungracefully, as a failover') as unknown,
      }),
    ]);
  });
});
