import { requestIds, signatureOf, signatureProblem, uuidOf, xmlAnswer, xmlError } from './aws-wire.ts';
import { signToken } from '../azure/jwt.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** Whom a pair of credentials stands for. */
export interface Principal {
  readonly roleArn: string;
  /** Milliseconds since the Unix epoch at which the role session ends; no token may outlive it. */
  readonly sessionEndsAt: number;
}

/** The outbound identity federation of one account. */
export interface StsState {
  readonly account: string;
  /** `https://<uuid>.tokens.sts.global.api.aws`; null while the federation is not enabled for the account. */
  issuer: string | null;
  /** By access key id. */
  readonly principals: Map<string, Principal>;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const HOST = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;
const MEMBER =
  /^(?:Action|Version|SigningAlgorithm|DurationSeconds|Audience(?:\.member\.\d+)?|Tags\.member\.\d+\.(?:Key|Value))$/;
const DURATION = { min: 60, max: 3_600, default: 300 };
const AUDIENCES_MAX = 10;

const listOf = (form: URLSearchParams, prefix: string): string[] => {
  const values: string[] = [];
  for (let index = 1; form.has(`${prefix}.${index}`); index += 1)
    values.push(form.get(`${prefix}.${index}`) ?? '');
  return values;
};

const tagsOf = (form: URLSearchParams): Record<string, string> => {
  const tags: Record<string, string> = {};
  for (let index = 1; form.has(`Tags.member.${index}.Key`); index += 1) {
    tags[form.get(`Tags.member.${index}.Key`) ?? ''] = form.get(`Tags.member.${index}.Value`) ?? '';
  }
  return tags;
};

const durationOf = (form: URLSearchParams): number => Number(form.get('DurationSeconds') ?? DURATION.default);

const refusalOf = (state: StsState, form: URLSearchParams, principal: Principal): Refusal | null => {
  const invalid = (message: string): Refusal => ({ status: 400, code: 'ValidationError', message });
  const audiences = listOf(form, 'Audience.member');
  const duration = durationOf(form);
  if (audiences.length === 0 || audiences.length > AUDIENCES_MAX || audiences.includes('')) {
    return invalid(
      `1 validation error detected: Value at 'audience' must have 1 to ${AUDIENCES_MAX} members`,
    );
  }
  if (!['RS256', 'ES384'].includes(form.get('SigningAlgorithm') ?? '')) {
    return invalid("1 validation error detected: Value at 'signingAlgorithm' must be one of [RS256, ES384]");
  }
  if (!Number.isInteger(duration) || duration < DURATION.min || duration > DURATION.max) {
    return invalid(
      `1 validation error detected: Value at 'durationSeconds' must be ${DURATION.min} to ${DURATION.max}`,
    );
  }
  if (state.issuer === null) {
    const message = `Outbound web identity federation is not enabled for account ${state.account}`;
    return { status: 403, code: 'OutboundWebIdentityFederationDisabledException', message };
  }
  if (Date.now() + duration * 1_000 > principal.sessionEndsAt) {
    const message =
      'The requested token duration would extend the session beyond its original expiration time';
    return { status: 403, code: 'SessionDurationEscalationException', message };
  }
  return null;
};

/** The claims that AWS documents for an outbound token; with one audience `aud` is text, with several a list. */
const mint = (
  form: URLSearchParams,
  context: {
    readonly state: StsState;
    readonly issuer: string;
    readonly principal: Principal;
    readonly region: string;
    readonly id: string;
  },
): { token: string; expiresAt: Date } => {
  const audiences = listOf(form, 'Audience.member');
  const iat = Math.floor(Date.now() / 1_000);
  const exp = iat + durationOf(form);
  const [only, ...others] = audiences;
  const claims = {
    iss: context.issuer,
    aud: others.length === 0 ? only : audiences,
    sub: context.principal.roleArn,
    iat,
    exp,
    jti: context.id,
    'https://sts.amazonaws.com/': {
      aws_account: context.state.account,
      source_region: context.region,
      request_tags: tagsOf(form),
    },
  };
  const token = signToken(claims, {
    alg: form.get('SigningAlgorithm') ?? '',
    kid: `${context.state.account}-1`,
  });
  return { token, expiresAt: new Date(exp * 1_000) };
};

/** STS in every Region, for `GetWebIdentityToken`; the global endpoint does not offer it. Protocol: AWS Query. */
export function stsService(state: StsState): Service {
  const nextId = requestIds('sts');
  const answer = (request: WireRequest, region: string, requestId: string): WireResponse => {
    const form = new URLSearchParams(request.body);
    const refuse = (refusal: Refusal): WireResponse => xmlError(refusal, { namespace: NAMESPACE, requestId });
    const problem = signatureProblem(request, { region, service: 'sts' });
    if (problem !== null) return refuse({ status: 403, ...problem });
    const principal = state.principals.get(signatureOf(request)?.accessKeyId ?? '');
    if (principal === undefined) {
      const message = 'The security token included in the request is invalid.';
      return refuse({ status: 403, code: 'InvalidClientTokenId', message });
    }
    const refusal = refusalOf(state, form, principal);
    if (refusal !== null || state.issuer === null)
      return refuse(refusal ?? { status: 403, code: 'AccessDenied', message: '' });
    const { token, expiresAt } = mint(form, {
      state,
      issuer: state.issuer,
      principal,
      region,
      id: uuidOf(requestId),
    });
    const result = { WebIdentityToken: token, Expiration: expiresAt.toISOString() };
    return xmlAnswer('GetWebIdentityToken', result, { namespace: NAMESPACE, requestId });
  };
  return {
    name: 'sts',
    handles: (request) => request.host === 'sts.amazonaws.com' || HOST.test(request.host),
    answer: (request) => {
      const region = HOST.exec(request.host)?.[1];
      const form = new URLSearchParams(request.body);
      const action = form.get('Action') ?? '';
      const unknown = [...form.keys()].filter((name) => !MEMBER.test(name));
      if (region === undefined || action !== 'GetWebIdentityToken' || unknown.length > 0) {
        const what = [`the action "${action}" at ${request.host}`, ...unknown].join(', ');
        throw new UnexpectedCall(`the simulated STS does not know ${what}`);
      }
      return answer(request, region, nextId());
    },
  };
}
