import { clickRequest } from '../../drill/clouds/slack/slack-click.ts';
import { questionMessage } from '../../core/slack/message.ts';
import type { Runtime } from '../../lambdas/runtime.ts';
import type { SlackRuntime } from '../../lambdas/adapters/messenger.ts';
import { compose as composeFollow } from '../../lambdas/follow-execution/compose.ts';
import { compose as composeGateway } from '../../lambdas/slack-gateway/compose.ts';
import { lineLog } from '../../lambdas/slack-gateway/entry.ts';
import { compose as composeWorker } from '../../lambdas/slack-worker/compose.ts';
import { config as configWithoutSlack } from './fixture.ts';
import { mina, NOW, pendingApproval, slackWorld, TABLE } from './slack-fixture.ts';

const call = { remainingMs: () => 10_000 };
const run = {
  execution: 'run-1',
  workload: 'petclinic',
  startedAt: '2026-11-23T02:58:00.000Z',
  trigger: 'alarm',
  reason: 'an alarm',
  requestedBy: 'CloudWatch',
  skipConfirmation: false,
  dryRun: false,
  planned: false,
  workflow: 'failover',
} as const;

describe('the functions of Slack, composed', () => {
  it('carry a click from its request to the waiting step, by the parts that AWS runs', async () => {
    const world = slackWorld();
    const handed: unknown[] = [];
    const { transport } = world.aws;
    const runtime: SlackRuntime = {
      ...world,
      resources: { ledgerTable: TABLE, topicArn: 'arn:aws:sns:x' },
      metrics: { count: () => undefined, seconds: () => undefined, level: () => undefined },
      fetch: world.network.fetch(),
    };
    // Lambda is the one service that the world has not: what would be its event is kept.
    const gateway = composeGateway({
      ...runtime,
      workerFunction: 'pilotlight-slack-worker',
      aws: {
        ...world.aws,
        transport: {
          ...transport,
          handle: async (...args: Parameters<typeof transport.handle>) => {
            const [request] = args;
            if (!request.hostname.startsWith('lambda.')) return transport.handle(...args);
            handed.push(JSON.parse(String(request.body)));
            return { response: { statusCode: 202, headers: {}, body: Buffer.alloc(0) } };
          },
        },
      },
    });
    const workload = world.config.workloads['petclinic']!;
    const approval = await world.approvals.open(pendingApproval(), world.wait('token-1'));
    await world.messenger.post(questionMessage({ approval, workload, state: { run } }));
    const event = clickRequest(world.slack, world.slack.posts[0]!, {
      person: mina,
      label: 'Approve',
      atMs: NOW,
    });
    await expect(gateway(event, call)).resolves.toMatchObject({ statusCode: 200 });
    await expect(composeWorker(runtime)(handed[0], call)).resolves.toEqual({ result: 'decided' });
    expect(world.told).toMatchObject([{ token: 'token-1', output: { decision: 'approved', by: ['Mina'] } }]);
    expect(world.slack.posts[0]?.text).toBe('PetClinic: the failover is approved');
    // The button is gone, so the drill's person has nothing left to press.
    expect(
      clickRequest(world.slack, world.slack.posts[0]!, { person: mina, label: 'Approve', atMs: NOW }),
    ).toBeNull();
  });

  it.each([
    ['slack-worker', composeWorker],
    ['follow-execution', composeFollow],
    ['slack-gateway', (runtime: Runtime) => composeGateway({ ...runtime, workerFunction: 'x' })],
  ])('say what is missing where no Slack is configured: %s', (_, compose) => {
    const world = slackWorld();
    const runtime: Runtime = {
      ...world,
      config: configWithoutSlack,
      resources: { ledgerTable: TABLE, topicArn: 'arn:aws:sns:x' },
      metrics: { count: () => undefined, seconds: () => undefined, level: () => undefined },
    };
    expect(() => compose(runtime)).toThrow('a configuration without controller.slack');
  });

  it('write one JSON line an entry', () => {
    const written: string[] = [];
    const log = lineLog((line) => written.push(line));
    log.info('a', { b: 1 });
    log.warn('c');
    expect(written).toEqual([
      '{"level":"INFO","service":"pilotlight-slack-gateway","message":"a","facts":{"b":1}}\n',
      '{"level":"WARN","service":"pilotlight-slack-gateway","message":"c"}\n',
    ]);
  });
});
