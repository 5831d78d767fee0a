import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  Function as LambdaFunction,
  Tracing,
  type IFunction,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, SubscriptionFilter, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { LambdaDestination } from 'aws-cdk-lib/aws-logs-destinations';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { slackFunctionTable, type SlackFunctionName } from '../../../core/functions.ts';
import type { WorkflowName } from '../../../core/names.ts';
import { followFilter } from '../../../core/slack/thread.ts';
import { names } from '../../names.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionAlarm } from '../alarm/function-alarm.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { slackAbilities } from '../rights/permissions.ts';
import { SlackApi } from './slack-api.ts';

/** A click that could not be taken for so long is not wanted any more: the person has clicked again, or used the CLI. */
const CLICK_AGE_MAX = Duration.minutes(10);

export interface ApprovalsProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly onCallKey: IKey;
  /** Where each workflow writes its events. */
  readonly machineLogs: Readonly<Record<WorkflowName, ILogGroup>>;
}

/** What stands between Slack and the workflow. Without it, people approve by the command line. */
export class Approvals extends Construct {
  /** What the Slack app is told as its request URL for interactivity. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: ApprovalsProps) {
    super(scope, id);
    const worker = this.addFunction('slack-worker', props);
    const gateway = this.addFunction('slack-gateway', props, worker);
    const follower = this.addFunction('follow-execution', props);
    worker.configureAsyncInvoke({ maxEventAge: CLICK_AGE_MAX });
    this.url = new SlackApi(this, 'Gateway', { gateway, config: props.config }).url;
    for (const [workflow, id] of [
      ['failover', 'Follow'],
      ['failback', 'FollowHome'],
    ] as const) {
      new SubscriptionFilter(this, id, {
        logGroup: props.machineLogs[workflow],
        destination: new LambdaDestination(follower),
        filterPattern: FilterPattern.literal(followFilter),
      });
    }
  }

  private addFunction(name: SlackFunctionName, props: ApprovalsProps, calls?: IFunction): IFunction {
    const { config, configLayer, ledger, onCall } = props;
    const functionName = names.function(name);
    const { purpose, timeoutSeconds, memoryMb } = slackFunctionTable[name];
    const logGroup = addFunctionLogs(this, `${name}-logs`, { functionName, config });
    const role = addFunctionRole(this, `${name}-role`, {
      description: `Pilotlight: ${purpose}`,
      able: [slackAbilities[name]],
      logGroups: [logGroup],
      subjects: {
        config,
        ledgerArn: ledger.tableArn,
        topicArn: onCall.topic.topicArn,
        topicKeyArn: props.onCallKey.keyArn,
      },
      more: calls === undefined ? [] : [invoke(calls)],
    });
    const fn = new LambdaFunction(this, name, {
      ...functionProps({
        ...{ folder: name, functionName, purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role, logGroup },
        environment: environmentOf(name, props),
      }),
      tracing: Tracing.ACTIVE,
    });
    // Its policies too: a function that runs before it may write its logs fails without a word.
    fn.node.addDependency(role);
    addFunctionAlarm(this, { name, fn, onCall });
    return fn;
  }
}

const invoke = (fn: IFunction): PolicyStatement =>
  new PolicyStatement({
    effect: Effect.ALLOW,
    actions: ['lambda:InvokeFunction'],
    resources: [fn.functionArn],
  });

/** Names only: the secret itself is read from Secrets Manager, and an environment can be read by whoever sees the function. */
function environmentOf(
  name: SlackFunctionName,
  { ledger, onCall }: ApprovalsProps,
): Readonly<Record<string, string>> {
  if (name === 'slack-gateway') return { SLACK_WORKER_FUNCTION: names.function('slack-worker') };
  return {
    LEDGER_TABLE: ledger.tableName,
    TOPIC_ARN: onCall.topic.topicArn,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  };
}
