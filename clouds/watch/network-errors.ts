/** What the codes of Node's `fetch` mean, in words that need no manual. Codes: Node.js `errors` and undici. */
const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens at this address and port',
  ECONNRESET: 'the connection was reset before the answer was complete',
  ECONNABORTED: 'the connection was aborted',
  EPIPE: 'the other side closed the connection while we wrote',
  ETIMEDOUT: 'no connection: the other side did not answer in time',
  EHOSTUNREACH: 'no way to this host',
  ENOTFOUND: 'this name is not in the DNS',
  EAI_AGAIN: 'the name server did not answer',
  ENETUNREACH: 'no way to the network',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'no local port is free',
  EMFILE: 'too many open connections in this process',
  ENFILE: 'too many open connections on this machine',
  ENOBUFS: 'no network buffer is free',
  UND_ERR_CONNECT_TIMEOUT: 'no connection: the other side did not answer in time',
  UND_ERR_HEADERS_TIMEOUT: 'connected, but the answer did not begin in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped in the middle',
  UND_ERR_SOCKET: 'the other side closed the connection',
  CERT_HAS_EXPIRED: 'the TLS certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the TLS certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'the TLS certificate is signed by an authority that we do not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the TLS certificate is signed by an authority that we do not trust',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the TLS certificate is for another name',
};

/**
 * Codes that speak of the place of the probe and not of its target. EAI_AGAIN is among them: it may be either side's
 * name server, and evidence that may be about ourselves is no evidence against the primary.
 */
const ownCodes: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ERR_INVALID_URL',
  'UND_ERR_INVALID_ARG',
]);

/** `fetch` wraps the real error as the cause of a `TypeError: fetch failed`; the innermost code says what happened. */
function codeOf(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const inner = codeOf(error.cause);
  if (inner !== null) return inner;
  return 'code' in error && typeof error.code === 'string' ? error.code : null;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
}

/** Says what went wrong, in words; the code follows for whoever looks it up. */
export function wordsOfNetworkError(error: unknown): string {
  const code = codeOf(error);
  if (code === null) return messageOf(error);
  return `${words[code] ?? messageOf(error)} (${code})`;
}

/**
 * Whether the probe failed at its own place, so that it says nothing about the target. What comes from the network has
 * a code; without one `fetch` refused to send at all, for instance to a port that browsers forbid.
 */
export function hasFailedHere(error: unknown): boolean {
  const code = codeOf(error);
  return code === null || ownCodes.has(code);
}
