import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Clock, Prober } from '../../../core/ports.ts';
import { probeAnswerSchema, type ProbeAnswer, type ProbeTarget } from '../../../core/watch/probe.ts';
import { type AwsAccess, clientOptions } from '../client.ts';

export interface LambdaProberOptions extends Omit<AwsAccess, 'region'> {
  /** The Regions that the probe function is deployed in. */
  readonly places: readonly string[];
  readonly functionName: string;
  readonly clock: Clock;
}

/** What a place may need on top of the probe itself: a cold start and the way there and back. Milliseconds. */
const PLACE_GRACE_MS = 3_000;

const unknown = (detail: string): ProbeAnswer => ({
  observation: 'unknown',
  status: null,
  origin: null,
  detail,
});

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
    async probe(place, target) {
      const limitMs = target.timeoutMs + PLACE_GRACE_MS;
      const giveUp = new AbortController();
      const late = options.clock.sleep(limitMs).then(() => {
        giveUp.abort();
        return unknown(`${place} did not answer within ${limitMs} ms`);
      });
      return Promise.race([ask(clientOf(place), { ...options, place, target, signal: giveUp.signal }), late]);
    },
  };
}

async function ask(
  client: LambdaClient,
  asked: {
    readonly functionName: string;
    readonly place: string;
    readonly target: ProbeTarget;
    readonly signal: AbortSignal;
  },
): Promise<ProbeAnswer> {
  try {
    const { Payload, FunctionError } = await client.send(
      new InvokeCommand({
        FunctionName: asked.functionName,
        Payload: JSON.stringify({ target: asked.target }),
      }),
      { abortSignal: asked.signal },
    );
    if (FunctionError !== undefined)
      return unknown(`the probe function in ${asked.place} failed: ${FunctionError}`);
    return readPayload(asked.place, Payload);
  } catch (error) {
    const words = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return unknown(`${asked.place} could not be asked: ${words}`);
  }
}

function readPayload(place: string, payload: Uint8Array | undefined): ProbeAnswer {
  try {
    const parsed = probeAnswerSchema.safeParse(JSON.parse(new TextDecoder().decode(payload)));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: the same as any other words that are not ours.
  }
  return unknown(`the probe function in ${place} answered something unreadable`);
}
