import { makeBeaconStore } from '../../../../clouds/aws/route/beacon-store.ts';
import { makeRouteStore } from '../../../../clouds/aws/route/route-store.ts';
import { keyValueStoreService, makeKeyValueStore } from '../../../../drill/clouds/aws/keyvaluestore.ts';
import { makeMoveRoute } from '../../../../lambdas/move-route/move-route.ts';
import { awsOptions, networkOf } from '../../../drill/clouds/fixture.ts';
import { config, lease, run } from '../../../lambdas/fixture.ts';
import { callOf, MemoryLedger, MemoryLog, VirtualClock } from '../../../lambdas/helpers.ts';

/*
 * Goal: a beacon that comes between the look at the store and the write of the route costs the move one more look, and nothing else.
 * Method: the real adapters over the simulated store, which refuses an old version as the real one does: it has one for all its keys.
 */

const ARN = 'arn:aws:cloudfront::111122223333:key-value-store/a1b2c3d4-5678-4abc-8def-1234567890ab';

/** @param between called before each write, as long as it is armed: the moment of a race */
function world(between: () => Promise<void>) {
  const store = makeKeyValueStore(ARN, { beacon: 'of yesterday' });
  const calls: string[] = [];
  const network = networkOf([keyValueStoreService({ stores: [store] })], {
    onCall: ({ request, outcome }) =>
      calls.push(`${request.method} ${request.path.split('/keys')[1] ?? ''} ${String(outcome)}`),
  });
  const { requestHandler: transport, ...more } = awsOptions(network);
  const access = { region: more.region, credentials: more.credentials, transport, storeArnOf: () => ARN };
  const real = makeRouteStore(access);
  const routes: typeof real = {
    ...real,
    write: async (...args) => {
      await between();
      return real.write(...args);
    },
  };
  return { store, routes, real, beacons: makeBeaconStore(access), calls };
}

const move = (routes: ReturnType<typeof world>['routes']) => {
  const clock = new VirtualClock();
  const log = new MemoryLog();
  const step = makeMoveRoute({
    config,
    clock,
    log,
    ledger: new MemoryLedger(),
    routes,
    doorFence: () => null,
  });
  return { log, moved: step({ run, lease, to: 'maintenance' }, callOf(clock, 120)) };
};

describe('a beacon between the look and the write of a move', () => {
  it('is refused nothing and takes nothing: the move looks again and is made', async () => {
    let armed = true;
    const at = world(async () => {
      if (!armed) return;
      armed = false;
      await at.beacons.write('shop', '2026-03-02T10:00:00.000Z', null);
    });
    const { log, moved } = move(at.routes);
    expect(await moved).toMatchObject({ origin: 'maintenance', previous: 'primary', epoch: 1 });
    expect(log.warnings.map(({ message }) => message)).toEqual([
      'the route changed while it was being written; reading it again',
    ]);
    expect(JSON.parse(at.store.items.get('route') ?? '')).toMatchObject({ origin: 'maintenance', epoch: 1 });
    expect(at.store.items.get('beacon')).toBe('2026-03-02T10:00:00.000Z');
  });

  it('never carries the version of a route that it has not seen: what a person moved meanwhile stays', async () => {
    const at = world(() => Promise.resolve());
    const { version } = await at.real.read('shop');
    expect(await move(at.routes).moved).toMatchObject({ epoch: 1 });
    // Under the version from before the move it is refused, and looks once more.
    const next = await at.beacons.write('shop', '2026-03-02T10:00:00.000Z', version);
    expect(next).toBe(at.store.etag);
    expect(JSON.parse(at.store.items.get('route') ?? '')).toMatchObject({ origin: 'maintenance', epoch: 1 });
  });

  it('that loses the race writes nothing', async () => {
    const at = world(() => Promise.resolve());
    const raced = makeBeaconStore({
      region: 'ap-northeast-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
      storeArnOf: () => ARN,
      transport: networkOf([keyValueStoreService({ stores: [at.store], onChange: () => undefined })], {
        // A route is written while the answer with the version is on its way.
        onCall: ({ request }) => {
          if (request.method === 'GET') at.store.etag = 'of a newer route';
        },
      }).awsRequestHandler(),
    });
    expect(await raced.write('shop', '2026-03-02T10:00:00.000Z', null)).toBeNull();
    expect(at.store.items.get('beacon')).toBe('of yesterday');
  });
});
