import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, type FunctionProps } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { Config } from '../../core/config/schema.ts';
import { BUNDLE_HANDLER, USE_SOURCE_MAP, bundledCode, type Folder } from './bundle.ts';

/** What differs from function to function. */
export interface BundledFunction {
  readonly folder: Folder;
  readonly functionName: string;
  readonly purpose: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  readonly config: Config;
  readonly role: Role;
  readonly logGroup: ILogGroup;
  readonly environment?: Readonly<Record<string, string>>;
}

/** How every function of ours is deployed. */
export const functionProps = (made: BundledFunction): FunctionProps => ({
  functionName: made.functionName,
  description: made.purpose,
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  code: bundledCode(made.folder, made.config),
  handler: BUNDLE_HANDLER,
  memorySize: made.memoryMb,
  timeout: Duration.seconds(made.timeoutSeconds),
  // The CDK would add permissions of its own choosing: everything that a role may do is written out.
  role: made.role.withoutPolicyUpdates(),
  logGroup: made.logGroup,
  environment: { ...made.environment, NODE_OPTIONS: USE_SOURCE_MAP },
});
