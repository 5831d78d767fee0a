import { createHttpHeaders } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';

/** A request as it went over the wire, with the headers that matter to Azure Storage. */
export interface SentBlobCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

interface Answered {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ERROR_WORDS: Readonly<Record<string, string>> = {
  BlobNotFound: 'The specified blob does not exist.',
  AuthorizationPermissionMismatch: 'This request is not authorized to perform this operation.',
};

/** An error in the shape of Azure Storage: its code in a header and in XML. */
export const blobError = (status: number, code: string): Answered => ({
  status,
  headers: { 'x-ms-error-code': code },
  body: `\uFEFF<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${ERROR_WORDS[code] ?? code}\nRequestId:1</Message></Error>`,
});

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Names a page; Azure has 5,000, and a test wants to see more than one page. */
const PAGE = 3;

/** One account of Azure Storage in memory: `<container>/<blob>` to its text. `refuse` answers in its place. */
export class BlobAccount {
  readonly sent: SentBlobCall[] = [];
  readonly blobs: Map<string, string>;
  refuse: (call: SentBlobCall) => Answered | null = () => null;

  constructor(blobs: Readonly<Record<string, string>> = {}) {
    this.blobs = new Map(Object.entries(blobs));
  }

  readonly httpClient: HttpClient = {
    sendRequest: async (request: PipelineRequest): Promise<PipelineResponse> => {
      const headers = request.headers.toJSON();
      const body = typeof request.body === 'string' ? request.body : undefined;
      const call = { method: request.method, url: request.url, headers, body };
      this.sent.push(call);
      const answer = this.refuse(call) ?? this.answer(call);
      return {
        request,
        status: answer.status,
        headers: createHttpHeaders({ ...answer.headers }),
        bodyAsText: request.method === 'HEAD' ? '' : (answer.body ?? ''),
      };
    },
  };

  /** Method and path of each call, with the query of a list. */
  wire(): string[] {
    return this.sent.map(({ method, url }) => {
      const { pathname, searchParams } = new URL(url);
      const prefix = searchParams.get('prefix');
      return `${method} ${pathname}${prefix === null ? '' : `?prefix=${prefix}`}`;
    });
  }

  private answer({ method, url, headers, body }: SentBlobCall): Answered {
    const { pathname, searchParams } = new URL(url);
    if (searchParams.get('comp') === 'list') return this.list(pathname.slice(1), searchParams);
    const name = decodeURIComponent(pathname.slice(1));
    const text = this.blobs.get(name);
    if (method === 'PUT') {
      if (text !== undefined && headers['if-none-match'] === '*') return blobError(409, 'BlobAlreadyExists');
      this.blobs.set(name, body ?? '');
      return { status: 201 };
    }
    if (text === undefined) return blobError(404, 'BlobNotFound');
    if (method === 'HEAD') return { status: 200, headers: { 'content-length': String(text.length) } };
    const [, from = '0', to = '0'] = /^bytes=(\d+)-(\d+)$/.exec(headers['x-ms-range'] ?? '') ?? [];
    if (Number(from) >= text.length) return blobError(416, 'InvalidRange');
    const part = text.slice(Number(from), Number(to) + 1);
    const range = `bytes ${from}-${Number(from) + part.length - 1}/${text.length}`;
    return { status: 206, body: part, headers: { 'content-range': range } };
  }

  private list(container: string, query: URLSearchParams): Answered {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter');
    const names = [...this.blobs.keys()]
      .filter((name) => name.startsWith(`${container}/${prefix}`))
      .map((name) => name.slice(container.length + 1))
      .sort();
    const shown = new Set(
      names.map((name) => {
        const end = delimiter === null ? -1 : name.indexOf(delimiter, prefix.length);
        return end < 0 ? name : name.slice(0, end + 1);
      }),
    );
    const all = [...shown];
    const start = Number(query.get('marker') ?? '0');
    const entries = all
      .slice(start, start + PAGE)
      .map((name) =>
        name.endsWith('/')
          ? `<BlobPrefix><Name>${escape(name)}</Name></BlobPrefix>`
          : `<Blob><Name>${escape(name)}</Name><Properties><Content-Length>${this.blobs.get(`${container}/${name}`)?.length ?? 0}</Content-Length><BlobType>AppendBlob</BlobType></Properties></Blob>`,
      );
    const next = start + PAGE < all.length ? String(start + PAGE) : '';
    return {
      status: 200,
      body:
        '\uFEFF<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="https://shopdata.blob.core.windows.net/" ' +
        `ContainerName="${container}"><Prefix>${prefix}</Prefix><Blobs>${entries.join('')}</Blobs>` +
        `${next === '' ? '<NextMarker />' : `<NextMarker>${next}</NextMarker>`}</EnumerationResults>`,
    };
  }
}
