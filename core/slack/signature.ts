/*
 * The part of Slack's request signature that needs no cryptography: what is signed, and when a time stamp counts.
 * Source: Slack API, "Verifying requests from Slack".
 */

/** How far the time stamp may lie from our clock, both ways: an old request may be a replay, a future one is forged. */
export const SIGNATURE_WINDOW_SECONDS = 300;

const TIMESTAMP = /^[1-9]\d{8,10}$/;
const SIGNATURE = /^v0=(?<digest>[0-9a-f]{64})$/;

/** What the two headers of a signed request say. */
export interface SignatureClaim {
  /** Seconds since the Unix epoch, as it was sent: the signature covers these very characters. */
  readonly timestamp: string;
  /** The HMAC-SHA256 in 64 lower-case hexadecimal digits. */
  readonly digest: string;
}

export type ClaimReading =
  { readonly ok: true; readonly claim: SignatureClaim } | { readonly ok: false; readonly reason: string };

/** Reads the two headers; nothing is verified yet but that they could have come from Slack, and lately. */
export function readClaim(
  headers: { readonly timestamp: string | undefined; readonly signature: string | undefined },
  nowMs: number,
): ClaimReading {
  const { timestamp, signature } = headers;
  if (timestamp === undefined || signature === undefined) return { ok: false, reason: 'signature missing' };
  if (!TIMESTAMP.test(timestamp)) return { ok: false, reason: 'time stamp malformed' };
  const digest = SIGNATURE.exec(signature)?.groups?.['digest'];
  if (digest === undefined) return { ok: false, reason: 'signature malformed' };
  const aheadSeconds = Number(timestamp) - nowMs / 1000;
  if (aheadSeconds < -SIGNATURE_WINDOW_SECONDS) return { ok: false, reason: 'time stamp too old' };
  if (aheadSeconds > SIGNATURE_WINDOW_SECONDS) return { ok: false, reason: 'time stamp in the future' };
  return { ok: true, claim: { timestamp, digest } };
}

/** What stands before the raw body in the text that is signed. */
export const signedPrefix = (timestamp: string): string => `v0:${timestamp}:`;
