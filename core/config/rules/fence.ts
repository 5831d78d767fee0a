import type { Rule } from './subject.ts';

/** The rule must be one of the primary's own load balancer, where the controller may change it. */
export const checkFence: Rule = ({ controller, workload: { primary }, report }) => {
  if (primary?.fence === undefined) return;
  const arn = primary.fence.listenerRuleArn;
  const [, , , region, account, rule = ''] = arn.split(':');
  const expect = (what: string): void => {
    report('primary.fence.listenerRuleArn', `got "${arn}", expected ${what}`);
  };
  if (primary.loadBalancer === undefined) {
    report(
      'primary.fence',
      'got a rule of a load balancer, expected primary.loadBalancer and primary.targetGroup beside it, or no fence',
    );
    return;
  }
  if (primary.region !== undefined && region !== primary.region)
    expect(`a rule in primary.region, ${primary.region}`);
  if (controller.account !== undefined && account !== controller.account)
    expect(`a rule in the account of the controller, ${controller.account}`);
  if (!rule.startsWith(`listener-rule/${primary.loadBalancer}/`))
    expect(`a rule of primary.loadBalancer, ${primary.loadBalancer}`);
};
