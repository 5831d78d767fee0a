import { systemClock } from '../../../clouds/clock.ts';
import { lookQueueUrlOf } from '../../../core/names.ts';
import { sqsService } from '../../../drill/clouds/aws/sqs.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { arrange } from '../../../drill/world/arrange.ts';
import { WatchFunctions } from '../../../drill/world/watch-functions.ts';
import { awsOptions, networkOf, REGION, START, useVirtualTime } from '../clouds/fixture.ts';
import { shipped } from '../fixture.ts';
import { pass, scenarioOf } from './fixture.ts';

/*
 * Goal: what calls the functions of the watch does it as AWS says: about once a minute, at least once a message, and again where
 * an alarm could not start its run. Method: the functions that are deployed, over a queue and nothing else; a message that is not
 * due is refused by them, so each delivery is one refusal.
 */

const nothing = (): void => undefined;
const NEVER_DUE = JSON.stringify({ dueAt: 0, workloads: ['petclinic'] });

/** @param mode `none`: nothing is measured, and no Azure is asked */
function world(seed = 1, mode: 'none' | 'ship' = 'none') {
  const config = arrange(shipped(), scenarioOf({ data: { mode } }));
  const queued: { second: number; delaySeconds: number }[] = [];
  const refused: number[] = [];
  const asked = new Map<string, number>();
  const second = (): number => (Date.now() - START) / 1000;
  const network = networkOf(
    [
      sqsService({
        region: REGION,
        queueUrls: new Set([lookQueueUrlOf(config.controller)]),
        onMessage: ({ delaySeconds }) => queued.push({ second: second(), delaySeconds }),
      }),
    ],
    { onCall: ({ request }) => asked.set(request.host, (asked.get(request.host) ?? 0) + 1) },
  );
  const { requestHandler, credentials } = awsOptions(network);
  const functions = new WatchFunctions(
    {
      config,
      resources: { ledgerTable: 'table', topicArn: `arn:aws:sns:${REGION}:111122223333:topic` },
      clock: systemClock,
      log: { info: nothing, warn: nothing },
      metrics: {
        count: (name) => {
          if (name === 'EvidenceRefused') refused.push(second());
        },
        ...{ seconds: nothing, level: nothing },
      },
      aws: { region: REGION, transport: requestHandler, credentials },
    },
    new SeededRandom(seed),
  );
  return { functions, queued, refused, asked };
}

describe('the schedule of the watch', () => {
  useVirtualTime();

  it('sends the looks of a minute within two seconds of its beginning, each minute', async () => {
    const { functions, queued } = world();
    functions.start();
    await pass(170);
    functions.stop();
    expect(queued).toHaveLength(18);
    for (const { second } of queued) expect(second % 60).toBeLessThan(2);
  });

  it('has the data measured each minute, where there are any, and not while the watch is dead', async () => {
    const STS = `sts.${REGION}.amazonaws.com`;
    const { functions, asked } = world(1, 'ship');
    functions.isDead = true;
    functions.start();
    await pass(50);
    expect(asked.has(STS)).toBe(false);
    functions.isDead = false;
    await pass(60);
    functions.stop();
    expect(asked.has(STS)).toBe(true);
    const none = world();
    none.functions.start();
    await pass(110);
    none.functions.stop();
    expect(none.asked.has(STS)).toBe(false);
  });

  it('has each look delivered on the second at which it is due, however late the schedule called', async () => {
    const { functions, queued } = world();
    functions.start();
    await pass(170);
    functions.stop();
    const off = queued.map(({ second, delaySeconds }, index) => second + delaySeconds - 10 * index);
    // The first look of a minute is due before the schedule has called.
    const later = off.filter((_, index) => index % 6 > 0);
    expect(later).toHaveLength(15);
    for (const seconds of later) expect(Math.abs(seconds)).toBeLessThanOrEqual(0.5);
  });

  it('sends nothing once it is stopped, nor while the watch is dead', async () => {
    const { functions, queued } = world();
    functions.isDead = true;
    functions.start();
    await pass(120);
    expect(queued).toEqual([]);
    functions.isDead = false;
    await pass(50);
    expect(queued).toHaveLength(6);
    functions.stop();
    await pass(180);
    expect(queued).toHaveLength(6);
  });
});

describe('the queue of the watch', () => {
  useVirtualTime();

  it('delivers a message when its delay is over, within a second', async () => {
    const { functions, refused } = world();
    functions.queue(NEVER_DUE, 30);
    await pass(30);
    expect(refused).toEqual([]);
    await pass(1);
    expect(refused).toHaveLength(1);
  });

  it('delivers every message, a few of them twice and a few of them late', async () => {
    const { functions, refused } = world();
    for (let message = 0; message < 4_000; message += 1) functions.queue(NEVER_DUE, 0);
    await pass(60);
    const late = refused.filter((second) => second > 1.5).length;
    expect(refused.length).toBeGreaterThan(4_000);
    expect(refused.length).toBeLessThan(4_060);
    expect(late).toBeGreaterThan(0);
    expect(late).toBeLessThan(40);
  });

  it('wakes nobody while the watch is dead', async () => {
    const { functions, refused } = world();
    functions.isDead = true;
    functions.queue(NEVER_DUE, 0);
    await pass(60);
    expect(refused).toEqual([]);
  });
});

describe('the rule that hands alarms on', () => {
  useVirtualTime();
  const event = {
    ...{ 'detail-type': 'CloudWatch Alarm State Change', source: 'aws.cloudwatch' },
    ...{ account: '111122223333', time: '2026-03-02T00:00:00Z', region: 'us-east-1' },
    detail: {
      alarmName: 'pilotlight-petclinic-edge-5xx',
      state: { value: 'ALARM', timestamp: '2026-03-02T00:00:00.000+0000' },
    },
  };
  const STATES = `states.${REGION}.amazonaws.com`;

  it('tries what failed again after one minute and after two more, and then no more', async () => {
    // Nobody answers for Step Functions in this world.
    const { functions, asked } = world();
    void functions.ring(event);
    await pass(30);
    const first = asked.get(STATES) ?? 0;
    expect(first).toBeGreaterThan(0);
    await pass(60);
    expect(asked.get(STATES)).toBe(2 * first);
    await pass(60);
    expect(asked.get(STATES)).toBe(2 * first);
    await pass(600);
    expect(asked.get(STATES)).toBe(3 * first);
  });

  it('takes a refused event for done: it would be refused again', async () => {
    const { functions, refused, asked } = world();
    void functions.ring({ ...event, account: '999999999999' });
    await pass(600);
    expect([refused.length, asked.get(STATES)]).toEqual([1, undefined]);
  });

  it('works while the watch is dead: it is the other way in', async () => {
    const { functions, asked } = world();
    functions.isDead = true;
    void functions.ring(event);
    await pass(30);
    expect(asked.get(STATES)).toBeGreaterThan(0);
  });
});
