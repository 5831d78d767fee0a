import {
  InvalidToken,
  SFNClient,
  SendTaskSuccessCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

/** Tells the step that waits with this token; false when it waits no more, which is no error of the teller. */
export type TellWaitingStep = (taskToken: string, output: unknown) => Promise<boolean>;

export function makeTaskCallback(access: AwsAccess): TellWaitingStep {
  const client = lazily(() => new SFNClient(clientOptions(access)));
  return async (taskToken, output) => {
    try {
      await client().send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
      return true;
    } catch (error) {
      // TaskTimedOut also means: answered already. Source: Step Functions API reference, SendTaskSuccess.
      const over =
        error instanceof TaskTimedOut || error instanceof TaskDoesNotExist || error instanceof InvalidToken;
      if (over) return false;
      throw translate('States SendTaskSuccess', error);
    }
  };
}
