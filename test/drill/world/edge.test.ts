import { SeededRandom } from '../../../drill/random.ts';
import type { OriginRequest } from '../../../drill/world/application.ts';
import { Edge, type EdgeLocationPlan } from '../../../drill/world/edge.ts';
import type { Origins, ViewerRequest, ViewerResponse } from '../../../drill/world/edge-host.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { useVirtualTime } from '../clouds/fixture.ts';

const FAST: EdgeLocationPlan = { name: 'ICN', learnsWithinSeconds: [3, 5] };
const SLOW: EdgeLocationPlan = { name: 'FRA', learnsWithinSeconds: [30, 32] };

const routeTo = (origin: string, epoch = 1): string =>
  JSON.stringify({ v: 1, origin, epoch, fence: 1, by: 'test', at: '2026-03-01T03:00:00.000Z' });

/** An edge over three origins that note what reaches them; `silent` ones answer nothing. */
function edgeOf(
  plans: readonly EdgeLocationPlan[],
  options: {
    silent?: readonly (keyof Origins)[];
    status?: Partial<Record<keyof Origins, number>>;
    /** What the origins say besides, or instead of, their name. */
    headers?: Record<string, string>;
    strategy?: 'key-value' | 'distribution';
  } = {},
): { edge: Edge; reached: string[]; journal: Journal } {
  const reached: string[] = [];
  const answers = (origin: keyof Origins) => (request: OriginRequest) => {
    reached.push(`${origin} ${request.method} ${request.path}`);
    if (options.silent?.includes(origin)) return null;
    const headers = { 'x-pilotlight-origin': origin, ...options.headers };
    return { status: options.status?.[origin] ?? 200, body: `from ${origin}`, headers };
  };
  const journal = new Journal();
  const edge = new Edge({
    plans,
    strategy: options.strategy ?? 'key-value',
    origins: {
      primary: answers('primary'),
      standby: answers('standby'),
      maintenance: answers('maintenance'),
    },
    random: new SeededRandom(4),
    journal,
  });
  return { edge, reached, journal };
}

const get = (path = '/owners'): ViewerRequest => ({ method: 'GET', path, ip: '203.0.113.9', write: null });
const post: ViewerRequest = {
  method: 'POST',
  path: '/owners/new',
  ip: '203.0.113.9',
  write: { id: 1, at: 0 },
};

/** Which origins twenty requests at one location are sent to: enough to meet each of its machines. */
async function seenAt(edge: Edge, location: string, request = get()): Promise<string[]> {
  const answers: ViewerResponse[] = [];
  for (let i = 0; i < 20; i += 1) answers.push(await edge.serve(location, request));
  return [...new Set(answers.map((answer) => `${answer.sentTo ?? 'nobody'} ${answer.status}`))].sort();
}

const pass = (seconds: number): Promise<void> => jest.advanceTimersByTimeAsync(seconds * 1000);

describe('Edge', () => {
  useVirtualTime();

  it('sends everybody to the primary while nobody has written a route', async () => {
    const { edge } = edgeOf([FAST]);
    expect(await seenAt(edge, 'ICN')).toEqual(['primary 200']);
  });

  it('lets each location learn of a change at its own moment', async () => {
    const { edge, journal } = edgeOf([FAST, SLOW]);
    edge.publish(routeTo('standby'), 'standby');
    await pass(2.9);
    expect(await seenAt(edge, 'ICN')).toEqual(['primary 200']);
    await pass(2.1);
    expect(await seenAt(edge, 'ICN')).toEqual(['standby 200']);
    expect(await seenAt(edge, 'FRA')).toEqual(['primary 200']);
    expect(journal.entries).toEqual([]);
    await pass(27);
    expect(await seenAt(edge, 'FRA')).toEqual(['standby 200']);
    expect(journal.entries.map((entry) => entry.event)).toEqual([
      'every edge location knows the route to standby',
    ]);
  });

  it('lets the machines of one location learn at different moments', async () => {
    const { edge } = edgeOf([{ name: 'ICN', learnsWithinSeconds: [0, 100] }]);
    edge.publish(routeTo('standby'), 'standby');
    const mixed: string[][] = [];
    for (let second = 0; second < 100; second += 1) {
      await pass(1);
      mixed.push(await seenAt(edge, 'ICN'));
    }
    expect(mixed).toContainEqual(['primary 200', 'standby 200']);
    expect(mixed.at(-1)).toEqual(['standby 200']);
  });

  it('keeps the newer of two changes where the older arrives later', async () => {
    // Over fifty seeds of the spread some older change comes last, so that an edge without this rule fails here.
    const { edge } = edgeOf(
      Array.from({ length: 50 }, (_, i) => ({ name: `at-${i}`, learnsWithinSeconds: [0, 60] as const })),
    );
    edge.publish(routeTo('standby', 1), 'standby');
    edge.publish(routeTo('maintenance', 2), 'maintenance');
    await pass(60);
    for (const location of edge.locations) expect(await seenAt(edge, location)).toEqual(['maintenance 503']);
  });

  it('tells how a change spread once every location knows it, and not before', async () => {
    const { edge } = edgeOf([FAST, SLOW]);
    const change = edge.publish(routeTo('standby'), 'standby');
    await pass(29);
    expect(edge.spreadOf(change)).toBeNull();
    await pass(3);
    const spread = edge.spreadOf(change);
    expect(spread?.firstSeconds).toBeGreaterThanOrEqual(3);
    expect(spread?.firstSeconds).toBeLessThan(5);
    expect(spread?.lastSeconds).toBeGreaterThanOrEqual(30);
    expect(spread?.lastSeconds).toBeLessThan(32);
    expect(edge.spreadOf(change + 1)).toBeNull();
  });

  it.each(['primary', 'standby', 'maintenance'])(
    'lets the probe path of the %s reach it, whatever the route says',
    async (origin) => {
      for (const routed of ['primary', 'standby', 'maintenance']) {
        const { edge, reached } = edgeOf([FAST]);
        edge.publish(routeTo(routed), routed);
        await pass(5);
        const answer = await edge.serve('ICN', get(`/__pilotlight/${origin}/actuator/health`));
        expect(answer).toMatchObject({ status: 200, sentTo: origin });
        expect(reached).toEqual([`${origin} GET /actuator/health`]);
      }
    },
  );

  it.each(['GET', 'HEAD'])('takes a probe by %s, and hands its query on', async (method) => {
    const { edge, reached } = edgeOf([FAST]);
    const answer = await edge.serve('ICN', { ...get('/__pilotlight/standby/owners?lastName='), method });
    expect(answer.status).toBe(200);
    expect(reached).toEqual([`standby ${method} /owners?lastName=`]);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])(
    'refuses a probe by %s, which would go around the shield',
    async (method) => {
      const { edge, reached } = edgeOf([FAST]);
      edge.publish(routeTo('maintenance'), 'maintenance');
      await pass(5);
      expect(await edge.serve('ICN', { ...post, method, path: '/__pilotlight/primary/owners/new' })).toEqual({
        status: 403,
        headers: {},
        body: '',
        sentTo: null,
      });
      expect(reached).toEqual([]);
    },
  );

  it.each(['primary', 'standby', 'maintenance'] as const)(
    'names the %s in the answer to a probe, over whatever the origin says, and on errors too',
    async (origin) => {
      const path = `/__pilotlight/${origin}/actuator/health`;
      const named = { 'x-pilotlight-origin': origin, 'cache-control': 'no-store' };
      const { edge } = edgeOf([FAST], {
        headers: { 'x-pilotlight-origin': 'blue', 'cache-control': 'max-age=9' },
      });
      expect(await edge.serve('ICN', get(path))).toMatchObject({ status: 200, headers: named });
      const silent = edgeOf([FAST], { silent: [origin] });
      expect(await silent.edge.serve('ICN', get(path))).toMatchObject({ status: 504, headers: named });
    },
  );

  it('takes a path that only looks like a probe for a path of the site', async () => {
    const { edge, reached } = edgeOf([FAST]);
    await edge.serve('ICN', get('/__pilotlight/elsewhere/health'));
    await edge.serve('ICN', get('/a/__pilotlight/standby/health'));
    expect(reached).toEqual([
      'primary GET /__pilotlight/elsewhere/health',
      'primary GET /a/__pilotlight/standby/health',
    ]);
  });

  it('lets no write under the shield reach an origin, and answers 503', async () => {
    const { edge, reached } = edgeOf([FAST]);
    edge.publish(routeTo('maintenance'), 'maintenance');
    await pass(5);
    expect(await seenAt(edge, 'ICN', post)).toEqual(['nobody 503']);
    expect(reached).toEqual([]);
  });

  it('lets a write through where no shield is up', async () => {
    const { edge, reached } = edgeOf([FAST]);
    expect(await edge.serve('ICN', post)).toMatchObject({ status: 200, sentTo: 'primary' });
    expect(reached).toEqual(['primary POST /owners/new']);
  });

  it('shows the page under the shield with the status 503, so that nobody keeps it', async () => {
    const { edge, reached } = edgeOf([FAST]);
    edge.publish(routeTo('maintenance'), 'maintenance');
    await pass(5);
    const answer = await edge.serve('ICN', get());
    expect(answer).toMatchObject({ status: 503, body: 'from maintenance', sentTo: 'maintenance' });
    expect(reached).toEqual(['maintenance GET /maintenance.html']);
  });

  it('shows the page with the status 504 for an origin that answers nothing', async () => {
    const page = { status: 504, body: 'from maintenance', sentTo: 'primary' };
    const { edge, reached } = edgeOf([FAST], { silent: ['primary'] });
    expect(await edge.serve('ICN', get())).toMatchObject(page);
    expect(reached).toEqual(['primary GET /owners', 'maintenance GET /maintenance.html']);
    expect(await edge.serve('ICN', post)).toMatchObject(page);
    expect(await edge.serve('ICN', get('/__pilotlight/primary/health'))).toMatchObject(page);
    expect(await edge.serve('ICN', get('/__pilotlight/standby/health'))).toMatchObject({ status: 200 });
  });

  it('shows the page for a 502 of a load balancer as well', async () => {
    const { edge } = edgeOf([FAST], { status: { primary: 502 } });
    expect(await edge.serve('ICN', get())).toMatchObject({ status: 502, body: 'from maintenance' });
  });

  it.each([404, 500, 501, 503])('leaves an answer of %d as the application gave it', async (status) => {
    const { edge, reached } = edgeOf([FAST], { status: { primary: status } });
    expect(await edge.serve('ICN', get())).toMatchObject({ status, body: 'from primary' });
    expect(reached).toEqual(['primary GET /owners']);
  });

  it('answers 504 with nothing where the page is silent too, or no page', async () => {
    const nothing = { status: 504, headers: {}, body: '', sentTo: 'primary' };
    const { edge } = edgeOf([FAST], { silent: ['primary', 'maintenance'] });
    expect(await edge.serve('ICN', get())).toEqual(nothing);
    const lost = edgeOf([FAST], { silent: ['primary'], status: { maintenance: 404 } });
    expect(await lost.edge.serve('ICN', get())).toEqual(nothing);
  });

  it('asks the origin with the query of the viewer, and the page without it', async () => {
    const { edge, reached } = edgeOf([FAST]);
    await edge.serve('ICN', get('/owners?lastName=Davis&page=2'));
    edge.publish(routeTo('maintenance'), 'maintenance');
    await pass(5);
    await edge.serve('ICN', get('/owners?lastName=Davis&page=2'));
    expect(reached).toEqual([
      'primary GET /owners?lastName=Davis&page=2',
      'maintenance GET /maintenance.html',
    ]);
  });

  it('refuses a location that it does not have', async () => {
    const { edge } = edgeOf([FAST]);
    await expect(edge.serve('LHR', get())).rejects.toThrow('no edge location is called LHR');
  });
});

describe('Edge without functions', () => {
  useVirtualTime();

  it('sends everybody to the origin that the distribution targets, and writes to no static site', async () => {
    const { edge, reached } = edgeOf([FAST], { strategy: 'distribution' });
    expect(await seenAt(edge, 'ICN')).toEqual(['primary 200']);
    edge.publish('maintenance', 'maintenance');
    await pass(5);
    reached.length = 0;
    expect(await seenAt(edge, 'ICN', post)).toEqual(['maintenance 405']);
    expect(reached).toEqual([]);
    expect(await seenAt(edge, 'ICN')).toEqual(['maintenance 200']);
    edge.publish('standby', 'standby');
    await pass(5);
    expect(await seenAt(edge, 'ICN', post)).toEqual(['standby 200']);
  });

  it('lets a probe read and not write, by the word of the origin itself', async () => {
    const headers = { 'x-pilotlight-origin': 'blue' };
    const { edge, reached } = edgeOf([FAST], { strategy: 'distribution', headers });
    const path = '/__pilotlight/standby/owners?lastName=';
    expect(await edge.serve('ICN', get(path))).toMatchObject({ status: 200, headers });
    expect(await edge.serve('ICN', { ...post, path })).toMatchObject({ status: 403, sentTo: null });
    expect(reached).toEqual(['standby GET /owners?lastName=']);
  });

  it('answers 504 with nothing for a silent origin: the page for errors is set up in our distribution only', async () => {
    const { edge } = edgeOf([FAST], { strategy: 'distribution', silent: ['primary'] });
    expect(await edge.serve('ICN', get())).toEqual({ status: 504, headers: {}, body: '', sentTo: 'primary' });
  });
});

describe('a beacon', () => {
  useVirtualTime();

  const beaconAt = async (edge: Edge, location: string): Promise<string[]> => {
    const answers: ViewerResponse[] = [];
    for (let i = 0; i < 20; i += 1) answers.push(await edge.serve(location, get('/__pilotlight/beacon')));
    return [...new Set(answers.map(({ status, body }) => `${status} ${body}`))].sort();
  };

  it('arrives at each location at its own moment, is answered by the edge itself, and moves no route', async () => {
    const { edge, reached } = edgeOf([FAST, SLOW]);
    edge.install(routeTo('standby'));
    expect(await beaconAt(edge, 'ICN')).toEqual(['404 pilotlight beacon: none']);
    edge.publishBeacon('2026-03-02T00:00:00.000Z');
    jest.advanceTimersByTime(10_000);
    expect(await beaconAt(edge, 'ICN')).toEqual(['200 pilotlight beacon: 2026-03-02T00:00:00.000Z']);
    expect(await beaconAt(edge, 'FRA')).toEqual(['404 pilotlight beacon: none']);
    jest.advanceTimersByTime(22_000);
    expect(await beaconAt(edge, 'FRA')).toEqual(['200 pilotlight beacon: 2026-03-02T00:00:00.000Z']);
    expect(reached).toEqual([]);
    expect(await seenAt(edge, 'ICN')).toEqual(['standby 200']);
  });

  it('changes nothing about how a route spreads: its draws are its own', async () => {
    const spreadOf = (beacons: number) => {
      const { edge } = edgeOf([FAST, SLOW]);
      for (let i = 0; i < beacons; i += 1) edge.publishBeacon(`beacon ${i}`);
      const change = edge.publish(routeTo('standby'), 'standby');
      jest.advanceTimersByTime(40_000);
      return edge.spreadOf(change);
    };
    expect(spreadOf(3)).toEqual(spreadOf(0));
  });

  it('is a page of the site where a distribution reads no store', async () => {
    const { edge, reached } = edgeOf([FAST], { strategy: 'distribution' });
    expect(await beaconAt(edge, 'ICN')).toEqual(['200 from primary']);
    expect(reached[0]).toBe('primary GET /__pilotlight/beacon');
  });
});
