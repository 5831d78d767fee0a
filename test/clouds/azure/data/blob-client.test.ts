import { makeBlobClient } from '../../../../clouds/azure/data/blob-client.ts';
import { fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import { BlobAccount, blobError } from './blob-fixture.ts';

/*
 * Goal: the calls are those that Azure Storage documents, their answers are bounded, and a refusal says what to do.
 */

function clientOf(account: BlobAccount) {
  const { httpClient } = account;
  return makeBlobClient(
    { account: 'shopdata', container: 'backups', role: 'Storage Blob Data Reader' },
    { credential: fakeCredential, clock: fakeClock(), httpClient },
  );
}

describe('a blob', () => {
  it('is read by its range, under a token for storage and a version of the API', async () => {
    const account = new BlobAccount({ 'backups/shop/journal/2026-11-23.jsonl': 'abcdefghij' });
    expect(await clientOf(account).part('shop/journal/2026-11-23.jsonl', 4, 3)).toBe('efg');
    expect(account.sent).toEqual([
      {
        method: 'GET',
        url: 'https://shopdata.blob.core.windows.net/backups/shop/journal/2026-11-23.jsonl',
        headers: expect.objectContaining({
          authorization: 'Bearer token-for-https://storage.azure.com/.default',
          'x-ms-version': '2023-11-03',
          'x-ms-range': 'bytes=4-6',
        }) as unknown,
        body: undefined,
      },
    ]);
  });

  it('is read as far as it goes', async () => {
    expect(await clientOf(new BlobAccount({ 'backups/a': 'abc' })).part('a', 1, 100)).toBe('bc');
  });

  it('is told of by its length alone', async () => {
    const account = new BlobAccount({ 'backups/a': 'abc' });
    expect(await clientOf(account).length('a')).toBe(3);
    expect(account.wire()).toEqual(['HEAD /backups/a']);
  });

  it('is null where it is not there, and empty where it has no byte', async () => {
    const client = clientOf(new BlobAccount({ 'backups/empty': '' }));
    expect(await client.whole('nothing', 10)).toBeNull();
    expect(await client.part('nothing', 0, 10)).toBeNull();
    expect(await client.length('nothing')).toBeNull();
    expect(await client.whole('empty', 10)).toBe('');
    expect(await client.part('empty', 0, 10)).toBe('');
  });

  it('is taken whole up to its bound, and refused above it', async () => {
    const client = clientOf(new BlobAccount({ 'backups/a': 'abcd' }));
    expect(await client.whole('a', 4)).toBe('abcd');
    expect(await rejection(client.whole('a', 3))).toMatchObject({
      name: 'CloudAnswerUnreadable',
      problems: ['got 4 bytes, expected at most 3'],
    });
  });

  it('is written once, and never over another one', async () => {
    const account = new BlobAccount();
    const client = clientOf(account);
    expect(await client.create('a/request.json', { one: 1 })).toBe(true);
    expect(account.sent[0]).toMatchObject({
      method: 'PUT',
      body: '{"one":1}',
      headers: { 'x-ms-blob-type': 'BlockBlob', 'if-none-match': '*', 'content-type': 'application/json' },
    });
    expect(await client.create('a/request.json', { one: 2 })).toBe(false);
    account.refuse = () => blobError(412, 'ConditionNotMet');
    expect(await client.create('a/request.json', { one: 2 })).toBe(false);
    expect(account.blobs.get('backups/a/request.json')).toBe('{"one":1}');
  });
});

describe('a list', () => {
  const account = () =>
    new BlobAccount({
      'backups/shop/a/1': 'x',
      'backups/shop/b/1': 'xx',
      'backups/shop/c/1': 'xxx',
      'backups/shop/d & e': 'xxxx',
      'backups/other/a': 'x',
    });

  it('has all pages, with names and lengths', async () => {
    const one = account();
    expect((await clientOf(one).list('shop/')).blobs).toEqual([
      { name: 'shop/a/1', length: 1 },
      { name: 'shop/b/1', length: 2 },
      { name: 'shop/c/1', length: 3 },
      { name: 'shop/d & e', length: 4 },
    ]);
    expect(one.sent).toHaveLength(2);
  });

  it('has what is behind a delimiter by its common beginning alone', async () => {
    expect(await clientOf(account()).list('shop/', '/')).toMatchObject({
      prefixes: ['shop/a/', 'shop/b/', 'shop/c/'],
      blobs: [{ name: 'shop/d & e' }],
    });
  });

  it.each([
    ['<Error/>', 'got <Error>, expected <EnumerationResults> with <Blobs>'],
    ['no XML', 'character 0: got "no XML", expected XML'],
    [
      '<EnumerationResults><Blobs><Blob><Name>a</Name></Blob></Blobs></EnumerationResults>',
      'a blob: got the name "a" and the length "", expected both',
    ],
  ])('that is %s is unreadable', async (body, problem) => {
    const broken = new BlobAccount();
    broken.refuse = () => ({ status: 200, body });
    expect(await rejection(clientOf(broken).list('shop/'))).toMatchObject({
      name: 'CloudAnswerUnreadable',
      problems: [problem],
    });
  });

  it('that never ends is given up', async () => {
    const endless = new BlobAccount();
    endless.refuse = () => ({
      status: 200,
      body: '<EnumerationResults><Blobs/><NextMarker>again</NextMarker></EnumerationResults>',
    });
    expect((await rejection(clientOf(endless).list('shop/'))).message).toContain('more than 200 pages');
  });
});

describe('a refusal of the storage', () => {
  it.each([
    ['reading', (client: ReturnType<typeof clientOf>) => client.whole('a', 10)],
    ['looking', (client: ReturnType<typeof clientOf>) => client.length('a')],
    ['reading a part', (client: ReturnType<typeof clientOf>) => client.part('a', 0, 10)],
    ['listing', (client: ReturnType<typeof clientOf>) => client.list('a')],
    ['writing', (client: ReturnType<typeof clientOf>) => client.create('a', {})],
  ])('says which role is missing, after %s', async (_, ask) => {
    const account = new BlobAccount();
    account.refuse = () => blobError(403, 'AuthorizationPermissionMismatch');
    const error = await rejection(ask(clientOf(account)));
    expect(error.name).toBe('CloudRefused');
    expect(error.message).toContain('got 403 AuthorizationPermissionMismatch');
    expect(error.message).toContain(
      'Give the identity the role Storage Blob Data Reader on the container backups of shopdata.',
    );
  });

  it('tells a container that is not there from a blob that is not', async () => {
    const account = new BlobAccount();
    account.refuse = () => blobError(404, 'ContainerNotFound');
    const error = await rejection(clientOf(account).whole('a', 10));
    expect(error.message).toContain('Check data.account in the configuration');
  });

  it('is tried again where the storage is busy, and is unavailable after that', async () => {
    const account = new BlobAccount({ 'backups/a': 'abc' });
    account.refuse = () => (account.sent.length < 3 ? blobError(503, 'ServerBusy') : null);
    expect(await clientOf(account).length('a')).toBe(3);
    expect(account.sent).toHaveLength(3);
    account.refuse = () => blobError(503, 'ServerBusy');
    expect((await rejection(clientOf(account).length('a'))).name).toBe('CloudUnavailable');
  });

  it.each([undefined, 'many'])('has a length that is %s and says so', async (length) => {
    const account = new BlobAccount();
    account.refuse = () => ({
      status: 200,
      headers: length === undefined ? {} : { 'content-length': length },
    });
    expect((await rejection(clientOf(account).length('a'))).name).toBe('CloudAnswerUnreadable');
  });
});
