import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import { readAnswer } from './answer.ts';
import { type AwsAccess, clientOptions } from './client.ts';
import { translate } from './errors.ts';

const CALL = 'SecretsManager GetSecretValue';
const answerSchema = z.object({ SecretString: z.string().min(1) });
/** The shape that RDS gives to the secrets which it manages. Source: RDS user guide, "Password management with Secrets Manager". */
const loginSchema = z.object({ username: z.string().min(1), password: z.string().min(8) });

/** Reads who logs in at a database, from a secret in the shape of RDS's own; the words of an error never repeat its value. */
export async function readDatabaseSecret(
  access: AwsAccess,
  secretArn: string,
): Promise<{ readonly user: string; readonly password: string }> {
  const client = new SecretsManagerClient(clientOptions(access));
  let text: string;
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
    text = readAnswer(CALL, answerSchema, answer).SecretString;
  } catch (error) {
    throw translate(CALL, error);
  }
  const read = loginSchema.safeParse(json(text));
  if (!read.success) {
    const problems = read.error.issues.map(
      (issue) => `${issue.path.join('.') || 'the secret'}: expected JSON with username and password`,
    );
    throw new CloudAnswerUnreadable(CALL, problems);
  }
  return { user: read.data.username, password: read.data.password };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
