import { GetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDefaultHttpClient, createPipelineRequest } from '@azure/core-rest-pipeline';
import { dynamoDbService, makeDynamoDbState } from '../../../../drill/clouds/dynamodb/dynamodb.ts';
import type { CallEntry, Service, WireRequest } from '../../../../drill/clouds/wire/wire.ts';
import { awsOptions, networkOf, rejection, START, useVirtualTime } from '../fixture.ts';

const echo = (seen: WireRequest[] = []): Service => ({
  name: 'echo',
  handles: (request) => request.host === 'echo.example',
  answer: (request) => {
    seen.push(request);
    if (request.path === '/moved') return { status: 302, headers: { location: 'https://echo.example/' } };
    if (request.path === '/empty') return { status: 204 };
    if (request.path === '/broken') throw new Error('a bug of the fake');
    return {
      status: 200,
      headers: { 'content-type': 'text/plain', 'x-seen': 'yes' },
      body: `${request.method} ${request.body}`,
    };
  },
});

const table = () =>
  makeDynamoDbState('ap-northeast-1', [
    { name: 't', partitionKey: { name: 'pk', type: 'S' }, sortKey: null },
  ]);
const getItem = new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } });

describe('fetch over the simulated network', () => {
  useVirtualTime();

  it('hands the service the request as it would be on the wire', async () => {
    const seen: WireRequest[] = [];
    const fetch = networkOf([echo(seen)]).fetch();
    const response = await fetch(new URL('https://echo.example/a%20b?x=1&y=%26'), {
      method: 'POST',
      headers: { 'X-Custom': 'v' },
      body: 'hello',
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-seen')).toBe('yes');
    expect(response.url).toBe('https://echo.example/a%20b?x=1&y=%26');
    expect(await response.text()).toBe('POST hello');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/a%20b',
      query: { x: '1', y: '&' },
      body: 'hello',
    });
    expect(seen[0]?.headers).toMatchObject({ host: 'echo.example', 'x-custom': 'v' });
  });

  it('takes a Request object and answers without a body where the status has none', async () => {
    const response = await networkOf([echo()]).fetch()(new Request('https://echo.example/empty'));
    expect(response.status).toBe(204);
    expect(response.body).toBeNull();
  });

  it('needs no timer where there is no latency', async () => {
    await networkOf([echo()]).fetch()('https://echo.example/');
    expect(Date.now()).toBe(START);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('takes the latency in virtual time, no less', async () => {
    let done = false;
    const call = networkOf([echo()], { latencyMs: () => 80 })
      .fetch()('https://echo.example/')
      .then(() => (done = true));
    await jest.advanceTimersByTimeAsync(79);
    expect(done).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    await call;
    expect(Date.now()).toBe(START + 80);
  });

  it.each([
    ['reset', 'UND_ERR_SOCKET'],
    ['answer-lost', 'UND_ERR_SOCKET'],
    ['refused', 'ECONNREFUSED'],
    ['unresolved', 'ENOTFOUND'],
  ] as const)('fails as undici does on %s', async (fault, code) => {
    const seen: WireRequest[] = [];
    const error = await rejection(
      networkOf([echo(seen)], { fault: () => fault }).fetch()('https://echo.example/'),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe('fetch failed');
    expect(error.cause).toMatchObject({ code });
    // Only an answer that was lost on the way back was first given.
    expect(seen).toHaveLength(fault === 'answer-lost' ? 1 : 0);
  });

  it('gives up a connection that nobody answers after 10 s', async () => {
    const failed = rejection(
      networkOf([echo()], { fault: () => 'timeout' }).fetch()('https://echo.example/'),
    );
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await failed).cause).toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('stops at once when the caller aborts, with the reason of the caller', async () => {
    const abort = new AbortController();
    const call = networkOf([echo()], { fault: () => 'timeout' }).fetch()('https://echo.example/', {
      signal: abort.signal,
    });
    const failed = rejection(call);
    await jest.advanceTimersByTimeAsync(500);
    abort.abort(new Error('enough'));
    expect((await failed).message).toBe('enough');
    expect(Date.now()).toBe(START + 500);
  });

  it('follows no redirect: it hands one back when asked to, and is loud when not', async () => {
    const network = networkOf([echo()]);
    const manual = await network.fetch()('https://echo.example/moved', { redirect: 'manual' });
    expect(manual.status).toBe(302);
    expect((await rejection(network.fetch()('https://echo.example/moved'))).name).toBe('UnexpectedCall');
  });
});

describe('what the simulated network does not know', () => {
  it('is refused loudly and written down, also where the caller swallows the error', async () => {
    const entries: CallEntry[] = [];
    const network = networkOf([echo()], { onCall: (entry) => entries.push(entry) });
    await network
      .fetch()('https://nobody.example/x')
      .catch(() => null);
    expect(network.unexpected).toEqual([
      'nobody: GET https://nobody.example/x: no simulated service answers for nobody.example',
    ]);
    expect(entries.map((entry) => [entry.service, entry.outcome])).toEqual([['nobody', 'unexpected']]);
  });

  it('counts a bug of a service among them, and a known call not', async () => {
    const network = networkOf([echo()]);
    await network.fetch()('https://echo.example/');
    expect(network.unexpected).toEqual([]);
    await network
      .fetch()('https://echo.example/broken')
      .catch(() => null);
    expect(network.unexpected).toEqual(['echo: GET https://echo.example/broken: a bug of the fake']);
  });

  it('is not tried again by the AWS SDK', async () => {
    const network = networkOf([]);
    const error = await rejection(new DynamoDBClient(awsOptions(network, 3)).send(getItem));
    expect(error.name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(1);
  });
});

describe('the AWS transport', () => {
  useVirtualTime();

  it('lets the SDK try again after a broken connection, and no longer when it lasts', async () => {
    let faults = 2;
    const network = networkOf([dynamoDbService(table())], { fault: () => (faults-- > 0 ? 'reset' : null) });
    const call = new DynamoDBClient(awsOptions(network, 3)).send(getItem);
    await jest.advanceTimersByTimeAsync(5_000);
    expect((await call).$metadata.attempts).toBe(3);

    const dead = networkOf([dynamoDbService(table())], { fault: () => 'reset' });
    const failed = rejection(new DynamoDBClient(awsOptions(dead, 3)).send(getItem));
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await failed).toMatchObject({ name: 'TimeoutError', code: 'ECONNRESET' });
  });

  it('answers what a fault puts in the place of the service, and the SDK reads it', async () => {
    const fault = {
      status: 400,
      body: '{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException","message":"slow down"}',
    };
    const network = networkOf([dynamoDbService(table())], { fault: () => fault });
    const error = await rejection(new DynamoDBClient(awsOptions(network)).send(getItem));
    expect(error.name).toBe('ProvisionedThroughputExceededException');
  });

  it('bounds an attempt that nobody answers', async () => {
    const network = networkOf([dynamoDbService(table())], { fault: () => 'timeout' });
    const client = new DynamoDBClient({
      ...awsOptions(network),
      requestHandler: network.awsRequestHandler({ requestTimeoutMs: 3_000 }),
    });
    const failed = rejection(client.send(getItem));
    await jest.advanceTimersByTimeAsync(2_999);
    await jest.advanceTimersByTimeAsync(1);
    expect((await failed).name).toBe('TimeoutError');
    expect(Date.now()).toBe(START + 3_000);
  });

  it('obeys the abort signal of a command', async () => {
    const network = networkOf([dynamoDbService(table())], { fault: () => 'timeout' });
    const abort = new AbortController();
    const failed = rejection(
      new DynamoDBClient(awsOptions(network)).send(getItem, { abortSignal: abort.signal }),
    );
    await jest.advanceTimersByTimeAsync(100);
    abort.abort();
    expect((await failed).name).toBe('AbortError');
  });
});

describe('the Azure transport', () => {
  useVirtualTime();
  const request = (timeout: number) =>
    createPipelineRequest({ url: 'https://echo.example/x?a=b', method: 'PUT', body: '{"a":1}', timeout });

  it('is an HttpClient like the one of the platform', async () => {
    const client = networkOf([echo()]).azureHttpClient();
    expect(Object.keys(client)).toEqual(['sendRequest']);
    expect(typeof createDefaultHttpClient().sendRequest).toBe('function');
    const response = await client.sendRequest(request(0));
    expect([response.status, response.bodyAsText, response.headers.get('x-seen')]).toEqual([
      200,
      'PUT {"a":1}',
      'yes',
    ]);
  });

  it('ends in AbortError when the time limit of the request is over', async () => {
    const failed = rejection(
      networkOf([echo()], { fault: () => 'timeout' })
        .azureHttpClient()
        .sendRequest(request(8_000)),
    );
    await jest.advanceTimersByTimeAsync(8_000);
    expect((await failed).name).toBe('AbortError');
  });

  it('fails with the code of the system on a broken connection', async () => {
    const failed = networkOf([echo()], { fault: () => 'reset' })
      .azureHttpClient()
      .sendRequest(request(0));
    expect(await rejection(failed)).toMatchObject({ name: 'RestError', code: 'ECONNRESET' });
  });

  it('gives up a connection that nobody answers after 127 s where nobody set a limit', async () => {
    const failed = rejection(
      networkOf([echo()], { fault: () => 'timeout' })
        .azureHttpClient()
        .sendRequest(request(0)),
    );
    await jest.advanceTimersByTimeAsync(127_000);
    expect(await failed).toMatchObject({ name: 'RestError', code: 'ETIMEDOUT' });
  });
});
