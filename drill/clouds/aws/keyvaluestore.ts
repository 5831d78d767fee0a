import { createHash } from 'node:crypto';
import { z } from 'zod';
import { requestIds, signatureOf } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';

/** One store of CloudFront; `items` is the truth that the edge locations copy, each at its own moment. */
export interface KeyValueStore {
  readonly arn: string;
  readonly items: Map<string, string>;
  /** Changes with every write. */
  etag: string;
  /** Milliseconds since the Unix epoch. */
  created: number;
  lastModified: number;
}

export interface KeyValueStoreOptions {
  readonly stores: readonly KeyValueStore[];
  /** Called at the moment of the write, once for each key; `value` is null for a key that was deleted. */
  readonly onChange?: (key: string, value: string | null, etag: string) => void;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** One key to write, or with null to delete. */
type Change = readonly [key: string, value: string | null];

const HOST = /^(\d{12})\.cloudfront-kvs\.global\.api\.aws$/;
const PATH = /^\/key-value-stores\/([^/]+)(\/keys(?:\/([^/]+))?)?$/;
/** Source: CloudFront quotas: 512 bytes a key, 1 KB a value, 5 MB a store, 50 keys an update. */
const KEY_BYTES_MAX = 512;
const VALUE_BYTES_MAX = 1_024;
const STORE_BYTES_MAX = 5 * 1_024 * 1_024;
const UPDATE_MAX = 50;
const PAGE_MAX = 50;

const putSchema = z.strictObject({ Value: z.string() });
const updateSchema = z.strictObject({
  Puts: z.array(z.strictObject({ Key: z.string().min(1), Value: z.string() })).default([]),
  Deletes: z.array(z.strictObject({ Key: z.string().min(1) })).default([]),
});

const bytesOf = (items: ReadonlyMap<string, string>): number =>
  [...items].reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);

const nextEtag = (store: KeyValueStore): string =>
  `KV${createHash('sha256').update(`${store.arn} ${store.etag}`).digest('hex').slice(0, 13).toUpperCase()}`;

/** An empty store, created now. */
export function makeKeyValueStore(arn: string, items: Readonly<Record<string, string>> = {}): KeyValueStore {
  const now = Date.now();
  const store = { arn, items: new Map(Object.entries(items)), etag: '', created: now, lastModified: now };
  store.etag = nextEtag(store);
  return store;
}

const totals = (store: KeyValueStore): { ItemCount: number; TotalSizeInBytes: number } => ({
  ItemCount: store.items.size,
  TotalSizeInBytes: bytesOf(store.items),
});

const refuseChanges = (store: KeyValueStore, changes: readonly Change[]): Refusal | null => {
  const invalid = (message: string): Refusal => ({ status: 400, code: 'ValidationException', message });
  if (changes.length === 0 || changes.length > UPDATE_MAX)
    return invalid(`an update takes 1 to ${UPDATE_MAX} keys`);
  if (new Set(changes.map(([key]) => key)).size < changes.length)
    return invalid('a key may be named only once');
  for (const [key, value] of changes) {
    if (Buffer.byteLength(key) > KEY_BYTES_MAX) return invalid(`a key has at most ${KEY_BYTES_MAX} bytes`);
    if (value !== null && Buffer.byteLength(value) > VALUE_BYTES_MAX) {
      return invalid(`a value has at most ${VALUE_BYTES_MAX} bytes`);
    }
    if (value === null && !store.items.has(key)) {
      return { status: 404, code: 'ResourceNotFoundException', message: `Key ${key} was not found.` };
    }
  }
  const after = new Map(store.items);
  for (const [key, value] of changes) {
    if (value === null) after.delete(key);
    else after.set(key, value);
  }
  if (bytesOf(after) <= STORE_BYTES_MAX) return null;
  return { status: 402, code: 'ServiceQuotaExceededException', message: 'The store is full.' };
};

/** The CloudFront KeyValueStore data plane. Paths and headers: checked against @aws-sdk/client-cloudfront-keyvaluestore. */
export function keyValueStoreService(options: KeyValueStoreOptions): Service {
  const nextId = requestIds('keyvaluestore');
  return {
    name: 'keyvaluestore',
    handles: (request) => HOST.test(request.host),
    answer: (request) => {
      const call = parseCall(request);
      const requestId = nextId();
      const answer = (body: unknown, etag?: string): WireResponse => ({
        status: 200,
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          ...(etag === undefined ? {} : { etag }),
        },
        body: JSON.stringify(body),
      });
      const refuse = ({ status, code, message }: Refusal): WireResponse => ({
        status,
        headers: {
          'content-type': 'application/json',
          'x-amzn-requestid': requestId,
          'x-amzn-errortype': code,
        },
        body: JSON.stringify({ Message: message }),
      });
      const store = options.stores.find((candidate) => candidate.arn === call.arn);
      const refusal = refuseCaller(request, call.arn);
      if (refusal !== null) return refuse(refusal);
      if (store === undefined) {
        return refuse({
          status: 404,
          code: 'ResourceNotFoundException',
          message: 'The key value store was not found.',
        });
      }
      if ('read' in call) return read(store, call, { answer, refuse });
      const problem = refuseVersion(request, store) ?? refuseChanges(store, call.changes);
      if (problem !== null) return refuse(problem);
      write(store, call.changes, options.onChange);
      return answer(totals(store), store.etag);
    },
  };
}

type Call =
  | {
      readonly arn: string;
      readonly read: 'store' | 'keys' | 'key';
      readonly key: string;
      readonly query: WireRequest['query'];
    }
  | { readonly arn: string; readonly changes: readonly Change[] };

const parseCall = (request: WireRequest): Call => {
  const [, arnText, keys, keyText] = PATH.exec(request.path) ?? [];
  const arn = decodeURIComponent(arnText ?? '');
  const key = decodeURIComponent(keyText ?? '');
  const call = `${request.method} ${keys === undefined ? 'store' : keyText === undefined ? 'keys' : 'key'}`;
  if (arnText !== undefined) {
    if (call === 'GET store') return { arn, read: 'store', key, query: request.query };
    if (call === 'GET keys') return { arn, read: 'keys', key, query: request.query };
    if (call === 'GET key') return { arn, read: 'key', key, query: request.query };
    if (call === 'PUT key') return { arn, changes: [[key, putSchema.parse(JSON.parse(request.body)).Value]] };
    if (call === 'DELETE key') return { arn, changes: [[key, null]] };
    if (call === 'POST keys') {
      const { Puts, Deletes } = updateSchema.parse(JSON.parse(request.body));
      const puts = Puts.map(({ Key, Value }): Change => [Key, Value]);
      return { arn, changes: [...puts, ...Deletes.map(({ Key }): Change => [Key, null])] };
    }
  }
  throw new UnexpectedCall('the simulated CloudFront KeyValueStore does not know this operation');
};

const refuseCaller = (request: WireRequest, arn: string): Refusal | null => {
  const denied = (message: string): Refusal => ({ status: 403, code: 'AccessDeniedException', message });
  const signature = signatureOf(request);
  if (signature?.algorithm !== 'AWS4-ECDSA-P256-SHA256' || signature.service !== 'cloudfront-keyvaluestore') {
    return denied('The request must be signed with Signature Version 4A.');
  }
  if (request.headers['x-amz-region-set'] !== '*')
    return denied('The signature must be good in every Region.');
  return arn.split(':')[4] === HOST.exec(request.host)?.[1]
    ? null
    : denied('The store belongs to another account.');
};

const refuseVersion = (request: WireRequest, store: KeyValueStore): Refusal | null => {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || wanted === '') {
    return { status: 400, code: 'ValidationException', message: 'If-Match is required.' };
  }
  if (wanted === store.etag) return null;
  return {
    status: 409,
    code: 'ConflictException',
    message: 'The ETag does not match the current version of the store.',
  };
};

const write = (
  store: KeyValueStore,
  changes: readonly Change[],
  onChange: KeyValueStoreOptions['onChange'],
): void => {
  store.etag = nextEtag(store);
  store.lastModified = Date.now();
  for (const [key, value] of changes) {
    if (value === null) store.items.delete(key);
    else store.items.set(key, value);
    onChange?.(key, value, store.etag);
  }
};

interface Reply {
  readonly answer: (body: unknown, etag?: string) => WireResponse;
  readonly refuse: (refusal: Refusal) => WireResponse;
}

const read = (store: KeyValueStore, call: Extract<Call, { read: string }>, reply: Reply): WireResponse => {
  if (call.read === 'store') {
    const times = { Created: store.created / 1_000, LastModified: store.lastModified / 1_000 };
    return reply.answer({ ...totals(store), KvsARN: store.arn, Status: 'READY', ...times }, store.etag);
  }
  if (call.read === 'key') {
    const value = store.items.get(call.key);
    if (value !== undefined) return reply.answer({ Key: call.key, Value: value, ...totals(store) });
    return reply.refuse({
      status: 404,
      code: 'ResourceNotFoundException',
      message: `Key ${call.key} was not found.`,
    });
  }
  const size = Number(call.query['MaxResults'] ?? PAGE_MAX);
  const start = Number(call.query['NextToken'] ?? 0);
  if (!Number.isInteger(size) || size < 1 || size > PAGE_MAX || !Number.isInteger(start)) {
    return reply.refuse({
      status: 400,
      code: 'ValidationException',
      message: `MaxResults must be 1 to ${PAGE_MAX}.`,
    });
  }
  const items = [...store.items].sort(([left], [right]) => (left < right ? -1 : 1));
  const next = start + size < items.length ? { NextToken: String(start + size) } : {};
  return reply.answer({
    Items: items.slice(start, start + size).map(([Key, Value]) => ({ Key, Value })),
    ...next,
  });
};
