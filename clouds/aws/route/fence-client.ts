import { ElasticLoadBalancingV2Client, ModifyRuleCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Fence } from '../../../core/ports.ts';
import { openFence, shutFence, type FenceRule } from '../../../core/route/fence.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

export interface FenceOptions extends AwsAccess {
  /** ARN of the rule. */
  readonly ruleArn: string;
}

/** An ARN names the Region in its fourth part: the rule is changed there, wherever the controller is. */
const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

/** The fence of a workload whose primary has one. Asking again for what is there changes nothing. */
export function makeFence({ ruleArn, ...access }: FenceOptions): Fence {
  const client = lazily(
    () => new ElasticLoadBalancingV2Client(clientOptions({ ...access, region: regionOf(ruleArn) })),
  );
  const modify = async ({ paths, status, body }: FenceRule): Promise<void> => {
    try {
      await client().send(
        new ModifyRuleCommand({
          RuleArn: ruleArn,
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: [...paths] } }],
          Actions: [
            {
              Type: 'fixed-response',
              FixedResponseConfig: {
                StatusCode: String(status),
                ContentType: 'text/plain',
                MessageBody: body,
              },
            },
          ],
        }),
      );
    } catch (error) {
      throw translate('ELBv2 ModifyRule', error);
    }
  };
  return { shut: (epoch) => modify(shutFence(epoch)), open: () => modify(openFence) };
}
