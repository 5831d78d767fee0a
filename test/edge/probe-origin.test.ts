import { readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import type { EdgeRequest } from '../../edge/load.ts';
import { isEdgeResponse, loadEdgeFunction, PROBE_ORIGIN_FILE } from '../../edge/load.ts';
import { viewerRequest } from './edge-fixture.ts';

const RUNS = 10_000;

const refuse = (): never => {
  throw new Error('a probe may neither read the store nor choose an origin');
};
const handler = loadEdgeFunction(PROBE_ORIGIN_FILE)({ kvs: refuse, selectRequestOriginById: refuse });

async function passOn(request: Partial<EdgeRequest>): Promise<EdgeRequest> {
  const result = await handler(viewerRequest(request));
  if (isEdgeResponse(result)) throw new Error(`expected a request, got the answer ${result.statusCode}`);
  return result;
}
const uriOf = async (uri: string): Promise<string> => (await passOn({ uri })).uri;

describe('a probe', () => {
  it.each([
    ['/__pilotlight/primary/actuator/health', '/actuator/health'],
    ['/__pilotlight/standby/owners', '/owners'],
    ['/__pilotlight/standby/', '/'],
    ['/__pilotlight/maintenance/maintenance.html', '/maintenance.html'],
  ])('asks the origin for what stands after its name: %s becomes %s', async (uri, expected) => {
    expect(await uriOf(uri)).toBe(expected);
  });

  it('is taken at its word once: what is left is for the origin to answer, whatever it looks like', async () => {
    expect(await uriOf('/__pilotlight/primary/__pilotlight/standby/owners')).toBe(
      '/__pilotlight/standby/owners',
    );
  });

  it.each([
    '/owners',
    '/__pilotlight/',
    '/__pilotlight/primary',
    '/__pilotlight/primaryx/owners',
    '/__pilotlight/blue/owners',
    '/__PILOTLIGHT/primary/owners',
    '//__pilotlight/primary/owners',
    '/app/__pilotlight/primary/owners',
    '',
  ])('that names no origin at its beginning goes on as it is: %p', async (uri) => {
    expect(await uriOf(uri)).toBe(uri);
  });

  it('keeps method, query and headers', async () => {
    const request: Partial<EdgeRequest> = {
      method: 'HEAD',
      uri: '/__pilotlight/standby/owners',
      querystring: { lastName: { value: '' } },
      headers: { 'user-agent': { value: 'pilotlight-probe' } },
    };
    expect(await passOn(request)).toEqual({
      method: 'HEAD',
      uri: '/owners',
      querystring: { lastName: { value: '' } },
      headers: { 'user-agent': { value: 'pilotlight-probe' } },
      cookies: {},
    });
  });
});

describe('any request', () => {
  const part = fc.oneof(
    fc.constantFrom('/__pilotlight', '/primary', '/standby', '/maintenance', '/', '', '%2f', '..'),
    fc.string({ unit: 'binary' }),
  );

  it('goes on without an exception, with its address or the end of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(part), async (parts) => {
        const uri = parts.join('');
        const passed = await uriOf(uri);
        expect(uri.endsWith(passed)).toBe(true);
        expect(['', '/__pilotlight/primary', '/__pilotlight/standby', '/__pilotlight/maintenance']).toContain(
          uri.slice(0, uri.length - passed.length),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('goes on unchanged where its address is of a shape that CloudFront does not document', async () => {
    const notText = fc.anything().filter((value) => typeof value !== 'string');
    await fc.assert(
      fc.asyncProperty(notText, async (uri) => {
        expect((await passOn({ uri: uri as string })).uri).toBe(uri);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the file', () => {
  it('is smaller than 1 KB and imports nothing', () => {
    expect(statSync(PROBE_ORIGIN_FILE).size).toBeLessThan(1024);
    expect(readFileSync(PROBE_ORIGIN_FILE, 'utf8')).not.toMatch(/^import /m);
  });
});
