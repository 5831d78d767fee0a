import {
  CloudFrontClient,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import { distributionService } from '../../../drill/world/distribution.ts';
import { Journal } from '../../../drill/world/journal.ts';
import { awsOptions, networkOf, rejection, useVirtualTime } from '../clouds/fixture.ts';
import { pass, petclinic } from './fixture.ts';

const Id = petclinic().edge.distributionId;
/** Ids as an owner chooses them, so that nothing works because an id happens to be our word. */
const originIds = { primary: 'seoul-alb', standby: 'azure-gateway', maintenance: 'static-page' };
const workload = { ...petclinic(), edge: { ...petclinic().edge, originIds } };

function world(conflicts = 0) {
  const journal = new Journal();
  const targets: string[] = [];
  const service = distributionService({
    workload,
    account: '111122223333',
    journal,
    conflicts,
    onTarget: (originId) => targets.push(originId),
  });
  const client = new CloudFrontClient(awsOptions(networkOf([service])));
  const look = () => client.send(new GetDistributionConfigCommand({ Id }));
  /** Looks, and moves the default behaviour on what it has seen. */
  const move = async (TargetOriginId: string) => {
    const { DistributionConfig: config, ETag } = await look();
    const DefaultCacheBehavior = { ...config!.DefaultCacheBehavior!, TargetOriginId };
    const DistributionConfig = { ...config!, DefaultCacheBehavior };
    return client.send(new UpdateDistributionCommand({ Id, IfMatch: ETag!, DistributionConfig }));
  };
  const status = async () => (await client.send(new GetDistributionCommand({ Id }))).Distribution?.Status;
  return { targets, look, move, status, events: () => journal.entries.map(({ event }) => event) };
}

describe('the distribution of the site', () => {
  useVirtualTime();

  it('has the three origins, users on the primary, and a way to each origin for probes', async () => {
    const { DistributionConfig: config } = await world().look();
    expect(config?.Origins?.Items?.map((origin) => origin.Id)).toEqual(Object.values(originIds));
    expect(config?.DefaultCacheBehavior?.TargetOriginId).toBe(originIds.primary);
    expect(
      config?.CacheBehaviors?.Items?.map(({ PathPattern, TargetOriginId }) => [PathPattern, TargetOriginId]),
    ).toEqual([
      ['/__pilotlight/primary/*', 'seoul-alb'],
      ['/__pilotlight/standby/*', 'azure-gateway'],
      ['/__pilotlight/maintenance/*', 'static-page'],
    ]);
  });

  it('tells each new target once, and nothing where the target stays', async () => {
    const { move, targets } = world();
    await move(originIds.maintenance);
    await move(originIds.maintenance);
    await move(originIds.standby);
    expect(targets).toEqual(['maintenance', 'standby']);
  });

  it('says that it is deployed after minutes, not at once', async () => {
    const { move, status } = world();
    await move(originIds.maintenance);
    await pass(284);
    expect(await status()).toBe('InProgress');
    await pass(1);
    expect(await status()).toBe('Deployed');
  });

  it('is changed by somebody else between a look and its update, so often as the scenario says', async () => {
    const { move, targets, events } = world(1);
    expect((await rejection(move(originIds.maintenance))).name).toBe('PreconditionFailed');
    expect(targets).toEqual([]);
    await move(originIds.maintenance);
    expect(targets).toEqual(['maintenance']);
    expect(events()).toEqual(['somebody deploys the distribution at this very moment']);
  });
});
