import { gzipSync } from 'node:zlib';
import { compose as composeFollow } from '../../lambdas/follow-execution/compose.ts';
import type { Runtime, Step } from '../../lambdas/runtime.ts';
import { compose as composeGateway } from '../../lambdas/slack-gateway/compose.ts';
import { compose as composeWorker } from '../../lambdas/slack-worker/compose.ts';
import { makeApprovals } from '../../clouds/aws/approval/approvals.ts';
import { buttonOf, clickPayload, signedRequest } from '../clouds/slack/slack-click.ts';
import type { SlackPost, SlackState } from '../clouds/slack/slack.ts';
import type { Invoked } from '../clouds/aws/lambda.ts';
import type { PersonPlan } from '../scenario.ts';
import type { Journal } from './journal.ts';

export const WORKER_FUNCTION = 'pilotlight-slack-worker';
const LOOK_EVERY_MS = 1_000;
/** From a state's entry to the subscription of the log; assumed. Milliseconds. */
const LOG_DELAY_MS = 2_000;
/** A person who is told of an error tries again after a moment, and gives up in the end; assumed. */
const PERSON_AGAIN_MS = [15_000, 15_000, 15_000] as const;
/** Lambda runs a function that failed and that nobody waits for twice more. Source: AWS Lambda, asynchronous invocation. */
const LAMBDA_AGAIN_MS = [60_000, 120_000] as const;
const HTTP_SERVER_ERROR = 500;
const CALL = { remainingMs: (): number => 10_000 };

/** How one answer of the gateway came out, for the measures. */
export interface GatewayAnswer {
  readonly status: number;
  /** Virtual milliseconds from the request to the answer. */
  readonly tookMs: number;
}

/** People in front of Slack or a shell: each sees the question, takes the time that a person takes, and answers. */
export class People {
  readonly gatewayAnswers: GatewayAnswer[] = [];
  private readonly slack: SlackState;
  private readonly plans: readonly PersonPlan[];
  private readonly journal: Journal;
  private readonly runtime: Runtime;
  private readonly workload: string;
  private readonly gateway: Step;
  private readonly worker: Step;
  private readonly follow: Step;
  private seen = 0;
  private stopped = false;

  constructor(options: {
    readonly slack: SlackState;
    readonly plans: readonly PersonPlan[];
    readonly journal: Journal;
    readonly runtime: Runtime;
    readonly workload: string;
  }) {
    this.slack = options.slack;
    this.plans = options.plans;
    this.journal = options.journal;
    this.runtime = options.runtime;
    this.workload = options.workload;
    this.gateway = composeGateway({ ...options.runtime, workerFunction: WORKER_FUNCTION });
    this.worker = composeWorker(options.runtime);
    this.follow = composeFollow(options.runtime);
  }

  /** Looks at Slack every second, as a phone does that rings. */
  start(): void {
    if (this.stopped) return;
    for (const post of this.slack.posts.slice(this.seen)) this.notice(structuredClone(post));
    this.seen = this.slack.posts.length;
    setTimeout(() => {
      this.start();
    }, LOOK_EVERY_MS);
  }

  stop(): void {
    this.stopped = true;
  }

  /** What Lambda does when the gateway hands a click over. */
  work(payload: unknown): Promise<Invoked> {
    return insist(() => this.worker(payload, CALL), LAMBDA_AGAIN_MS);
  }

  /** A state was entered: the log of the workflow tells it to the function that follows executions. */
  tellState(
    execution: string,
    state: { readonly name: string; readonly type: string; readonly id: number },
  ): void {
    const at = Date.now();
    const message = JSON.stringify({
      id: String(state.id),
      type: `${state.type}StateEntered`,
      event_timestamp: String(at),
      execution_arn: `arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:${execution}`,
      details: { name: state.name },
    });
    const data = gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message }] })).toString(
      'base64',
    );
    setTimeout(() => {
      void insist(() => this.follow({ awslogs: { data } }, CALL), LAMBDA_AGAIN_MS);
    }, LOG_DELAY_MS);
  }

  /** People whom Slack cannot reach use the command line; they know of the run from the announcement of the alarm. */
  askInShell(execution: string): void {
    for (const plan of this.plans.filter(({ by }) => by === 'command-line')) {
      setTimeout(() => {
        void insist(() => this.answerInShell(plan, execution), PERSON_AGAIN_MS);
      }, plan.afterSeconds * 1000);
    }
  }

  private notice(post: SlackPost): void {
    const asks = buttonOf(post, 'Approve') !== null;
    if (asks) this.journal.note('people', 'Slack asks for approval');
    for (const plan of this.plans.filter(({ by, does }) => by === 'slack' && isFor(post, does))) {
      setTimeout(() => {
        void this.click(plan, post);
      }, plan.afterSeconds * 1000);
    }
  }

  private async click(plan: PersonPlan, post: SlackPost): Promise<void> {
    const label = LABELS[plan.does];
    const button = buttonOf(post, label);
    if (button === null) throw new Error('the question has no such button');
    const person = { id: plan.id, name: plan.name };
    // Each press is a request of its own, signed when it is made.
    const press = (): Promise<void> =>
      this.ask(
        signedRequest(clickPayload(this.slack, post, { person, button }), {
          secret: this.slack.signingSecret,
          atMs: Date.now(),
        }),
      );
    this.journal.note(
      'people',
      `${plan.name} clicks ${label}${plan.clicks > 1 ? ` ${plan.clicks} times` : ''}`,
    );
    await Promise.all(Array.from({ length: plan.clicks }, () => insist(press, PERSON_AGAIN_MS)));
  }

  private async ask(event: unknown): Promise<void> {
    const asked = Date.now();
    const answer = (await this.gateway(event, CALL)) as { statusCode: number };
    this.gatewayAnswers.push({ status: answer.statusCode, tookMs: Date.now() - asked });
    if (answer.statusCode >= HTTP_SERVER_ERROR)
      throw new Error(`Slack shows an error: the gateway answered ${answer.statusCode}`);
  }

  private async answerInShell(plan: PersonPlan, execution: string): Promise<void> {
    const approvals = makeApprovals({
      ...this.runtime.aws,
      tableName: this.runtime.resources.ledgerTable,
      clock: this.runtime.clock,
    });
    // A run that found nothing to do has asked nobody, and nobody answers it.
    if ((await approvals.find(this.workload, execution)) === null) return;
    if (plan.does !== 'approve' && plan.does !== 'reject') return;
    this.journal.note('people', `${plan.name} answers by the command line: ${plan.does}`);
    const decider = { kind: 'iam' as const, id: plan.id, name: plan.name };
    await approvals.answer(this.workload, execution, { decider, answer: plan.does, at: Date.now() });
  }
}

/** What stands on the button for what a person does. */
const LABELS = {
  approve: 'Approve',
  reject: 'Reject',
  pause: 'Hold the run',
  resume: 'Let it go on',
  cancel: 'Cancel the run',
} as const satisfies Record<PersonPlan['does'], string>;

/** A question is answered; a run is steered by its first message that has the button. */
const isFor = (post: SlackPost, does: PersonPlan['does']): boolean => buttonOf(post, LABELS[does]) !== null;

/** Does it, and after each pause once more while it fails. Never rejects: nobody waits for what these people do. */
async function insist(act: () => Promise<unknown>, pausesMs: readonly number[]): Promise<Invoked> {
  const [pauseMs, ...later] = pausesMs;
  try {
    return { result: await act() };
  } catch (error) {
    if (pauseMs === undefined) return { error: error instanceof Error ? error : new Error(String(error)) };
  }
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  return insist(act, later);
}
