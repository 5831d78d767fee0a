import type { StoredBlob } from './blob-store.ts';
import { UnexpectedCall, type WireRequest } from '../wire/wire-shape.ts';
import { xmlText } from './blob-answers.ts';

/** The most names that one page may have. Source: Microsoft Learn, "List Blobs". */
const MAX_RESULTS = 5_000;
const KNOWN = new Set(['restype', 'comp', 'prefix', 'delimiter', 'marker', 'maxresults']);

/** What a list was asked for. */
export interface ListQuery {
  readonly prefix: string;
  /** Empty for a flat list. */
  readonly delimiter: string;
  /** The name that the page begins with; empty for the first page. */
  readonly marker: string;
  readonly maxResults: number;
}

/** The query of a list. @throws UnexpectedCall where it is none, or has a parameter that nobody simulates */
export function readListQuery({ method, query }: WireRequest): ListQuery {
  const unknown = Object.keys(query).filter((key) => !KNOWN.has(key));
  if (
    method !== 'GET' ||
    query['restype'] !== 'container' ||
    query['comp'] !== 'list' ||
    unknown.length > 0
  ) {
    throw new UnexpectedCall(
      `the simulated Blob service knows only the list of a container, got ${method} ${JSON.stringify(query)}`,
    );
  }
  return {
    prefix: query['prefix'] ?? '',
    delimiter: query['delimiter'] ?? '',
    marker: query['marker'] === undefined ? '' : Buffer.from(query['marker'], 'base64url').toString('utf8'),
    maxResults: Number(query['maxresults'] ?? MAX_RESULTS),
  };
}

interface Item {
  readonly name: string;
  readonly blob: StoredBlob | null;
}

/** Blobs, and in the place of those below a delimiter their common beginning, once. */
function itemsOf(
  blobs: readonly (readonly [string, StoredBlob])[],
  { prefix, delimiter }: ListQuery,
): readonly Item[] {
  if (delimiter === '') return blobs.map(([name, blob]) => ({ name, blob }));
  const items = new Map<string, Item>();
  for (const [name, blob] of blobs) {
    const at = name.indexOf(delimiter, prefix.length);
    const shown = at === -1 ? name : name.slice(0, at + delimiter.length);
    items.set(shown, { name: shown, blob: at === -1 ? blob : null });
  }
  return [...items.values()];
}

function itemXml({ name, blob }: Item): string {
  if (blob === null) return `<BlobPrefix><Name>${xmlText(name)}</Name></BlobPrefix>`;
  const type = blob.kind === 'append' ? 'AppendBlob' : 'BlockBlob';
  const changed = new Date(blob.changedAt).toUTCString();
  return `<Blob><Name>${xmlText(name)}</Name><Properties><Last-Modified>${changed}</Last-Modified><Content-Length>${blob.length}</Content-Length><BlobType>${type}</BlobType></Properties></Blob>`;
}

/** A page of a list. A marker is opaque: here it is the name that the next page begins with. */
export function listXml(
  options: ListQuery & {
    readonly account: string;
    readonly container: string;
    readonly blobs: readonly (readonly [string, StoredBlob])[];
    readonly pageSize: number;
  },
): string {
  const { account, container, prefix, marker, pageSize } = options;
  const items = itemsOf(options.blobs, options).filter(({ name }) => name >= marker);
  const page = items.slice(0, pageSize);
  const next = items[pageSize]?.name;
  const nextMarker =
    next === undefined
      ? '<NextMarker />'
      : `<NextMarker>${Buffer.from(next).toString('base64url')}</NextMarker>`;
  return `\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://${account}.blob.core.windows.net/" ContainerName="${container}"><Prefix>${xmlText(prefix)}</Prefix><Blobs>${page.map(itemXml).join('')}</Blobs>${nextMarker}</EnumerationResults>`;
}
