import { RemovalPolicy } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  LogLevel,
  StateMachine,
  StateMachineType,
  type IStateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Config } from '../../../core/config/schema.ts';
import { functionTable } from '../../../core/functions.ts';
import { machineNameOf, type WorkflowName } from '../../../core/names.ts';
import { placeholdersIn, placeholdersOf, readWorkflow } from '../../../statemachines/load.ts';
import type { ControllerFunctions } from './controller-functions.ts';
import { retentionOf } from '../log-retention.ts';
import type { UnscopedStatement } from '../rights/unscoped-statements.ts';
import { neededFunctions } from '../rights/needs.ts';
import { addUnscopedPolicy } from '../rights/unscoped-policy.ts';

export interface WorkflowMachineProps {
  readonly workflow: WorkflowName;
  readonly functions: ControllerFunctions;
  readonly config: Config;
}

/**
 * A workflow: the very text of its file in statemachines/. From a text the CDK derives no permission and
 * takes no time limit or comment; the text has the latter two, and the permissions are here.
 */
export class WorkflowMachine extends Construct {
  readonly machine: IStateMachine;
  /** Every event of every run, without data. */
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: WorkflowMachineProps) {
    super(scope, id);
    const text = readWorkflow(props.workflow);
    const name = machineNameOf(props.workflow);
    const role = this.addRole(text, props);
    this.logGroup = new LogGroup(this, 'Logs', {
      // Under this prefix a log group needs no room in the account's one policy for log delivery.
      logGroupName: `/aws/vendedlogs/states/${name}`,
      retention: retentionOf(props.config),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const machine = new StateMachine(this, 'Machine', {
      stateMachineName: name,
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(text),
      definitionSubstitutions: placeholdersOf((name) => props.functions.arnOf(name)),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: {
        destination: this.logGroup,
        level: LogLevel.ALL,
        // The inputs of states would carry task tokens into the log, and who has one can answer for a person. What each
        // step saw and did is in the log of its function, and in the ledger.
        includeExecutionData: false,
      },
    });
    machine.node.addDependency(role);
    this.machine = machine;
  }

  private addRole(text: string, { workflow, functions, config }: WorkflowMachineProps): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      description: `Pilotlight: the ${workflow} workflow`,
    });
    const used = new Set(placeholdersIn(text));
    const called = neededFunctions(config).filter((name) => used.has(functionTable[name].placeholder));
    new Policy(role, 'Scoped', {
      roles: [role],
      statements: [
        new PolicyStatement({
          actions: ['lambda:InvokeFunction'],
          resources: called.map((name) => functions.of(name).functionArn),
        }),
      ],
    });
    addUnscopedPolicy(role, role, [deliverLogs(), sendTraces()]);
    return role;
  }
}

/** Source: Step Functions Developer Guide, "Using CloudWatch Logs to log execution history". */
function deliverLogs(): UnscopedStatement {
  return {
    statement: new PolicyStatement({
      actions: [
        'logs:CreateLogDelivery',
        'logs:DeleteLogDelivery',
        'logs:DescribeLogGroups',
        'logs:DescribeResourcePolicies',
        'logs:GetLogDelivery',
        'logs:ListLogDeliveries',
        'logs:PutResourcePolicy',
        'logs:UpdateLogDelivery',
      ],
      resources: ['*'],
    }),
    reason: 'CloudWatch Logs takes no ARN for the set-up of log deliveries.',
  };
}

/** Source: Step Functions Developer Guide, "AWS X-Ray and Step Functions". */
function sendTraces(): UnscopedStatement {
  return {
    statement: new PolicyStatement({
      actions: [
        'xray:GetSamplingRules',
        'xray:GetSamplingTargets',
        'xray:PutTelemetryRecords',
        'xray:PutTraceSegments',
      ],
      resources: ['*'],
    }),
    reason: 'X-Ray takes no ARN for sending traces.',
  };
}
