import { Duration } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime, type FunctionProps, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { BUNDLE_HANDLER, USE_SOURCE_MAP, bundledCode, type Folder } from './bundle.ts';
import { CONFIG_FILE } from './config-layer.ts';

/** What differs from function to function. */
export interface BundledFunction {
  readonly folder: Folder;
  readonly functionName: string;
  readonly purpose: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** @default the function knows no configuration */
  readonly configLayer?: ILayerVersion;
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
  code: bundledCode(made.folder),
  handler: BUNDLE_HANDLER,
  memorySize: made.memoryMb,
  timeout: Duration.seconds(made.timeoutSeconds),
  // The CDK would add permissions of its own choosing: everything that a role may do is written out.
  role: made.role.withoutPolicyUpdates(),
  logGroup: made.logGroup,
  ...(made.configLayer === undefined ? {} : { layers: [made.configLayer] }),
  environment: {
    ...made.environment,
    ...(made.configLayer === undefined ? {} : { CONFIG_FILE }),
    NODE_OPTIONS: USE_SOURCE_MAP,
  },
});
