import { Stack, type StackProps } from 'aws-cdk-lib';
import { Policy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Config } from '../../core/config/schema.ts';
import { probeFunction } from '../../core/functions.ts';
import { functionProps } from '../constructs/bundled-function.ts';
import { addFunctionLogs, writeLogs } from '../constructs/rights/function-role.ts';

export interface ProbeStackProps extends StackProps {
  readonly config: Config;
}

/**
 * One place that probes are sent from: a small function that may write its log and nothing else. The watch asks it every ten
 * seconds, and tells when it is silent.
 */
export class ProbeStack extends Stack {
  constructor(scope: Construct, id: string, props: ProbeStackProps) {
    super(scope, id, { ...props, description: 'Pilotlight: a place that probes are sent from.' });
    const { config } = props;
    const logGroup = addFunctionLogs(this, 'Logs', { functionName: probeFunction.functionName, config });
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `Pilotlight: ${probeFunction.purpose}`,
    });
    new Policy(role, 'Scoped', { roles: [role], statements: [writeLogs([logGroup])] });
    const probe = new LambdaFunction(this, 'Probe', functionProps({ ...probeFunction, role, logGroup }));
    probe.node.addDependency(role);
  }
}
