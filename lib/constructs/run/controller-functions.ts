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
import { functionTable, type FunctionName } from '../../../core/functions.ts';
import { names } from '../../names.ts';
import { functionProps } from '../bundled-function.ts';
import { addFunctionLogs, addFunctionRole } from '../rights/function-role.ts';
import type { OnCallTopic } from '../alarm/on-call-topic.ts';
import { abilitiesFor, neededFunctions } from '../rights/needs.ts';
import { abilities, type Abilities, type Subjects } from '../rights/permissions.ts';

export interface ControllerFunctionsProps {
  readonly config: Config;
  readonly configLayer: ILayerVersion;
  readonly ledger: Table;
  readonly onCall: OnCallTopic;
  readonly onCallKey: IKey;
}

/** The functions of core/functions.ts, each with its log group and with a role that may do what its adapters call. */
export class ControllerFunctions extends Construct {
  /** The role that Entra ID trusts; null where no standby is in Azure. */
  readonly azureRole: Role | null;
  /** What the rights of the functions are about. */
  readonly subjects: Subjects;
  private readonly functions: ReadonlyMap<FunctionName, IFunction>;

  constructor(scope: Construct, id: string, props: ControllerFunctionsProps) {
    super(scope, id);
    const { config } = props;
    const logGroups = neededFunctions(config).map((name) => ({
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
    const able = (name: FunctionName): Abilities => abilitiesFor(abilities[name], config);
    const speakers = logGroups.filter(({ name }) => able(name).speaksTo === 'azure');
    const azureRole =
      speakers.length === 0
        ? null
        : addFunctionRole(this, 'AzureRole', {
            roleName: names.azureRole,
            description:
              'Pilotlight: the functions that speak to Azure; Entra ID trusts this role by its name',
            able: speakers.map(({ name }) => able(name)),
            logGroups: speakers.map(({ logGroup }) => logGroup),
            subjects,
          });
    this.azureRole = azureRole;
    this.subjects = subjects;
    this.functions = new Map(
      logGroups.map(({ name, logGroup }) => {
        const role =
          azureRole !== null && able(name).speaksTo === 'azure'
            ? azureRole
            : addFunctionRole(this, `${name}-role`, {
                description: `Pilotlight: ${functionTable[name].purpose}`,
                able: [able(name)],
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

  /**
   * The ARN by which the workflow names a function. Its text is the same for every configuration, so it names those too
   * that are not there, in states that no run of this one enters; nobody may call them.
   */
  arnOf(name: FunctionName): string {
    const { account, region } = this.subjects.config.controller;
    return (
      this.functions.get(name)?.functionArn ??
      `arn:aws:lambda:${region}:${account}:function:${names.function(name)}`
    );
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
