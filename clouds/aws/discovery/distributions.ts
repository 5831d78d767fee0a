import {
  CloudFrontClient,
  DescribeFunctionCommand,
  GetDistributionCommand,
  ListDistributionsCommand,
} from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import type { Discovery, DistributionView, ViewerRequest } from '../../../core/config/discovery.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { readPages, translated } from './pages.ts';

const LIST = 'CloudFront ListDistributions';
const GET = 'CloudFront GetDistribution';
const DESCRIBE = 'CloudFront DescribeFunction';

/** The most that ListDistributions answers on a page. Source: API reference, `MaxItems`. */
const PAGE_ITEMS_MAX = 100;

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ Items: z.array(item).default([]) }).prefault({});

const configShape = {
  Aliases: listOf(z.string()),
  Origins: listOf(z.object({ Id: z.string(), DomainName: z.string() })),
  DefaultCacheBehavior: z.object({
    TargetOriginId: z.string(),
    FunctionAssociations: listOf(z.object({ FunctionARN: z.string(), EventType: z.string() })),
    LambdaFunctionAssociations: listOf(z.object({ EventType: z.string() })),
  }),
};
const configSchema = z.object(configShape);
const summarySchema = z.object({ Id: z.string(), ...configShape });
const listSchema = z.object({
  DistributionList: z.object({
    NextMarker: z.string().optional(),
    Items: z.array(summarySchema).default([]),
  }),
});
const getSchema = z.object({ Distribution: z.object({ Id: z.string(), DistributionConfig: configSchema }) });
const functionSchema = z.object({
  FunctionSummary: z.object({
    FunctionConfig: z.object({
      KeyValueStoreAssociations: listOf(z.object({ KeyValueStoreARN: z.string() })),
    }),
  }),
});

/** What a configuration needs to know of a distribution. */
export function makeDistributions(
  access: AwsAccess,
): Pick<Discovery, 'distributionOf' | 'distribution' | 'storeOf'> {
  const client = lazily(() => new CloudFrontClient(clientOptions(access)));
  return {
    async distributionOf(host) {
      const names = (view: DistributionView): boolean => view.aliases.includes(host);
      const pages = await readPages(LIST, (marker) => listPage(client(), marker), {
        markerOf: ({ next }) => next,
        enough: ({ views }) => views.some(names),
      });
      const views = pages.flatMap((page) => page.views);
      return views.find(names) ?? widestMatch(views, host);
    },
    async distribution(Id) {
      const answer = await translated(GET, () => client().send(new GetDistributionCommand({ Id })));
      const { Distribution } = readAnswer(GET, getSchema, answer);
      return viewOf(Distribution.Id, Distribution.DistributionConfig);
    },
    async storeOf(Name) {
      const command = new DescribeFunctionCommand({ Name, Stage: 'LIVE' });
      const answer = await translated(DESCRIBE, () => client().send(command));
      const { FunctionSummary } = readAnswer(DESCRIBE, functionSchema, answer);
      return FunctionSummary.FunctionConfig.KeyValueStoreAssociations.Items[0]?.KeyValueStoreARN ?? null;
    },
  };
}

async function listPage(client: CloudFrontClient, marker: string | undefined) {
  const command = new ListDistributionsCommand({
    MaxItems: PAGE_ITEMS_MAX,
    ...(marker === undefined ? {} : { Marker: marker }),
  });
  const { DistributionList } = readAnswer(LIST, listSchema, await client.send(command));
  const views = DistributionList.Items.map(({ Id, ...config }) => viewOf(Id, config));
  return { views, next: DistributionList.NextMarker };
}

/** `*.` stands for one label. Source: CloudFront Developer Guide, "Using wildcards in alternate domain names". */
const widestMatch = (views: readonly DistributionView[], host: string): DistributionView | null =>
  views.find(({ aliases }) => aliases.includes(host.replace(/^[^.]+/, '*'))) ?? null;

const viewOf = (id: string, config: z.output<typeof configSchema>): DistributionView => ({
  id,
  aliases: config.Aliases.Items.map((alias) => alias.toLowerCase()),
  origins: config.Origins.Items.map(({ Id, DomainName }) => ({
    id: Id,
    domainName: DomainName.toLowerCase(),
  })),
  defaultTarget: config.DefaultCacheBehavior.TargetOriginId,
  viewerRequest: viewerRequestOf(config.DefaultCacheBehavior),
});

const VIEWER_REQUEST = 'viewer-request';

function viewerRequestOf(
  behaviour: z.output<typeof configSchema>['DefaultCacheBehavior'],
): ViewerRequest | null {
  const { FunctionAssociations, LambdaFunctionAssociations } = behaviour;
  const ours = FunctionAssociations.Items.find(({ EventType }) => EventType === VIEWER_REQUEST);
  // arn:aws:cloudfront::ACCOUNT:function/NAME
  if (ours !== undefined) return { kind: 'function', name: ours.FunctionARN.split('/').at(-1) ?? '' };
  const lambda = LambdaFunctionAssociations.Items.some(({ EventType }) => EventType === VIEWER_REQUEST);
  return lambda ? { kind: 'lambda' } : null;
}
