import {
  CloudFrontKeyValueStoreClient,
  ConflictException,
  PutKeyCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
// The data plane of the store signs for every region at once; without this import each call throws before it is sent.
import '@aws-sdk/signature-v4a';
import * as z from 'zod';
import type { BeaconStore } from '../../../core/ports.ts';
import { BEACON_KEY } from '../../../core/route/beacon.ts';
import { readAnswer } from '../answer.ts';
import { clientOptions, lazily } from '../client.ts';
import { translate } from '../errors.ts';
import { readVersion, type RouteStoreOptions } from './route-store.ts';

const PUT = 'CloudFrontKeyValueStore PutKey';

const versionAnswer = z.object({ ETag: z.string().min(1) });

/** The beacon of a workload, a key of its own in the store of its route. */
export function makeBeaconStore(options: RouteStoreOptions): BeaconStore {
  const client = lazily(() => new CloudFrontKeyValueStoreClient(clientOptions(options)));
  const put = async (KvsARN: string, Value: string, IfMatch: string): Promise<string | null> => {
    try {
      const command = new PutKeyCommand({ KvsARN, Key: BEACON_KEY, Value, IfMatch });
      return readAnswer(PUT, versionAnswer, await client().send(command)).ETag;
    } catch (error) {
      if (error instanceof ConflictException) return null;
      throw translate(PUT, error);
    }
  };
  return {
    async write(workload, value, known) {
      const KvsARN = options.storeArnOf(workload);
      // Each call is paid for. A version that was kept is mostly still the newest, because routes seldom move.
      const written = known === null ? null : await put(KvsARN, value, known);
      return written ?? put(KvsARN, value, await readVersion(client(), KvsARN));
    },
  };
}
