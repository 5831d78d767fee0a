import { originIds } from '../../route/route.ts';
import type { Workload } from '../schema.ts';
import type { CommonRule, Report, Subject } from './subject.ts';

/* What CloudFront, its store and its distribution allow. */

/** A KeyValueStore takes no policy of its own, so only roles of its own account can write to it. */
export function checkStore({ controller, workload: { edge }, report }: Subject): void {
  if (controller.account === undefined || edge === undefined) return;
  if (edge.strategy === 'key-value') checkFunctionEdge(edge, report);
  if (edge.keyValueStoreArn === undefined) return;
  const account = edge.keyValueStoreArn.split(':')[4];
  if (account === controller.account) return;
  report(
    'edge.keyValueStoreArn',
    `got "${edge.keyValueStoreArn}", expected a store in the account of the controller, ${controller.account}`,
  );
}

/** The edge function reads one store and knows the origins by their fixed ids. */
function checkFunctionEdge(edge: Workload['edge'], report: Report): void {
  if (edge.keyValueStoreArn === undefined) {
    report(
      'edge.keyValueStoreArn',
      'got nothing, expected the ARN of the store that the edge function reads (strategy key-value)',
    );
  }
  for (const id of originIds) {
    if (edge.originIds[id] === id) continue;
    report(
      `edge.originIds.${id}`,
      `got "${edge.originIds[id]}", expected "${id}": the edge function knows no other id`,
    );
  }
}

/** Source: AWS Certificate Manager User Guide, "Request a public certificate": the first name of one has 64 octets. */
const CERTIFICATE_NAME_LENGTH_MAX = 64;

/** What the edge stack could not deploy, or would undo one day. */
export function checkStack({ workload: { url, edge }, report }: Subject): void {
  if (edge?.stack === undefined) return;
  if (edge.strategy !== 'key-value') {
    report(
      'edge.strategy',
      `got "${edge.strategy}", expected "key-value" where edge.stack makes the distribution: ` +
        'a deployment of the stack would undo what the controller has moved',
    );
  }
  if (url === undefined) return;
  const host = new URL(url).hostname;
  const zone = edge.stack.hostedZone.name;
  if (host.length > CERTIFICATE_NAME_LENGTH_MAX) {
    report(
      'url',
      `got "${url}", expected a name of at most ${CERTIFICATE_NAME_LENGTH_MAX} characters where edge.stack makes its certificate`,
    );
  }
  if (host === zone || host.endsWith(`.${zone}`)) return;
  report(
    'edge.stack.hostedZone.name',
    `got "${zone}", expected the zone that holds ${host}: certificate and alias records are written there`,
  );
}

/** A distribution takes minutes where a store takes seconds. AWS said in 2020: reliably within 5 minutes. */
const DISTRIBUTION_CONVERGE_SECONDS_MIN = 420;

export function checkStrategy({ workload: { edge, limits }, report }: Subject): void {
  if (edge !== undefined && new Set(Object.values(edge.originIds)).size < originIds.length) {
    report(
      'edge.originIds',
      `got ${Object.values(edge.originIds).join(', ')}, expected three different origins`,
    );
  }
  if (edge?.strategy !== 'distribution' || limits === undefined) return;
  if (limits.convergeSeconds >= DISTRIBUTION_CONVERGE_SECONDS_MIN) return;
  report(
    'limits.convergeSeconds',
    `got ${limits.convergeSeconds}, expected at least ${DISTRIBUTION_CONVERGE_SECONDS_MIN}: ` +
      'a distribution update spreads in minutes',
  );
}

/** What two workloads must not have in common: the route stands under one key, so a second one would overwrite it. */
export const checkShared: CommonRule = ({ workloads }, report) => {
  for (const field of ['distributionId', 'keyValueStoreArn'] as const) {
    const owners = new Map<string, string>();
    for (const [id, { edge }] of Object.entries(workloads)) {
      const value = edge?.[field];
      if (value === undefined) continue;
      const owner = owners.get(value);
      if (owner === undefined) owners.set(value, id);
      else
        report(
          `workloads.${id}.edge.${field}`,
          `got "${value}", expected one of its own, not that of workload ${owner}`,
        );
    }
  }
};
