import { Agent, fetch as send, type RequestInit as UndiciInit } from 'undici';
import type { Connections } from './http-prober.ts';

/**
 * How long an idle connection may wait for the next look, ten seconds later. Load balancers close theirs after 60 s (ALB,
 * "Connection idle timeout"); whoever closes first is right, and a broken one is asked again afresh.
 */
const IDLE_MS = 55_000;

/** A look waits for one answer on a connection, never behind another. */
const ONE_AT_A_TIME = 1;

/** The connections of this process: kept ones, and fresh ones with nothing remembered, not even a TLS session. */
export function makeConnections(): Connections {
  const kept = new Agent({ keepAliveTimeout: IDLE_MS, pipelining: ONE_AT_A_TIME });
  const fresh = new Agent({ pipelining: 0, maxCachedSessions: 0 });
  return { fresh: over(fresh), reuse: over(kept) };
}

/** `fetch` of the same library as the agent: the one in Node does not promise to take an agent of another version. */
const over =
  (dispatcher: Agent): typeof fetch =>
  (input, init) =>
    send(input as string, { ...(init as UndiciInit), dispatcher }) as unknown as Promise<Response>;
