import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../core/errors.ts';
import type { Clock } from '../../core/ports.ts';
import { type AwsAccess, clientOptions, lazily } from './client.ts';
import { translate } from './errors.ts';

export interface SlackSecretOptions extends AwsAccess {
  readonly secretName: string;
  readonly clock: Clock;
}

const signingSecretSchema = z
  .string('text')
  .min(16, 'a signing secret as Slack gives it (32 hexadecimal digits)');

const secretSchema = z.object({
  botToken: z.string('text').regex(/^xoxb-\S+$/, 'a bot token that begins with xoxb-'),
  signingSecret: signingSecretSchema,
  /** The one before, while it rotates: Slack goes on signing with it until the new one is taken into use. */
  previousSigningSecret: signingSecretSchema.nullish(),
});
type SlackSecretValue = z.output<typeof secretSchema>;

/** What is secret between Slack and us, kept for minutes. */
export interface SlackSecret {
  /** Bot token; given the one that Slack has just refused, the stored one is read again. */
  readonly botToken: (refused?: string) => Promise<string>;
  /** The secrets that a signature may be made with: the one in use and the one before. */
  readonly signingSecrets: () => Promise<readonly string[]>;
  /**
   * Reads the secret again, because a signature fitted none of the known ones; at most once in a while, so that a flood
   * of forged requests does not become a flood of calls. Null where it was read a moment ago.
   */
  readonly newSigningSecrets: () => Promise<readonly string[] | null>;
}

const CALL = 'SecretsManager GetSecretValue';
/** A rotated secret is noticed at once by its first signature, so this may be long. Milliseconds. */
const KEEP_MS = 5 * 60_000;
/** Between two reads that a bad signature, or a refused token, causes. Milliseconds. */
const REREAD_MS = 15_000;

/** The Slack secret in Secrets Manager. */
export function makeSlackSecret(options: SlackSecretOptions): SlackSecret {
  const client = lazily(() => new SecretsManagerClient(clientOptions(options)));
  let kept: { readonly value: SlackSecretValue; readonly at: number } | null = null;
  let triedAt = -Infinity;
  let reading: Promise<SlackSecretValue> | null = null;

  const read = (): Promise<SlackSecretValue> => {
    // Requests that come together wait for one read.
    reading ??= fetchSecret(client(), options.secretName)
      .then((value) => {
        kept = { value, at: options.clock.now() };
        return value;
      })
      .finally(() => {
        reading = null;
      });
    triedAt = options.clock.now();
    return reading;
  };
  const current = async (): Promise<SlackSecretValue> => {
    if (kept !== null && options.clock.now() - kept.at < KEEP_MS) return kept.value;
    return reread(kept?.value);
  };
  /** Where Secrets Manager is down, what we know goes on to count: an old secret is better than no approval. */
  const reread = async (known: SlackSecretValue | undefined): Promise<SlackSecretValue> => {
    if (known === undefined) return read();
    if (reading !== null) return reading.catch(() => known);
    if (options.clock.now() - triedAt < REREAD_MS) return known;
    return read().catch(() => known);
  };
  return {
    async botToken(refused) {
      const value = await current();
      return refused !== undefined && value.botToken === refused
        ? (await reread(value)).botToken
        : value.botToken;
    },
    signingSecrets: async () => signingSecretsOf(await current()),
    async newSigningSecrets() {
      const known = await current();
      const value = await reread(known);
      return value === known ? null : signingSecretsOf(value);
    },
  };
}

const signingSecretsOf = ({ signingSecret, previousSigningSecret }: SlackSecretValue): readonly string[] =>
  previousSigningSecret == null ? [signingSecret] : [signingSecret, previousSigningSecret];

async function fetchSecret(client: SecretsManagerClient, secretName: string): Promise<SlackSecretValue> {
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretName }));
    return readSecret(secretName, SecretString);
  } catch (error) {
    throw translate(CALL, error);
  }
}

/** Problems name the fields and what is expected of them, never what was found there. */
function readSecret(secretName: string, text: string | undefined): SlackSecretValue {
  const parsed = secretSchema.safeParse(parseJson(text ?? ''));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the whole'}: expected ${message}`,
  );
  throw new CloudAnswerUnreadable(`${CALL} of ${secretName}`, [
    ...problems,
    'store JSON with botToken, signingSecret and, while it rotates, previousSigningSecret',
  ]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
