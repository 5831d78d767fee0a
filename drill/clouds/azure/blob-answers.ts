import type { WireResponse } from '../wire/wire-shape.ts';

/** An answer of the Blob service before its own headers are added. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Why the Blob service does not do what was asked. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** What is said only about tokens. */
  readonly detail?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Text as XML may carry it. */
export const xmlText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const own = (requestId: string): Record<string, string> => ({
  server: 'Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0',
  'x-ms-request-id': requestId,
});

/** An answer with the headers that every answer has. */
export const withHeaders = ({ status, headers, body }: Answer, requestId: string): WireResponse => ({
  status,
  headers: { ...own(requestId), ...headers },
  body,
});

/** A refusal in the form of the service: the code is in a header too, because an answer to HEAD has no body. */
export function refusal(
  { status, code, message, detail, headers = {} }: Refusal,
  { requestId, withoutBody }: { readonly requestId: string; readonly withoutBody: boolean },
): WireResponse {
  const more =
    detail === undefined ? '' : `<AuthenticationErrorDetail>${xmlText(detail)}</AuthenticationErrorDetail>`;
  const body = `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${xmlText(message)}\nRequestId:${requestId}\nTime:${new Date().toISOString()}</Message>${more}</Error>`;
  return {
    status,
    headers: { ...own(requestId), 'x-ms-error-code': code, 'content-type': 'application/xml', ...headers },
    body: withoutBody ? '' : body,
  };
}
