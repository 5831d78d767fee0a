import { blobStorageService, STORAGE_RESOURCE } from '../../../../drill/clouds/azure/blob-storage.ts';
import { UnexpectedCall, type WireResponse } from '../../../../drill/clouds/wire/wire.ts';
import { BlobStore } from '../../../../drill/clouds/azure/blob-store.ts';
import { CLIENT, START, TENANT, accessToken, networkOf, useVirtualTime } from '../fixture.ts';

/* Goal: what the real service refuses is refused here, with its status and its code. Method: requests on the wire. */

const HOST = 'stpetclinicdata.blob.core.windows.net';

interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | null;
  readonly body?: string;
  readonly query?: Readonly<Record<string, string>>;
}

function world(): { store: BlobStore; call: (path: string, call?: Call) => Promise<WireResponse> } {
  const store = new BlobStore({ immutable: ['backups'], mutable: ['handover', 'other'] });
  const service = blobStorageService({
    ...{ account: 'stpetclinicdata', tenantId: TENANT, store, pageSize: 3 },
    roles: {
      backups: new Map([[CLIENT, 'reader']]),
      handover: new Map([[CLIENT, 'contributor']]),
    },
  });
  const network = networkOf([service]);
  return {
    store,
    call: (
      path,
      {
        method = 'GET',
        headers = {},
        token = accessToken({ aud: STORAGE_RESOURCE }),
        body = '',
        query = {},
      } = {},
    ) => {
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
      return network.send({
        ...{ method, host: HOST, path, query, body },
        headers: { 'x-ms-version': '2023-11-03', ...authorization, ...headers },
      });
    },
  };
}

/** Status and code of a refusal. */
const refused = async (answer: Promise<WireResponse>): Promise<[number, string | undefined]> => {
  const { status, headers } = await answer;
  return [status, headers?.['x-ms-error-code']];
};

const put = { method: 'PUT', headers: { 'x-ms-blob-type': 'BlockBlob' }, body: '{}' };

describe('a caller of the simulated Blob service', () => {
  useVirtualTime();

  it('needs a token, for this service, that is still good', async () => {
    const { call, store } = world();
    store.put('handover', 'a/1', { text: 'one', at: START, onlyIfAbsent: false });
    expect(await refused(call('/handover/a/1', { token: null }))).toEqual([
      401,
      'NoAuthenticationInformation',
    ]);
    const foreign = call('/handover/a/1', { token: accessToken({ aud: 'https://management.azure.com' }) });
    const answer = await foreign;
    expect(answer.body).toContain(
      '<AuthenticationErrorDetail>Audience validation failed. Audience did not match.',
    );
    expect(answer.headers).toMatchObject({
      'x-ms-error-code': 'InvalidAuthenticationInfo',
      'www-authenticate': `Bearer authorization_uri=https://login.microsoftonline.com/${TENANT}/oauth2/authorize resource_id=https://storage.azure.com`,
    });
    const expired = accessToken({ aud: STORAGE_RESOURCE, expiresInSeconds: -1 });
    expect(await refused(call('/handover/a/1', { token: expired }))).toEqual([
      401,
      'InvalidAuthenticationInfo',
    ]);
    expect((await call('/handover/a/1')).status).toBe(200);
  });

  it('names a version that takes tokens', async () => {
    const { call } = world();
    const versions = ['', '2015-12-11', 'latest'].map((version) =>
      refused(call('/handover/a/1', { headers: { 'x-ms-version': version } })),
    );
    expect(await Promise.all(versions)).toEqual([
      [403, 'AuthenticationFailed'],
      [400, 'InvalidHeaderValue'],
      [400, 'InvalidHeaderValue'],
    ]);
  });

  it('may read and not write with the role of a reader, and nothing without one', async () => {
    const { call } = world();
    expect(await refused(call('/backups/a/1'))).toEqual([404, 'BlobNotFound']);
    expect(await refused(call('/backups/a/1', put))).toEqual([403, 'AuthorizationPermissionMismatch']);
    expect((await call('/handover/a/1', put)).status).toBe(201);
    expect(await refused(call('/other/a/1'))).toEqual([403, 'AuthorizationPermissionMismatch']);
    const token = accessToken({ aud: STORAGE_RESOURCE, sub: 'somebody else' });
    expect(await refused(call('/handover/a/1', { token }))).toEqual([403, 'AuthorizationPermissionMismatch']);
  });
});

describe('a blob of the simulated Blob service', () => {
  useVirtualTime();

  it('is read whole or in part, and says how long it is', async () => {
    const { call, store } = world();
    store.put('backups', 'a/b c', { text: '0123456789', at: START, onlyIfAbsent: false });
    const head = await call('/backups/a/b%20c', { method: 'HEAD' });
    expect(head).toMatchObject({
      status: 200,
      body: '',
      headers: {
        'content-length': '10',
        'x-ms-blob-type': 'BlockBlob',
        'last-modified': 'Mon, 02 Mar 2026 00:00:00 GMT',
      },
    });
    expect(await call('/backups/a/b%20c')).toMatchObject({ status: 200, body: '0123456789' });
    const part = (range: string) => call('/backups/a/b%20c', { headers: { 'x-ms-range': range } });
    expect(await part('bytes=4-6')).toMatchObject({
      status: 206,
      body: '456',
      headers: { 'content-range': 'bytes 4-6/10' },
    });
    expect(await part('bytes=8-')).toMatchObject({ status: 206, body: '89' });
    expect(await part('bytes=0-9999')).toMatchObject({ status: 206, body: '0123456789' });
    expect(await refused(part('bytes=10-'))).toEqual([416, 'InvalidRange']);
    await expect(part('bytes=-5')).rejects.toThrow(UnexpectedCall);
  });

  it('is missed with a code, in a header alone where the question was HEAD', async () => {
    const { call } = world();
    const got = await call('/backups/a/1');
    expect(got.body).toContain('<Code>BlobNotFound</Code><Message>The specified blob does not exist.');
    const head = await call('/backups/a/1', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 404, body: '', headers: { 'x-ms-error-code': 'BlobNotFound' } });
    expect(await refused(call('/nothing/a/1'))).toEqual([404, 'ContainerNotFound']);
  });

  it('is put once by whoever wants to be the first, and anew by whoever does not', async () => {
    const { call, store } = world();
    const first = { ...put, headers: { ...put.headers, 'if-none-match': '*' } };
    expect((await call('/handover/a/1', first)).status).toBe(201);
    expect(await refused(call('/handover/a/1', { ...first, body: '{"n":2}' }))).toEqual([
      409,
      'BlobAlreadyExists',
    ]);
    expect(store.find('handover', 'a/1')?.text).toBe('{}');
    expect((await call('/handover/a/1', { ...put, body: '{"n":2}' })).status).toBe(201);
    expect(store.find('handover', 'a/1')?.text).toBe('{"n":2}');
  });

  it('is not put without its type, or in a way that nobody simulates', async () => {
    const { call } = world();
    expect(await refused(call('/handover/a/1', { method: 'PUT' }))).toEqual([400, 'MissingRequiredHeader']);
    await expect(
      call('/handover/a/1', { method: 'PUT', headers: { 'x-ms-blob-type': 'AppendBlob' } }),
    ).rejects.toThrow(UnexpectedCall);
    await expect(call('/handover/a/1', { ...put, query: { comp: 'block' } })).rejects.toThrow(UnexpectedCall);
    await expect(
      call('/handover/a/1', { ...put, headers: { ...put.headers, 'if-none-match': '"1"' } }),
    ).rejects.toThrow(UnexpectedCall);
    await call('/handover/a/1', put);
    await expect(call('/handover/a/1', { method: 'DELETE' })).rejects.toThrow(UnexpectedCall);
  });

  it('has no bytes to read where the drill keeps only its length', async () => {
    const { call, store } = world();
    store.growTo('backups', 'a/log', { length: 1_000, at: START });
    expect((await call('/backups/a/log', { method: 'HEAD' })).headers).toMatchObject({
      'content-length': '1000',
      'x-ms-blob-type': 'AppendBlob',
    });
    await expect(call('/backups/a/log')).rejects.toThrow(UnexpectedCall);
  });
});

describe('a list of the simulated Blob service', () => {
  useVirtualTime();

  const list = { restype: 'container', comp: 'list' };
  const names = (body = ''): string[] =>
    [...body.matchAll(/<Name>([^<]*)<\/Name>/g)].map(([, name]) => name ?? '');
  const markerIn = (body = ''): string => /<NextMarker>([^<]+)<\/NextMarker>/.exec(body)?.[1] ?? '';

  it('comes in pages, each with the marker of the next', async () => {
    const { call, store } = world();
    for (const n of [1, 2, 3, 4, 5]) store.growTo('backups', `a/${n}`, { length: n, at: START });
    store.growTo('backups', 'b/1', { length: 1, at: START });
    const first = await call('/backups', { query: { ...list, prefix: 'a/' } });
    expect(names(first.body)).toEqual(['a/1', 'a/2', 'a/3']);
    expect(first.body).toContain('<Content-Length>3</Content-Length><BlobType>AppendBlob</BlobType>');
    const second = await call('/backups', { query: { ...list, prefix: 'a/', marker: markerIn(first.body) } });
    expect(names(second.body)).toEqual(['a/4', 'a/5']);
    expect(second.body).toContain('<NextMarker />');
  });

  it('shows folders once, in the place of what lies in them', async () => {
    const { call, store } = world();
    for (const name of ['a/x/1', 'a/x/2', 'a/y/1', 'a/z&'])
      store.put('backups', name, { text: '', at: START, onlyIfAbsent: false });
    const { body } = await call('/backups', { query: { ...list, prefix: 'a/', delimiter: '/' } });
    expect(names(body)).toEqual(['a/x/', 'a/y/', 'a/z&amp;']);
    expect(body).toContain('<BlobPrefix><Name>a/x/</Name></BlobPrefix>');
  });

  it('is as short as was asked for, and is none where a parameter is not simulated', async () => {
    const { call, store } = world();
    for (const n of [1, 2]) store.growTo('backups', `a/${n}`, { length: n, at: START });
    const { body } = await call('/backups', { query: { ...list, maxresults: '1' } });
    expect(names(body)).toEqual(['a/1']);
    await expect(call('/backups', { query: { ...list, include: 'tags' } })).rejects.toThrow(UnexpectedCall);
    await expect(call('/backups', { query: { comp: 'list' } })).rejects.toThrow(UnexpectedCall);
    expect(await refused(call('/nothing', { query: list }))).toEqual([404, 'ContainerNotFound']);
  });
});
