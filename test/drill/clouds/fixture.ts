import { signToken } from '../../../drill/clouds/azure/jwt.ts';
import { Network, type NetworkOptions, type Service } from '../../../drill/clouds/wire/wire.ts';

export const REGION = 'ap-northeast-1';
export const ACCESS_KEY = 'AKIDEXAMPLE';
export const TENANT = '11111111-1111-4111-8111-111111111111';
export const CLIENT = '22222222-2222-4222-8222-222222222222';
/** 2026-03-02T00:00:00Z, where the virtual clock of these tests begins. */
export const START = 1_772_409_600_000;

/** A network of these services, without latency and faults unless told. */
export function networkOf(services: readonly Service[], more: Partial<NetworkOptions> = {}): Network {
  return new Network({ services, ...more });
}

/** Options of a real AWS SDK client over the network. One attempt, so that an error is seen at once. */
export function awsOptions(network: Network, attempts = 1) {
  return {
    region: REGION,
    credentials: { accessKeyId: ACCESS_KEY, secretAccessKey: 'secret', sessionToken: 'session' },
    requestHandler: network.awsRequestHandler(),
    maxAttempts: attempts,
  };
}

/** What a call was rejected with; an error of the test where it was not. */
export async function rejection(call: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await call;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error('expected a rejection, got an answer');
}

/** A token as the simulated Entra would give it. */
export function accessToken(claims: { aud: string; sub?: string; expiresInSeconds?: number }): string {
  const iat = Math.floor(Date.now() / 1_000);
  const iss = `https://login.microsoftonline.com/${TENANT}/v2.0`;
  const exp = iat + (claims.expiresInSeconds ?? 3_599);
  return signToken({ iss, sub: claims.sub ?? CLIENT, aud: claims.aud, iat, exp }, { alg: 'RS256' });
}

/** Virtual time for the timers that the simulated clouds use; what the platform needs inside stays real. */
export function useVirtualTime(): void {
  beforeEach(() => {
    jest.useFakeTimers({
      now: START,
      doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'performance', 'hrtime'],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
}
