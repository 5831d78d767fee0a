import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock, Log, Metrics, Prober } from '../../../core/ports.ts';
import { REFUSED_METRIC } from '../../../core/watch/figures.ts';
import {
  probeReplySchema,
  unknownAnswer,
  type ProbeAnswer,
  type ProbeReply,
  type ProbeTarget,
} from '../../../core/watch/probe.ts';
import { type AwsAccess, clientOptions } from '../client.ts';

export interface LambdaProberOptions extends Omit<AwsAccess, 'region'> {
  /** The Regions that the probe function is deployed in. */
  readonly places: readonly string[];
  readonly functionName: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What a place may need on top of the probe itself: a cold start and the way there and back. Milliseconds. */
const PLACE_GRACE_MS = 3_000;
/** Clocks of AWS agree within milliseconds; one that is off by more than this tells of another time. Milliseconds. */
const CLOCK_SLACK_MS = 30_000;

/** One question on its way. */
interface Asked {
  readonly functionName: string;
  readonly place: string;
  readonly targets: readonly ProbeTarget[];
  readonly fresh: boolean;
  /** The number of the question: the moment at which it was sent. */
  readonly asked: number;
  readonly signal: AbortSignal;
}

/**
 * Probes from several places: each has a small function that is asked to look from there. A place that does not answer, or
 * not in time, or not in our words, is `unknown`: its silence says nothing about the site. Neither does an answer to another
 * question, or one by a clock that is off: it is refused, logged and counted.
 */
export function makeLambdaProber(options: LambdaProberOptions): Prober {
  const clients = new Map<string, LambdaClient>();
  const clientOf = (region: string): LambdaClient => {
    const known = clients.get(region) ?? new LambdaClient(clientOptions({ ...options, region }));
    clients.set(region, known);
    return known;
  };
  return {
    places: options.places,
    async probe(place, targets, { reuse } = { reuse: false }) {
      const limitMs = Math.max(0, ...targets.map(({ timeoutMs }) => timeoutMs)) + PLACE_GRACE_MS;
      const giveUp = new AbortController();
      const late = options.clock.sleep(limitMs).then(() => {
        giveUp.abort();
        return `${place} did not answer within ${limitMs} ms`;
      });
      const asked = { place, targets, fresh: !reuse, asked: options.clock.now(), signal: giveUp.signal };
      const answer = ask(options, clientOf(place), { ...asked, functionName: options.functionName });
      const answered = await Promise.race([answer, late]);
      return typeof answered === 'string' ? targets.map(() => unknownAnswer(answered)) : answered;
    },
  };
}

/** The answers, or in words why there are none. */
async function ask(
  options: LambdaProberOptions,
  client: LambdaClient,
  question: Asked,
): Promise<readonly ProbeAnswer[] | string> {
  const { place, asked, fresh, targets } = question;
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: question.functionName,
        Payload: JSON.stringify({ asked, fresh, targets }),
      }),
      { abortSignal: question.signal },
    );
    if (FunctionError !== undefined) return `the probe function in ${place} failed: ${FunctionError}`;
    return readPayload(options, question, Payload);
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return `${place} could not be asked: ${words}`;
  }
}

function readPayload(
  options: LambdaProberOptions,
  question: Asked,
  payload: Uint8Array | undefined,
): readonly ProbeAnswer[] | string {
  const reply = replyIn(payload);
  if (reply?.answers.length !== question.targets.length) {
    return `the probe function in ${question.place} answered something unreadable`;
  }
  const problem = problemOf(reply, question, options.clock.now());
  if (problem === null) return reply.answers;
  options.log.warn('an answer of a place is refused', { place: question.place, problem });
  options.metrics.count(REFUSED_METRIC, 1);
  return problem;
}

function replyIn(payload: Uint8Array | undefined): ProbeReply | null {
  try {
    return probeReplySchema.safeParse(JSON.parse(new TextDecoder().decode(payload))).data ?? null;
  } catch {
    // Not JSON: the same as any other words that are not ours.
    return null;
  }
}

/** Why an answer is none to this question, by its number and by its clock; null where it is one. */
function problemOf(reply: ProbeReply, { place, asked }: Asked, now: number): string | null {
  if (reply.asked !== asked) {
    const seconds = Math.round((asked - reply.asked) / 1000);
    return `${place} answered a question of ${seconds} s ago, not this one`;
  }
  if (reply.at >= asked - CLOCK_SLACK_MS && reply.at <= now + CLOCK_SLACK_MS) return null;
  const seconds = Math.round((reply.at - now) / 1000);
  return `the clock of ${place} and ours are ${Math.abs(seconds)} s apart: one of them is off`;
}
