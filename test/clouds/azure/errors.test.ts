import { createHttpHeaders, createPipelineRequest, RestError } from '@azure/core-rest-pipeline';
import { z } from 'zod';
import { failureOf, oneLine, parseAnswer, translateAzureError } from '../../../clouds/azure/errors.ts';
import { InvalidInput } from '../../../core/errors.ts';

const CALL = { name: 'Azure test call', permission: 'the role Reader', namedIn: 'standby.azure' };

const restError = (statusCode: number, code: string, message: string): RestError =>
  new RestError(message, { statusCode, code });

describe('translating Azure errors', () => {
  it.each([
    [429, 'TooManyRequests'],
    [408, 'RequestTimeout'],
    [409, 'OperationNotAllowed'],
    [412, 'PreconditionFailed'],
    [500, 'InternalServerError'],
    [503, 'ServiceUnavailable'],
  ])('calls a %d %s unavailable', (status, code) => {
    const error = translateAzureError(CALL, restError(status, code, 'not now'));
    expect(error.name).toBe('CloudUnavailable');
    expect(error.message).toContain(`Azure test call failed: got ${status} ${code}: not now. `);
  });

  it.each([
    [400, 'Correct what the answer names; a repetition changes nothing.'],
    [401, 'Check tenantId and clientId in the configuration, and that the identity has the role Reader.'],
    [403, 'Give the identity the role Reader.'],
    [404, 'Check standby.azure; Azure also answers 404 where the identity may not look.'],
  ])('refuses a %d and says what to do', (status, next) => {
    const error = translateAzureError(CALL, restError(status, 'Some', 'no'));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toBe(`Azure test call failed: got ${status} Some: no. ${next}`);
  });

  it('refuses a quota, which Azure answers with the status of a conflict', () => {
    const error = translateAzureError(
      CALL,
      restError(
        409,
        'OperationNotAllowed',
        'Operation results in exceeding approved Total Regional Cores quota',
      ),
    );
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('Ask for a higher quota in the standby region');
  });

  it('does not take a throttling that speaks of a quota for a refusal', () => {
    const error = failureOf(CALL, {
      status: 429,
      code: undefined,
      message: 'quota of calls',
      retryAfter: '60',
    });
    expect(error.name).toBe('CloudUnavailable');
    expect(error.message).toContain('Azure asked to wait (Retry-After: 60)');
  });

  it('reads Retry-After of the response that an SDK error carries', () => {
    const request = createPipelineRequest({ url: 'https://management.azure.com/' });
    const response = { request, status: 429, headers: createHttpHeaders({ 'retry-after': '17' }) };
    const error = translateAzureError(CALL, new RestError('slow down', { statusCode: 429, response }));
    expect(error.message).toContain('Retry-After: 17');
  });

  it('calls an error without an answer unavailable and tells its words', () => {
    const error = translateAzureError(CALL, new RestError('connect ECONNREFUSED', { code: 'ECONNREFUSED' }));
    expect(error.name).toBe('CloudUnavailable');
    expect(error.message).toContain('got ECONNREFUSED: connect ECONNREFUSED');
  });

  it('calls a timeout unavailable', () => {
    const error = translateAzureError(CALL, Object.assign(new Error('aborted'), { name: 'AbortError' }));
    expect(error.name).toBe('CloudUnavailable');
    expect(error.message).toContain('no answer in time');
  });

  it.each([
    ['a parse error', new RestError('Unexpected token <', { code: RestError.PARSE_ERROR, statusCode: 200 })],
    ['a deserializer that met nothing', new TypeError('Cannot read properties of undefined')],
    ['something that is no error', 'text'],
  ])('calls %s unreadable', (_name, thrown) => {
    expect(translateAzureError(CALL, thrown).name).toBe('CloudAnswerUnreadable');
  });

  it('refuses an error that it does not know, with its name and words', () => {
    const error = translateAzureError(CALL, new RangeError('out of range'));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got RangeError: out of range');
  });

  it('hands on an error of ours, also where a library wrapped it', () => {
    const own = new InvalidInput('something', ['wrong']);
    expect(translateAzureError(CALL, own)).toBe(own);
    expect(translateAzureError(CALL, new Error('wrapped', { cause: own }))).toBe(own);
  });
});

describe('parsing an answer', () => {
  const schema = z.object({ state: z.string() });

  it('ignores fields that it does not know', () => {
    expect(parseAnswer(CALL, schema, { state: 'Ready', more: 1 })).toEqual({ state: 'Ready' });
  });

  it('names the call and each place that differs', () => {
    let thrown: unknown;
    try {
      parseAnswer(CALL, schema, { state: 7 });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({
      name: 'CloudAnswerUnreadable',
      problems: ['state: got 7, expected string'],
    });
  });
});

describe('one line of a text', () => {
  it('joins lines and leaves a short text as it is', () => {
    expect(oneLine(' a\r\n  b\tc ')).toBe('a b c');
  });

  it('cuts a long text and shows that it did', () => {
    expect(oneLine('abcdef', 4)).toBe('abc…');
  });
});
