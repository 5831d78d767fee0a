import { makeLedger } from '../../../../clouds/aws/ledger/ledger.ts';
import type { Log } from '../../../../core/ports.ts';
import type { RunRecord } from '../../../../core/run/record.ts';
import { type Answer, awsAnswering, jsonError, jsonOf, ok, targetOf } from '../helpers.ts';

/** 2026-11-23T00:00:00Z and an hour later. */
export const NOW = 1795392000000;
export const LATER = 1795395600000;

/** The lease item of petclinic as DynamoDB answers it. */
export const leaseItem = (more: Record<string, unknown> = {}) => ({
  pk: { S: 'workload#petclinic' },
  sk: { S: 'lease' },
  epoch: { N: '3' },
  expiresAt: { N: '1795391000000' },
  status: { S: 'DONE' },
  ...more,
});

export const heldBy = (holder: string, epoch: string, expiresAt: number) =>
  leaseItem({ holder: { S: holder }, epoch: { N: epoch }, expiresAt: { N: String(expiresAt) } });

export const item = (Item: Record<string, unknown> | null): Answer => ok(Item === null ? {} : { Item });
export const done: Answer = ok({});
export const cancelled = (...codes: string[]): Answer =>
  jsonError(400, 'TransactionCanceledException', {
    Message: `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
    CancellationReasons: codes.map((Code) => ({ Code })),
  });

export const request = {
  workload: 'petclinic',
  execution: 'run-1',
  now: NOW,
  expiresAt: LATER,
  byPerson: false,
};

export const record: RunRecord = {
  run: {
    execution: 'run-1',
    workload: 'petclinic',
    startedAt: '2026-11-23T00:00:00.000Z',
    trigger: 'alarm',
    reason: 'petclinic-edge-5xx is in ALARM',
    requestedBy: 'cloudwatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  },
  outcome: 'FailedOver',
  why: 'The primary was down and the standby took over.',
  endedAt: '2026-11-23T00:20:00.000Z',
  convergence: null,
  data: null,
  settle: null,
  planned: null,
  rto: { totalSeconds: 1200, phases: { detect: 120, prepare: 1080 } },
  timeline: [{ at: '2026-11-23T00:00:05.000Z', event: 'lease taken' }],
  evidence: [],
};

/** The ledger over canned answers, with what it asked and what it warned of. */
export function ledgerAnswering(...answers: Answer[]) {
  const { access, sent } = awsAnswering(...answers);
  const warnings: string[] = [];
  const log: Log = { info: () => undefined, warn: (message) => warnings.push(message) };
  return {
    ledger: makeLedger({ ...access, tableName: 'pilotlight-ledger', log }),
    sent,
    warnings,
    calls: () => sent.map((each) => targetOf(each).replace('DynamoDB_20120810.', '')),
    /** The items of the transaction that was sent as request number `index`. */
    transaction: (index: number) => (jsonOf(sent[index]) as { TransactItems: unknown[] }).TransactItems,
  };
}
