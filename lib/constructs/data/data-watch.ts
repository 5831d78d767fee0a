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
import { addFunctionLogs, addFunctionRole, writeLogs } from '../rights/function-role.ts';
import { abilitiesFor } from '../rights/needs.ts';
import { scopedStatements, watchAbilities, type Subjects } from '../rights/permissions.ts';
import { addDataAlarms } from './data-alarms.ts';

const TICK = Duration.minutes(1);
const FOLDER = 'measure-data';

export interface DataWatchProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  /** The role that Entra ID trusts; null where no data go by way of Azure. */
  readonly azureRole: Role | null;
  readonly subjects: Subjects;
}

/** The standing look at the data of every workload, once a minute, and the alarms on what it finds. */
export class DataWatch extends Construct {
  constructor(scope: Construct, id: string, props: DataWatchProps) {
    super(scope, id);
    const measure = this.addFunction(props);
    new Rule(this, 'Tick', {
      ruleName: names.dataRule,
      description: 'Has the recovery points measured each minute',
      schedule: Schedule.rate(TICK),
      // The next tick measures what is then, and is a minute away.
      targets: [new LambdaFunction(measure, { retryAttempts: 0 })],
    });
    measure.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: TICK });
    addDataAlarms(this, { measure, onCall: props.onCall });
  }

  private addFunction({
    config,
    configLayer,
    ledger,
    onCall,
    azureRole,
    subjects,
  }: DataWatchProps): LambdaFn {
    const { purpose, timeoutSeconds, memoryMb } = watchFunctionTable[FOLDER];
    const functionName = names.function(FOLDER);
    const logGroup = addFunctionLogs(this, 'logs', { functionName, config });
    const able = abilitiesFor(watchAbilities[FOLDER], config);
    const rights =
      azureRole === null
        ? null
        : new Policy(this, 'Rights', {
            roles: [azureRole],
            statements: [writeLogs([logGroup]), ...scopedStatements(able, subjects)],
          });
    const role =
      azureRole ??
      addFunctionRole(this, 'role', {
        description: `Pilotlight: ${purpose}`,
        able: [able],
        logGroups: [logGroup],
        subjects,
      });
    const fn = new LambdaFn(this, FOLDER, {
      ...functionProps({
        ...{ folder: FOLDER, functionName, purpose, timeoutSeconds, memoryMb },
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
}
