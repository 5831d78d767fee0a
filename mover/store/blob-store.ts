import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ContainerClient, RestError } from '@azure/storage-blob';
import type { TokenCredential } from '@azure/identity';
import { BACKUPS, HANDOVER } from '../../core/data/layout.ts';
import { MoverError, wordsOf } from '../errors.ts';

/** A blob as a listing shows it. Length in bytes. */
export interface ListedBlob {
  readonly name: string;
  readonly length: number;
}

/** What an append came to: `moved` says that the blob did not end where the caller thought, `gone` that there is none. */
export type Appended = 'appended' | 'moved' | 'gone';

/** Size of a block of a streamed upload, and how many are on their way at once: this, and no more, is kept in memory. */
const BLOCK_BYTES = 8 * 1024 * 1024;
const BLOCKS_AT_ONCE = 2;
/** The largest block that every version of the service appends. Source: Put Block from Append Block, "Append Block". */
export const APPEND_BYTES_MAX = 4 * 1024 * 1024;

const statusOf = (error: unknown): number | undefined =>
  error instanceof RestError ? error.statusCode : undefined;
const codeOf = (error: unknown): string | undefined => (error instanceof RestError ? error.code : undefined);

/** One container of the storage account, as far as the mover needs it. Everything but `replace` adds and never changes. */
export class BlobContainer {
  private readonly client: ContainerClient;
  constructor(client: ContainerClient) {
    this.client = client;
  }

  private async tried<T>(call: string, name: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (error instanceof MoverError) throw error;
      const got = codeOf(error) ?? wordsOf(error);
      throw new MoverError(
        'store',
        'STORE_UNAVAILABLE',
        `${call} of ${this.client.containerName}/${name} in ${this.client.accountName} failed: got ${got}. ` +
          'Nothing was lost: it is tried again. If it stays so, look at the role of this identity and the firewall of the account.',
      );
    }
  }

  /** Blobs whose names begin so, in the order of their names. */
  list(prefix: string): Promise<readonly ListedBlob[]> {
    return this.tried('List', prefix, async () => {
      const found: ListedBlob[] = [];
      for await (const blob of this.client.listBlobsFlat({ prefix })) {
        found.push({ name: blob.name, length: blob.properties.contentLength ?? 0 });
      }
      return found;
    });
  }

  /** Names of the folders directly below a prefix, without it and without the slash. */
  folders(prefix: string): Promise<readonly string[]> {
    return this.tried('List', prefix, async () => {
      const found: string[] = [];
      for await (const item of this.client.listBlobsByHierarchy('/', { prefix })) {
        if (item.kind === 'prefix') found.push(item.name.slice(prefix.length, -1));
      }
      return found;
    });
  }

  /** Length of a blob in bytes; null where there is none. */
  length(name: string): Promise<number | null> {
    return this.tried('Get properties', name, async () => {
      try {
        return (await this.client.getBlobClient(name).getProperties()).contentLength ?? 0;
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw error;
      }
    });
  }

  /** What is there, or null where there is no blob of that name. */
  private foundOr<T>(nothing: T, name: string, run: () => Promise<T>): Promise<T | null> {
    return this.tried('Get', name, async () => {
      try {
        return await run();
      } catch (error) {
        if (statusOf(error) === 404) return null;
        // An empty blob has no range to ask for.
        if (statusOf(error) === 416) return nothing;
        throw error;
      }
    });
  }

  /** A part of a blob, whole in memory; null where there is none. */
  read(name: string, from: number, count: number): Promise<Buffer | null> {
    return this.foundOr(Buffer.alloc(0), name, () =>
      this.client.getBlobClient(name).downloadToBuffer(from, count),
    );
  }

  /** A small blob as it was at one moment; null where there is none. */
  readWhole(name: string): Promise<Buffer | null> {
    return this.foundOr(Buffer.alloc(0), name, async () => {
      // One request. downloadToBuffer asks for the length first, and cuts off a text that is replaced by a longer one in between.
      const answer = await this.client.getBlobClient(name).download(0, undefined, { maxRetryRequests: 10 });
      return buffer(answer.readableStreamBody as Readable);
    });
  }

  /** The same, as text. */
  async readText(name: string): Promise<string | null> {
    return (await this.readWhole(name))?.toString('utf8') ?? null;
  }

  /** A large blob as a stream, from an offset on. It goes on by itself where the line breaks. */
  stream(name: string, from = 0, count?: number): Promise<Readable> {
    return this.tried('Get', name, async () => {
      const answer = await this.client.getBlobClient(name).download(from, count, { maxRetryRequests: 10 });
      return answer.readableStreamBody as Readable;
    });
  }

  /** Writes a blob that is not there yet; false where it is. */
  add(name: string, text: string): Promise<boolean> {
    return this.tried('Put', name, async () => {
      const body = Buffer.from(text);
      try {
        await this.client
          .getBlockBlobClient(name)
          .upload(body, body.length, { conditions: { ifNoneMatch: '*' } });
        return true;
      } catch (error) {
        if (statusOf(error) === 409 || statusOf(error) === 412) return false;
        throw error;
      }
    });
  }

  /** Writes a blob anew. Only `handover` allows it. */
  replace(name: string, text: string): Promise<void> {
    return this.tried('Put', name, async () => {
      const body = Buffer.from(text);
      await this.client.getBlockBlobClient(name).upload(body, body.length);
    });
  }

  /** Uploads a stream of unknown length in bounded memory. The blob appears whole, at its end, or not at all. */
  async addStream(name: string, body: Readable): Promise<void> {
    await this.tried('Put', name, () =>
      this.client
        .getBlockBlobClient(name)
        .uploadStream(body, BLOCK_BYTES, BLOCKS_AT_ONCE, { conditions: { ifNoneMatch: '*' } }),
    );
  }

  /** Makes an append blob where there is none. */
  async createAppendable(name: string): Promise<void> {
    await this.tried('Create', name, async () => {
      try {
        await this.client.getAppendBlobClient(name).create({ conditions: { ifNoneMatch: '*' } });
      } catch (error) {
        if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
      }
    });
  }

  /**
   * Appends one block where the blob ends at `position`, so that no byte is ever there twice; at its end, wherever that is,
   * where no position is given. `moved` says that it ends elsewhere: an answer was lost, or somebody else appends.
   */
  append(name: string, body: Buffer, position?: number): Promise<Appended> {
    return this.tried('Append', name, async () => {
      try {
        await this.client
          .getAppendBlobClient(name)
          .appendBlock(
            body,
            body.length,
            position === undefined ? {} : { conditions: { appendPosition: position } },
          );
        return 'appended';
      } catch (error) {
        if (codeOf(error) === 'AppendPositionConditionNotMet') return 'moved';
        if (codeOf(error) === 'BlobNotFound') return 'gone';
        throw error;
      }
    });
  }

  /** How many blocks an append blob has; the service allows 50,000. */
  blocks(name: string): Promise<number> {
    return this.tried('Get properties', name, async () => {
      const properties = await this.client.getBlobClient(name).getProperties();
      return properties.blobCommittedBlockCount ?? 0;
    });
  }
}

/** The two containers that the sides meet in. */
export interface Store {
  readonly backups: BlobContainer;
  readonly handover: BlobContainer;
}

/**
 * Opens the storage account.
 * @param url such as `https://stpetclinicdata1a2b3c.blob.core.windows.net`
 */
export function openStore(url: string, credential: TokenCredential): Store {
  const container = (name: string): BlobContainer =>
    new BlobContainer(
      new ContainerClient(`${url.replace(/\/$/, '')}/${name}`, credential, {
        retryOptions: { maxTries: 4, retryDelayInMs: 500, maxRetryDelayInMs: 4_000, tryTimeoutInMs: 60_000 },
      }),
    );
  return { backups: container(BACKUPS), handover: container(HANDOVER) };
}
