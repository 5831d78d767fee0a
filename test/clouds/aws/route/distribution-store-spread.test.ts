import { CloudRefused } from '../../../../core/errors.ts';
import { touch } from '../../../../drill/clouds/aws/cloudfront.ts';
import { configXml, DISTRIBUTION } from '../../../drill/clouds/aws/distribution-fixture.ts';
import { START, useVirtualTime } from '../../../drill/clouds/fixture.ts';
import { attempt, distributionWorld, HOME, NAMESPACE, refusal, routeAt } from './distribution-world.ts';
import { rejectionOf } from '../helpers.ts';

describe('confirming that a move has spread', () => {
  useVirtualTime();

  it('waits for Deployed, then invalidates once, however often it is asked', async () => {
    const { store, distribution, calls } = distributionWorld();
    await attempt(store, 'standby', 3);
    expect(await store.confirmSpread('petclinic')).toBe(false);
    jest.setSystemTime(START + 179_999);
    expect(await store.confirmSpread('petclinic')).toBe(false);
    expect(distribution.invalidations).toEqual([]);
    jest.setSystemTime(START + 180_000);
    expect(await store.confirmSpread('petclinic')).toBe(true);
    expect(await store.confirmSpread('petclinic')).toBe(true);
    expect(distribution.invalidations.map(({ reference, paths }) => [reference, paths])).toEqual([
      [`pilotlight/petclinic/1/${new Date(START).toISOString()}`, ['/*']],
    ]);
    expect(calls.filter((call) => call === 'POST /invalidation')).toHaveLength(1);
    expect((await store.read('petclinic')).route).toEqual(routeAt('standby', 1, 3));
  });

  it('makes no second invalidation when it was stopped after the first', async () => {
    const { store, distribution, faults } = distributionWorld();
    await attempt(store, 'standby', 3);
    jest.setSystemTime(START + 180_000);
    faults.set('UpdateItem', () => refusal(403, 'AccessDenied'));
    expect(await rejectionOf(store.confirmSpread('petclinic'))).toBeInstanceOf(CloudRefused);
    faults.clear();
    expect(await store.confirmSpread('petclinic')).toBe(true);
    expect(distribution.invalidations).toHaveLength(1);
  });

  it('makes one invalidation for each move', async () => {
    const { store, distribution } = distributionWorld();
    await attempt(store, 'maintenance', 3);
    jest.setSystemTime(START + 180_000);
    await store.confirmSpread('petclinic');
    await attempt(store, 'standby', 3);
    expect(await store.confirmSpread('petclinic')).toBe(false);
    jest.setSystemTime(START + 360_000);
    expect(await store.confirmSpread('petclinic')).toBe(true);
    expect(distribution.invalidations).toHaveLength(2);
  });

  it('is not confirmed by the deployment of something else', async () => {
    const { store, cloudFront, distribution } = distributionWorld();
    await attempt(store, 'standby', 3);
    distribution.config = HOME;
    touch(cloudFront, DISTRIBUTION, 'rolled back by hand');
    jest.setSystemTime(START + 400_000);
    expect(await store.confirmSpread('petclinic')).toBe(false);
    expect(distribution.invalidations).toEqual([]);
  });

  it('waits for a deployment by its owner too: until then some locations have neither', async () => {
    const { store, cloudFront } = distributionWorld();
    await attempt(store, 'standby', 3);
    jest.setSystemTime(START + 170_000);
    touch(cloudFront, DISTRIBUTION, 'new comment');
    jest.setSystemTime(START + 200_000);
    expect(await store.confirmSpread('petclinic')).toBe(false);
    jest.setSystemTime(START + 350_000);
    expect(await store.confirmSpread('petclinic')).toBe(true);
  });

  it('asks again while too many invalidations are under way', async () => {
    const { store, faults, logged } = distributionWorld();
    await attempt(store, 'standby', 3);
    jest.setSystemTime(START + 180_000);
    faults.set('POST /invalidation', () => refusal(400, 'TooManyInvalidationsInProgress'));
    expect(await store.confirmSpread('petclinic')).toBe(false);
    expect(logged).toHaveLength(1);
    faults.clear();
    expect(await store.confirmSpread('petclinic')).toBe(true);
  });

  it('has nothing to confirm where nothing was ever moved', async () => {
    const { store, distribution } = distributionWorld();
    expect(await store.confirmSpread('petclinic')).toBe(true);
    expect(distribution.invalidations).toEqual([]);
  });

  it('refuses a status that CloudFront does not document', async () => {
    const { store, faults } = distributionWorld();
    const body = `<Distribution xmlns="${NAMESPACE}"><Status>Asleep</Status>${configXml().replace(/^.*\n/, '')}</Distribution>`;
    faults.set('GET ', () => ({ status: 200, headers: { etag: 'E1' }, body }));
    await expect(store.confirmSpread('petclinic')).rejects.toThrow('Status: got "Asleep"');
  });
});
