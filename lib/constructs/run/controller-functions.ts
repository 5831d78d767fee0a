import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Role } from 'aws-cdk-lib/aws-iam';
import {
  Function as LambdaFunction,
  Tracing,
  type IFunction,
  type ILayerVersion,
} from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { functionNames, functionTable, type FunctionName } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { abilities, type Subjects } from '../rights/permissions.ts';

export interface ControllerFunctionsProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly onCallKey: IKey;
}

/** The functions of core/functions.ts, each with its log group and with a role that may do what its adapters call. */
export class ControllerFunctions extends Construct {
  /** The role that Entra ID trusts. */
  readonly azureRole: Role;
  /** What the rights of the functions are about. */
  readonly subjects: Subjects;
  private readonly functions: ReadonlyMap<FunctionName, IFunction>;

  constructor(scope: Construct, id: string, props: ControllerFunctionsProps) {
    super(scope, id);
    const { config } = props;
    const logGroups = functionNames.map((name) => ({
      name,
      logGroup: addFunctionLogs(this, `${name}-logs`, { functionName: names.function(name), config }),
    }));
    const subjects: Subjects = {
      config,
      ledgerArn: props.ledger.tableArn,
      topicArn: props.onCall.topic.topicArn,
      topicKeyArn: props.onCallKey.keyArn,
    };
    // A federated credential in Entra ID trusts exactly one role: whoever speaks to Azure shares it.
    const speakers = logGroups.filter(({ name }) => abilities[name].speaksTo === 'azure');
    const azureRole = addFunctionRole(this, 'AzureRole', {
      roleName: names.azureRole,
      description: 'Pilotlight: the functions that speak to Azure; Entra ID trusts this role by its name',
      able: speakers.map(({ name }) => abilities[name]),
      logGroups: speakers.map(({ logGroup }) => logGroup),
      subjects,
    });
    this.azureRole = azureRole;
    this.subjects = subjects;
    this.functions = new Map(
      logGroups.map(({ name, logGroup }) => {
        const role =
          abilities[name].speaksTo === 'azure'
            ? azureRole
            : addFunctionRole(this, `${name}-role`, {
                description: `Pilotlight: ${functionTable[name].purpose}`,
                able: [abilities[name]],
                logGroups: [logGroup],
                subjects,
              });
        return [name, this.addFunction(name, { ...props, role, logGroup })];
      }),
    );
  }

  /** The function of that name. */
  of(name: FunctionName): IFunction {
    const found = this.functions.get(name);
    if (found === undefined)
      throw new Error(`There is no function ${name}; expected one of core/functions.ts.`);
    return found;
  }

  private addFunction(
    name: FunctionName,
    made: ControllerFunctionsProps & { role: Role; logGroup: LogGroup },
  ): IFunction {
    const { configLayer, role, logGroup } = made;
    const { purpose, timeoutSeconds, memoryMb } = functionTable[name];
    const fn = new LambdaFunction(this, name, {
      ...functionProps({
        ...{ folder: name, functionName: names.function(name), purpose, timeoutSeconds, memoryMb },
        ...{ configLayer, role, logGroup },
        environment: {
          LEDGER_TABLE: made.ledger.tableName,
          TOPIC_ARN: made.onCall.topic.topicArn,
          POWERTOOLS_LOG_LEVEL: 'INFO',
        },
      }),
      tracing: Tracing.ACTIVE,
    });
    // Its policies too: a function that runs before it may write its logs fails without a word.
    fn.node.addDependency(role);
    return fn;
  }
}
