import * as z from 'zod';
import { CloudAnswerUnreadable, CloudUnavailable } from '../../core/errors.ts';
import type { LagProbe } from '../../core/data/ports.ts';
import type { Clock } from '../../core/ports.ts';
import { shown } from '../../core/problems.ts';
import { readStart } from '../response-start.ts';
import { wordsOfNetworkError } from '../watch/network-errors.ts';

export interface LagProbeOptions {
  readonly clock: Clock;
  readonly fetch?: typeof globalThis.fetch;
}

/** Connection and answer together. Milliseconds. */
const TIMEOUT_MS = 5_000;
/** A number has no more; a page has, and is none. */
const BODY_BYTES_MAX = 4_096;
/** A replica that is further behind counts its lag wrongly. */
const LAG_SECONDS_MAX = 10 * 365 * 86_400;

const lag = z.number().min(0).max(LAG_SECONDS_MAX);
const lagSchema = z.union([lag, z.object({ lagSeconds: lag }).transform(({ lagSeconds }) => lagSeconds)]);

/** Asks a site how far its own replication is behind. Any port of a probe of MySQL or of an exporter can answer it. */
export function makeLagProbe({ clock, fetch: doFetch = fetch }: LagProbeOptions): LagProbe {
  return {
    async read(url) {
      const call = `GET ${URL.parse(url)?.host ?? 'data.probe.url'}`;
      const unavailable = (got: string, cause?: unknown): CloudUnavailable =>
        new CloudUnavailable(
          { call, got, next: 'Look at the address in data.probe.url; it is asked again in a minute.' },
          { cause },
        );
      const giveUp = new AbortController();
      const late = clock.sleep(TIMEOUT_MS).then(() => {
        giveUp.abort();
        throw unavailable(`no answer within ${TIMEOUT_MS} ms`);
      });
      const asked = ask(doFetch, url, giveUp.signal).catch((error: unknown) => {
        throw unavailable(wordsOfNetworkError(error), error);
      });
      const { status, body } = await Promise.race([asked, late]);
      if (status !== 200) throw unavailable(`status ${status}`);
      return lagOf(call, body);
    },
  };
}

async function ask(
  doFetch: typeof globalThis.fetch,
  url: string,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly body: string }> {
  const headers = { accept: 'application/json, text/plain', 'cache-control': 'no-cache' };
  // A redirect is no answer: it would lead to another address than the one that was configured.
  const response = await doFetch(url, { method: 'GET', redirect: 'manual', headers, signal });
  return { status: response.status, body: await readStart(response, BODY_BYTES_MAX) };
}

function lagOf(call: string, body: string): number {
  let value: unknown = body;
  try {
    value = JSON.parse(body);
  } catch {
    // Told below, with what was got.
  }
  const read = lagSchema.safeParse(value);
  if (read.success) return read.data;
  throw new CloudAnswerUnreadable(call, [
    `got ${shown(value)}, expected a number of seconds, or JSON with lagSeconds`,
  ]);
}
