import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

export interface BackgroundInvokerOptions extends AwsAccess {
  readonly functionName: string;
}

/** Hands an event to a function; returns when Lambda has taken it, not when the function is done. */
export type InvokeInBackground = (event: unknown) => Promise<void>;

/** Invokes a function asynchronously: Lambda keeps the event and tries again by itself where the function fails. */
export function makeBackgroundInvoker(options: BackgroundInvokerOptions): InvokeInBackground {
  const client = lazily(() => new LambdaClient(clientOptions(options)));
  return async (event) => {
    try {
      await client().send(
        new InvokeCommand({
          FunctionName: options.functionName,
          InvocationType: 'Event',
          Payload: JSON.stringify(event),
        }),
      );
    } catch (error) {
      throw translate('Lambda Invoke', error);
    }
  };
}
