import { translate } from '../../../clouds/aws/errors.ts';
import { CloudAnswerUnreadable, CloudRefused, CloudUnavailable, LeaseLost } from '../../../core/errors.ts';
import { systemError } from './helpers.ts';

const serviceError = (name: string, status: number): Error =>
  Object.assign(new Error(`the words of ${name}`), { name, $metadata: { httpStatusCode: status } });

describe('what AWS answers, as errors of the controller', () => {
  it.each([
    ['ThrottlingException', 400],
    ['Throttling', 400],
    ['ProvisionedThroughputExceededException', 400],
    ['TransactionConflictException', 400],
    ['SomethingNew', 429],
    ['InternalServerError', 500],
    ['ServiceUnavailable', 503],
  ])('says that %s with HTTP %i is worth a retry', (name, status) => {
    expect(translate('DynamoDB GetItem', serviceError(name, status))).toBeInstanceOf(CloudUnavailable);
  });

  it.each([
    ['AccessDeniedException', 400],
    ['ResourceNotFoundException', 400],
    ['ValidationException', 400],
    ['ServiceQuotaExceededException', 402],
    ['AccessDenied', 403],
    ['NotFound', 404],
  ])('says that %s with HTTP %i is final', (name, status) => {
    expect(translate('DynamoDB GetItem', serviceError(name, status))).toBeInstanceOf(CloudRefused);
  });

  it('takes the word of a service that calls its own error throttling, whatever its name', () => {
    const error = Object.assign(serviceError('EnhanceYourCalm', 400), { $retryable: { throttling: true } });
    expect(translate('SNS Publish', error)).toBeInstanceOf(CloudUnavailable);
    const other = Object.assign(serviceError('EnhanceYourCalm', 400), { $retryable: { throttling: false } });
    expect(translate('SNS Publish', other)).toBeInstanceOf(CloudRefused);
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EPIPE'])(
    'says that %s on the way to AWS is worth a retry',
    (code) => {
      expect(translate('STS GetWebIdentityToken', systemError(code))).toBeInstanceOf(CloudUnavailable);
    },
  );

  it('finds the network error inside the error that wraps it', () => {
    const wrapped = new Error('request failed', { cause: systemError('ECONNRESET') });
    expect(translate('SNS Publish', wrapped)).toBeInstanceOf(CloudUnavailable);
  });

  it('says that a request that took too long is worth a retry', () => {
    const late = Object.assign(new Error('no response within 5000 ms'), { name: 'TimeoutError' });
    expect(translate('SNS Publish', late)).toBeInstanceOf(CloudUnavailable);
  });

  it('says that a process without credentials will not get any by trying again', () => {
    const none = Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' });
    expect(translate('SNS Publish', none)).toBeInstanceOf(CloudRefused);
  });

  it('calls a 200 that the SDK could not read unreadable', () => {
    expect(translate('SNS Publish', serviceError('SyntaxError', 200))).toBeInstanceOf(CloudAnswerUnreadable);
  });

  it('lets errors of the controller pass as they are', () => {
    const lost = new LeaseLost('somebody else has it');
    expect(translate('DynamoDB UpdateItem', lost)).toBe(lost);
  });

  it.each([
    new TypeError('x is not a function'),
    Object.assign(new TypeError('bad'), { code: 'ERR_INVALID_ARG_TYPE' }),
  ])('does not blame AWS for a mistake in our own code: %s', (mistake) => {
    expect(translate('DynamoDB UpdateItem', mistake)).toBe(mistake);
  });

  it('tells the call, what came back and the next move', () => {
    const denied = translate('SNS Publish', serviceError('AuthorizationErrorException', 403)) as CloudRefused;
    expect(denied.message).toBe(
      'SNS Publish failed: got AuthorizationErrorException (HTTP 403): the words of AuthorizationErrorException. ' +
        "Compare the permissions of the caller's role with this call; a retry changes nothing.",
    );
    expect(denied.facts.call).toBe('SNS Publish');
    expect((denied.cause as Error).name).toBe('AuthorizationErrorException');
  });

  it('keeps a very long message short', () => {
    const error = Object.assign(serviceError('ValidationException', 400), { message: 'x'.repeat(5000) });
    const refused = translate('DynamoDB GetItem', error) as CloudRefused;
    expect(refused.facts.got).toBe(`ValidationException (HTTP 400): ${'x'.repeat(300)}`);
  });
});
