import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Policy, type Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFn, Tracing, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { watchFunctionTable } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, writeLogs } from '../rights/function-role.ts';
import { scopedStatements, watchAbilities, type Subjects } from '../rights/permissions.ts';

/** An hour is the least that Azure bills of a gateway, so a look every few minutes would find nothing that costs less. */
const TICK = Duration.minutes(15);
const FOLDER = 'look-at-parked';

export interface ParkedWatchProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  /** The role that Entra ID trusts. It may read every route already: look-at-world has it too. */
  readonly azureRole: Role;
  readonly subjects: Subjects;
}

/** The standing look at every parked standby, four times an hour. */
export class ParkedWatch extends Construct {
  constructor(scope: Construct, id: string, props: ParkedWatchProps) {
    super(scope, id);
    const look = this.addFunction(props);
    new Rule(this, 'Tick', {
      ruleName: names.parkedRule,
      description: 'Has the parked standbys looked at each quarter of an hour',
      schedule: Schedule.rate(TICK),
      targets: [new LambdaFunction(look, { retryAttempts: 0 })],
    });
    look.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
  }

  private addFunction(props: ParkedWatchProps): LambdaFn {
    const { config, configLayer, ledger, onCall, azureRole, subjects } = props;
    const { purpose, timeoutSeconds, memoryMb } = watchFunctionTable[FOLDER];
    const functionName = names.function(FOLDER);
    const logGroup = addFunctionLogs(this, 'logs', { functionName, config });
    const rights = new Policy(this, 'Rights', {
      roles: [azureRole],
      statements: [writeLogs([logGroup]), ...scopedStatements(watchAbilities[FOLDER], subjects)],
    });
    const fn = new LambdaFn(this, FOLDER, {
      ...functionProps({
        ...{ folder: FOLDER, functionName, purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role: azureRole, logGroup },
        environment: {
          LEDGER_TABLE: ledger.tableName,
          TOPIC_ARN: onCall.topic.topicArn,
          POWERTOOLS_LOG_LEVEL: 'INFO',
        },
      }),
      tracing: Tracing.DISABLED,
    });
    // A function that runs before it may write its logs fails without a word.
    fn.node.addDependency(azureRole, rights);
    return fn;
  }
}
