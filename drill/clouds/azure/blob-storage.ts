import type { BlobStore, StoredBlob } from './blob-store.ts';
import { requestIds } from '../aws/aws-wire.ts';
import { UnexpectedCall, type Service, type WireRequest, type WireResponse } from '../wire/wire-shape.ts';
import { withHeaders, refusal, type Answer, type Refusal } from './blob-answers.ts';
import { listXml, readListQuery } from './blob-list.ts';
import { bearerOf } from './entra.ts';

/** What Entra tokens for Azure Storage are made for. */
export const STORAGE_RESOURCE = 'https://storage.azure.com';

/** The first version of the service that takes a token of Entra. Source: "Authorize with Microsoft Entra ID", REST. */
const FIRST_VERSION = '2017-11-09';
const VERSION = /^20\d\d-\d\d-\d\d$/;
const RANGE = /^bytes=(\d+)-(\d*)$/;

/** What a role lets its holder do with a container. */
export type BlobRole = 'reader' | 'contributor';

/** A simulated storage account. */
export interface BlobStorageOptions {
  readonly account: string;
  readonly tenantId: string;
  readonly store: BlobStore;
  /** Roles of a container, by client id; whoever has none may do nothing. */
  readonly roles: Readonly<Record<string, ReadonlyMap<string, BlobRole>>>;
  /** Names on one page of a list; the service gives 5,000. */
  readonly pageSize: number;
}

interface Place {
  readonly container: string;
  /** Empty for the container itself. */
  readonly blob: string;
}

const placeOf = ({ path }: WireRequest): Place => {
  const [container = '', ...names] = path.replace(/^\//, '').split('/').map(decodeURIComponent);
  return { container, blob: names.join('/') };
};

/** The token, and the version that goes with it, in the order in which the service complains. */
function refuseCaller(
  request: WireRequest,
  { tenantId }: BlobStorageOptions,
): Refusal | { clientId: string } {
  const challenge = `Bearer authorization_uri=https://login.microsoftonline.com/${tenantId}/oauth2/authorize resource_id=${STORAGE_RESOURCE}`;
  const denied = (code: string, message: string, detail?: string): Refusal => ({
    ...{ status: 401, code, message, headers: { 'www-authenticate': challenge } },
    ...(detail === undefined ? {} : { detail }),
  });
  const bearer = bearerOf(request, STORAGE_RESOURCE);
  const version = request.headers['x-ms-version'] ?? '';
  if ('clientId' in bearer) {
    if (VERSION.test(version) && version >= FIRST_VERSION) return bearer;
    if (version !== '') {
      return {
        ...{ status: 400, code: 'InvalidHeaderValue' },
        message: 'The value for one of the HTTP headers is not in the correct format.',
      };
    }
    const message =
      'Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.';
    const detail = 'Authentication scheme Bearer is not supported in this version.';
    return { status: 403, code: 'AuthenticationFailed', message, detail };
  }
  if (bearer.problem === 'missing') {
    return denied(
      'NoAuthenticationInformation',
      'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    );
  }
  const details = {
    audience: 'Audience validation failed. Audience did not match.',
    expired: 'Lifetime validation failed. The token is expired.',
    invalid: 'Signature validation failed. Signature did not match.',
  };
  return denied(
    'InvalidAuthenticationInfo',
    'Server failed to authenticate the request. Please refer to the information in the www-authenticate header.',
    details[bearer.problem],
  );
}

const mayNot: Refusal = {
  status: 403,
  code: 'AuthorizationPermissionMismatch',
  message: 'This request is not authorized to perform this operation using this permission.',
};
const noBlob: Refusal = {
  status: 404,
  code: 'BlobNotFound',
  message: 'The specified blob does not exist.',
};
const noContainer: Refusal = {
  status: 404,
  code: 'ContainerNotFound',
  message: 'The specified container does not exist.',
};

const headersOf = (blob: StoredBlob): Record<string, string> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(blob.length),
  'last-modified': new Date(blob.changedAt).toUTCString(),
  etag: `"0x8D${blob.changedAt.toString(16).toUpperCase()}${blob.length.toString(16).toUpperCase()}"`,
  'x-ms-blob-type': blob.kind === 'append' ? 'AppendBlob' : 'BlockBlob',
  'accept-ranges': 'bytes',
});

function get(request: WireRequest, blob: StoredBlob): Answer | Refusal {
  const range = request.headers['x-ms-range'] ?? request.headers['range'];
  if (blob.text === null) throw new UnexpectedCall('the drill keeps no bytes of dumps and logs');
  if (range === undefined) return { status: 200, headers: headersOf(blob), body: blob.text };
  const [, first, last] = RANGE.exec(range) ?? [];
  if (first === undefined) throw new UnexpectedCall(`the simulated Blob service knows no range ${range}`);
  const bytes = Buffer.from(blob.text);
  const from = Number(first);
  if (from >= bytes.length) {
    return {
      ...{ status: 416, code: 'InvalidRange' },
      message: 'The range specified is invalid for the current size of the resource.',
      headers: { 'content-range': `bytes */${bytes.length}` },
    };
  }
  const until =
    last === undefined || last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
  const part = bytes.subarray(from, until + 1);
  const headers = {
    ...headersOf(blob),
    'content-length': String(part.length),
    'content-range': `bytes ${from}-${until}/${bytes.length}`,
  };
  return { status: 206, headers, body: part.toString('utf8') };
}

function put(request: WireRequest, { container, blob }: Place, store: BlobStore): Answer | Refusal {
  const type = request.headers['x-ms-blob-type'];
  if (type === undefined) {
    return {
      ...{ status: 400, code: 'MissingRequiredHeader' },
      message: 'An HTTP header that is mandatory for this request is not specified.',
    };
  }
  if (type !== 'BlockBlob') throw new UnexpectedCall(`the simulated Blob service puts no ${type}`);
  const condition = request.headers['if-none-match'];
  if (condition !== undefined && condition !== '*')
    throw new UnexpectedCall(`the simulated Blob service knows no If-None-Match ${condition}`);
  const written = store.put(container, blob, {
    ...{ text: request.body, at: Date.now(), onlyIfAbsent: condition === '*' },
  });
  if (written === 'exists') {
    return { status: 409, code: 'BlobAlreadyExists', message: 'The specified blob already exists.' };
  }
  if (written === 'immutable') {
    return {
      ...{ status: 409, code: 'BlobImmutableDueToPolicy' },
      message: 'This operation is not permitted as the blob is immutable due to a policy.',
    };
  }
  return { status: 201, headers: {}, body: '' };
}

function onBlob(request: WireRequest, place: Place, store: BlobStore): Answer | Refusal {
  if (Object.keys(request.query).length > 0)
    throw new UnexpectedCall('the simulated Blob service knows no query of a blob');
  if (request.method === 'PUT') return put(request, place, store);
  const blob = store.find(place.container, place.blob);
  if (blob === null) return noBlob;
  if (request.method === 'HEAD') return { status: 200, headers: headersOf(blob), body: '' };
  if (request.method === 'GET') return get(request, blob);
  throw new UnexpectedCall(`the simulated Blob service does not know ${request.method} of a blob`);
}

function onContainer(request: WireRequest, container: string, options: BlobStorageOptions): Answer {
  const { account, store, pageSize } = options;
  const query = readListQuery(request);
  const blobs = store.list(container, query.prefix) ?? [];
  return {
    status: 200,
    headers: { 'content-type': 'application/xml' },
    body: listXml({ ...query, account, container, blobs, pageSize: Math.min(query.maxResults, pageSize) }),
  };
}

/**
 * Azure Blob, as far as a reader of small blobs and a writer of new ones needs it. It refuses what the service refuses, with its codes.
 * Source: Microsoft Learn, "Blob service REST API" and "Blob service error codes".
 */
export function blobStorageService(options: BlobStorageOptions): Service {
  const host = `${options.account}.blob.core.windows.net`;
  const nextId = requestIds(`blob ${options.account}`);
  const answer = (request: WireRequest): Answer | Refusal => {
    const caller = refuseCaller(request, options);
    if ('code' in caller) return caller;
    const place = placeOf(request);
    if (!options.store.has(place.container)) return noContainer;
    const role = options.roles[place.container]?.get(caller.clientId);
    if (role === undefined || (request.method === 'PUT' && role === 'reader')) return mayNot;
    return place.blob === ''
      ? onContainer(request, place.container, options)
      : onBlob(request, place, options.store);
  };
  return {
    name: 'azure-blob',
    handles: (request) => request.host === host,
    answer: (request): WireResponse => {
      const told = answer(request);
      const requestId = nextId();
      return 'code' in told
        ? refusal(told, { requestId, withoutBody: request.method === 'HEAD' })
        : withHeaders(told, requestId);
    },
  };
}
