import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type {
  Discovery,
  ListenerView,
  LoadBalancerView,
  TargetGroupView,
} from '../../../core/config/discovery.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions } from '../client.ts';
import { readPages } from './pages.ts';

const BALANCERS = 'ELBv2 DescribeLoadBalancers';
const LISTENERS = 'ELBv2 DescribeListeners';
const GROUPS = 'ELBv2 DescribeTargetGroups';

/** The most that a page takes. Source: API reference of all three, `PageSize`. */
const PAGE_SIZE_MAX = 400;

const balancersSchema = z.object({
  NextMarker: z.string().optional(),
  LoadBalancers: z
    .array(
      z.object({
        LoadBalancerArn: z.string(),
        DNSName: z.string(),
        Scheme: z.string().optional(),
        Type: z.string(),
      }),
    )
    .default([]),
});

const actionSchema = z.object({
  TargetGroupArn: z.string().optional(),
  ForwardConfig: z
    .object({
      TargetGroups: z
        .array(z.object({ TargetGroupArn: z.string(), Weight: z.number().optional() }))
        .default([]),
    })
    .optional(),
});
const listenersSchema = z.object({
  NextMarker: z.string().optional(),
  Listeners: z
    .array(
      z.object({
        Port: z.number(),
        Protocol: z.string(),
        DefaultActions: z.array(actionSchema).default([]),
      }),
    )
    .default([]),
});

const groupsSchema = z.object({
  NextMarker: z.string().optional(),
  TargetGroups: z
    .array(z.object({ TargetGroupArn: z.string(), HealthCheckPath: z.string().optional() }))
    .default([]),
});

const markerOf = ({ NextMarker }: { readonly NextMarker?: string | undefined }): string | undefined =>
  NextMarker;

/** The load balancers of an account with what hangs on them, one client a Region. */
export function makeLoadBalancers(
  access: Omit<AwsAccess, 'region'>,
): Pick<Discovery, 'loadBalancers' | 'listeners' | 'targetGroups'> {
  const clients = new Map<string, ElasticLoadBalancingV2Client>();
  const clientOf = (region: string): ElasticLoadBalancingV2Client => {
    const client =
      clients.get(region) ?? new ElasticLoadBalancingV2Client(clientOptions({ ...access, region }));
    clients.set(region, client);
    return client;
  };
  return {
    async loadBalancers(region) {
      const read = async (Marker: string | undefined) => {
        const command = new DescribeLoadBalancersCommand({ PageSize: PAGE_SIZE_MAX, Marker });
        return readAnswer(BALANCERS, balancersSchema, await clientOf(region).send(command));
      };
      const pages = await readPages(BALANCERS, read, { markerOf });
      return pages
        .flatMap(({ LoadBalancers }) => LoadBalancers)
        .filter(({ Type }) => Type === 'application')
        .map(balancerOf);
    },
    async listeners(region, LoadBalancerArn) {
      const read = async (Marker: string | undefined) => {
        const command = new DescribeListenersCommand({ LoadBalancerArn, PageSize: PAGE_SIZE_MAX, Marker });
        return readAnswer(LISTENERS, listenersSchema, await clientOf(region).send(command));
      };
      const pages = await readPages(LISTENERS, read, { markerOf });
      return pages.flatMap(({ Listeners }) => Listeners).map(listenerOf);
    },
    async targetGroups(region, LoadBalancerArn) {
      const read = async (Marker: string | undefined) => {
        const command = new DescribeTargetGroupsCommand({ LoadBalancerArn, PageSize: PAGE_SIZE_MAX, Marker });
        return readAnswer(GROUPS, groupsSchema, await clientOf(region).send(command));
      };
      const pages = await readPages(GROUPS, read, { markerOf });
      return pages.flatMap(({ TargetGroups }) => TargetGroups).map(groupOf);
    },
  };
}

const balancerOf = ({
  LoadBalancerArn,
  DNSName,
  Scheme,
}: z.output<typeof balancersSchema>['LoadBalancers'][number]): LoadBalancerView => ({
  arn: LoadBalancerArn,
  // arn:aws:elasticloadbalancing:REGION:ACCOUNT:loadbalancer/app/NAME/ID
  dimension: LoadBalancerArn.replace(/^.*:loadbalancer\//, ''),
  dnsName: DNSName.toLowerCase(),
  internal: Scheme === 'internal',
});

function listenerOf({
  Port,
  Protocol,
  DefaultActions,
}: z.output<typeof listenersSchema>['Listeners'][number]): ListenerView {
  const weighted = DefaultActions.flatMap(({ TargetGroupArn, ForwardConfig }) => {
    if (TargetGroupArn !== undefined) return [{ arn: TargetGroupArn, weight: 1 }];
    const groups = ForwardConfig?.TargetGroups ?? [];
    return groups.map((group) => ({ arn: group.TargetGroupArn, weight: group.Weight ?? 1 }));
  });
  const forwardsTo = weighted.sort((left, right) => right.weight - left.weight).map(({ arn }) => arn);
  return { port: Port, secure: Protocol === 'HTTPS', forwardsTo };
}

const groupOf = ({
  TargetGroupArn,
  HealthCheckPath,
}: z.output<typeof groupsSchema>['TargetGroups'][number]): TargetGroupView => ({
  arn: TargetGroupArn,
  // arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID
  dimension: TargetGroupArn.split(':').at(-1) ?? '',
  healthPath: HealthCheckPath ?? null,
});
