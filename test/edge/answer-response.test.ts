import fc from 'fast-check';
import type { EdgeEvent, EdgeResponse, EdgeValue } from '../../edge/load.ts';
import { ANSWER_RESPONSE_FILE, isEdgeResponse, loadEdgeFunction } from '../../edge/load.ts';
import { viewerRequest } from './edge-fixture.ts';

const RUNS = 10_000;

const refuse = (): never => {
  throw new Error('a viewer response may neither read the store nor choose an origin');
};
const handler = loadEdgeFunction(ANSWER_RESPONSE_FILE)({ kvs: refuse, selectRequestOriginById: refuse });

const eventWith = (route: EdgeValue | undefined, response: EdgeResponse): EdgeEvent => ({
  ...viewerRequest({ headers: route === undefined ? {} : { 'x-pilotlight-route': route } }),
  context: { eventType: 'viewer-response', requestId: 'EXAMPLE' },
  response,
});

const answer = async (route: string | undefined, response: Partial<EdgeResponse>): Promise<EdgeResponse> => {
  const event = eventWith(route === undefined ? undefined : { value: route }, {
    statusCode: 200,
    headers: {},
    ...response,
  });
  const result = await handler(event);
  if (!isEdgeResponse(result)) throw new Error('expected a response, got a request');
  return result;
};

describe('who answered', () => {
  it.each(['primary', 'standby'])('is the route that the request took: %s', async (route) => {
    const response = await answer(route, { headers: { 'cache-control': { value: 'max-age=60' } } });
    expect(response).toEqual({
      statusCode: 200,
      headers: { 'cache-control': { value: 'max-age=60' }, 'x-pilotlight-origin': { value: route } },
    });
  });

  it("is the origin's own word where it differs from what the request says", async () => {
    const response = await answer('standby', { headers: { 'x-pilotlight-origin': { value: 'primary' } } });
    expect(response.headers['x-pilotlight-origin']).toEqual({ value: 'primary' });
  });

  it('is the route when the origin uses a word that nobody knows', async () => {
    const response = await answer('standby', { headers: { 'x-pilotlight-origin': { value: 'blue' } } });
    expect(response.headers['x-pilotlight-origin']).toEqual({ value: 'standby' });
  });

  it.each([undefined, '', 'blue', 'Primary'])('is not claimed when nobody says it: %p', async (route) => {
    const response = await answer(route, { headers: { 'x-pilotlight-origin': { value: 'blue' } } });
    expect(response).toEqual({ statusCode: 200, headers: {} });
  });
});

describe('the maintenance page', () => {
  it.each([200, 206, 304])('does not pass for a success: %p becomes 503', async (statusCode) => {
    const response = await answer('maintenance', {
      statusCode,
      headers: { 'cache-control': { value: 'max-age=60' } },
    });
    expect(response).toEqual({
      statusCode: 503,
      statusDescription: 'Service Unavailable',
      headers: {
        'cache-control': { value: 'no-store' },
        'retry-after': { value: '30' },
        'x-pilotlight-origin': { value: 'maintenance' },
      },
    });
  });

  it('is known by its Cache-Control directive when the request does not tell', async () => {
    const headers = { 'cache-control': { value: 'no-store, pilotlight-origin=maintenance' } };
    const response = await answer(undefined, { headers });
    expect(response.statusCode).toBe(503);
    expect(response.headers['cache-control']).toEqual({ value: 'no-store' });
  });

  it('keeps an error as it is', async () => {
    expect((await answer('maintenance', { statusCode: 404 })).statusCode).toBe(404);
  });

  it.each(['primary', 'standby'])('is not what a success of the %s becomes', async (route) => {
    expect((await answer(route, { statusCode: 200 })).statusCode).toBe(200);
  });
});

describe('any answer', () => {
  const text = fc.oneof(
    fc.constantFrom('primary', 'standby', 'maintenance', 'no-store, pilotlight-origin=maintenance'),
    fc.string({ unit: 'binary' }),
  );
  const header: fc.Arbitrary<EdgeValue> = fc.record({ value: text });
  const name = fc.oneof(
    fc.constantFrom('x-pilotlight-origin', 'cache-control', 'retry-after', '__proto__', 'constructor'),
    fc.string(),
  );
  const headers = fc.dictionary(name, header);

  it('comes back without an exception, and names a known origin or none', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.option(header, { nil: undefined }),
        headers,
        fc.integer({ min: 100, max: 599 }),
        async (route, own, statusCode) => {
          const response = await handler(eventWith(route, { statusCode, headers: { ...own } }));
          if (!isEdgeResponse(response)) throw new Error('a response became a request');
          const named = response.headers['x-pilotlight-origin']?.value;
          expect(['primary', 'standby', 'maintenance', undefined]).toContain(named);
          expect(response.statusCode).toBe(named === 'maintenance' && statusCode < 400 ? 503 : statusCode);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('survives headers of a shape that CloudFront does not document', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (route, caching) => {
        const event = eventWith(route as EdgeValue, {
          statusCode: 200,
          headers: { 'cache-control': caching as EdgeValue },
        });
        const response = await handler(event);
        expect(isEdgeResponse(response)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});
