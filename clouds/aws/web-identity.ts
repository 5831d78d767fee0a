import {
  GetWebIdentityTokenCommand,
  OutboundWebIdentityFederationDisabledException,
  STSClient,
} from '@aws-sdk/client-sts';
import * as z from 'zod';
import { CloudRefused } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { readAnswer } from './answer.ts';
import { type AwsAccess, clientOptions, lazily } from './client.ts';
import { translate } from './errors.ts';

/** The audience that Entra ID demands of every federated credential. */
export const ENTRA_AUDIENCE = 'api://AzureADTokenExchange';

export interface AssertionOptions extends AwsAccess {
  /** Exactly one audience: with several, the claim becomes an array and Entra ID refuses it. */
  readonly audience: string;
  readonly clock: Clock;
}

const CALL = 'STS GetWebIdentityToken';

/** Long enough for one exchange and its retries; the Entra token that it buys lives for itself, about an hour. */
const TOKEN_SECONDS = 300;
/** A token this close to its end is not handed out, because it still has a way to go. */
const MARGIN_MS = 60_000;

const answerSchema = z.object({ WebIdentityToken: z.string().min(1), Expiration: z.date() });

interface Assertion {
  readonly token: string;
  readonly usableUntil: number;
}

/**
 * Makes the function that proves to Entra ID who we are: a token of AWS, signed for this role. It is kept until a
 * minute before its end, because the credential of `@azure/identity` asks for it twice at every turn, even when it has
 * a cached token of its own. Who asks while a call is under way waits for that call; a failed call is not kept.
 */
export function makeAssertion(options: AssertionOptions): () => Promise<string> {
  const client = lazily(() => new STSClient(clientOptions(options)));
  let kept: Assertion | null = null;
  let underWay: Promise<Assertion> | null = null;
  return async () => {
    if (kept !== null && options.clock.now() < kept.usableUntil) return kept.token;
    underWay ??= requestAssertion(client(), options.audience).finally(() => {
      underWay = null;
    });
    kept = await underWay;
    return kept.token;
  };
}

async function requestAssertion(client: STSClient, audience: string): Promise<Assertion> {
  const command = new GetWebIdentityTokenCommand({
    Audience: [audience],
    // Entra ID supports no other algorithm.
    SigningAlgorithm: 'RS256',
    DurationSeconds: TOKEN_SECONDS,
  });
  try {
    const answer = readAnswer(CALL, answerSchema, await client.send(command));
    return { token: answer.WebIdentityToken, usableUntil: answer.Expiration.getTime() - MARGIN_MS };
  } catch (error) {
    if (error instanceof OutboundWebIdentityFederationDisabledException) throw federationDisabled(error);
    throw translate(CALL, error);
  }
}

function federationDisabled(cause: OutboundWebIdentityFederationDisabledException): CloudRefused {
  const got = `${cause.name}: this AWS account issues no web identity tokens`;
  const next =
    'Run `aws iam enable-outbound-web-identity-federation` once in this account, and put the issuer that ' +
    '`aws iam get-outbound-web-identity-federation-info` prints into the federated credential in Entra ID.';
  return new CloudRefused({ call: CALL, got, next }, { cause });
}
