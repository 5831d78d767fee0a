import { clientOptions, lazily } from '../../../clouds/aws/client.ts';

describe('the options of every AWS client', () => {
  it('limits repeats and time, and makes the time limit one that throws', () => {
    expect(clientOptions({ region: 'us-west-2' })).toEqual({
      region: 'us-west-2',
      maxAttempts: 3,
      retryMode: 'standard',
      requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
    });
  });

  it('uses the transport and the credentials that it is given in place of the real ones', () => {
    const transport = { handle: () => Promise.reject(new Error('not called')) };
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example-secret' };
    const options = clientOptions({ region: 'us-west-2', transport, credentials });
    expect(options.requestHandler).toBe(transport);
    expect(options.credentials).toBe(credentials);
  });
});

describe('lazily', () => {
  it('makes the thing on first use, once', () => {
    const made: string[] = [];
    const get = lazily(() => made.push('made'));
    expect(made).toEqual([]);
    get();
    get();
    expect(made).toEqual(['made']);
  });

  it('keeps a thing that is null, too', () => {
    let count = 0;
    const get = lazily(() => {
      count += 1;
      return null;
    });
    get();
    get();
    expect(count).toBe(1);
  });
});
