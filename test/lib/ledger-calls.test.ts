import { Readable } from 'node:stream';
import { makeLedger } from '../../clouds/aws/ledger.ts';
import type { Ledger, LeaseRelease } from '../../core/ports.ts';
import type { RunRecord } from '../../core/record.ts';

/*
 * Which permissions the calls of the ledger need, found by making them: every operation that is sent, and every part
 * of a transaction, is a permission. lib/constructs/permissions.ts must name just these.
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

/** A table in which no transaction holds, so that each call goes the longest of its ways. */
function answerTo(sent: Sent): { statusCode: number; answer: unknown } {
  const operation = sent.headers['x-amz-target']?.split('.')[1];
  if (operation === 'TransactWriteItems') return { statusCode: 400, answer: CANCELLED };
  if (operation === 'GetItem')
    return { statusCode: 200, answer: { Item: textOf(sent).includes('"brake"') ? BRAKE : LEASE } };
  return { statusCode: 200, answer: { Attributes: {} } };
}

function recordingLedger(): { ledger: Ledger; needed: () => string[] } {
  const sent: Sent[] = [];
  const transport = {
    handle: (request: Sent) => {
      sent.push(request);
      const { statusCode, answer } = answerTo(request);
      const body = Readable.from([Buffer.from(JSON.stringify(answer))]);
      return Promise.resolve({ response: { statusCode, headers: {}, body } });
    },
  };
  const ledger = makeLedger({
    region: 'ap-northeast-1',
    tableName: 'pilotlight-ledger',
    transport,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    log: { info: () => undefined, warn: () => undefined },
  });
  return { ledger, needed: () => [...new Set(sent.flatMap(operationsOf))].toSorted() };
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
  },
  outcome: 'FailedOver',
  why: 'The primary was gone.',
  endedAt: '2026-11-22T10:20:00.000Z',
  rto: null,
  convergence: null,
  timeline: [],
  evidence: [],
};
const release: LeaseRelease = { epoch: 3, status: 'DONE', cooldownUntil: 5000, disarms: false };

describe('the ledger', () => {
  it('needs, to take a lease, to read it, to check the brake and to update both ways', async () => {
    const { ledger, needed } = recordingLedger();
    const request = { workload: 'clinic', execution: 'run-1', now: 1, expiresAt: 1000, byPerson: false };
    await expect(ledger.takeLease(request)).resolves.toMatchObject({ taken: false, reason: 'brake' });
    expect(needed()).toEqual(['ConditionCheckItem', 'GetItem', 'UpdateItem']);
  });

  it('needs, to renew a lease, to update it', async () => {
    const { ledger, needed } = recordingLedger();
    await ledger.renewLease({ workload: 'clinic', execution: 'run-1', epoch: 3, expiresAt: 2000 });
    expect(needed()).toEqual(['UpdateItem']);
  });

  it('needs, to finish a run, to read the lease and to update it with the record', async () => {
    const { ledger, needed } = recordingLedger();
    await ledger.finish(record, release);
    expect(needed()).toEqual(['GetItem', 'UpdateItem']);
  });
});
