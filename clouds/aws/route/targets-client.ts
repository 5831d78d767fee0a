import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import * as z from 'zod';
import type { Targets } from '../../../core/ports.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

const CALL = 'ELBv2 DescribeTargetHealth';

/** States that are no fault of a server: it is not in use, or on its way out. Source: Elastic Load Balancing API, TargetHealth. */
const LEAVING: ReadonlySet<string> = new Set(['unused', 'draining', 'unhealthy.draining']);

const answerSchema = z.object({
  TargetHealthDescriptions: z
    .array(
      z.object({
        Target: z.object({ Id: z.string() }),
        TargetHealth: z.object({ State: z.string(), Reason: z.string().optional() }),
      }),
    )
    .default([]),
});

/** The servers of one target group, asked in its Region. */
export function makeTargets({
  targetGroupArn,
  ...access
}: AwsAccess & { readonly targetGroupArn: string }): Targets {
  const client = lazily(() => new ElasticLoadBalancingV2Client(clientOptions(access)));
  return {
    async health() {
      try {
        const command = new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn });
        const answer = readAnswer(CALL, answerSchema, await client().send(command));
        const all = answer.TargetHealthDescriptions.filter(
          ({ TargetHealth: { State } }) => !LEAVING.has(State),
        );
        const sick = all.filter(({ TargetHealth: { State } }) => State !== 'healthy');
        return {
          healthy: all.length - sick.length,
          all: all.length,
          unhealthy: sick.map(
            ({ Target, TargetHealth: { State, Reason } }) => `${Target.Id}: ${Reason ?? State}`,
          ),
        };
      } catch (error) {
        throw translate(CALL, error);
      }
    },
  };
}
