import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { machineArnOf } from '../../../core/names.ts';
import type { Starter } from '../../../core/ports.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

const START = 'Step Functions StartExecution';

/** Starts runs of the failover workflow for the controller itself. */
export function makeStarter(options: AwsAccess & { readonly account: string }): Starter {
  const client = lazily(() => new SFNClient(clientOptions(options)));
  return {
    async start(name, input) {
      try {
        const stateMachineArn = machineArnOf(options);
        await client().send(
          new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
        );
        return true;
      } catch (error) {
        // The name is the incident: whoever asked first has started it.
        if (error instanceof ExecutionAlreadyExists) return false;
        throw translate(START, error);
      }
    },
  };
}
