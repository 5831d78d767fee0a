import type { Clock, Prober } from '../../core/ports.ts';
import {
  judgeProbe,
  ORIGIN_HEADER,
  unknownAnswer,
  type HttpOutcome,
  type ProbeAnswer,
  type ProbeTarget,
} from '../../core/watch/probe.ts';
import { hasFailedHere, wordsOfNetworkError } from './network-errors.ts';

export interface HttpProberOptions {
  /** Name of the place that this code runs in; the only one that it can probe from. */
  readonly place: string;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

/** What a good answer contains is near its beginning; an endless body must not fill the memory of the function. */
const BODY_BYTES_MAX = 64 * 1024;

/** Tells the people who read the access log of the target, and asks every cache on the way to stand aside. */
const headers = { 'user-agent': 'pilotlight-probe', 'cache-control': 'no-cache' };

/** Probes over HTTP from where this code runs. */
export function makeHttpProber(options: HttpProberOptions): Prober {
  const { place } = options;
  return {
    places: [place],
    async probe(from, targets) {
      const elsewhere = `no probe can be sent from ${from}: this prober is in ${place}`;
      if (from !== place) return targets.map(() => unknownAnswer(elsewhere));
      return Promise.all(targets.map((target) => withinTime(options, target)));
    },
  };
}

/**
 * Gives the whole probe, connection, answer and body together, the time of the target. The clock's own timer is used,
 * because the one inside `AbortSignal.timeout` cannot be made virtual. The race ends the probe even where a transport
 * does not look at the signal.
 */
async function withinTime(options: HttpProberOptions, target: ProbeTarget): Promise<ProbeAnswer> {
  const controller = new AbortController();
  const late = options.clock.sleep(target.timeoutMs).then(() => {
    controller.abort();
    return judgeProbe(target, { networkError: `no answer within ${target.timeoutMs} ms` });
  });
  return Promise.race([attempt(options.fetch ?? fetch, target, controller.signal), late]);
}

async function attempt(send: typeof fetch, target: ProbeTarget, signal: AbortSignal): Promise<ProbeAnswer> {
  try {
    return judgeProbe(target, await ask(send, target, signal));
  } catch (error) {
    const words = wordsOfNetworkError(error);
    return hasFailedHere(error)
      ? unknownAnswer(`${words}, on our side`)
      : judgeProbe(target, { networkError: words });
  }
}

async function ask(send: typeof fetch, target: ProbeTarget, signal: AbortSignal): Promise<HttpOutcome> {
  // A redirect is an answer to be judged: following it would judge another address.
  const response = await send(target.url, { method: 'GET', redirect: 'manual', headers, signal });
  const body = await readStart(response);
  return { status: response.status, originHeader: response.headers.get(ORIGIN_HEADER), body };
}

async function readStart(response: Response): Promise<string> {
  if (response.body === null) return '';
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const decoder = new TextDecoder();
  let body = '';
  let room = BODY_BYTES_MAX;
  while (room > 0) {
    const { done, value } = await reader.read();
    if (done) return body + decoder.decode();
    const part = value.subarray(0, room);
    body += decoder.decode(part, { stream: true });
    room -= part.length;
  }
  // Frees the connection; what becomes of the rest does not matter, so nobody waits for it.
  void reader.cancel().catch(() => undefined);
  return body;
}
