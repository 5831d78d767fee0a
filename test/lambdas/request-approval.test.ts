import type { Approval } from '../../core/approval/approval.ts';
import { makeRequestApproval } from '../../lambdas/request-approval/request-approval.ts';
import type { DataReport } from '../../core/data/report.ts';
import type { Step } from '../../lambdas/runtime.ts';
import {
  brokenRun,
  config,
  lease,
  problemsOf,
  problemsOfBrokenRun,
  refusalOf,
  run,
  START,
} from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, unavailable, VirtualClock } from './helpers.ts';
import { MemoryReports, reportAt } from './data-helpers.ts';
import { approvalOf, asking, MemoryApprovals, MemoryMessenger } from './people-helpers.ts';
import { workflowStates } from './workflow-states.ts';

/*
 * Goal: people are asked once and reminded now and then; Slack may do what it likes, the question stands in the ledger; and
 * the token that ends the waiting is nowhere but there.
 */

const TOKEN = 'task-token-of-this-round';
/** What the workflow knows when it asks: the outcome is still open. */
const state = { ...workflowStates.inconclusive, outcome: undefined };
const posted = approvalOf({ message: { channel: 'C0FAILOVER', ts: '1700000000.000001' } });

interface Bench {
  readonly step: Step;
  readonly clock: VirtualClock;
  readonly ledger: MemoryLedger;
  readonly approvals: MemoryApprovals;
  readonly messenger: MemoryMessenger;
  readonly log: MemoryLog;
}

function bench(
  kept: Approval | null = null,
  options: { own?: typeof config; slack?: boolean; report?: DataReport | Error } = {},
): Bench {
  const clock = new VirtualClock();
  const ledger = new MemoryLedger();
  const approvals = new MemoryApprovals(kept);
  const messenger = new MemoryMessenger();
  const log = new MemoryLog();
  const step = makeRequestApproval({
    config: options.own ?? asking('escalate'),
    clock,
    log,
    ledger,
    approvals,
    reports: new MemoryReports(options.report ?? null),
    messenger: options.slack === false ? null : messenger,
  });
  return { step, clock, ledger, approvals, messenger, log };
}

const ask = (at: Bench, round = 1): Promise<unknown> =>
  at.step({ run, lease, state, round, taskToken: TOKEN }, callOf(at.clock, 30));

describe('request-approval: the question', () => {
  it('is opened in the ledger with what the policy says, and posted once', async () => {
    const at = bench();
    expect(await ask(at)).toEqual({ asked: 'in-slack' });
    expect(at.approvals.kept).toEqual(
      approvalOf({ message: { channel: 'C0FAILOVER', ts: '1700000000.000001' } }),
    );
    expect(at.messenger.posts).toHaveLength(1);
    expect(at.messenger.posts[0]?.text).toBe('Shop: may it fail over to the standby? 2 of 8 signals bad');
    expect(at.ledger.renewals).toEqual([1_772_446_000_000]);
  });

  it('is posted in a later round where the first could not, and without a second question after that', async () => {
    const at = bench(approvalOf());
    await ask(at, 2);
    expect(at.messenger.posts.map(({ text }) => text)).toEqual([
      'Shop: may it fail over to the standby? 2 of 8 signals bad',
    ]);
    await ask(at, 2);
    expect(at.messenger.posts).toHaveLength(1);
  });

  it('keeps the time limit that it was opened with, however often it is asked again', async () => {
    const at = bench(posted);
    await at.clock.sleep(120_000);
    await ask(at, 3);
    expect(at.approvals.kept?.expiresAt).toBe(START + 300_000);
  });
});

describe('request-approval: the time limit', () => {
  it('is that of the clock, whatever the rounds come to: a repeated question makes one longer', async () => {
    const at = bench(posted);
    await at.clock.sleep(299_999);
    expect(await ask(at, 2)).toEqual({ asked: 'in-slack' });
    await at.clock.sleep(1);
    await expect(ask(at, 3)).rejects.toThrow(
      'Nobody has answered within 300 s (policy.approval.timeLimitSeconds); policy.approval.onTimeout says what follows.',
    );
    await expect(ask(at, 3)).rejects.toMatchObject({ name: 'ApprovalTimedOut', retryable: false });
  });

  it('does not end an approval that was decided', async () => {
    const at = bench(approvalOf({ state: 'approved' }));
    await at.clock.sleep(300_000);
    expect(await ask(at, 6)).toEqual({ asked: 'in-the-ledger' });
  });
});

describe('request-approval: what would be lost', () => {
  const loss = {
    value: {
      point: '2026-03-02T09:59:48.000Z',
      lossSeconds: 12,
      detail: null,
      measuredAt: '2026-03-02T10:00:00.000Z',
    },
  };
  const askWith = (at: Bench, round: number, more: object): Promise<unknown> =>
    at.step({ run, lease, state: { ...state, ...more }, round, taskToken: TOKEN }, callOf(at.clock, 30));
  const older = reportAt('2026-03-02T09:59:00.000Z', '2026-03-02T09:58:00.000Z');

  it('is in the question, as it was just measured', async () => {
    const at = bench(null, { report: older });
    await askWith(at, 1, { loss });
    expect(at.messenger.posts[0]?.text).toBe(
      'Shop: may it fail over to the standby? 2 of 8 signals bad ' +
        'To approve now would lose 12 s of writes (recovery point 09:59:48 UTC).',
    );
  });

  it('is in the reminder by the newest figure of the ledger', async () => {
    const newer = reportAt('2026-03-02T10:01:58.000Z', '2026-03-02T09:59:48.000Z', {
      detail: 'the shipper is silent since 2026-03-02T09:59:50.000Z',
    });
    const at = bench(posted, { report: newer });
    await at.clock.sleep(120_000);
    await askWith(at, 3, { loss });
    expect(at.messenger.posts[0]?.text).toBe(
      'Nobody has answered yet; 1 approval is missing, and 3 min are left. To approve now would lose 2 min 12 s of writes ' +
        '(recovery point 09:59:48 UTC): the shipper is silent since 2026-03-02T09:59:50.000Z.',
    );
  });

  it('is what the workflow carries where the ledger cannot be read', async () => {
    const at = bench(null, { report: unavailable('DynamoDB GetItem') });
    await askWith(at, 1, { loss });
    expect(at.messenger.posts[0]?.text).toContain('would lose 12 s');
    expect(at.log.warnings).toHaveLength(1);
  });

  it('is left out where nobody has measured it', async () => {
    const at = bench();
    await ask(at);
    expect(at.messenger.posts[0]?.text).not.toContain('lose');
  });
});

describe('request-approval: reminders', () => {
  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 0],
    [5, 1],
  ])('in the round %d of a minute each come %d, every two minutes', async (round, count) => {
    const at = bench(posted);
    expect(await ask(at, round)).toEqual({ asked: 'in-slack' });
    expect(at.messenger.posts).toHaveLength(count);
  });

  it('say how many are missing and how long it is, in the thread of the question', async () => {
    const at = bench(posted);
    await at.clock.sleep(120_000);
    await ask(at, 3);
    expect(at.messenger.posts).toEqual([
      {
        text: 'Nobody has answered yet; 1 approval is missing, and 3 min are left.',
        thread: '1700000000.000001',
      },
    ]);
  });
});

describe('request-approval: where Slack is of no use', () => {
  it.each(['approved', 'rejected', 'closed'] as const)(
    'asks nobody when it is %s already',
    async (decided) => {
      const at = bench(approvalOf({ state: decided }));
      expect(await ask(at)).toEqual({ asked: 'in-the-ledger' });
      expect(at.messenger.posts).toEqual([]);
      // The ledger must still learn the token of this round: that is how the waiting step is told.
      expect(at.approvals.tokens).toEqual([TOKEN]);
    },
  );

  it('asks in the ledger alone where no Slack is configured', async () => {
    const at = bench(null, { slack: false });
    expect(await ask(at)).toEqual({ asked: 'in-the-ledger' });
    expect(at.approvals.kept).toEqual(approvalOf());
    expect(at.log.warnings).toEqual([]);
  });

  it.each([
    ['the question', null, 1],
    ['a reminder', posted, 3],
  ] as const)(
    'does not fail when Slack takes not even %s, and says so in the log',
    async (_what, kept, round) => {
      const at = bench(kept);
      at.messenger.failure = unavailable('Slack chat.postMessage');
      expect(await ask(at, round)).toEqual({ asked: 'in-the-ledger' });
      expect(at.approvals.kept).toMatchObject({ state: 'pending' });
      expect(at.log.warnings.map(({ message }) => message)).toEqual([
        'people could not be asked in Slack; "pilotlight approve" works all the same',
      ]);
    },
  );
});

describe('request-approval: the task token', () => {
  it('goes into the ledger and nowhere else', async () => {
    const at = bench();
    const output = await ask(at);
    at.messenger.failure = unavailable('Slack chat.postMessage');
    await ask(at, 3);
    expect(at.approvals.tokens).toEqual([TOKEN, TOKEN]);
    const elsewhere = [output, at.approvals.kept, at.messenger.posts, at.log.infos, at.log.warnings];
    expect(JSON.stringify(elsewhere)).not.toContain(TOKEN);
  });
});

describe('request-approval: what is refused', () => {
  it('fails when the ledger does not take the question, and posts none', async () => {
    const at = bench();
    at.approvals.failure = unavailable('DynamoDB PutItem');
    expect((await refusalOf(ask(at))).name).toBe('CloudUnavailable');
    expect(at.messenger.posts).toEqual([]);
  });

  it('asks nobody once the lease is lost', async () => {
    const at = bench();
    at.ledger.holder = 'run-2';
    expect((await refusalOf(ask(at))).name).toBe('LeaseLost');
    expect(at.approvals.tokens).toEqual([]);
    expect(at.messenger.posts).toEqual([]);
  });

  it('refuses to ask where the policy asks nobody', async () => {
    const at = bench(null, { own: config });
    const input = { run, lease, state, round: 1, taskToken: TOKEN };
    expect(await problemsOf(at.step, input)).toEqual([
      'policy.approval.mode: got "none", expected "required": workflow and functions are of different versions',
    ]);
    expect(at.approvals.tokens).toEqual([]);
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench();
    const input = { run: brokenRun, lease, state, round: 0, taskToken: '' };
    expect(await problemsOf(at.step, input)).toEqual([
      ...problemsOfBrokenRun,
      'round: got 0, expected number to be >0',
      'taskToken: got "", expected string to have >=1 characters',
    ]);
    expect(at.approvals.tokens).toEqual([]);
  });
});
