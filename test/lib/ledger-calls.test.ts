import { Readable } from 'node:stream';
import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import { makeLedger } from '../../clouds/aws/ledger/ledger.ts';
import { makeTurnLedger } from '../../clouds/aws/ledger/turn-ledger.ts';
import { makeRouteLedger } from '../../clouds/aws/route/route-ledger.ts';
import { makeThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import { makeWatchLedger } from '../../clouds/aws/watch/watch-ledger.ts';
import type { Approval } from '../../core/approval/approval.ts';
import type { LeaseRelease } from '../../core/ports.ts';
import type { RunRecord } from '../../core/run/record.ts';
import { newMemory } from '../../core/watch/memory.ts';

/*
 * Which permissions the calls of the ledger need, found by making them: every operation that is sent, and every part
 * of a transaction, is a permission. lib/constructs/rights/permissions.ts must name just these.
 */

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const textOf = ({ body }: Sent): string => new TextDecoder().decode(body);

const operationsOf = (sent: Sent): string[] => {
  const operation = sent.headers['x-amz-target']?.split('.')[1] ?? 'none';
  if (operation !== 'TransactWriteItems') return [operation];
  const { TransactItems } = JSON.parse(textOf(sent)) as { TransactItems: Record<string, unknown>[] };
  const partOf: Record<string, string> = { ConditionCheck: 'ConditionCheckItem', Update: 'UpdateItem' };
  return TransactItems.flatMap((item) => Object.keys(item).map((part) => partOf[part] ?? part));
};

const CANCELLED = {
  __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
  message: 'cancelled',
  CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
};
const LEASE = { holder: { S: 'run-1' }, epoch: { N: '3' }, expiresAt: { N: '1000' }, status: { S: 'HELD' } };
const BRAKE = { on: { BOOL: true }, owner: { S: 'somebody' }, reason: { S: 'maintenance' } };

const APPROVAL: Approval = {
  execution: 'run-1',
  workload: 'clinic',
  state: 'approved',
  needed: 1,
  approvers: { slackUserIds: ['U012AB3CD'], principals: [] },
  answers: [{ decider: { kind: 'slack', id: 'U012AB3CD', name: 'somebody' }, answer: 'approve', at: 1 }],
  requestedAt: 1,
  expiresAt: 1000,
  message: null,
};
const APPROVAL_ITEM = {
  approval: { S: JSON.stringify(APPROVAL) },
  taskToken: { S: 'an older token' },
  version: { N: '2' },
};

/** The item that a GetItem asks for, by its sort key; the record of a route is not there. */
function itemFor(asked: string): unknown {
  if (asked.includes('"brake"')) return BRAKE;
  if (asked.includes('"approval#')) return APPROVAL_ITEM;
  return asked.includes('"lease"') ? LEASE : undefined;
}

/** A table in which no transaction holds, so that each call goes the longest of its ways. */
function answerTo(sent: Sent): { statusCode: number; answer: unknown } {
  const operation = sent.headers['x-amz-target']?.split('.')[1];
  if (operation === 'TransactWriteItems') return { statusCode: 400, answer: CANCELLED };
  if (operation === 'GetItem') return { statusCode: 200, answer: { Item: itemFor(textOf(sent)) } };
  if (operation === 'Query') return { statusCode: 200, answer: { Items: [] } };
  return { statusCode: 200, answer: { Attributes: itemFor(textOf(sent)) ?? {} } };
}

/** What every adapter of the ledger is made of, with a transport that remembers what was sent. */
function recording() {
  const sent: Sent[] = [];
  const transport = {
    handle: (request: Sent) => {
      sent.push(request);
      const { statusCode, answer } = answerTo(request);
      const body = Readable.from([Buffer.from(JSON.stringify(answer))]);
      return Promise.resolve({ response: { statusCode, headers: {}, body } });
    },
  };
  const options = {
    region: 'ap-northeast-1',
    tableName: 'pilotlight-ledger',
    transport,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    log: { info: () => undefined, warn: () => undefined },
    clock: { now: () => 10, sleep: () => Promise.resolve() },
  };
  return { options, needed: () => [...new Set(sent.flatMap(operationsOf))].toSorted() };
}

const record: RunRecord = {
  run: {
    execution: 'run-1',
    workload: 'clinic',
    startedAt: '2026-11-22T10:00:00.000Z',
    trigger: 'alarm',
    reason: 'it rang',
    requestedBy: 'CloudWatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  },
  outcome: 'FailedOver',
  why: 'The primary was gone.',
  endedAt: '2026-11-22T10:20:00.000Z',
  rto: null,
  convergence: null,
  data: null,
  settle: null,
  planned: null,
  timeline: [],
  evidence: [],
};
const release: LeaseRelease = {
  epoch: 3,
  status: 'DONE',
  cooldownUntil: 5000,
  disarms: false,
  movedAwayAt: 4000,
};

describe('the ledger', () => {
  it('needs, to take a lease, to read it, to check the brake and to update both ways', async () => {
    const { options, needed } = recording();
    const ledger = makeLedger(options);
    const request = { workload: 'clinic', execution: 'run-1', now: 1, expiresAt: 1000, byPerson: false };
    await expect(ledger.takeLease(request)).resolves.toMatchObject({ taken: false, reason: 'brake' });
    expect(needed()).toEqual(['ConditionCheckItem', 'GetItem', 'UpdateItem']);
  });

  it('needs, to renew a lease, to update it', async () => {
    const { options, needed } = recording();
    const ledger = makeLedger(options);
    await ledger.renewLease({ workload: 'clinic', execution: 'run-1', epoch: 3, expiresAt: 2000 });
    expect(needed()).toEqual(['UpdateItem']);
  });

  it('needs, to finish a run, to read the lease and to update it with the record', async () => {
    const { options, needed } = recording();
    const ledger = makeLedger(options);
    await ledger.finish(record, release);
    expect(needed()).toEqual(['GetItem', 'UpdateItem']);
  });
});

describe('the approvals', () => {
  it('need, to ask again about one that is decided, to read it, to put it back and to tell the workflow', async () => {
    const { options, needed } = recording();
    await makeApprovals(options).open(APPROVAL, 'a new token');
    expect(needed()).toEqual(['GetItem', 'PutItem', 'SendTaskSuccess']);
  });

  it('need, to take an answer, to read it and to tell the workflow once more', async () => {
    const { options, needed } = recording();
    const answer = { ...APPROVAL.answers[0]!, at: 5 };
    const result = await makeApprovals(options).answer('clinic', 'run-1', answer);
    expect(result.kind).toBe('already');
    expect(needed()).toEqual(['GetItem', 'SendTaskSuccess']);
  });

  it('need, to be closed, to be read and put back, and not the workflow', async () => {
    const { options, needed } = recording();
    await makeApprovals(options).close('clinic', 'run-1');
    expect(needed()).toEqual(['GetItem', 'PutItem']);
  });

  it('need, to be found, to be read', async () => {
    const { options, needed } = recording();
    await makeApprovals(options).find('clinic', 'run-1');
    expect(needed()).toEqual(['GetItem']);
  });
});

describe('the memory of the watch', () => {
  it('needs, to be read, nothing else', async () => {
    const { options, needed } = recording();
    await makeWatchLedger(options).read('clinic');
    expect(needed()).toEqual(['GetItem']);
  });

  it('needs, to be written, to be updated and not to be put', async () => {
    const { options, needed } = recording();
    await makeWatchLedger(options).write('clinic', newMemory('https://clinic.example.com', 1), 0);
    expect(needed()).toEqual(['UpdateItem']);
  });
});

describe('the turns of the fleet', () => {
  it('need, to be read, nothing else', async () => {
    const { options, needed } = recording();
    await makeTurnLedger(options).read();
    expect(needed()).toEqual(['GetItem']);
  });

  it('need, to be written, to be updated and not to be put', async () => {
    const { options, needed } = recording();
    await makeTurnLedger(options).write({ holders: {}, waiting: {} }, 0);
    expect(needed()).toEqual(['UpdateItem']);
  });
});

describe('the threads of Slack', () => {
  it.each([
    ['isAbout', ['GetItem']],
    ['message', ['GetItem']],
    ['isTold', ['GetItem']],
    ['claim', ['UpdateItem']],
    ['noteMessage', ['UpdateItem']],
    ['record', ['Query']],
  ] as const)('need, for %s, just this', async (call, expected) => {
    const { options, needed } = recording();
    const threads = makeThreadLedger(options);
    const calls = {
      isAbout: () => threads.isAbout('clinic', 'run-1'),
      message: () => threads.message('clinic', 'run-1'),
      isTold: () => threads.isTold('clinic', 'run-1', 'switch'),
      claim: () => threads.claim('clinic', 'run-1', 'switch'),
      noteMessage: () => threads.noteMessage('clinic', 'run-1', { channel: 'C012AB3CD', ts: '1.2' }),
      record: () => threads.record('clinic', 'run-1'),
    };
    await calls[call]();
    expect(needed()).toEqual(expected);
  });
});

describe('the routes of distributions', () => {
  it('need, to be read, claimed and settled, to read and to update', async () => {
    const { options, needed } = recording();
    const routes = makeRouteLedger(options);
    const route = {
      v: 1,
      origin: 'standby',
      epoch: 1,
      fence: 1,
      by: 'run-1',
      at: '2026-11-22T10:00:00.000Z',
    } as const;
    await routes.read('clinic');
    expect(needed()).toEqual(['GetItem']);
    await routes.claim({ workload: 'clinic', route, home: [], epochAsRead: null });
    await routes.settle('clinic', 1);
    expect(needed()).toEqual(['GetItem', 'UpdateItem']);
  });
});
