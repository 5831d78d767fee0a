import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Names of the resources of one site. Fixed on purpose: should a change of ours ever make CloudFormation replace one of
 * them, the new one cannot be made beside the old one, and the deployment fails instead of leaving the site with an
 * empty store or a second distribution.
 */
export const edgeName = (workloadId: string, part?: string): string =>
  part === undefined ? `pilotlight-${workloadId}` : `pilotlight-${workloadId}-${part}`;

/** Gives a resource an id in the template that survives every move of its construct in our code. */
export function pinLogicalId(construct: IConstruct, logicalId: string): void {
  const resource = construct.node.defaultChild;
  if (!CfnResource.isCfnResource(resource)) {
    throw new TypeError(`got ${construct.node.path}, expected a construct of one resource`);
  }
  resource.overrideLogicalId(logicalId);
}
