import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import type { Caller } from '../../core/ledger/operations.ts';
import { readAnswer } from './answer.ts';
import { type AwsAccess, clientOptions, lazily } from './client.ts';
import { translate } from './errors.ts';

const CALL = 'STS GetCallerIdentity';

const answerSchema = z.object({ Account: z.string().regex(/^\d{12}$/), Arn: z.string().min(1) });

/** Makes the function that asks AWS whom our credentials stand for. It needs no permission. */
export function makeCaller(access: AwsAccess): () => Promise<Caller> {
  const client = lazily(() => new STSClient(clientOptions(access)));
  return async () => {
    try {
      const answer = readAnswer(CALL, answerSchema, await client().send(new GetCallerIdentityCommand({})));
      return { account: answer.Account, arn: answer.Arn };
    } catch (error) {
      throw translate(CALL, error);
    }
  };
}
