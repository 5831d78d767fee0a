import {
  CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  PreconditionFailed,
  TooManyInvalidationsInProgress,
  UpdateDistributionCommand,
} from '@aws-sdk/client-cloudfront';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { readDistribution, type DistributionDocument } from './distribution-xml.ts';
import { translate } from '../errors.ts';

const GET_CONFIG = 'CloudFront GetDistributionConfig';
const GET = 'CloudFront GetDistribution';
const UPDATE = 'CloudFront UpdateDistribution';
const INVALIDATE = 'CloudFront CreateInvalidation';

/**
 * CloudFront's control plane throttles early, and a whole account shares the rate, which AWS does not publish. The SDK
 * waits up to 0.5, 1, 2 and 4 s before the repeats after a throttle.
 */
const ATTEMPTS_MAX = 5;
/** A configuration with many behaviours takes CloudFront seconds to check. Milliseconds. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 2_000;

const versionAnswer = z.object({ ETag: z.string().min(1) });
const invalidationAnswer = z.object({ Invalidation: z.object({ Id: z.string().min(1) }) });

/** The calls to CloudFront's control plane, with its refusals turned into answers. */
export interface DistributionClient {
  readConfig(id: string): Promise<{ version: string; document: DistributionDocument }>;
  /** The distribution with its status. */
  readDistribution(id: string): Promise<DistributionDocument>;
  /** False when somebody else has updated the distribution since that version. */
  update(id: string, version: string, config: string): Promise<boolean>;
  /** Everything in the caches, once for each reference. False when too many invalidations are under way just now. */
  invalidateAll(id: string, reference: string): Promise<boolean>;
}

export function makeDistributionClient(access: AwsAccess): DistributionClient {
  const client = lazily(() => new CloudFrontClient(controlPlaneOptions(access)));
  return {
    async readConfig(Id) {
      const command = new GetDistributionConfigCommand({ Id });
      const keeper = bodyKeeper(client());
      command.middlewareStack.add(keeper.keep, NEAREST_TO_THE_WIRE);
      const answer = await sent(GET_CONFIG, client().send(command));
      const { ETag } = readAnswer(GET_CONFIG, versionAnswer, answer);
      return { version: ETag, document: readDistribution(GET_CONFIG, keeper.body(GET_CONFIG)) };
    },
    async readDistribution(Id) {
      const command = new GetDistributionCommand({ Id });
      const keeper = bodyKeeper(client());
      command.middlewareStack.add(keeper.keep, NEAREST_TO_THE_WIRE);
      await sent(GET, client().send(command));
      return readDistribution(GET, keeper.body(GET));
    },
    async update(Id, IfMatch, config) {
      const command = new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig: undefined });
      replaceBody(command, config);
      try {
        // Only a version in the answer shows that it is CloudFront that said yes.
        readAnswer(UPDATE, versionAnswer, await client().send(command));
        return true;
      } catch (error) {
        // Also the answer to our own repeated attempt whose first answer was lost: the caller reads again and sees it.
        if (error instanceof PreconditionFailed) return false;
        throw translate(UPDATE, error);
      }
    },
    async invalidateAll(DistributionId, CallerReference) {
      const Paths = { Quantity: 1, Items: ['/*'] };
      const command = new CreateInvalidationCommand({
        DistributionId,
        InvalidationBatch: { CallerReference, Paths },
      });
      try {
        readAnswer(INVALIDATE, invalidationAnswer, await client().send(command));
        return true;
      } catch (error) {
        if (error instanceof TooManyInvalidationsInProgress) return false;
        throw translate(INVALIDATE, error);
      }
    },
  };
}

function controlPlaneOptions(access: AwsAccess) {
  const requestHandler = access.transport ?? {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  };
  return { ...clientOptions(access), maxAttempts: ATTEMPTS_MAX, requestHandler };
}

async function sent<Answer>(call: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    throw translate(call, error);
  }
}

const httpResponse = z.looseObject({ body: z.unknown() });
const httpRequest = z.looseObject({ headers: z.record(z.string(), z.string()) });

/** Low: nearest to the wire, before the SDK reads the body, which can be read only once. */
const NEAREST_TO_THE_WIRE = { step: 'deserialize', priority: 'low', name: 'keepBody' } as const;

/** Keeps the body of an answer as it came: the SDK's own model has no place for fields newer than itself. */
function bodyKeeper(client: CloudFrontClient) {
  let kept = new Uint8Array();
  return {
    /** @throws CloudAnswerUnreadable when the body is not UTF-8: it could not go back byte for byte. */
    body: (call: string): string => {
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(kept);
      } catch {
        throw new CloudAnswerUnreadable(call, ['the body is not UTF-8']);
      }
    },
    keep:
      <Args, Result extends { response: unknown }>(next: (args: Args) => Promise<Result>) =>
      async (args: Args): Promise<Result> => {
        const result = await next(args);
        const { body } = httpResponse.parse(result.response);
        kept = new Uint8Array(body instanceof Uint8Array ? body : await client.config.streamCollector(body));
        Object.assign(result.response as object, { body: kept });
        return result;
      },
  };
}

/** Sends this document in place of the SDK's; in the build step, so that length and signature are of this one. */
function replaceBody(command: UpdateDistributionCommand, body: string): void {
  command.middlewareStack.add(
    (next) => (args) => {
      const { headers } = httpRequest.parse(args.request);
      const length = String(Buffer.byteLength(body));
      Object.assign(args.request as object, {
        body,
        headers: { ...headers, 'content-type': 'application/xml', 'content-length': length },
      });
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'replaceBody' },
  );
}
