import { Validations } from 'aws-cdk-lib';
import { Policy, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { UnscopedStatement } from './unscoped-statements.ts';

/**
 * A policy of its own for the statements with a wildcard: only there is the rule against wildcards acknowledged, for
 * these very resources, so that it still speaks up about everything else the role may do.
 */
export function addUnscopedPolicy(
  scope: Construct,
  role: IRole,
  unscoped: readonly UnscopedStatement[],
): void {
  const policy = new Policy(scope, 'Unscoped', {
    roles: [role],
    statements: unscoped.map(({ statement }) => statement),
  });
  const reasons = new Map<string, Set<string>>();
  for (const { statement, reason } of unscoped) {
    for (const resource of statement.resources) {
      reasons.set(resource, (reasons.get(resource) ?? new Set()).add(reason));
    }
  }
  for (const [resource, of] of reasons) {
    Validations.of(policy).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: [...of].join(' '),
    });
  }
}
