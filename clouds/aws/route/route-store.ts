import {
  CloudFrontKeyValueStoreClient,
  ConflictException,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  PutKeyCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
// The data plane of the store signs for every region at once; without this import each call throws before it is sent.
import '@aws-sdk/signature-v4a';
import * as z from 'zod';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import type { RouteStore } from '../../../core/ports.ts';
import { ROUTE_KEY, routeSchema, type Route } from '../../../core/route/route.ts';
import { readAnswer } from '../answer.ts';
import { type AwsAccess, clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';

export interface RouteStoreOptions extends AwsAccess {
  /** ARN of the key-value store of a workload's distribution. */
  readonly storeArnOf: (workload: string) => string;
}

const DESCRIBE = 'CloudFrontKeyValueStore DescribeKeyValueStore';
const GET = 'CloudFrontKeyValueStore GetKey';
const PUT = 'CloudFrontKeyValueStore PutKey';

const versionAnswer = z.object({ ETag: z.string().min(1) });
const getAnswer = z.object({ Value: z.string() });

/** The route of a workload, kept in the CloudFront KeyValueStore that its edge function reads. */
export function makeRouteStore(options: RouteStoreOptions): RouteStore {
  const client = lazily(() => new CloudFrontKeyValueStoreClient(clientOptions(options)));
  return {
    async read(workload) {
      const KvsARN = options.storeArnOf(workload);
      // The version before the value, one after the other: a write that falls in between then leaves us with an old
      // version, and our own write is refused. The other way round it would be accepted over a route we never saw.
      const version = await readVersion(client(), KvsARN);
      return { route: await readRoute(client(), KvsARN), version };
    },
    async write(workload, route, version) {
      const KvsARN = options.storeArnOf(workload);
      const command = new PutKeyCommand({
        KvsARN,
        Key: ROUTE_KEY,
        Value: JSON.stringify(route),
        IfMatch: version,
      });
      try {
        // Only a version in the answer shows that it is the store that said yes, and not something on the way to it.
        readAnswer(PUT, versionAnswer, await client().send(command));
        return true;
      } catch (error) {
        // Also the answer to our own repeated attempt whose first answer was lost: the caller reads again and sees it.
        if (error instanceof ConflictException) return false;
        throw translate(PUT, error);
      }
    },
    // The store does not tell which edge locations have a value: only asking through them shows it.
    confirmSpread: () => Promise.resolve(true),
  };
}

/** The version of a store, whatever is in it. */
export async function readVersion(client: CloudFrontKeyValueStoreClient, KvsARN: string): Promise<string> {
  try {
    const answer = await client.send(new DescribeKeyValueStoreCommand({ KvsARN }));
    return readAnswer(DESCRIBE, versionAnswer, answer).ETag;
  } catch (error) {
    throw translate(DESCRIBE, error);
  }
}

async function readRoute(client: CloudFrontKeyValueStoreClient, KvsARN: string): Promise<Route | null> {
  try {
    const answer = await client.send(new GetKeyCommand({ KvsARN, Key: ROUTE_KEY }));
    return parseRoute(readAnswer(GET, getAnswer, answer).Value);
  } catch (error) {
    // The store itself exists, it was described a moment ago: only the key is missing.
    if (error instanceof ResourceNotFoundException) return null;
    throw translate(GET, error);
  }
}

function parseRoute(value: string): Route {
  let json: unknown;
  try {
    json = JSON.parse(value);
  } catch {
    throw new CloudAnswerUnreadable(GET, [`the value of "${ROUTE_KEY}" is not JSON: ${value.slice(0, 80)}`]);
  }
  return readAnswer(GET, routeSchema, json);
}
