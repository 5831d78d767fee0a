import type { ThreadLedger } from '../../clouds/aws/slack/thread-ledger.ts';
import type { SlackMessenger } from '../../clouds/slack/messenger.ts';
import {
  describeAnswer,
  type Answer,
  type AnswerResult,
  type Approval,
} from '../../core/approval/approval.ts';
import type { Config } from '../../core/config/schema.ts';
import { PilotlightError } from '../../core/errors.ts';
import { giveOrder } from '../../core/ledger/give-order.ts';
import type { Approvals, Clock, Log, OrderBook } from '../../core/ports.ts';
import { steerersOf } from '../../core/slack/steering.ts';
import { slackClickSchema, steeringKinds, type SlackClick } from '../../core/slack/interaction.ts';
import { decidedMessage } from '../../core/slack/message.ts';
import { fit, slackLimits } from '../../core/slack/text.ts';
import { END_OF_RUN } from '../../core/slack/thread.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

export interface SlackWorkerDeps {
  readonly config: Config;
  readonly log: Log;
  readonly approvals: Approvals;
  readonly clock: Clock;
  readonly orders: OrderBook;
  readonly messenger: SlackMessenger;
  readonly threads: Pick<ThreadLedger, 'isTold'>;
}

/**
 * Takes a person's click, after Slack has its acknowledgement. The same event may come again: the answer, the rewritten
 * message and the words to the person are the same then. The ledger has the decision whatever becomes of Slack.
 */
export const makeSlackWorker =
  (deps: SlackWorkerDeps): Step =>
  async (raw): Promise<{ result: AnswerResult['kind'] | 'taken' | 'refused' }> => {
    const click = readInput('slack-worker', slackClickSchema, raw);
    if (isSteering(click)) return steer(deps, click);
    const { workload, execution } = click;
    const result = await deps.approvals.answer(workload, execution, answerOf(click));
    deps.log.info('an answer was taken', {
      workload,
      execution,
      user: click.user.id,
      answer: click.answer,
      result: result.kind,
    });
    try {
      await showDecision(deps, click);
      await tellPerson(deps.messenger, click, result);
    } catch (error) {
      // What passes by itself is thrown, so that Lambda delivers the click again; what does not is only written down.
      if (!(error instanceof PilotlightError) || error.retryable) throw error;
      deps.log.warn('the answer could not be shown in Slack', { execution, problem: error.message });
    }
    return { result: result.kind };
  };

const answerOf = ({ answer, at, user }: SlackClick): Answer => ({
  answer: answer === 'approve' ? 'approve' : 'reject',
  at,
  decider: { kind: 'slack', id: user.id, name: user.name },
});

type SteeringClick = SlackClick & { readonly answer: (typeof steeringKinds)[number] };

const isSteering = (click: SlackClick): click is SteeringClick =>
  (steeringKinds as readonly string[]).includes(click.answer);

const NOT_LISTED =
  'You are not among the approvers of this workload (policy.approval.approvers); nothing was changed.';

/** A listed person holds the run, lets it go on, or cancels it. All see what was ordered; a refusal is for the person alone. */
async function steer(deps: SlackWorkerDeps, click: SteeringClick): Promise<{ result: 'taken' | 'refused' }> {
  const { workload, execution, user, answer } = click;
  const site = deps.config.workloads[workload];
  const isListed = site !== undefined && steerersOf(site).includes(user.id);
  const given = isListed
    ? await giveOrder(deps.orders, {
        ...{ workload, execution, now: deps.clock.now() },
        order: {
          order: answer,
          by: `${user.name} (Slack ${user.id})`,
          reason: 'by a button in Slack',
          at: new Date(click.at).toISOString(),
        },
        // Only a run that is to go on as a failover must have been planned, and there is no button for that.
        isPlanned: () => Promise.resolve(false),
      })
    : ({ kind: 'refused', words: NOT_LISTED } as const);
  deps.log.info('a run was steered', { workload, execution, user: user.id, answer, result: given.kind });
  const words = fit(given.words, slackLimits.section);
  try {
    if (given.kind === 'taken')
      await deps.messenger.post({ text: `${fit(user.name, 200)}: ${words}`, thread: click.message.ts });
    else await deps.messenger.whisper({ user: user.id, text: words });
  } catch (error) {
    if (!(error instanceof PilotlightError) || error.retryable) throw error;
    deps.log.warn('what was ordered could not be shown in Slack', { execution, problem: error.message });
  }
  return { result: given.kind };
}

/** Takes the buttons away wherever the question is not open any more, also when it was decided by the command line. */
async function showDecision(deps: SlackWorkerDeps, click: SlackClick): Promise<void> {
  const approval = await deps.approvals.find(click.workload, click.execution);
  const site = deps.config.workloads[click.workload];
  if (approval === null || site === undefined || approval.state === 'pending') return;
  // The run may be over already, and its last word must stay.
  if (await deps.threads.isTold(click.workload, click.execution, END_OF_RUN)) return;
  // The message that was clicked, if the record knows of none: Slack may have lost the answer to the post.
  await deps.messenger.update(placeOf(approval, click), decidedMessage(approval, site));
}

const placeOf = (approval: Approval, click: SlackClick) => approval.message ?? click.message;

/** What counts is said in the thread, for all; what does not is said to the person alone. */
async function tellPerson(messenger: SlackMessenger, click: SlackClick, result: AnswerResult): Promise<void> {
  const words = fit(describeAnswer(result), slackLimits.section);
  const thread = click.message.ts;
  if (result.kind === 'decided' || result.kind === 'counted') {
    await messenger.post({ text: `${fit(click.user.name, 200)}: ${words}`, thread });
  } else {
    await messenger.whisper({ user: click.user.id, text: words });
  }
}
