import { Readable } from 'node:stream';
import type { AwsAccess } from '../../../clouds/aws/client.ts';

/** A request as it would have gone to the network. */
export interface SentRequest {
  readonly method: string;
  readonly protocol: string;
  readonly hostname: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string | string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** A canned answer; an Error is thrown in its place, as a broken connection is. */
export type Answer = Error | { status: number; headers?: Record<string, string>; body?: string };

/** AWS behind an in-memory transport that gives the answers in their order and keeps what was asked. */
export function awsAnswering(...answers: readonly Answer[]): {
  access: AwsAccess & { region: string };
  sent: SentRequest[];
} {
  const sent: SentRequest[] = [];
  const transport = {
    handle: (request: SentRequest) => {
      const answer = answers[sent.length];
      sent.push(request);
      if (answer === undefined) {
        return Promise.reject(
          new Error(`no answer is left for ${request.method} ${request.hostname}${request.path}`),
        );
      }
      if (answer instanceof Error) return Promise.reject(answer);
      const body = Readable.from([Buffer.from(answer.body ?? '')]);
      return Promise.resolve({
        response: { statusCode: answer.status, headers: answer.headers ?? {}, body },
      });
    },
  };
  const credentials = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'example-secret',
    sessionToken: 'example-session',
  };
  return { access: { region: 'us-west-2', transport, credentials }, sent };
}

/** A 200 with a JSON body. */
export const ok = (body: unknown): Answer => ({ status: 200, body: JSON.stringify(body) });

/** An error as the JSON protocols spell it. */
export const jsonError = (status: number, type: string, more: Record<string, unknown> = {}): Answer => ({
  status,
  headers: { 'x-amzn-errortype': type, 'content-type': 'application/json' },
  body: JSON.stringify({ __type: type, message: `the words of ${type}`, ...more }),
});

/** An error as the query protocol (SNS, STS) spells it. */
export const xmlError = (status: number, code: string): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body:
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>the words of ${code}</Message></Error>` +
    '<RequestId>r-1</RequestId></ErrorResponse>',
});

/** An error of the operating system, as Node throws it. */
export const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

const textOf = (request: SentRequest): string =>
  typeof request.body === 'string' ? request.body : new TextDecoder().decode(request.body);

/** The JSON body of a request. */
export const jsonOf = (request: SentRequest | undefined): unknown =>
  request === undefined ? undefined : JSON.parse(textOf(request));

/** The form body of a request of the query protocol. */
export const formOf = (request: SentRequest | undefined): Record<string, string> =>
  request === undefined ? {} : Object.fromEntries(new URLSearchParams(textOf(request)));

/** The operation of a request of the AWS JSON protocol. */
export const targetOf = (request: SentRequest): string => request.headers['x-amz-target'] ?? 'none';

/** What a promise rejects with; fails the test where it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('it resolved, and was expected to reject');
}
