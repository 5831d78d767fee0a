import { createHash } from 'node:crypto';
import { CloudRefused, CloudUnavailable, LeaseLost, UnsafeMove } from '../../../../core/errors.ts';
import { touch } from '../../../../drill/clouds/aws/cloudfront.ts';
import { configXml, DISTRIBUTION } from '../../../drill/clouds/aws/distribution-fixture.ts';
import { useVirtualTime } from '../../../drill/clouds/fixture.ts';
import {
  AT_HOME,
  AT_STANDBY,
  attempt,
  distributionWorld,
  HOME,
  passing,
  refusal,
  routeAt,
  SHIELDED,
  UPDATE,
} from './distribution-world.ts';
import { rejectionOf } from '../helpers.ts';

describe('moving a distribution', () => {
  useVirtualTime();

  it('finds no route in a distribution that nobody has moved', async () => {
    const { store, distribution, calls } = distributionWorld();
    expect(await store.read('petclinic')).toEqual({ route: null, version: `${distribution.etag} none` });
    expect(calls).toEqual(['GET /config', 'GetItem']);
  });

  it('claims the route first, then updates the distribution, and finds itself there afterwards', async () => {
    const { store, calls, targets } = distributionWorld();
    expect(await attempt(store, 'maintenance', 3)).toBe('written');
    expect(calls.slice(2)).toEqual(['GET /config', 'GetItem', 'UpdateItem', UPDATE]);
    expect(targets()).toEqual(SHIELDED);
    expect((await store.read('petclinic')).route).toEqual(routeAt('maintenance', 1, 3));
    expect(await attempt(store, 'maintenance', 3)).toBe('already-there');
  });

  it('gives the whole configuration back byte for byte, fields of tomorrow included', async () => {
    const { store, distribution, targets } = distributionWorld();
    for (const [origin, expected] of [
      ['maintenance', SHIELDED],
      ['standby', AT_STANDBY],
      ['primary', AT_HOME],
    ] as const) {
      expect(await attempt(store, origin, 3, true)).toBe('written');
      expect(targets()).toEqual(expected);
      expect(distribution.config).toContain('<FieldOfTomorrow unit="s">7</FieldOfTomorrow>');
    }
    expect(distribution.config).toBe(HOME);
    expect((await store.read('petclinic')).route).toEqual(routeAt('primary', 3, 3));
  });

  it('does not go home over the writes of the standby, not by the shield either, unless a person says so', async () => {
    const { store, targets } = distributionWorld();
    await attempt(store, 'standby', 3);
    expect(await attempt(store, 'primary', 4)).toBe('would-lose-writes');
    expect(await attempt(store, 'maintenance', 4)).toBe('written');
    expect((await store.read('petclinic')).route).toMatchObject({
      origin: 'maintenance',
      standbyServed: true,
    });
    expect(await attempt(store, 'primary', 5)).toBe('would-lose-writes');
    expect(targets()).toEqual(SHIELDED);
    expect(await attempt(store, 'primary', 5, true)).toBe('written');
    expect((await store.read('petclinic')).route).not.toHaveProperty('standbyServed');
  });

  it('signs the document that it sends, with its length in bytes, and not what the SDK would have sent', async () => {
    const { store, requests, network } = distributionWorld(configXml({ ordered: [['/é/*', 'primary']] }));
    await attempt(store, 'standby', 1);
    const { body, headers } = requests.find(({ method }) => method === 'PUT')!;
    expect(body).toBe(configXml({ main: 'standby', ordered: [['/é/*', 'standby']] }));
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    expect(headers['content-type']).toBe('application/xml');
    expect(headers['x-amz-content-sha256']).toBe(createHash('sha256').update(body).digest('hex'));
    expect(headers['authorization']).toMatch(/SignedHeaders=[^,]*content-length;content-type;[^,]*if-match;/);
    expect(network.unexpected).toEqual([]);
  });

  it('reads and decides again when somebody deploys the distribution at the same moment', async () => {
    const { store, cloudFront, faults, targets, distribution } = distributionWorld();
    let deployed = false;
    faults.set(UPDATE, () => {
      if (!deployed) touch(cloudFront, DISTRIBUTION, 'deployed meanwhile');
      deployed = true;
      return null;
    });
    expect(await attempt(store, 'standby', 3)).toBe('contended');
    expect(targets()).toEqual(AT_HOME);
    expect(await attempt(store, 'standby', 3)).toBe('written');
    expect(targets()).toEqual(AT_STANDBY);
    expect(distribution.config).toContain('<Comment>deployed meanwhile</Comment>');
  });

  it('does not write on a distribution that was deployed since it was read', async () => {
    const { store, cloudFront, calls } = distributionWorld();
    const { version } = await store.read('petclinic');
    touch(cloudFront, DISTRIBUTION, 'deployed meanwhile');
    expect(await store.write('petclinic', routeAt('standby', 1, 3), version)).toBe(false);
    expect(calls).not.toContain('UpdateItem');
  });

  it('does not write on a claim that was made since it was read', async () => {
    const { store, faults, targets } = distributionWorld();
    const { version } = await store.read('petclinic');
    faults.set(UPDATE, () => refusal(403, 'AccessDenied'));
    await rejectionOf(attempt(store, 'maintenance', 3));
    faults.clear();
    expect(await store.write('petclinic', routeAt('standby', 1, 3), version)).toBe(false);
    expect(targets()).toEqual(AT_HOME);
  });

  it('loses against a claim that comes between its look and its own', async () => {
    const { store, targets } = distributionWorld();
    const { version } = await store.read('petclinic');
    const [first, second] = await Promise.all([
      store.write('petclinic', routeAt('standby', 1, 3), version),
      store.write('petclinic', { ...routeAt('maintenance', 1, 3), by: 'somebody else' }, version),
    ]);
    expect([first, second]).toEqual([true, false]);
    expect(targets()).toEqual(AT_STANDBY);
  });

  it('backs off within the call when CloudFront throttles, and moves all the same', async () => {
    const { store, faults, calls, targets } = distributionWorld();
    let throttles = 3;
    faults.set(UPDATE, () => {
      throttles -= 1;
      return throttles >= 0 ? refusal(400, 'Throttling') : null;
    });
    expect(await passing(attempt(store, 'standby', 3))).toBe('written');
    expect(calls.filter((call) => call === UPDATE)).toHaveLength(4);
    expect(targets()).toEqual(AT_STANDBY);
  });

  it.each([
    ['throttles on and on', 400, 'Throttling', CloudUnavailable, 5],
    ['fails inside', 500, 'InternalError', CloudUnavailable, 5],
    ['denies', 403, 'AccessDenied', CloudRefused, 1],
    ['knows no such version', 400, 'InvalidIfMatchVersion', CloudRefused, 1],
  ])('gives up with the right error when CloudFront %s', async (_what, status, code, error, attempts) => {
    const { store, faults, calls, targets } = distributionWorld();
    faults.set(UPDATE, () => refusal(status, code));
    expect(await rejectionOf(passing(attempt(store, 'standby', 3)))).toBeInstanceOf(error);
    expect(calls.filter((call) => call === UPDATE)).toHaveLength(attempts);
    expect(targets()).toEqual(AT_HOME);
  });

  it('names the call and the distribution that does not exist', async () => {
    const { store } = distributionWorld();
    const error = (await rejectionOf(store.read('orders'))) as CloudRefused;
    expect(error).toBeInstanceOf(CloudRefused);
    expect(error.facts.call).toBe('CloudFront GetDistributionConfig');
    expect(error.facts.got).toContain('NoSuchDistribution (HTTP 404)');
  });
});

describe('writers and hands beside us', () => {
  useVirtualTime();

  it('refuses a lease that is older than the last claim, wherever the distribution stands', async () => {
    const { store, faults, targets } = distributionWorld();
    await attempt(store, 'standby', 4);
    expect(await attempt(store, 'maintenance', 3)).toBe('lease-lost');
    faults.set(UPDATE, () => refusal(403, 'AccessDenied'));
    await rejectionOf(attempt(store, 'maintenance', 5));
    faults.clear();
    const error = (await rejectionOf(attempt(store, 'primary', 4, true))) as LeaseLost;
    expect(error).toBeInstanceOf(LeaseLost);
    expect(error.message).toContain('claimed under fence 5 by run-5, ours is 4');
    expect(targets()).toEqual(AT_STANDBY);
  });

  it('refuses an old lease at the claim itself, when the newer one comes between its look and its claim', async () => {
    const { store, calls, targets } = distributionWorld();
    const { version } = await store.read('petclinic');
    const newer = store.write('petclinic', routeAt('standby', 1, 4), version);
    const older = store.write('petclinic', routeAt('maintenance', 1, 3), version);
    const [first, second] = await Promise.allSettled([newer, older]);
    expect(calls.filter((call) => call === 'UpdateItem')).toHaveLength(2);
    expect(first).toEqual({ status: 'fulfilled', value: true });
    expect(second).toMatchObject({ status: 'rejected', reason: { name: 'LeaseLost' } });
    expect(targets()).toEqual(AT_STANDBY);
  });

  it('moves back what a hand has moved, and a hand that moved it where we want it is written down', async () => {
    const { store, distribution, cloudFront, targets } = distributionWorld();
    await attempt(store, 'maintenance', 3);
    distribution.config = HOME;
    touch(cloudFront, DISTRIBUTION, 'rolled back by hand');
    expect((await store.read('petclinic')).route).toMatchObject({ origin: 'primary', epoch: 1, fence: 0 });
    expect(await attempt(store, 'maintenance', 3)).toBe('written');
    expect(targets()).toEqual(SHIELDED);
    distribution.config = HOME;
    touch(cloudFront, DISTRIBUTION, 'rolled back by hand');
    expect(await attempt(store, 'primary', 4)).toBe('written');
    expect((await store.read('petclinic')).route).toEqual(routeAt('primary', 3, 4));
  });

  it('brings home a behaviour that was added meanwhile, and says so', async () => {
    const { store, distribution, cloudFront, logged, targets } = distributionWorld();
    await attempt(store, 'standby', 3);
    distribution.config = configXml({ main: 'standby', ordered: [['/new/*', 'standby']] });
    touch(cloudFront, DISTRIBUTION, 'new feature');
    expect(await attempt(store, 'primary', 4, true)).toBe('written');
    expect(targets()).toEqual(['primary', 'primary']);
    expect(logged).toEqual([
      [
        'behaviours of the distribution were added or removed while the route was away',
        {
          workload: 'petclinic',
          distribution: DISTRIBUTION,
          added: ['/new/*'],
          gone: ['/legacy/*', '/status/*'],
        },
      ],
    ]);
  });

  it('refuses a move that the distribution cannot make, before it claims anything', async () => {
    const { store, calls } = distributionWorld(configXml({ origins: ['primary', 'maintenance'] }));
    const error = (await rejectionOf(attempt(store, 'standby', 3))) as UnsafeMove;
    expect(error).toBeInstanceOf(UnsafeMove);
    expect(error.message).toContain('the distribution has no origin "standby", only [primary, maintenance]');
    expect(calls).not.toContain('UpdateItem');
    expect(await attempt(store, 'maintenance', 3)).toBe('written');
  });

  it('refuses a canary share, which a distribution cannot give', async () => {
    const { store } = distributionWorld();
    const { version } = await store.read('petclinic');
    const canary = { origin: 'standby' as const, percent: 5 };
    const error = await rejectionOf(
      store.write('petclinic', { ...routeAt('maintenance', 1, 3), canary }, version),
    );
    expect(error).toBeInstanceOf(UnsafeMove);
    expect((error as Error).message).toContain('5 % of the users to standby');
  });
});
