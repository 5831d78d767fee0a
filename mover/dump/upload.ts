import { createHash } from 'node:crypto';
import { PassThrough, Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { BlobContainer } from '../store/blob-store.ts';

/** What was uploaded. Lengths in bytes. */
export interface Uploaded {
  readonly bytes: number;
  readonly plainBytes: number;
  readonly sha256: string;
}

/** Compresses a stream and uploads it, in bounded memory. `head` goes before it. */
export async function uploadCompressed(
  container: BlobContainer,
  name: string,
  { head, source }: { readonly head: string; readonly source: Readable },
): Promise<Uploaded> {
  const hash = createHash('sha256');
  let bytes = 0;
  let plainBytes = Buffer.byteLength(head);
  const plain = counted((chunk) => {
    plainBytes += chunk.length;
  });
  plain.write(head);
  plainBytes = Buffer.byteLength(head);
  const packed = counted((chunk) => {
    bytes += chunk.length;
    hash.update(chunk);
  });
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  const out = new PassThrough();
  await Promise.all([
    pipeline(source, plain, compress, packed, out),
    container.addStream(name, out).catch((error: unknown) => {
      // Whoever writes into a stream that nobody reads would wait for ever.
      out.destroy(error as Error);
      throw error;
    }),
  ]);
  return { bytes, plainBytes, sha256: hash.digest('hex') };
}

const counted = (see: (chunk: Buffer) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      see(chunk);
      done(null, chunk);
    },
  });
