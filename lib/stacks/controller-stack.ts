import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { isMeasured } from '../../core/data/faults.ts';
import { measuredWorkloads } from '../../core/route/spread.ts';
import { Approvals } from '../constructs/slack/approvals.ts';
import { ConfigLayer } from '../constructs/config-layer.ts';
import { ControllerAlarms } from '../constructs/alarm/controller-alarms.ts';
import { CloseRule } from '../constructs/run/close-rule.ts';
import { RunWatch } from '../constructs/run/run-watch.ts';
import { ControllerFunctions } from '../constructs/run/controller-functions.ts';
import { DeadLetters } from '../constructs/alarm/dead-letters.ts';
import { DataWatch } from '../constructs/data/data-watch.ts';
import { WorkflowMachine } from '../constructs/run/workflow-machine.ts';
import { OnCallKey, OnCallTopic } from '../constructs/alarm/on-call-topic.ts';
import { ParkedWatch } from '../constructs/standby/parked-watch.ts';
import { SpreadWatch } from '../constructs/watch/spread-watch.ts';
import { StartRules } from '../constructs/watch/start-rules.ts';
import { WatchLoop } from '../constructs/watch/watch-loop.ts';

export interface ControllerStackProps extends StackProps {
  readonly config: Config;
  readonly ledger: Table;
}

/** What acts: the workflow, its functions, the bus that starts it, and the alarms on all of that. */
export class ControllerStack extends Stack {
  constructor(scope: Construct, id: string, props: ControllerStackProps) {
    super(scope, id, { ...props, description: 'Pilotlight: the workflows and their functions.' });
    const { config, ledger } = props;
    const { key } = new OnCallKey(this, 'OnCallKey');
    const onCall = new OnCallTopic(this, 'OnCall', {
      ...{ part: 'controller', emails: config.controller.onCall, key },
    });
    const { layer: configLayer } = new ConfigLayer(this, 'Config', { config });
    const functions = new ControllerFunctions(this, 'Functions', {
      ...{ config, configLayer, ledger, onCall, onCallKey: key },
    });
    const failover = new WorkflowMachine(this, 'Failover', { workflow: 'failover', config, functions });
    const failback = new WorkflowMachine(this, 'Failback', { workflow: 'failback', config, functions });
    const machines = [failover.machine, failback.machine];
    const machineLogs = { failover: failover.logGroup, failback: failback.logGroup };
    const deadLetters = new DeadLetters(this, 'DeadLetters', { part: 'controller' });
    const watch = new WatchLoop(this, 'Watch', {
      ...{ config, configLayer, ledger, onCall, onCallKey: key, deadLetters },
    });
    const { azureRole, subjects } = functions;
    if (Object.values(config.workloads).some(({ data }) => isMeasured(data))) {
      new DataWatch(this, 'Data', { config, configLayer, ledger, onCall, azureRole, subjects });
    }
    if (
      azureRole !== null &&
      Object.values(config.workloads).some(({ standby }) => standby.tier === 'parked')
    ) {
      new ParkedWatch(this, 'Parked', { config, configLayer, ledger, onCall, azureRole, subjects });
    }
    if (measuredWorkloads(config).length > 0) {
      new SpreadWatch(this, 'Spread', { config, configLayer, ledger, onCall, subjects });
    }
    new RunWatch(this, 'Runs', { config, configLayer, ledger, onCall, subjects });
    const { bus } = new StartRules(this, 'Start', { startRun: watch.startRun, deadLetters });
    new CloseRule(this, 'Close', { machines, closeRun: functions.of('close-run'), deadLetters });
    new ControllerAlarms(this, 'Alarms', { machines, functions, deadLetters, onCall });
    if (config.controller.slack !== undefined) {
      const { url } = new Approvals(this, 'Approvals', {
        ...{ config, configLayer, ledger, onCall, onCallKey: key, machineLogs },
      });
      new CfnOutput(this, 'SlackRequestUrl', {
        value: url,
        description: 'Request URL of the Slack app, under Interactivity',
      });
    }
    new CfnOutput(this, 'MachineArn', {
      value: failover.machine.stateMachineArn,
      description: 'For aws stepfunctions start-execution: a failover',
    });
    new CfnOutput(this, 'FailbackMachineArn', {
      value: failback.machine.stateMachineArn,
      description: 'The same for the way home; names of its executions begin with failback-',
    });
    if (functions.azureRole !== null) {
      new CfnOutput(this, 'AzureRoleArn', {
        value: functions.azureRole.roleArn,
        description: 'Subject of the federated credential in Entra ID',
      });
    }
    new CfnOutput(this, 'EventBusArn', { value: bus.eventBusArn, description: 'Where alarms are sent to' });
  }
}
