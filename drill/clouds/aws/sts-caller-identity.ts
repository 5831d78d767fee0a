import { requestIds, signatureOf, signatureProblem, xmlAnswer, xmlError } from './aws-wire.ts';
import type { StsState } from './sts.ts';
import type { Service } from '../wire/wire-shape.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const HOST = /^sts\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;
const CALL = /(?:^|&)Action=GetCallerIdentity(?:&|$)/;

/** The part of STS that says whom credentials stand for. It comes before the rest of STS in a network. */
export function callerIdentityService(state: Pick<StsState, 'account' | 'principals'>): Service {
  const nextId = requestIds('sts/caller');
  return {
    name: 'sts',
    handles: (request) => HOST.test(request.host) && CALL.test(request.body),
    answer: (request) => {
      const requestId = nextId();
      const region = HOST.exec(request.host)?.[1] ?? '';
      const problem = signatureProblem(request, { region, service: 'sts' });
      if (problem !== null) return xmlError({ status: 403, ...problem }, { namespace: NAMESPACE, requestId });
      const accessKeyId = signatureOf(request)?.accessKeyId ?? '';
      const principal = state.principals.get(accessKeyId);
      if (principal === undefined) {
        const message = 'The security token included in the request is invalid.';
        return xmlError(
          { status: 403, code: 'InvalidClientTokenId', message },
          { namespace: NAMESPACE, requestId },
        );
      }
      const result = { Arn: principal.roleArn, UserId: accessKeyId, Account: state.account };
      return xmlAnswer('GetCallerIdentity', result, { namespace: NAMESPACE, requestId });
    },
  };
}
