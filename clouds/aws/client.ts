import type { STSClientConfig } from '@aws-sdk/client-sts';

/** What an AWS SDK client takes in place of the network: an object with `handle(request)`. */
export type AwsTransport = NonNullable<STSClientConfig['requestHandler']>;

/** Static credentials; production uses the default provider chain of the SDK instead. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How an adapter reaches AWS. Whoever gives a transport gives credentials too, so that nothing looks for real ones. */
export interface AwsAccess {
  readonly region: string;
  readonly transport?: AwsTransport;
  readonly credentials?: AwsCredentials;
}

/** One call and two repeats: more would use up the time of the function, and the workflow owns the long retries. */
const ATTEMPTS_MAX = 3;
const CONNECT_TIMEOUT_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;

/** The options that every AWS client of the controller is made with. */
export function clientOptions(access: AwsAccess) {
  return {
    region: access.region,
    maxAttempts: ATTEMPTS_MAX,
    retryMode: 'standard',
    requestHandler: access.transport ?? {
      connectionTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      // Without it the SDK only prints a warning when the request takes too long, and goes on waiting.
      throwOnRequestTimeout: true,
    },
    ...(access.credentials === undefined ? {} : { credentials: access.credentials }),
  };
}

/** Makes a thing on first use and keeps it: loading a function must not cost the making of clients it may not need. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
