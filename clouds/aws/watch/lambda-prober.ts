import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import type { Clock, Prober } from '../../../core/ports.ts';
import {
  probeAnswerSchema,
  unknownAnswer,
  type ProbeAnswer,
  type ProbeTarget,
} from '../../../core/watch/probe.ts';
import { type AwsAccess, clientOptions } from '../client.ts';

export interface LambdaProberOptions extends Omit<AwsAccess, 'region'> {
  /** The Regions that the probe function is deployed in. */
  readonly places: readonly string[];
  readonly functionName: string;
  readonly clock: Clock;
}

const answersSchema = z.array(probeAnswerSchema);

/** What a place may need on top of the probe itself: a cold start and the way there and back. Milliseconds. */
const PLACE_GRACE_MS = 3_000;

/**
 * Probes from several places: each has a small function that is asked to look from there. A place that does not answer, or
 * not in time, or not in our words, is `unknown`: its silence says nothing about the site.
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
    async probe(place, targets) {
      const limitMs = Math.max(0, ...targets.map(({ timeoutMs }) => timeoutMs)) + PLACE_GRACE_MS;
      const giveUp = new AbortController();
      const late = options.clock.sleep(limitMs).then(() => {
        giveUp.abort();
        return `${place} did not answer within ${limitMs} ms`;
      });
      const asked = ask(clientOf(place), { ...options, place, targets, signal: giveUp.signal });
      const answered = await Promise.race([asked, late]);
      return typeof answered === 'string' ? targets.map(() => unknownAnswer(answered)) : answered;
    },
  };
}

/** The answers, or in words why there are none. */
async function ask(
  client: LambdaClient,
  asked: {
    readonly functionName: string;
    readonly place: string;
    readonly targets: readonly ProbeTarget[];
    readonly signal: AbortSignal;
  },
): Promise<readonly ProbeAnswer[] | string> {
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: asked.functionName,
        Payload: JSON.stringify({ targets: asked.targets }),
      }),
      { abortSignal: asked.signal },
    );
    if (FunctionError !== undefined) return `the probe function in ${asked.place} failed: ${FunctionError}`;
    return readPayload(asked, Payload);
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return `${asked.place} could not be asked: ${words}`;
  }
}

function readPayload(
  asked: { readonly place: string; readonly targets: readonly ProbeTarget[] },
  payload: Uint8Array | undefined,
): readonly ProbeAnswer[] | string {
  try {
    const parsed = answersSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    if (parsed.success && parsed.data.length === asked.targets.length) return parsed.data;
  } catch {
    // Not JSON: the same as any other words that are not ours.
  }
  return `the probe function in ${asked.place} answered something unreadable`;
}
