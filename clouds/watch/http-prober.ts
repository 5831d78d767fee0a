import type { Clock, Prober } from '../../core/ports.ts';
import {
  judgeProbe,
  ORIGIN_HEADER,
  unknownAnswer,
  type HttpOutcome,
  type ProbeAnswer,
  type ProbeTarget,
} from '../../core/watch/probe.ts';
import { readStart } from '../response-start.ts';
import { hasFailedHere, wordsOfNetworkError } from './network-errors.ts';

export interface HttpProberOptions {
  /** Name of the place that this code runs in; the only one that it can probe from. */
  readonly place: string;
  readonly clock: Clock;
  readonly connections: Connections;
}

/** The two ways to send a request. */
export interface Connections {
  /** Looks the name up, connects, and checks the certificate, each time. */
  readonly fresh: typeof fetch;
  /** Over a connection that is open still, where there is one. */
  readonly reuse: typeof fetch;
}

/** What a good answer contains is near its beginning; an endless body must not fill the memory of the function. */
const BODY_BYTES_MAX = 64 * 1024;

/** Tells the people who read the access log of the target who asks, and asks every cache on the way to stand aside. */
const headersFrom = (place: string): Record<string, string> => ({
  'user-agent': `pilotlight-probe (failover watch of this site, from ${place})`,
  'cache-control': 'no-cache',
});

/** Probes over HTTP from where this code runs. */
export function makeHttpProber(options: HttpProberOptions): Prober {
  const { place } = options;
  return {
    places: [place],
    async probe(from, targets, { reuse } = { reuse: false }) {
      const elsewhere = `no probe can be sent from ${from}: this prober is in ${place}`;
      if (from !== place) return targets.map(() => unknownAnswer(elsewhere));
      return Promise.all(targets.map((target) => withinTime(options, target, reuse)));
    },
  };
}

/**
 * Gives the whole probe, connection, answer and body together, the time of the target. The clock's own timer is used,
 * because the one inside `AbortSignal.timeout` cannot be made virtual. The race ends the probe even where a transport
 * does not look at the signal.
 */
async function withinTime(
  options: HttpProberOptions,
  target: ProbeTarget,
  reuse: boolean,
): Promise<ProbeAnswer> {
  const controller = new AbortController();
  const late = options.clock.sleep(target.timeoutMs).then(() => {
    controller.abort();
    return judgeProbe(target, { networkError: `no answer within ${target.timeoutMs} ms` });
  });
  const { signal } = controller;
  return Promise.race([
    reuse ? attemptReusing(options, target, signal) : attempt(options, target, signal),
    late,
  ]);
}

/**
 * An open connection that breaks may have been closed long ago, while this function slept: that says nothing about the
 * target. So only what a fresh one says counts as a failure of the network.
 */
async function attemptReusing(
  options: HttpProberOptions,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  try {
    return judgeProbe(target, await ask(options.connections.reuse, options.place, { target, signal }));
  } catch {
    return attempt(options, target, signal);
  }
}

async function attempt(
  options: HttpProberOptions,
  target: ProbeTarget,
  signal: AbortSignal,
): Promise<ProbeAnswer> {
  try {
    return judgeProbe(target, await ask(options.connections.fresh, options.place, { target, signal }));
  } catch (error) {
    const words = wordsOfNetworkError(error);
    return hasFailedHere(error)
      ? unknownAnswer(`${words}, on our side`)
      : judgeProbe(target, { networkError: words });
  }
}

async function ask(
  send: typeof fetch,
  place: string,
  { target, signal }: { readonly target: ProbeTarget; readonly signal: AbortSignal },
): Promise<HttpOutcome> {
  const headers = headersFrom(place);
  // A redirect is an answer to be judged: following it would judge another address.
  const response = await send(target.url, { method: 'GET', redirect: 'manual', headers, signal });
  const body = await readStart(response, BODY_BYTES_MAX);
  return { status: response.status, originHeader: response.headers.get(ORIGIN_HEADER), body };
}
