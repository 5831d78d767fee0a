import { readDatabaseSecret } from '../../../clouds/aws/database-secret.ts';
import {
  type Answer,
  awsAnswering,
  jsonError,
  jsonOf,
  ok,
  rejectionOf,
  systemError,
  targetOf,
} from './helpers.ts';

const ARN = 'arn:aws:secretsmanager:us-west-2:111122223333:secret:rds!db-0123-AbCdEf';
const secret = (value: unknown): Answer =>
  ok({ ARN, SecretString: typeof value === 'string' ? value : JSON.stringify(value) });

const refusalOf = async (...answers: Answer[]): Promise<Error> => {
  const { access } = awsAnswering(...answers);
  return (await rejectionOf(readDatabaseSecret(access, ARN))) as Error;
};

describe('the login in a secret of the database', () => {
  it('is read from the shape that RDS gives it, by one call that names the secret', async () => {
    const { access, sent } = awsAnswering(
      secret({ username: 'mover', password: 'p"\\ä §12345', engine: 'mysql', port: 3306 }),
    );
    await expect(readDatabaseSecret(access, ARN)).resolves.toEqual({
      user: 'mover',
      password: 'p"\\ä §12345',
    });
    expect(sent.map(targetOf)).toEqual(['secretsmanager.GetSecretValue']);
    expect(sent[0]?.hostname).toBe('secretsmanager.us-west-2.amazonaws.com');
    expect(jsonOf(sent[0])).toEqual({ SecretId: ARN });
  });

  it('is asked for again where the first answer was a fault that passes', async () => {
    const { access, sent } = awsAnswering(
      jsonError(500, 'InternalServiceError'),
      secret({ username: 'mover', password: 'hunter2hunter2' }),
    );
    await expect(readDatabaseSecret(access, ARN)).resolves.toEqual({
      user: 'mover',
      password: 'hunter2hunter2',
    });
    expect(sent).toHaveLength(2);
  });

  it.each<[string, unknown, string]>([
    ['is no JSON', 'hunter2hunter2', 'the secret: expected JSON with username and password'],
    ['is a list', ['hunter2hunter2'], 'the secret: expected JSON with username and password'],
    ['has no user', { password: 'hunter2hunter2' }, 'username: expected JSON with username and password'],
    [
      'has an empty user',
      { username: '', password: 'hunter2hunter2' },
      'username: expected JSON with username and password',
    ],
    ['has no password', { username: 'mover' }, 'password: expected JSON with username and password'],
    [
      'has a password of another kind',
      { username: 'mover', password: 22222222 },
      'password: expected JSON with username and password',
    ],
    [
      'has a password that is too short to be one',
      { username: 'mover', password: 'hunter2' },
      'password: expected JSON with username and password',
    ],
  ])('is refused where the secret %s, and nothing of it is shown', async (_, value, words) => {
    const error = await refusalOf(secret(value));
    expect(error).toMatchObject({ name: 'CloudAnswerUnreadable', message: expect.stringContaining(words) });
    expect(`${error.message} ${String(error.cause)} ${String(error.stack)}`).not.toMatch(/hunter2|22222222/);
  });

  it('names the user and the password at once, where both are wrong', async () => {
    const { message } = await refusalOf(secret({}));
    expect(message).toContain('username: expected');
    expect(message).toContain('password: expected');
  });

  it('is refused where the secret holds bytes in place of text', async () => {
    const error = await refusalOf(
      ok({ ARN, SecretBinary: Buffer.from('hunter2hunter2').toString('base64') }),
    );
    expect(error).toMatchObject({
      name: 'CloudAnswerUnreadable',
      message: expect.stringContaining('SecretString'),
    });
    expect(error.message).not.toMatch(/hunter2|aHVudGVyMg/);
  });

  it.each<[string, Answer, string]>([
    ['is not there', jsonError(400, 'ResourceNotFoundException'), 'CloudRefused'],
    ['may not be read', jsonError(400, 'AccessDeniedException'), 'CloudRefused'],
    ['cannot be decrypted', jsonError(400, 'DecryptionFailure'), 'CloudRefused'],
  ])('is a refusal that names the call where the secret %s', async (_, answer, name) => {
    expect(await refusalOf(answer)).toMatchObject({
      name,
      message: expect.stringContaining('SecretsManager GetSecretValue'),
    });
  });

  it.each<[string, Answer]>([
    ['fails', jsonError(503, 'ServiceUnavailable')],
    ['has too much to do', jsonError(400, 'ThrottlingException')],
    ['cannot be reached', systemError('ECONNREFUSED')],
  ])('may be tried later where Secrets Manager %s, three times in a row', async (_, answer) => {
    expect(await refusalOf(answer, answer, answer)).toMatchObject({ name: 'CloudUnavailable' });
  });
});
