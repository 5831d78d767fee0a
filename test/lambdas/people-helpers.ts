import type { Answer, AnswerResult, Approval } from '../../core/approval/approval.ts';
import type { Config } from '../../core/config/schema.ts';
import type { Approvals, Messenger } from '../../core/ports.ts';
import { configWith, START } from './fixture.ts';

/* People and what they are asked with, in memory. */

const MINA = 'arn:aws:iam::111122223333:user/mina';

/** A policy under which one person must approve within five minutes. */
export const askingPolicy = {
  mode: 'required',
  approvers: { principals: [MINA] },
  approvals: 1,
  timeLimitSeconds: 300,
  reminderSeconds: 120,
  onTimeout: 'escalate',
} as const;

/** The configuration of the tests with that policy, and this for the silence of everybody. */
export const asking = (onTimeout: 'proceed' | 'abort' | 'escalate'): Config =>
  configWith((shop) => {
    Object.assign(shop.policy.approval, { ...askingPolicy, onTimeout });
  });

/** The approval of the tests: asked at the start, five minutes long, one approver. */
export const approvalOf = (parts: Partial<Approval> = {}): Approval => ({
  execution: 'run-1',
  workload: 'shop',
  state: 'pending',
  needed: 1,
  approvers: { slackUserIds: [], principals: [MINA] },
  answers: [],
  requestedAt: START,
  expiresAt: START + 300_000,
  message: null,
  ...parts,
});

/** One approval, as the ledger keeps it; the tokens are kept apart, as there. */
export class MemoryApprovals implements Approvals {
  kept: Approval | null;
  readonly tokens: string[] = [];
  readonly closed: string[] = [];
  /** When set, every call fails with it. */
  failure: Error | null = null;

  constructor(kept: Approval | null = null) {
    this.kept = kept;
  }

  async open(approval: Approval, taskToken: string): Promise<Approval> {
    this.failIfAsked();
    this.tokens.push(taskToken);
    this.kept ??= approval;
    return this.kept;
  }

  async find(workload: string, execution: string): Promise<Approval | null> {
    this.failIfAsked();
    return this.kept?.workload === workload && this.kept.execution === execution ? this.kept : null;
  }

  async noteMessage(_: string, execution: string, message: { channel: string; ts: string }): Promise<void> {
    if (this.kept?.execution !== execution) throw new Error(`no approval of ${execution}`);
    this.kept = { ...this.kept, message };
  }

  async close(workload: string, execution: string): Promise<void> {
    this.failIfAsked();
    this.closed.push(`${workload}/${execution}`);
  }

  pending(): Promise<readonly Approval[]> {
    throw new Error('no step asks for what is pending');
  }

  answer(_: string, execution: string, answer: Answer): Promise<AnswerResult> {
    throw new Error(`no step answers for people: ${execution}, ${answer.answer}`);
  }

  private failIfAsked(): void {
    if (this.failure !== null) throw this.failure;
  }
}

/** A channel; every message gets the next number for its `ts`. */
export class MemoryMessenger implements Messenger {
  readonly posts: { text: string; blocks?: readonly unknown[]; thread?: string }[] = [];
  failure: Error | null = null;

  async post(message: MemoryMessenger['posts'][number]): Promise<{ channel: string; ts: string }> {
    if (this.failure !== null) throw this.failure;
    this.posts.push(message);
    return { channel: 'C0FAILOVER', ts: `1700000000.00000${this.posts.length}` };
  }

  update(): Promise<void> {
    throw new Error('no step of the workflow rewrites a message');
  }
}
