import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { CloudAnswerUnreadable } from '../../../core/errors.ts';
import { makeAzureClient, type AzureAccess, type AzureRequest } from '../azure-client.ts';
import { failureOf, type AzureCall } from '../errors.ts';
import { readListing, type Listing } from './blob-listing.ts';

/*
 * The few calls on Azure Blob Storage that the controller makes. Source: Azure Storage services REST API, "Get Blob", "Get
 * Blob Properties", "Put Blob", "List Blobs", and "Authorize with Microsoft Entra ID" for the scope.
 */

const SCOPE = 'https://storage.azure.com/.default';
/** The version that every call names; the mover's client speaks a later one, and neither minds. */
const API_VERSION = '2023-11-03';

/** One container of an account. */
export interface BlobPlace {
  readonly account: string;
  readonly container: string;
  /** What the identity must have there, for the one who reads the refusal. */
  readonly role: string;
  /** Where the configuration names the account; `data.account` where it is left out. */
  readonly namedIn?: string;
}

/** A container, as far as the controller uses one: small texts and lists of names. */
export interface BlobClient {
  /** Length in bytes; null where there is no such blob. */
  length(name: string): Promise<number | null>;
  /** The text between two bytes, as much of it as is there; null where there is no such blob. */
  part(name: string, offset: number, lengthMax: number): Promise<string | null>;
  /** The whole text; null where there is no such blob. @throws CloudAnswerUnreadable where it is longer. */
  whole(name: string, lengthMax: number): Promise<string | null>;
  /** Writes JSON. False where there is such a blob already; that one then stays as it is. */
  create(name: string, value: unknown): Promise<boolean>;
  /** All names that begin so; with a delimiter, those behind it are only told by their common beginning. */
  list(prefix: string, delimiter?: '/'): Promise<Listing>;
}

/** Names of a list come 5,000 at a time; so many pages are a store of somebody else. */
const PAGES_MAX = 200;

const codeOf = (response: PipelineResponse): string | undefined => response.headers.get('x-ms-error-code');

/** The words of an error, which stand in XML. */
const wordsOf = (response: PipelineResponse): string =>
  /<Message>(?<words>[^<]*)/.exec(response.bodyAsText ?? '')?.groups?.['words'] ?? '';

function failed(call: AzureCall, response: PipelineResponse) {
  return failureOf(call, {
    status: response.status,
    code: codeOf(response),
    message: wordsOf(response),
    retryAfter: response.headers.get('retry-after'),
  });
}

/** A missing blob is an answer; a missing container is a mistake of the configuration. */
const isMissing = (response: PipelineResponse): boolean =>
  response.status === 404 && (codeOf(response) ?? 'BlobNotFound') === 'BlobNotFound';

/** A blob without a byte has no range. */
const isEmpty = (response: PipelineResponse): boolean => response.status === 416;

function lengthOf(call: AzureCall, header: string | undefined): number {
  const length = Number(header ?? Number.NaN);
  if (Number.isSafeInteger(length) && length >= 0) return length;
  throw new CloudAnswerUnreadable(call.name, [
    `length of the blob: got ${header ?? 'none'}, expected a number of bytes`,
  ]);
}

/** How long the whole is of which this is a part: what follows the stroke. */
const totalOf = (call: AzureCall, response: PipelineResponse): number =>
  lengthOf(call, response.headers.get('content-range')?.split('/')[1]);

/** The pages of a list as one. */
async function allPages(
  prefix: string,
  call: AzureCall,
  page: (marker: string) => Promise<Listing>,
): Promise<Listing> {
  const blobs: Listing['blobs'][number][] = [];
  const prefixes: string[] = [];
  let marker = '';
  for (let pages = 1; pages <= PAGES_MAX; pages += 1) {
    const listing = await page(marker);
    blobs.push(...listing.blobs);
    prefixes.push(...listing.prefixes);
    if (listing.next === '') return { blobs, prefixes, next: '' };
    marker = listing.next;
  }
  throw new CloudAnswerUnreadable(call.name, [
    `got more than ${PAGES_MAX} pages of names below ${prefix}, expected those of one workload`,
  ]);
}

/** A client of one container. @see docs/decisions/0004-thin-azure-clients.md */
export function makeBlobClient(place: BlobPlace, access: AzureAccess): BlobClient {
  const client = makeAzureClient(SCOPE, access);
  const base = `https://${place.account}.blob.core.windows.net/${place.container}`;
  const urlOf = (name: string): string => `${base}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const callOf = (operation: string): AzureCall => ({
    name: `Azure Storage ${operation}`,
    permission: `the role ${place.role} on the container ${place.container} of ${place.account}`,
    namedIn: `${place.namedIn ?? 'data.account'} in the configuration, and that terraform/azure/always has made its containers`,
  });
  const send = (request: AzureRequest): Promise<PipelineResponse> =>
    client.send({
      ...request,
      headers: { 'x-ms-version': API_VERSION, accept: '*/*', ...request.headers },
    });
  const range = async (name: string, from: number, lengthMax: number) => {
    const call = callOf(`GET ${place.container}/${name}`);
    const headers = { 'x-ms-range': `bytes=${from}-${from + lengthMax - 1}` };
    return { call, response: await send({ call, method: 'GET', url: urlOf(name), headers }) };
  };
  const page = async (prefix: string, delimiter: string, marker: string): Promise<Listing> => {
    const call = callOf(`List Blobs in ${place.container}`);
    const query = new URLSearchParams({
      ...{ restype: 'container', comp: 'list', prefix },
      ...(delimiter !== '' && { delimiter }),
      ...(marker !== '' && { marker }),
    });
    const response = await send({ call, method: 'GET', url: `${base}?${query.toString()}` });
    if (response.status !== 200) throw failed(call, response);
    return readListing(call.name, response.bodyAsText ?? '');
  };
  return {
    async length(name) {
      const call = callOf(`HEAD ${place.container}/${name}`);
      const response = await send({ call, method: 'HEAD', url: urlOf(name) });
      if (isMissing(response)) return null;
      if (response.status !== 200) throw failed(call, response);
      return lengthOf(call, response.headers.get('content-length'));
    },
    async part(name, offset, lengthMax) {
      const { call, response } = await range(name, offset, lengthMax);
      if (isMissing(response)) return null;
      if (isEmpty(response)) return '';
      if (response.status === 206) return response.bodyAsText ?? '';
      throw failed(call, response);
    },
    async whole(name, lengthMax) {
      const { call, response } = await range(name, 0, lengthMax);
      if (isMissing(response)) return null;
      if (isEmpty(response)) return '';
      if (response.status !== 206) throw failed(call, response);
      const total = totalOf(call, response);
      if (total <= lengthMax) return response.bodyAsText ?? '';
      throw new CloudAnswerUnreadable(call.name, [`got ${total} bytes, expected at most ${lengthMax}`]);
    },
    async create(name, value) {
      const call = callOf(`PUT ${place.container}/${name}`);
      const headers = { 'x-ms-blob-type': 'BlockBlob', 'if-none-match': '*' };
      const response = await send({ call, method: 'PUT', url: urlOf(name), headers, body: value });
      if (response.status === 201) return true;
      // The first is documented for a blob that is there, the second for a condition that does not hold.
      if (response.status === 409 && codeOf(response) === 'BlobAlreadyExists') return false;
      if (response.status === 412 && codeOf(response) === 'ConditionNotMet') return false;
      throw failed(call, response);
    },
    list: (prefix, delimiter) =>
      allPages(prefix, callOf(`List Blobs in ${place.container}`), (marker) =>
        page(prefix, delimiter ?? '', marker),
      ),
  };
}
