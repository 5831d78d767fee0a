import type { SlackSecret } from '../../clouds/aws/secrets.ts';
import { isSigned } from '../../clouds/slack/signature.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { readInteraction, type SlackClick, type SlackHome } from '../../core/slack/interaction.ts';
import { readClaim, type SignatureClaim } from '../../core/slack/signature.ts';
import type { Step } from '../runtime.ts';
import { payloadOf, readRequest, type Refusal } from './http-request.ts';

export interface SlackGatewayDeps {
  readonly home: SlackHome;
  readonly clock: Clock;
  readonly log: Log;
  readonly secret: Pick<SlackSecret, 'signingSecrets' | 'newSigningSecrets'>;
  /** Hands the click to the worker; returns when it is kept, not when it is done. */
  readonly handOver: (click: SlackClick) => Promise<void>;
}

/** An answer of payload format 2.0. The body is empty: a stranger learns nothing, and Slack shows nothing. */
export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: '';
}

/** Slack waits three seconds; what is left is for the way there and back. Source: Slack API, "Handling user interaction". */
const ANSWER_WITHIN_MS = 2_500;

type Outcome =
  { readonly status: 200; readonly said: string; readonly facts: Record<string, unknown> } | Refusal;

/** Takes what Slack sends: proves that it is Slack, that it is ours and what it means, hands it on, and acknowledges. */
export const makeSlackGateway =
  (deps: SlackGatewayDeps): Step =>
  async (event): Promise<HttpAnswer> => {
    const late = deps.clock
      .sleep(ANSWER_WITHIN_MS)
      .then((): Outcome => ({ status: 503, reason: `no answer of our own within ${ANSWER_WITHIN_MS} ms` }));
    const outcome = await Promise.race([take(deps, event), late]);
    if (outcome.status === 200) deps.log.info(outcome.said, outcome.facts);
    else deps.log.warn('a request was refused', { status: outcome.status, reason: outcome.reason });
    return { statusCode: outcome.status, headers: { 'cache-control': 'no-store' }, body: '' };
  };

async function take(deps: SlackGatewayDeps, event: unknown): Promise<Outcome> {
  const reading = readRequest(event);
  if ('refusal' in reading) return reading.refusal;
  const { headers, body } = reading.request;
  const now = deps.clock.now();
  const claimed = readClaim(
    { timestamp: headers['x-slack-request-timestamp'], signature: headers['x-slack-signature'] },
    now,
  );
  if (!claimed.ok) return { status: 401, reason: claimed.reason };
  try {
    if (!(await verify(deps.secret, claimed.claim, body))) return { status: 401, reason: 'signature wrong' };
    return await act(deps, body, now);
  } catch (error) {
    // The person sees that it did not work, and clicks again or uses the command line.
    return { status: 503, reason: `our own cloud: ${error instanceof Error ? error.name : 'unknown error'}` };
  }
}

/** A signature that fits none of the known secrets may be the first that was made with a new one. */
async function verify(
  secret: SlackGatewayDeps['secret'],
  claim: SignatureClaim,
  body: Uint8Array,
): Promise<boolean> {
  if (isSigned(claim, body, await secret.signingSecrets())) return true;
  const fresh = await secret.newSigningSecrets();
  return fresh !== null && isSigned(claim, body, fresh);
}

/** Everything from here on was signed by Slack. */
async function act(deps: SlackGatewayDeps, body: Uint8Array, now: number): Promise<Outcome> {
  const payload = payloadOf(body);
  if (payload === null) return { status: 400, reason: 'form has not exactly one payload' };
  const interaction = readInteraction(payload, deps.home);
  switch (interaction.kind) {
    case 'ignored':
      return { status: 200, said: 'nothing to do', facts: { reason: interaction.reason } };
    case 'malformed':
      return { status: 400, reason: interaction.reason };
    case 'foreign':
      return { status: 403, reason: interaction.reason };
    case 'click': {
      const { workload, execution, answer, user } = interaction.click;
      await deps.handOver({ ...interaction.click, at: now });
      return {
        status: 200,
        said: 'a click was handed over',
        facts: { workload, execution, answer, user: user.id },
      };
    }
  }
}
