import { answered, locationServing, locationWith, passedOn, routeOf, viewerRequest } from './edge-fixture.ts';

const ROUTE = { v: 1, origin: 'standby', epoch: 7, fence: 3 };
const SHIELD = { ...ROUTE, origin: 'maintenance' };

describe('the route that the store holds', () => {
  it('sends a request to the standby and says so in the header of the cache key', async () => {
    const location = locationServing(ROUTE);
    const request = await passedOn(location, viewerRequest());
    expect(request.headers['x-pilotlight-route']).toEqual({ value: 'standby' });
    expect(location.selected).toEqual(['standby']);
    expect(request.uri).toBe('/owners');
  });

  it('leaves a request for the primary on the origin of its behaviour', async () => {
    const location = locationServing({ ...ROUTE, origin: 'primary' });
    expect(await routeOf(location, viewerRequest())).toBe('primary');
    expect(location.selected).toEqual([]);
  });

  it('is read once, under one key, as a string', async () => {
    const location = locationServing(ROUTE);
    await location.handler(viewerRequest());
    expect(location.reads).toEqual([{ key: 'route', options: { format: 'string' } }]);
  });

  it('overwrites a route header that the viewer sent', async () => {
    const sent = {
      'x-pilotlight-route': { value: 'standby', multiValue: [{ value: 'standby' }, { value: 'x' }] },
    };
    const request = await passedOn(
      locationServing({ ...ROUTE, origin: 'primary' }),
      viewerRequest({ headers: sent }),
    );
    expect(request.headers['x-pilotlight-route']).toEqual({ value: 'primary' });
  });

  it('may carry fields of a later version', async () => {
    expect(await routeOf(locationServing({ ...ROUTE, note: { by: 'drill' } }), viewerRequest())).toBe(
      'standby',
    );
  });

  it('may be exactly 1,024 characters long, and not one more', async () => {
    const length = JSON.stringify({ ...ROUTE, note: '' }).length;
    const full = { ...ROUTE, note: 'x'.repeat(1024 - length) };
    const over = { ...ROUTE, note: 'x'.repeat(1025 - length) };
    expect(await routeOf(locationServing(full), viewerRequest())).toBe('standby');
    expect(await routeOf(locationServing(over), viewerRequest())).toBe('primary');
  });
});

describe('the path of the beacon', () => {
  const BEACON = { uri: '/__pilotlight/beacon' };
  const knowing = (value: unknown) => locationWith(() => value);

  it.each(['GET', 'HEAD'])('is answered to %s with the beacon that the location knows', async (method) => {
    const location = knowing('2026-11-22T10:00:00.000Z');
    expect(await answered(location, viewerRequest({ ...BEACON, method }))).toEqual({
      statusCode: 200,
      statusDescription: 'OK',
      headers: { 'cache-control': { value: 'no-store' }, 'content-type': { value: 'text/plain' } },
      body: { encoding: 'text', data: 'pilotlight beacon: 2026-11-22T10:00:00.000Z' },
    });
    // One key, and not that of the route: each read is paid for.
    expect(location.reads).toEqual([{ key: 'beacon', options: { format: 'string' } }]);
    expect(location.selected).toEqual([]);
  });

  it('says that the location knows none where the store has no such key', async () => {
    const location = locationWith(() => {
      throw new Error('KeyNotFound');
    });
    expect(await answered(location, viewerRequest(BEACON))).toMatchObject({
      statusCode: 404,
      body: { data: 'pilotlight beacon: none' },
    });
  });

  it('is answered whatever the query, under the shield too', async () => {
    const query = { querystring: { a: { value: 'b' } } };
    expect(await answered(knowing('x'), viewerRequest({ ...BEACON, ...query }))).toMatchObject({
      statusCode: 200,
    });
  });

  it.each(['POST', 'PUT', 'DELETE'])(
    'is an ordinary one to %s: the shield holds it back as any write',
    async (method) => {
      const location = locationServing(SHIELD);
      expect((await answered(location, viewerRequest({ ...BEACON, method }))).statusCode).toBe(503);
      expect(location.reads.map(({ key }) => key)).toEqual(['route']);
    },
  );

  it.each(['/__pilotlight/beacon/', '/__pilotlight/beacons', '/beacon', '/__pilotlight/Beacon'])(
    'is that path alone: %s is one of the site',
    async (uri) => {
      const location = locationServing(ROUTE);
      expect((await passedOn(location, viewerRequest({ uri }))).uri).toBe(uri);
      expect(location.reads.map(({ key }) => key)).toEqual(['route']);
    },
  );
});

describe('a route that cannot be read serves the primary', () => {
  it.each([
    ['another version', { ...ROUTE, v: 2 }],
    ['no version', { origin: 'standby', epoch: 7, fence: 3 }],
    ['the version as text', { ...ROUTE, v: '1' }],
    ['an unknown origin', { ...ROUTE, origin: 'tertiary' }],
    ['an origin in capitals', { ...ROUTE, origin: 'STANDBY' }],
    ['a name from the prototype as origin', { ...ROUTE, origin: 'constructor' }],
    ['an origin in a list', { ...ROUTE, origin: ['standby'] }],
    ['a negative epoch', { ...ROUTE, epoch: -1 }],
    ['a fractional epoch', { ...ROUTE, epoch: 1.5 }],
    ['an epoch as text', { ...ROUTE, epoch: '7' }],
    ['no epoch', { v: 1, origin: 'standby', fence: 3 }],
    ['a fence as text', { ...ROUTE, fence: '3' }],
    ['no fence', { v: 1, origin: 'standby', epoch: 7 }],
    ['a canary of null', { ...ROUTE, canary: null }],
    ['a canary to the maintenance page', { ...ROUTE, canary: { origin: 'maintenance', percent: 5 } }],
    ['a canary without a share', { ...ROUTE, canary: { origin: 'standby' } }],
    ['a share above 100', { ...ROUTE, canary: { origin: 'standby', percent: 100.1 } }],
    ['a share below 0', { ...ROUTE, canary: { origin: 'standby', percent: -1 } }],
    ['a share as text', { ...ROUTE, canary: { origin: 'standby', percent: '5' } }],
    ['a list', [ROUTE]],
    ['null', null],
    ['a number', 1],
    ['a string', 'standby'],
  ])('%s', async (_name, route) => {
    const location = locationServing(route);
    expect(await routeOf(location, viewerRequest())).toBe('primary');
    expect(location.selected).toEqual([]);
  });

  it.each([
    ['empty text', ''],
    ['half a document', '{"v":1,"origin":"sta'],
    ['an epoch that overflows', '{"v":1,"origin":"standby","epoch":1e999,"fence":3}'],
    ['nothing', undefined],
    ['a document that is already parsed', ROUTE],
  ])('%s', async (_name, value) => {
    expect(
      await routeOf(
        locationWith(() => value),
        viewerRequest(),
      ),
    ).toBe('primary');
  });

  it('a store without the key', async () => {
    const location = locationWith(() => {
      throw new Error('KeyNotFound');
    });
    expect(await routeOf(location, viewerRequest({ method: 'POST' }))).toBe('primary');
    expect(location.reads).toHaveLength(1);
  });
});

describe('the shield', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    'answers %s itself, so no origin sees it',
    async (method) => {
      const location = locationServing(SHIELD);
      const response = await answered(location, viewerRequest({ method }));
      expect(response.statusCode).toBe(503);
      expect(response.headers).toEqual({
        'cache-control': { value: 'no-store' },
        'content-type': { value: 'application/json' },
        'retry-after': { value: '30' },
        'x-pilotlight-origin': { value: 'maintenance' },
      });
      expect(response.body).toEqual({
        encoding: 'text',
        data: '{"error":"maintenance","retryAfterSeconds":30}',
      });
      expect(location.selected).toEqual([]);
    },
  );

  it.each(['GET', 'HEAD'])('sends %s to the maintenance page without its query', async (method) => {
    const location = locationServing(SHIELD);
    const request = await passedOn(
      location,
      viewerRequest({ method, uri: '/owners/find', querystring: { name: { value: 'x' } } }),
    );
    expect(request.uri).toBe('/maintenance.html');
    expect(request.querystring).toEqual({});
    expect(request.headers['x-pilotlight-route']).toEqual({ value: 'maintenance' });
    expect(location.selected).toEqual(['maintenance']);
  });

  it('drops conditions, so that no 304 revives an old page and no range mixes two files', async () => {
    const headers = {
      'if-modified-since': { value: 'Sun, 22 Nov 2026 10:00:00 GMT' },
      'if-none-match': { value: '"a"' },
      range: { value: 'bytes=100-' },
      accept: { value: 'text/html' },
    };
    const request = await passedOn(locationServing(SHIELD), viewerRequest({ headers }));
    expect(Object.keys(request.headers).sort()).toEqual(['accept', 'x-pilotlight-route']);
  });

  it('hands no secret of the viewer to whoever keeps the page', async () => {
    const headers = { authorization: { value: 'Bearer eyJhbGciOi' }, accept: { value: 'text/html' } };
    const cookies = { session: { value: 'JSESSIONID-1' }, 'pilotlight-user': { value: 'alice' } };
    const request = await passedOn(locationServing(SHIELD), viewerRequest({ headers, cookies }));
    expect(request.headers).toEqual({
      accept: { value: 'text/html' },
      'x-pilotlight-route': { value: 'maintenance' },
    });
    expect(request.cookies).toEqual({});
  });

  it('leaves the user of a canary his cookies and his authorization, shield or not', async () => {
    const location = locationServing({ ...SHIELD, canary: { origin: 'standby', percent: 100 } });
    const headers = { authorization: { value: 'Bearer eyJhbGciOi' } };
    const cookies = { session: { value: 'JSESSIONID-1' } };
    const request = await passedOn(location, viewerRequest({ headers, cookies }));
    expect(request.headers['x-pilotlight-route']).toEqual({ value: 'standby' });
    expect(request.headers['authorization']).toEqual({ value: 'Bearer eyJhbGciOi' });
    expect(request.cookies).toEqual({ session: { value: 'JSESSIONID-1' } });
  });

  it.each(['primary', 'standby'])('takes nothing from a request that goes to the %s', async (origin) => {
    const headers = { 'if-none-match': { value: '"a"' }, authorization: { value: 'Bearer eyJhbGciOi' } };
    const cookies = { session: { value: 'JSESSIONID-1' } };
    const querystring = { name: { value: 'x' } };
    const event = viewerRequest({ headers: { ...headers }, cookies, querystring });
    const request = await passedOn(locationServing({ ...ROUTE, origin }), event);
    expect(request.headers).toEqual({ ...headers, 'x-pilotlight-route': { value: origin } });
    expect(request.cookies).toEqual({ session: { value: 'JSESSIONID-1' } });
    expect(request.querystring).toEqual({ name: { value: 'x' } });
  });

  it.each(['POST', 'PATCH'])('is not up for %s when the route is the standby', async (method) => {
    expect(await routeOf(locationServing(ROUTE), viewerRequest({ method }))).toBe('standby');
  });
});

describe('an origin that the distribution does not have', () => {
  it.each(['standby', 'maintenance'])('is answered with 503, never by the primary: %s', async (origin) => {
    const location = locationWith(
      () => JSON.stringify({ ...ROUTE, origin }),
      () => {
        throw new Error('no such origin');
      },
    );
    expect((await answered(location, viewerRequest())).statusCode).toBe(503);
  });
});
