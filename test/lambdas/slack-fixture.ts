import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import { makeSlackSecret } from '../../clouds/aws/secrets.ts';
import { makeThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import { makeMessenger } from '../../clouds/slack/messenger.ts';
import type { Approval } from '../../core/approval/approval.ts';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { dynamoDbService, makeDynamoDbState } from '../../drill/clouds/dynamodb/dynamodb.ts';
import { secretsManagerService } from '../../drill/clouds/aws/secrets-manager.ts';
import { slackService, type SlackPost, type SlackState } from '../../drill/clouds/slack/slack.ts';
import { stepFunctionsService, type TokenUse } from '../../drill/clouds/aws/step-functions.ts';
import { Network, type Fault } from '../../drill/clouds/wire/wire.ts';
import { dataWith } from '../core/config-fixture.ts';

export const REGION = 'ap-northeast-1';
/** 2026-11-23T03:00:00Z. */
export const NOW = 1_795_402_800_000;
export const TABLE = 'pilotlight-ledger';
export const SECRET_NAME = 'pilotlight/slack';
export const SIGNING_SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
export const BOT_TOKEN = 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy';
export const CHANNEL = 'C0FAILOVER';
export const TEAM = 'T0PETCLINIC';

export const APPROVERS = {
  slackUserIds: ['U0MINA', 'U0JUN'],
  principals: ['arn:aws:sts::111122223333:assumed-role/*'],
};

/** The shipped configuration with Slack and an approval in it. */
export const slackConfig = (): Config =>
  parseConfig(
    dataWith({
      'controller.slack': { channel: CHANNEL, teamId: TEAM, secretName: SECRET_NAME },
      'workloads.petclinic.policy.approval': {
        mode: 'required',
        approvers: APPROVERS,
        approvals: 1,
        timeLimitSeconds: 600,
        reminderSeconds: 120,
        onTimeout: 'escalate',
      },
    }),
  );

export const mina = { id: 'U0MINA', name: 'Mina' };
export const jun = { id: 'U0JUN', name: 'Jun' };
export const stranger = { id: 'U0OTHER', name: 'Other' };

export const pendingApproval = (parts: Partial<Approval> = {}): Approval => ({
  execution: 'run-1',
  workload: 'petclinic',
  state: 'pending',
  needed: 1,
  approvers: APPROVERS,
  answers: [],
  requestedAt: NOW,
  expiresAt: NOW + 600_000,
  message: null,
  ...parts,
});

/** A question as it stands in Slack. */
export const QUESTION_POST: SlackPost = {
  at: NOW,
  channel: CHANNEL,
  ts: '1795402800.000001',
  thread: null,
  onlyFor: null,
  text: 'May it fail over?',
  blocks: [],
  edits: 0,
};

/** One line of a log, as a test reads it. */
export interface LogLine {
  readonly level: 'info' | 'warn';
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

/** Everything that the people's functions touch, simulated at the wire under the real clients. */
export function slackWorld() {
  let now = NOW;
  let fault: (service: string, operation: string) => Fault = () => null;
  const told: { token: string; output: unknown }[] = [];
  const waiting = new Set<string>();
  const slack: SlackState = {
    teamId: TEAM,
    appId: 'A0PILOT',
    botToken: BOT_TOKEN,
    signingSecret: SIGNING_SECRET,
    channels: new Set([CHANNEL]),
    posts: [],
    trouble: null,
  };
  const secrets = new Map([
    [SECRET_NAME, JSON.stringify({ botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET })],
  ]);
  const ledger = makeDynamoDbState(REGION, [
    { name: TABLE, partitionKey: { name: 'pk', type: 'S' }, sortKey: { name: 'sk', type: 'S' } },
  ]);
  const calls: string[] = [];
  const network = new Network({
    services: [
      dynamoDbService(ledger),
      secretsManagerService({ region: REGION, account: '111122223333', secrets }),
      slackService(slack),
      stepFunctionsService({
        region: REGION,
        machineArns: new Set(),
        succeedTask: (token, output): TokenUse => {
          if (!waiting.delete(token)) return 'over';
          told.push({ token, output });
          return 'taken';
        },
        failTask: () => 'unknown',
        start: () => {
          throw new Error('nobody starts here');
        },
        stop: () => undefined,
        executions: () => [],
        history: () => [],
      }),
    ],
    fault: (service, request) => {
      const target = request.headers['x-amz-target'] ?? request.path;
      const operation = target.slice(Math.max(target.lastIndexOf('.'), target.lastIndexOf('/')) + 1);
      calls.push(service.name === 'slack' ? request.path.replace('/api/', '') : operation);
      return fault(service.name, operation);
    },
  });
  // Time limits never fire by themselves, and waits that Slack asks for are over at once.
  const clock: Clock = {
    now: () => now,
    sleep: (ms) => (ms < 2_500 ? Promise.resolve() : new Promise<never>(() => undefined)),
  };
  const aws = {
    region: REGION,
    transport: network.awsRequestHandler(),
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' },
  };
  const lines: LogLine[] = [];
  const line =
    (level: LogLine['level']) =>
    (message: string, facts: Record<string, unknown> = {}): void => {
      lines.push({ level, message, facts });
    };
  const log: Log = { info: line('info'), warn: line('warn') };
  const secret = makeSlackSecret({ ...aws, secretName: SECRET_NAME, clock });
  return {
    config: slackConfig(),
    aws,
    clock,
    log,
    lines,
    slack,
    secrets,
    ledger,
    network,
    calls,
    told,
    waiting,
    secret,
    approvals: makeApprovals({ ...aws, tableName: TABLE, clock }),
    threads: makeThreadLedger({ ...aws, tableName: TABLE }),
    messenger: makeMessenger({ channel: CHANNEL, token: secret.botToken, fetch: network.fetch(), clock }),
    pass: (ms: number) => {
      now += ms;
    },
    /** What goes wrong with the calls from now on; the first word is the service, the second the operation. */
    breakCalls: (next: typeof fault) => {
      fault = next;
    },
    /** A step that waits under a token. */
    wait: (token: string) => {
      waiting.add(token);
      return token;
    },
  };
}
