import { createHash } from 'node:crypto';
import type { WireRequest, WireResponse } from '../wire/wire-shape.ts';

/** What the signature of a request says about its sender. */
export interface Signature {
  readonly algorithm: string;
  readonly accessKeyId: string;
  /** null for a signature that is good in every Region (SigV4a). */
  readonly region: string | null;
  readonly service: string;
}

const V4 = /^(AWS4-HMAC-SHA256) Credential=([^/,]+)\/\d{8}\/([^/,]+)\/([^/,]+)\/aws4_request,/;
const V4A = /^(AWS4-ECDSA-P256-SHA256) Credential=([^/,]+)\/\d{8}\/([^/,]+)\/aws4_request,/;

/** Reads the Authorization header; null where there is none that AWS would take. The signature itself is not checked. */
export function signatureOf(request: WireRequest): Signature | null {
  const header = request.headers['authorization'] ?? '';
  const [, algorithm, accessKeyId, region, service] = V4.exec(header) ?? [];
  if (algorithm !== undefined && accessKeyId !== undefined && region !== undefined && service !== undefined) {
    return { algorithm, accessKeyId, region, service };
  }
  const [, everywhere, key, name] = V4A.exec(header) ?? [];
  if (everywhere === undefined || key === undefined || name === undefined) return null;
  return { algorithm: everywhere, accessKeyId: key, region: null, service: name };
}

/** Why a regional service turns a signature away, or null where it does not. */
export function signatureProblem(
  request: WireRequest,
  expected: { readonly region: string; readonly service: string },
): { code: string; message: string } | null {
  const signature = signatureOf(request);
  if (signature === null) {
    return { code: 'MissingAuthenticationTokenException', message: 'Missing Authentication Token' };
  }
  if (signature.region === expected.region && signature.service === expected.service) return null;
  return {
    code: 'InvalidSignatureException',
    message: `Credential should be scoped to a valid region, expected ${expected.region}/${expected.service}.`,
  };
}

/** A request id: the same run gives the same ids. */
export function requestIds(seed: string): () => string {
  let count = 0;
  return () => {
    count += 1;
    return uuidOf(`${seed}/${count}`);
  };
}

/** A UUID that depends on nothing but its seed. */
export function uuidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}

/** An answer of the protocol AWS JSON 1.0. */
export function jsonAnswer(body: unknown, requestId: string): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** An answer of the protocol AWS Query. `result` becomes elements, in its order. */
export function xmlAnswer(
  action: string,
  result: Readonly<Record<string, string>>,
  options: { readonly namespace: string; readonly requestId: string },
): WireResponse {
  const elements = Object.entries(result).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`);
  const body =
    `<${action}Response xmlns="${options.namespace}"><${action}Result>${elements.join('')}</${action}Result>` +
    `<ResponseMetadata><RequestId>${options.requestId}</RequestId></ResponseMetadata></${action}Response>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': options.requestId },
    body,
  };
}

/** An error of the protocol AWS Query. */
export function xmlError(
  error: { readonly status: number; readonly code: string; readonly message: string },
  options: { readonly namespace: string; readonly requestId: string },
): WireResponse {
  const sender = error.status < 500 ? 'Sender' : 'Receiver';
  const body =
    `<ErrorResponse xmlns="${options.namespace}"><Error><Type>${sender}</Type><Code>${error.code}</Code>` +
    `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${options.requestId}</RequestId></ErrorResponse>`;
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': options.requestId },
    body,
  };
}
