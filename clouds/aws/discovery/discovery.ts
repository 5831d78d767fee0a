import type { Discovery } from '../../../core/config/discovery.ts';
import { makeCaller } from '../caller.ts';
import type { AwsAccess } from '../client.ts';
import { makeDistributions } from './distributions.ts';
import { makeExistingAlarms } from './existing-alarms.ts';
import { makeLoadBalancers } from './load-balancers.ts';

/** Where CloudFront's control plane is for everybody; STS and the rest of the global calls are asked there too. */
const GLOBAL_REGION = 'us-east-1';

/** Looks things up in the account of the credentials. Reads only; nothing is called before somebody asks. */
export function makeDiscovery(access: Omit<AwsAccess, 'region'> = {}): Discovery {
  const everywhere = { ...access, region: GLOBAL_REGION };
  return {
    caller: makeCaller(everywhere),
    ...makeDistributions(everywhere),
    ...makeLoadBalancers(access),
    ...makeExistingAlarms(access),
  };
}
