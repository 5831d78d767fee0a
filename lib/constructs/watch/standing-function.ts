import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Policy, type Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFn, Tracing, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { watchFunctionTable, type WatchFunctionName } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole, writeLogs } from '../rights/function-role.ts';
import { abilitiesFor } from '../rights/needs.ts';
import { scopedStatements, watchAbilities, type Subjects } from '../rights/permissions.ts';

/** What every function that is called by a schedule is made from. */
export interface StandingProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly subjects: Subjects;
}

/**
 * A function that looks at all workloads by a schedule, with what its row says and no trace of each call: that would be most of the bill.
 * @param azureRole the role that Entra ID trusts, for one that speaks to Azure; null gives it a role of its own
 */
export function addStandingFunction(
  scope: Construct,
  folder: WatchFunctionName,
  { azureRole, ...props }: StandingProps & { readonly azureRole: Role | null },
): LambdaFn {
  const { config, configLayer, ledger, onCall, subjects } = props;
  const { purpose, timeoutSeconds, memoryMb } = watchFunctionTable[folder];
  const functionName = names.function(folder);
  const logGroup = addFunctionLogs(scope, 'logs', { functionName, config });
  const able = abilitiesFor(watchAbilities[folder], config);
  const rights =
    azureRole === null
      ? null
      : new Policy(scope, 'Rights', {
          roles: [azureRole],
          statements: [writeLogs([logGroup]), ...scopedStatements(able, subjects)],
        });
  const role =
    azureRole ??
    addFunctionRole(scope, 'role', {
      description: `Pilotlight: ${purpose}`,
      able: [able],
      logGroups: [logGroup],
      subjects,
    });
  const fn = new LambdaFn(scope, folder, {
    ...functionProps({
      ...{ folder, functionName, purpose, timeoutSeconds, memoryMb },
      ...{ configLayer, role, logGroup },
      environment: {
        LEDGER_TABLE: ledger.tableName,
        TOPIC_ARN: onCall.topic.topicArn,
        POWERTOOLS_LOG_LEVEL: 'INFO',
      },
    }),
    tracing: Tracing.DISABLED,
  });
  // A function that runs before it may write its logs fails without a word.
  fn.node.addDependency(role, ...(rights === null ? [] : [rights]));
  return fn;
}
