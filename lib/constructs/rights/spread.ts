import { placeOf } from '../../fleet.ts';

/** Something that a function may do to one resource of one workload; each workload brings its own. */
export interface WorkloadGrant {
  readonly workloadId: string;
  readonly actions: readonly string[];
  readonly resource: string;
}

/**
 * How many grants stand in the role itself, and in each of its managed policies. The longest resource is the ARN of a
 * store, 84 characters, 87 with its quotes and comma: 80 of them are 6,960 of the 10,240 characters that a role's own
 * policies may have together, beside some 2,000 of everything else; 64 are 5,568 of a managed policy's 6,144.
 */
const INLINE_MAX = 80;
const MANAGED_MAX = 64;
/** As many as a role takes without asking AWS for more. Never change it: who moves may be without rights for seconds. */
const MANAGED_POLICIES = 10;

/** Where the grants of a role stand. */
export interface SpreadGrants {
  readonly inline: readonly WorkloadGrant[];
  /** By the number of the managed policy. */
  readonly managed: ReadonlyMap<number, readonly WorkloadGrant[]>;
}

/**
 * Spreads the grants of a role over what IAM lets it have, each resource named by its ARN: stores have random ids, so the
 * only shorter way would be all stores of the account. A small fleet stands in the role. A larger one stands in managed
 * policies, each workload in one that follows from its id, so that another one that comes or goes does not move it; what a
 * full policy has no room for goes back into the role.
 * @throws Error where the role is full too, from about 650 workloads on.
 */
export function spreadGrants(grants: readonly WorkloadGrant[]): SpreadGrants {
  if (grants.length <= INLINE_MAX) return { inline: grants, managed: new Map() };
  const managed = new Map<number, WorkloadGrant[]>();
  const inline: WorkloadGrant[] = [];
  for (const grant of grants) {
    const policy = placeOf(grant.workloadId, MANAGED_POLICIES);
    const standing = managed.get(policy) ?? [];
    if (standing.length < MANAGED_MAX) managed.set(policy, [...standing, grant]);
    else inline.push(grant);
  }
  if (inline.length > INLINE_MAX) {
    throw new Error(
      `got ${grants.length} workloads whose routes one role must reach, expected about ${MANAGED_POLICIES * MANAGED_MAX}: ` +
        'IAM has no room for more. Put some of them under a controller in another account.',
    );
  }
  return { inline, managed };
}
