import {
  CloudFrontKeyValueStoreClient,
  DeleteKeyCommand,
  DescribeKeyValueStoreCommand,
  GetKeyCommand,
  ListKeysCommand,
  PutKeyCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import '@aws-sdk/signature-v4a';
import { keyValueStoreService, makeKeyValueStore } from '../../../../drill/clouds/aws/keyvaluestore.ts';
import { awsOptions, networkOf, rejection } from '../fixture.ts';

const KvsARN = 'arn:aws:cloudfront::111122223333:key-value-store/33333333-3333-4333-8333-333333333333';

function world() {
  const changes: unknown[] = [];
  const store = makeKeyValueStore(KvsARN, { route: 'primary' });
  const service = keyValueStoreService({ stores: [store], onChange: (...change) => changes.push(change) });
  const network = networkOf([service]);
  const client = new CloudFrontKeyValueStoreClient(awsOptions(network));
  const etag = async () => (await client.send(new DescribeKeyValueStoreCommand({ KvsARN }))).ETag;
  const get = async (Key: string) => (await client.send(new GetKeyCommand({ KvsARN, Key }))).Value;
  return { changes, store, network, client, etag, get };
}

describe('the simulated KeyValueStore', () => {
  it('writes under the current ETag, gives a new one and tells the edge', async () => {
    const { client, etag, get, changes, store } = world();
    const before = await etag();
    const put = await client.send(new PutKeyCommand({ KvsARN, Key: 'a b/c', Value: 'é', IfMatch: before }));
    expect(put.ETag).not.toBe(before);
    expect(await etag()).toBe(put.ETag);
    expect([put.ItemCount, put.TotalSizeInBytes]).toEqual([2, 19]);
    expect(await get('a b/c')).toBe('é');
    expect(changes).toEqual([['a b/c', 'é', put.ETag]]);
    expect(store.items.get('a b/c')).toBe('é');
  });

  it('refuses a write under an old ETag and one without', async () => {
    const { client, etag, get, changes } = world();
    const old = await etag();
    await client.send(new PutKeyCommand({ KvsARN, Key: 'route', Value: 'standby', IfMatch: old }));
    const stale = await rejection(
      client.send(new PutKeyCommand({ KvsARN, Key: 'route', Value: 'x', IfMatch: old })),
    );
    expect([stale.name, stale['$metadata']]).toMatchObject(['ConflictException', { httpStatusCode: 409 }]);
    const blind = await rejection(
      client.send(new PutKeyCommand({ KvsARN, Key: 'route', Value: 'x', IfMatch: '' })),
    );
    expect(blind.name).toBe('ValidationException');
    expect(await get('route')).toBe('standby');
    expect(changes).toHaveLength(1);
  });

  it('does an update of several keys completely or not at all', async () => {
    const { client, etag, store } = world();
    const Puts = [{ Key: 'one', Value: '1' }];
    const missing = new UpdateKeysCommand({
      KvsARN,
      Puts,
      Deletes: [{ Key: 'nope' }],
      IfMatch: await etag(),
    });
    expect((await rejection(client.send(missing))).name).toBe('ResourceNotFoundException');
    expect([...store.items]).toEqual([['route', 'primary']]);
    await client.send(
      new UpdateKeysCommand({ KvsARN, Puts, Deletes: [{ Key: 'route' }], IfMatch: await etag() }),
    );
    expect([...store.items]).toEqual([['one', '1']]);
  });

  it('lists, deletes and says what is not there', async () => {
    const { client, etag, get } = world();
    expect((await client.send(new ListKeysCommand({ KvsARN }))).Items).toEqual([
      { Key: 'route', Value: 'primary' },
    ]);
    await client.send(new DeleteKeyCommand({ KvsARN, Key: 'route', IfMatch: await etag() }));
    expect((await client.send(new ListKeysCommand({ KvsARN }))).Items).toEqual([]);
    expect((await rejection(get('route'))).name).toBe('ResourceNotFoundException');
  });

  it('keeps to the limits of CloudFront', async () => {
    const { client, etag } = world();
    const put = async (Key: string, Value: string) =>
      client.send(new PutKeyCommand({ KvsARN, Key, Value, IfMatch: await etag() }));
    expect((await put('k'.repeat(512), 'v'.repeat(1_024))).ItemCount).toBe(2);
    expect((await rejection(put('k'.repeat(513), 'v'))).name).toBe('ValidationException');
    expect((await rejection(put('k', 'v'.repeat(1_025)))).name).toBe('ValidationException');
    const Puts = Array.from({ length: 51 }, (_, n) => ({ Key: `k${n}`, Value: 'v' }));
    const many = new UpdateKeysCommand({ KvsARN, Puts, IfMatch: await etag() });
    expect((await rejection(client.send(many))).name).toBe('ValidationException');
  });

  it('lets in nobody without a signature that is good in every Region, and no other account', async () => {
    const { network, client } = world();
    const url = `https://111122223333.cloudfront-kvs.global.api.aws/key-value-stores/${encodeURIComponent(KvsARN)}`;
    const authorization =
      'AWS4-HMAC-SHA256 Credential=a/20260302/us-east-1/cloudfront-keyvaluestore/aws4_request, x';
    expect((await network.fetch()(url, { headers: { authorization } })).status).toBe(403);
    expect((await network.fetch()(url)).status).toBe(403);
    const other = KvsARN.replace('33333333-', '44444444-');
    const unknown = await rejection(client.send(new DescribeKeyValueStoreCommand({ KvsARN: other })));
    expect(unknown.name).toBe('ResourceNotFoundException');
  });

  it('is loud about an operation that it does not know', async () => {
    const { network } = world();
    const url = 'https://111122223333.cloudfront-kvs.global.api.aws/other';
    expect((await rejection(network.fetch()(url))).name).toBe('UnexpectedCall');
    expect(network.unexpected).toHaveLength(1);
  });
});
