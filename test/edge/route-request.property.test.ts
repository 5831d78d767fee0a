import fc from 'fast-check';
import type { EdgeEvent, EdgeResult, EdgeValue } from '../../edge/load.ts';
import { isEdgeResponse } from '../../edge/load.ts';
import type { Location } from './edge-fixture.ts';
import { locationWith } from './edge-fixture.ts';

/*
 * Goal: whatever is in the store and whatever the viewer sends, the function ends in one of three origins.
 * Method: 10,000 random pairs for each kind of store content, checked against rules that do not parse the route.
 */
const RUNS = 10_000;
const ORIGINS = ['primary', 'standby', 'maintenance'];

const soundRoute = fc.record(
  {
    v: fc.constant(1),
    origin: fc.constantFrom(...ORIGINS),
    epoch: fc.nat(),
    fence: fc.nat(),
    canary: fc.record({
      origin: fc.constantFrom('primary', 'standby'),
      percent: fc.double({ min: 0, max: 100, noNaN: true }),
    }),
    note: fc.string({ maxLength: 100 }),
  },
  { requiredKeys: ['v', 'origin', 'epoch', 'fence'] },
);

/** A sound route with one of its required fields taken away or given a value that no version 1 route may have. */
const brokenRoute = fc
  .tuple(
    soundRoute,
    fc.constantFrom('v', 'origin', 'epoch', 'fence', 'canary'),
    fc.constantFrom<unknown>(null, false, '1', 'Standby', -1, 0.5, [], {}, { origin: 'standby' }),
  )
  .map(([route, field, value]) => JSON.stringify({ ...route, [field]: value }));

/** A sound document that lost, gained or changed characters anywhere: it may or may not still be sound. */
const mutatedText = fc
  .tuple(soundRoute, fc.nat(200), fc.nat(10), fc.string({ unit: 'binary', maxLength: 10 }))
  .map(([route, at, cut, put]) => {
    const text = JSON.stringify(route);
    return text.slice(0, at) + put + text.slice(at + cut);
  });

const value: fc.Arbitrary<EdgeValue> = fc.record(
  {
    value: fc.string({ unit: 'binary', maxLength: 16 }),
    multiValue: fc.array(fc.record({ value: fc.string({ maxLength: 10 }) }), { maxLength: 3 }),
  },
  { requiredKeys: ['value'] },
);
const named = (...names: string[]): fc.Arbitrary<Record<string, EdgeValue>> =>
  fc.dictionary(fc.oneof(fc.constantFrom(...names, '__proto__', 'constructor'), fc.string()), value, {
    maxKeys: 8,
  });

const viewerEvent: fc.Arbitrary<EdgeEvent> = fc.record({
  version: fc.constant('1.0' as const),
  context: fc.constant({ eventType: 'viewer-request' as const, requestId: 'EXAMPLE' }),
  viewer: fc.record({ ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()) }),
  request: fc.record({
    method: fc.oneof(
      fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      fc.string(),
    ),
    uri: fc.string({ unit: 'binary' }).map((path) => `/${path}`),
    querystring: named('q'),
    headers: named('user-agent', 'x-pilotlight-route', 'range', 'if-none-match', 'host', 'authorization'),
    cookies: named('pilotlight-user'),
  }),
});

/** The rules that one request broke, as words; none for a good one. */
const brokenRules = (
  result: EdgeResult,
  asked: { method: string; uri: string },
  location: Location,
): string[] => {
  const route = result.headers['x-pilotlight-route']?.value ?? 'none';
  const read = asked.method === 'GET' || asked.method === 'HEAD';
  const rules: [boolean, string][] = isEdgeResponse(result)
    ? [
        [!read, 'a read was answered by the function'],
        [result.statusCode === 503, `an answer of ${String(result.statusCode)}`],
        [result.headers['x-pilotlight-origin']?.value === 'maintenance', 'an answer that names nobody'],
        [location.selected.length === 0, 'an answer after choosing an origin'],
      ]
    : [
        [ORIGINS.includes(route), `the unknown route ${route}`],
        [
          location.selected.join() === (route === 'primary' ? '' : route),
          `chose ${location.selected.join()}`,
        ],
        [read || route !== 'maintenance', 'a write passed the shield'],
        [
          result.uri === (route === 'maintenance' ? '/maintenance.html' : asked.uri),
          `asked for ${result.uri}`,
        ],
        [
          route !== 'maintenance' ||
            (Object.keys(result.cookies).length === 0 && !Object.hasOwn(result.headers, 'authorization')),
          'a secret of the viewer went to the page',
        ],
      ];
  rules.push([location.reads.length === 1, `${String(location.reads.length)} reads of the store`]);
  return rules.filter(([holds]) => !holds).map(([, rule]) => rule);
};

/** Runs one request, checks what must hold of every one, and tells where it went. */
const originAfter = async (answer: () => unknown, event: EdgeEvent): Promise<string> => {
  const { method, uri } = event.request;
  const location = locationWith(answer);
  const result = await location.handler(event);
  expect(brokenRules(result, { method, uri }, location)).toEqual([]);
  return isEdgeResponse(result) ? 'maintenance' : (result.headers['x-pilotlight-route']?.value ?? 'none');
};

const holdsFor = async (
  content: fc.Arbitrary<unknown>,
  expected?: (origin: string) => void,
): Promise<void> => {
  await fc.assert(
    fc.asyncProperty(content, viewerEvent, async (stored, event) => {
      const origin = await originAfter(() => stored, event);
      expected?.(origin);
    }),
    { numRuns: RUNS },
  );
};

const toPrimary = (origin: string): void => {
  expect(origin).toBe('primary');
};

describe('any store content and any request', () => {
  it('any bytes at all serve the primary', async () => {
    const bytes = fc
      .uint8Array({ maxLength: 1100 })
      .map((array) => Buffer.from(array).toString('latin1'))
      .filter((text) => !text.startsWith('{"v":1'));
    await holdsFor(bytes, toPrimary);
  });

  it('any JSON that is not a route serves the primary', async () => {
    await holdsFor(fc.json(), toPrimary);
  });

  it('any value that is not even text serves the primary', async () => {
    await holdsFor(
      fc.anything().filter((stored) => typeof stored !== 'string' && !Array.isArray(stored)),
      toPrimary,
    );
  });

  it('a route with one wrong field serves the primary', async () => {
    await holdsFor(brokenRoute, toPrimary);
  });

  it('a route damaged anywhere still ends in one of the three origins', async () => {
    await holdsFor(mutatedText);
  });

  it('a sound route serves its origin, or its canary', async () => {
    await fc.assert(
      fc.asyncProperty(soundRoute, viewerEvent, async (route, event) => {
        const origin = await originAfter(() => JSON.stringify(route), event);
        const canary = route.canary;
        expect(canary === undefined ? [route.origin] : [route.origin, canary.origin]).toContain(origin);
        if (canary?.percent === 100) expect(origin).toBe(canary.origin);
        if (canary?.percent === 0) expect(origin).toBe(route.origin);
      }),
      { numRuns: RUNS },
    );
  });

  it('a store that fails in any way serves the primary', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), viewerEvent, async (failure, event) => {
        const origin = await originAfter(() => {
          throw failure;
        }, event);
        expect(origin).toBe('primary');
      }),
      { numRuns: RUNS },
    );
  });
});
