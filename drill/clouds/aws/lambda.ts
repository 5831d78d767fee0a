import { requestIds, signatureProblem } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** What a function came to: its result, or the error that it threw. */
export type Invoked = { readonly result: unknown } | { readonly error: Error };

export interface LambdaOptions {
  /** The functions that can be invoked, by Region and name; null where there is none. */
  readonly invoke: (region: string, name: string, payload: unknown) => Promise<Invoked> | null;
}

const HOST = /^lambda\.(?<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;
const PATH = /^\/2015-03-31\/functions\/(?<name>[A-Za-z0-9-]+)\/invocations$/;

const json = (
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** AWS Lambda, as far as one function invokes another and waits for its answer. */
export function lambdaService(options: LambdaOptions): Service {
  const nextId = requestIds('lambda');
  return {
    name: 'lambda',
    handles: (request) => HOST.test(request.host),
    answer: (request) => answer(options, request, nextId()),
  };
}

async function answer(
  options: LambdaOptions,
  request: WireRequest,
  requestId: string,
): Promise<WireResponse> {
  const region = HOST.exec(request.host)?.groups?.['region'] ?? '';
  const name = PATH.exec(request.path)?.groups?.['name'];
  if (request.method !== 'POST' || name === undefined) {
    throw new UnexpectedCall(`the simulated Lambda does not know ${request.method} ${request.path}`);
  }
  const problem = signatureProblem(request, { region, service: 'lambda' });
  const headers = { 'x-amzn-requestid': requestId };
  if (problem !== null) {
    return json(403, { message: problem.message }, { ...headers, 'x-amzn-errortype': problem.code });
  }
  const invoked = options.invoke(region, name, JSON.parse(request.body));
  if (invoked === null) {
    const message = `Function not found: ${name} in ${region}`;
    return json(
      404,
      { Type: 'User', message },
      { ...headers, 'x-amzn-errortype': 'ResourceNotFoundException' },
    );
  }
  // An asynchronous invocation is acknowledged at once and goes on by itself.
  if (request.headers['x-amz-invocation-type'] === 'Event') return { status: 202, headers };
  const outcome = await invoked;
  if ('result' in outcome) return json(200, outcome.result, headers);
  const { name: errorType, message: errorMessage } = outcome.error;
  return json(200, { errorType, errorMessage }, { ...headers, 'x-amz-function-error': 'Unhandled' });
}
