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
import type { Approvals, Log } from '../../core/ports.ts';
import { slackClickSchema, type SlackClick } from '../../core/slack/interaction.ts';
import { decidedMessage } from '../../core/slack/message.ts';
import { fit, slackLimits } from '../../core/slack/text.ts';
import { END_OF_RUN } from '../../core/slack/thread.ts';
import type { Step } from '../runtime.ts';
import { readInput } from '../step-input.ts';

export interface SlackWorkerDeps {
  readonly config: Config;
  readonly log: Log;
  readonly approvals: Approvals;
  readonly messenger: SlackMessenger;
  readonly threads: Pick<ThreadLedger, 'isTold'>;
}

/**
 * Takes a person's click, after Slack has its acknowledgement. The same event may come again: the answer, the rewritten
 * message and the words to the person are the same then. The ledger has the decision whatever becomes of Slack.
 */
export const makeSlackWorker =
  (deps: SlackWorkerDeps): Step =>
  async (raw): Promise<{ result: AnswerResult['kind'] }> => {
    const click = readInput('slack-worker', slackClickSchema, raw);
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
  answer,
  at,
  decider: { kind: 'slack', id: user.id, name: user.name },
});

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
