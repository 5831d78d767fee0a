import * as z from 'zod';

/** A real interaction has a few kilobytes; Slack allows none near this. */
export const BODY_BYTES_MAX = 64 * 1024;

/** Payload format 2.0, of an HTTP API and of a function URL alike. Source: API Gateway and Lambda developer guides. */
const eventSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
});

/** A request as it was on the wire. */
export interface HttpRequest {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The raw bytes: the signature is over them. */
  readonly body: Uint8Array;
}

/** Why a request is turned away. The reason names the rule and quotes nothing of the request. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 405 | 413 | 503;
  readonly reason: string;
}

export type RequestReading = { readonly request: HttpRequest } | { readonly refusal: Refusal };

const refuse = (status: Refusal['status'], reason: string): RequestReading => ({
  refusal: { status, reason },
});

/** Reads the event; the size is looked at before anything else is done with the body. */
export function readRequest(event: unknown): RequestReading {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) return refuse(400, 'event is not payload format 2.0');
  const { body = '', isBase64Encoded, requestContext } = parsed.data;
  if (isTooLong(body, isBase64Encoded)) return refuse(413, `body over ${BODY_BYTES_MAX} bytes`);
  if (requestContext.http.method !== 'POST') return refuse(405, 'method is not POST');
  const headers = Object.fromEntries(
    Object.entries(parsed.data.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (!isForm(headers['content-type'])) return refuse(400, 'content type is not a form');
  const bytes = isBase64Encoded ? bytesOfBase64(body) : Buffer.from(body, 'utf8');
  return bytes === null ? refuse(400, 'body is not base64') : { request: { headers, body: bytes } };
}

/** Base64 takes four characters for three bytes, so the length is known before it is decoded. */
function isTooLong(body: string, isBase64: boolean): boolean {
  if (isBase64) return body.length > Math.ceil(BODY_BYTES_MAX / 3) * 4;
  return body.length > BODY_BYTES_MAX || Buffer.byteLength(body, 'utf8') > BODY_BYTES_MAX;
}

/** Null for what no encoder writes: Node itself skips what it does not know, so many texts would mean the same bytes. */
function bytesOfBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

const isForm = (contentType: string | undefined): boolean =>
  contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';

/** The one field `payload` of the form; null where there is none, or more than one to choose from. */
export function payloadOf(body: Uint8Array): string | null {
  const form = new URLSearchParams(decodeUtf8(body) ?? '');
  const [payload, ...others] = form.getAll('payload');
  return payload === undefined || others.length > 0 ? null : payload;
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
