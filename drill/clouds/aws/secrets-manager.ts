import { requestIds, signatureProblem, uuidOf } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** The secrets of one Region: the current text of each, by name. A test or a scenario rotates one by setting it anew. */
export interface SecretsState {
  readonly region: string;
  readonly account: string;
  readonly secrets: Map<string, string>;
}

const TARGET = 'secretsmanager.GetSecretValue';

const json = (status: number, body: unknown, requestId: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId },
  body: JSON.stringify(body),
});

/** Secrets Manager, as far as a function reads a secret. Protocol: AWS JSON 1.1, checked against @aws-sdk/client-secrets-manager. */
export function secretsManagerService(state: SecretsState): Service {
  const host = `secretsmanager.${state.region}.amazonaws.com`;
  const nextId = requestIds(`secretsmanager/${state.region}`);
  return {
    name: 'secrets-manager',
    handles: (request) => request.host === host,
    answer: (request) => answer(state, request, nextId()),
  };
}

function answer(state: SecretsState, request: WireRequest, requestId: string): WireResponse {
  const target = request.headers['x-amz-target'] ?? '';
  const members = JSON.parse(request.body) as Record<string, unknown>;
  const { SecretId: id, ...others } = members;
  if (target !== TARGET || typeof id !== 'string' || Object.keys(others).length > 0) {
    throw new UnexpectedCall(`the simulated Secrets Manager does not know ${target} ${request.body}`);
  }
  const problem = signatureProblem(request, { region: state.region, service: 'secretsmanager' });
  if (problem !== null) return json(400, { __type: problem.code, message: problem.message }, requestId);
  const text = state.secrets.get(id);
  if (text === undefined) {
    const message = "Secrets Manager can't find the specified secret.";
    return json(400, { __type: 'ResourceNotFoundException', Message: message }, requestId);
  }
  const suffix = uuidOf(id).slice(0, 6);
  return json(
    200,
    {
      ARN: `arn:aws:secretsmanager:${state.region}:${state.account}:secret:${id}-${suffix}`,
      Name: id,
      SecretString: text,
      // The same text is the same version.
      VersionId: uuidOf(`${id} ${text}`),
      VersionStages: ['AWSCURRENT'],
    },
    requestId,
  );
}
