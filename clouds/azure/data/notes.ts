import type { z } from 'zod';
import { HANDOVER } from '../../../core/data/layout.ts';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { describeIssues } from '../../../core/problems.ts';
import type { BlobClient } from './blob-client.ts';

/* What the two sides and the controller write of each other: small JSON in the container `handover`. */

const NOTE_BYTES_MAX = 65_536;

/** A small JSON of one of the two sides; null where it is not there. */
export async function readNote<T>(client: BlobClient, name: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await client.whole(name, NOTE_BYTES_MAX);
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = text;
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new CloudAnswerUnreadable(`Azure Storage GET ${HANDOVER}/${name}`, describeIssues(read.error, value));
}

/** A note that is there and cannot be read a moment later: somebody deletes what nobody should. */
export function goneAgain(name: string): never {
  throw new CloudAnswerUnreadable(`Azure Storage GET ${HANDOVER}/${name}`, [
    'got nothing, expected what was there when ours was to be written',
  ]);
}
