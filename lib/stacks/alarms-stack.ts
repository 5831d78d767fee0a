import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { OwnAlarmRules } from '../constructs/watch/own-alarm-rules.ts';
import { WorkloadAlarms } from '../constructs/watch/workload-alarms.ts';

export interface AlarmsStackProps extends StackProps {
  /** The workloads of this shard that have alarms in this Region. */
  readonly workloads: Config['workloads'];
  readonly controller: Config['controller'];
}

/** The alarms of some workloads in one Region. Which ones is for lib/fleet.ts to say: a workload never changes its stack. */
export class AlarmsStack extends Stack {
  constructor(scope: Construct, id: string, { workloads, controller, ...props }: AlarmsStackProps) {
    super(scope, id, { ...props, description: 'Pilotlight: alarms of some workloads in this Region.' });
    new WorkloadAlarms(this, 'Alarms', { workloads, home: controller.region });
    new OwnAlarmRules(this, 'Own', { controller, workloads });
  }
}
