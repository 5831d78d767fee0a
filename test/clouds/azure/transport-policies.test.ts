import { RestError } from '@azure/core-rest-pipeline';
import { makeAzureClient } from '../../../clouds/azure/azure-client.ts';
import { CloudRefused } from '../../../core/errors.ts';
import { fakeAzure, fakeClock, fakeCredential, rejection } from './azure-fixture.ts';
import type { Answer } from './azure-fixture.ts';

const CALL = { name: 'Azure test call', permission: 'a role', namedIn: 'the configuration' };
const OK: Answer = { status: 200, body: {} };
const network = new RestError('socket hang up', { code: 'ECONNRESET' });
const throttled = (retryAfter: string): Answer => ({ status: 429, headers: { 'retry-after': retryAfter } });

const ask = (method: 'GET' | 'POST' | 'PUT', answers: readonly Answer[]) => {
  const { httpClient, sent } = fakeAzure({ [`${method} /thing`]: answers });
  const clock = fakeClock();
  const client = makeAzureClient('scope-1', { credential: fakeCredential, clock, httpClient });
  return {
    clock,
    sent,
    answer: client.send({ call: CALL, method, url: 'https://management.azure.com/thing' }),
  };
};

describe('the way of a request to Azure', () => {
  it('carries the token of its scope and a time limit', async () => {
    const { answer, sent } = ask('GET', [OK]);
    expect((await answer).status).toBe(200);
    expect(sent).toEqual([
      expect.objectContaining({ method: 'GET', authorization: 'Bearer token-for-scope-1', timeout: 8000 }),
    ]);
  });

  it('waits what Azure asks, in seconds, and repeats, whatever the method', async () => {
    const { answer, clock, sent } = ask('POST', [throttled('2'), OK]);
    expect((await answer).status).toBe(200);
    expect(clock.slept).toEqual([2000]);
    expect(sent).toHaveLength(2);
  });

  it('reads Retry-After as a date, too', async () => {
    const { answer, clock } = ask('GET', [throttled('Mon, 23 Nov 2026 00:00:03 GMT'), OK]);
    expect((await answer).status).toBe(200);
    expect(clock.slept).toEqual([3000]);
  });

  it('hands a longer wait on to its caller at once', async () => {
    const { answer, clock, sent } = ask('GET', [throttled('4'), OK]);
    expect((await answer).status).toBe(429);
    expect(clock.slept).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  it('waits a moment where Retry-After says nothing that can be read', async () => {
    const { answer, clock } = ask('GET', [throttled('soon'), OK]);
    expect((await answer).status).toBe(200);
    expect(clock.slept).toEqual([400]);
  });

  it('repeats a read after a 5xx and after a network error', async () => {
    const { answer, clock } = ask('GET', [{ status: 503 }, network, OK]);
    expect((await answer).status).toBe(200);
    expect(clock.slept).toEqual([400, 400]);
  });

  it('gives up after three attempts', async () => {
    const { answer, sent } = ask('PUT', [{ status: 500 }]);
    expect((await answer).status).toBe(500);
    expect(sent).toHaveLength(3);
  });

  it('does not send a POST twice after a 5xx, because the first may have had its effect', async () => {
    const { answer, sent } = ask('POST', [{ status: 503 }, OK]);
    expect((await answer).status).toBe(503);
    expect(sent).toHaveLength(1);
  });

  it('does not send a POST twice after a network error', async () => {
    const { answer, sent } = ask('POST', [network, OK]);
    expect((await rejection(answer)).name).toBe('CloudUnavailable');
    expect(sent).toHaveLength(1);
  });

  it('does not follow a redirect', async () => {
    const { answer, sent } = ask('GET', [
      { status: 302, headers: { location: 'https://management.azure.com/other' } },
    ]);
    expect((await answer).status).toBe(302);
    expect(sent).toHaveLength(1);
  });

  it('sends nothing without a token, and tells what the token exchange told', async () => {
    const { httpClient, sent } = fakeAzure({ 'GET /thing': OK });
    const own = new CloudRefused({ call: 'Token exchange', got: 'no', next: 'Ask.' });
    const credential = { getToken: () => Promise.reject(own) };
    const client = makeAzureClient('scope-1', { credential, clock: fakeClock(), httpClient });
    const url = 'https://management.azure.com/thing';
    expect(await rejection(client.send({ call: CALL, method: 'GET', url }))).toBe(own);
    expect(sent).toEqual([]);
  });
});
