import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
  type DistributionConfig,
} from '@aws-sdk/client-cloudfront';
import {
  cloudFrontService,
  makeDistribution,
  servedTargets,
  touch,
  type DistributionUpdate,
} from '../../../../drill/clouds/aws/cloudfront.ts';
import { cloudFrontWith, configXml, DISTRIBUTION as Id } from './distribution-fixture.ts';
import { awsOptions, networkOf, rejection, START, useVirtualTime } from '../fixture.ts';

const plain = configXml({ ordered: [['/api/*', 'primary']] });

function world(config = plain) {
  const updates: DistributionUpdate[] = [];
  const state = cloudFrontWith(config, { onUpdate: (update) => updates.push(update) });
  const network = networkOf([cloudFrontService(state)]);
  const client = new CloudFrontClient(awsOptions(network));
  const get = () => client.send(new GetDistributionConfigCommand({ Id }));
  const status = async () => (await client.send(new GetDistributionCommand({ Id }))).Distribution?.Status;
  const update = async (change: (config: DistributionConfig) => DistributionConfig, IfMatch?: string) => {
    const { DistributionConfig: config, ETag } = await get();
    const DistributionConfig = change(config!);
    return client.send(new UpdateDistributionCommand({ Id, IfMatch: IfMatch ?? ETag!, DistributionConfig }));
  };
  const invalidate = (CallerReference: string, path = '/*') => {
    const Paths = { Quantity: 1, Items: [path] };
    const batch = { DistributionId: Id, InvalidationBatch: { CallerReference, Paths } };
    return client.send(new CreateInvalidationCommand(batch));
  };
  return {
    state,
    distribution: state.distribution,
    network,
    client,
    updates,
    get,
    status,
    update,
    invalidate,
  };
}

const toStandby = (config: DistributionConfig): DistributionConfig => ({
  ...config,
  DefaultCacheBehavior: { ...config.DefaultCacheBehavior!, TargetOriginId: 'standby' },
});

describe('the simulated CloudFront', () => {
  useVirtualTime();

  it('shows the configuration as its owner wrote it, under one ETag for both of its readers', async () => {
    const { client, get, distribution } = world();
    const config = await get();
    expect(config.DistributionConfig).toMatchObject({
      CallerReference: 'by-hand-2021',
      Comment: 'shop & more',
      DefaultCacheBehavior: { TargetOriginId: 'primary' },
      CacheBehaviors: { Quantity: 1, Items: [{ PathPattern: '/api/*', TargetOriginId: 'primary' }] },
    });
    const whole = await client.send(new GetDistributionCommand({ Id }));
    expect(whole.Distribution).toMatchObject({
      Id,
      ARN: `arn:aws:cloudfront::111122223333:distribution/${Id}`,
      Status: 'Deployed',
      DistributionConfig: { CallerReference: 'by-hand-2021' },
    });
    expect([config.ETag, whole.ETag]).toEqual([distribution.etag, distribution.etag]);
  });

  it('takes an update under the current ETag, gives a new one and tells the edge', async () => {
    const { update, updates, distribution } = world();
    const before = distribution.etag;
    const answer = await update(toStandby);
    expect(answer.Distribution?.Status).toBe('InProgress');
    expect(answer.ETag).toBe(distribution.etag);
    expect(distribution.etag).not.toBe(before);
    expect(updates).toEqual([
      {
        id: Id,
        etag: distribution.etag,
        deployedAt: START + 180_000,
        targets: { defaultTarget: 'standby', ordered: [{ pathPattern: '/api/*', target: 'primary' }] },
      },
    ]);
    expect(servedTargets(distribution).defaultTarget).toBe('standby');
  });

  it('replaces the whole configuration: what the SDK does not know is lost', async () => {
    const { update, distribution } = world();
    expect(distribution.config).toContain('SectionOfTomorrow');
    await update(toStandby);
    expect(distribution.config).not.toContain('Tomorrow');
  });

  it('is in progress until the moment that the world named, and deployed from then on', async () => {
    const { update, status } = world();
    await update(toStandby);
    jest.setSystemTime(START + 179_999);
    expect(await status()).toBe('InProgress');
    jest.setSystemTime(START + 180_000);
    expect(await status()).toBe('Deployed');
  });

  it.each([
    ['an old ETag', 'E0LDVERSI0N', 'PreconditionFailed', 412],
    ['no ETag', '', 'InvalidIfMatchVersion', 400],
    ['what is no ETag', '*', 'InvalidIfMatchVersion', 400],
  ])('refuses an update under %s', async (_what, etag, name, status) => {
    const { update, updates, distribution } = world();
    const error = await rejection(update(toStandby, etag));
    expect([error.name, error['$metadata']]).toMatchObject([name, { httpStatusCode: status }]);
    expect(updates).toEqual([]);
    expect(distribution.config).toBe(plain);
  });

  it.each<[string, (config: DistributionConfig) => DistributionConfig, string]>([
    ['another caller reference', (config) => ({ ...config, CallerReference: 'mine' }), 'IllegalUpdate'],
    [
      'a target that is no origin',
      (config) => ({ ...config, Origins: { Quantity: 1, Items: [config.Origins!.Items![1]!] } }),
      'NoSuchOrigin',
    ],
    [
      'a count that is wrong',
      (config) => ({ ...config, Origins: { ...config.Origins!, Quantity: 9 } }),
      'InconsistentQuantities',
    ],
  ])('refuses an update with %s', async (_what, change, name) => {
    const { update, updates } = world();
    expect((await rejection(update(change))).name).toBe(name);
    expect(updates).toEqual([]);
  });

  it('takes a group of origins for a target', async () => {
    const groups = [['pair', ['primary', 'standby']]] as const;
    const { update, updates } = world(configXml({ groups, ordered: [['/api/*', 'pair']] }));
    await update(toStandby);
    expect(updates[0]?.targets.ordered).toEqual([{ pathPattern: '/api/*', target: 'pair' }]);
  });

  it('gives a new ETag when somebody else deploys, and changes nothing but the comment', async () => {
    const { state, distribution, updates } = world();
    const before = distribution.etag;
    touch(state, Id, 'deployed on a Friday');
    expect(distribution.etag).not.toBe(before);
    expect(distribution.config).toBe(plain.replace('shop &amp; more', 'deployed on a Friday'));
    expect(updates).toHaveLength(1);
    expect(() => {
      touch(state, 'EUNKNOWN', 'x');
    }).toThrow('no simulated distribution has the id EUNKNOWN');
  });

  it('makes one invalidation for a reference, however often it is asked', async () => {
    const { invalidate, distribution } = world();
    const first = await invalidate('petclinic/7');
    const again = await invalidate('petclinic/7');
    expect(first.Invalidation?.Status).toBe('InProgress');
    expect(again.Invalidation?.Id).toBe(first.Invalidation?.Id);
    expect(distribution.invalidations).toEqual([
      { id: first.Invalidation?.Id, reference: 'petclinic/7', paths: ['/*'], at: START },
    ]);
    expect((await rejection(invalidate('petclinic/7', '/other'))).name).toBe(
      'InvalidationBatchAlreadyExists',
    );
  });

  it('refuses the sixteenth invalidation at a time, and takes it a minute later', async () => {
    const { invalidate, distribution } = world();
    for (let count = 1; count <= 15; count += 1) await invalidate(`run-${count}`);
    expect((await rejection(invalidate('run-16'))).name).toBe('TooManyInvalidationsInProgress');
    jest.setSystemTime(START + 60_000);
    await invalidate('run-16');
    expect(distribution.invalidations).toHaveLength(16);
  });

  it('knows no other distribution and no unsigned caller', async () => {
    const { client, network } = world();
    const other = client.send(new GetDistributionCommand({ Id: 'E2OTHER' }));
    expect((await rejection(other)).name).toBe('NoSuchDistribution');
    const unsigned = await network.send({
      method: 'GET',
      host: 'cloudfront.amazonaws.com',
      path: `/2020-05-31/distribution/${Id}`,
      query: {},
      headers: {},
      body: '',
    });
    expect(unsigned.status).toBe(403);
  });

  it('fails loudly on an operation that it does not simulate', async () => {
    const { client, network } = world();
    const error = await rejection(client.send(new ListDistributionsCommand({})));
    expect(error.message).toContain('does not know this operation');
    expect(network.unexpected).toHaveLength(1);
  });

  it('refuses to be made of what is no configuration', () => {
    for (const broken of ['', '<Other/>', `${plain}<More/>`, plain.replace('</Origins>', '')]) {
      expect(() => makeDistribution(Id, '111122223333', broken)).toThrow(
        'not the XML of a DistributionConfig',
      );
    }
  });
});
