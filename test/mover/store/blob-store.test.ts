import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { startBlobService, type BlobService } from '../helpers/blob-service.ts';

describe('a container of the store', () => {
  let blobs: BlobService;
  let round = 0;
  let at = '';
  beforeAll(async () => {
    blobs = await startBlobService();
  }, 60_000);
  afterAll(() => blobs.stop());
  beforeEach(() => {
    round += 1;
    at = `test${round}`;
  });

  it('adds a blob that is not there, and changes none that is', async () => {
    const { backups } = blobs.store;
    expect(await backups.add(`${at}/a`, 'first')).toBe(true);
    expect(await backups.add(`${at}/a`, 'second')).toBe(false);
    expect(await backups.readText(`${at}/a`)).toBe('first');
  });

  it('replaces a blob of the hand-over', async () => {
    const { handover } = blobs.store;
    await handover.replace(`${at}/applier.json`, 'first');
    await handover.replace(`${at}/applier.json`, 'second');
    expect(await handover.readText(`${at}/applier.json`)).toBe('second');
  });

  it('reads a blob that is being replaced as it was before or after, and never a part of it', async () => {
    const { handover } = blobs.store;
    const texts = ['short', 'long'.repeat(100)];
    await handover.replace(`${at}/applier.json`, 'short');
    const replaced = (async () => {
      for (let round = 0; round < 100; round += 1)
        await handover.replace(`${at}/applier.json`, texts[round % 2] ?? '');
    })();
    const read = new Set<string | null>();
    for (let round = 0; round < 200; round += 1) read.add(await handover.readText(`${at}/applier.json`));
    await replaced;
    expect([...read].filter((found) => !texts.includes(found ?? ''))).toEqual([]);
  });

  it('appends where a blob ends as its caller thinks, and not a byte where it does not', async () => {
    const { backups } = blobs.store;
    await backups.createAppendable(`${at}/log`);
    expect(await backups.append(`${at}/log`, Buffer.from('abc'), 0)).toBe('appended');
    expect(await backups.append(`${at}/log`, Buffer.from('abc'), 0)).toBe('moved');
    expect(await backups.append(`${at}/log`, Buffer.from('de'), 4)).toBe('moved');
    expect(await backups.append(`${at}/log`, Buffer.from('de'), 3)).toBe('appended');
    expect(await backups.append(`${at}/log`, Buffer.from('f'))).toBe('appended');
    expect(await backups.readText(`${at}/log`)).toBe('abcdef');
    expect(await backups.blocks(`${at}/log`)).toBe(3);
  });

  it('keeps what an append blob holds when it is made again', async () => {
    const { backups } = blobs.store;
    await backups.createAppendable(`${at}/log`);
    await backups.append(`${at}/log`, Buffer.from('abc'));
    await backups.createAppendable(`${at}/log`);
    expect(await backups.readText(`${at}/log`)).toBe('abc');
  });

  it('says of two who append at once to one of them that the blob has moved', async () => {
    const { backups } = blobs.store;
    await backups.createAppendable(`${at}/log`);
    const both = await Promise.all([1, 2].map(() => backups.append(`${at}/log`, Buffer.from('same'), 0)));
    expect(both.sort()).toEqual(['appended', 'moved']);
    expect(await backups.readText(`${at}/log`)).toBe('same');
  });

  it('reads a part of a blob, an empty blob, and says null of one that is not there', async () => {
    const { backups } = blobs.store;
    await backups.add(`${at}/a`, '0123456789');
    expect(String(await backups.read(`${at}/a`, 3, 4))).toBe('3456');
    await backups.createAppendable(`${at}/empty`);
    expect(await backups.readText(`${at}/empty`)).toBe('');
    expect(await backups.length(`${at}/empty`)).toBe(0);
    expect(await backups.read(`${at}/none`, 0, 1)).toBeNull();
    expect(await backups.length(`${at}/none`)).toBeNull();
  });

  it('streams what is large up and down, byte for byte', async () => {
    const { backups } = blobs.store;
    const body = Buffer.alloc(20_000_000, 'a line of rows\n');
    await backups.addStream(`${at}/large`, Readable.from([body.subarray(0, 7), body.subarray(7)]));
    expect((await buffer(await backups.stream(`${at}/large`))).equals(body)).toBe(true);
    expect((await buffer(await backups.stream(`${at}/large`, 19_999_990))).toString()).toBe('rows\na lin');
  }, 30_000);

  it('lets no second stream take the place of a blob that is there', async () => {
    const { backups } = blobs.store;
    await backups.addStream(`${at}/a`, Readable.from([Buffer.from('first')]));
    await expect(backups.addStream(`${at}/a`, Readable.from([Buffer.from('second')]))).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    expect(await backups.readText(`${at}/a`)).toBe('first');
  });

  it('leaves nothing of a stream that broke', async () => {
    const { backups } = blobs.store;
    const breaks = Readable.from(
      (function* () {
        yield Buffer.alloc(9_000_000);
        throw new Error('the line broke');
      })(),
    );
    await expect(backups.addStream(`${at}/half`, breaks)).rejects.toThrow('the line broke');
    expect(await backups.length(`${at}/half`)).toBeNull();
  });

  it('lists names in their order, and the folders right below', async () => {
    const { backups } = blobs.store;
    for (const name of ['b/2', 'a/1', 'a/0/x', 'top']) await backups.add(`${at}/${name}`, name);
    expect((await backups.list(`${at}/`)).map(({ name, length }) => [name, length])).toEqual([
      [`${at}/a/0/x`, 5],
      [`${at}/a/1`, 3],
      [`${at}/b/2`, 3],
      [`${at}/top`, 3],
    ]);
    expect(await backups.folders(`${at}/`)).toEqual(['a', 'b']);
  });

  it('says what was called, what came back and what to do, where the store does not answer', async () => {
    await blobs.pause();
    try {
      await expect(blobs.store.backups.readText(`${at}/a`)).rejects.toMatchObject({
        ...{ name: 'MoverError', failure: 'store', code: 'STORE_UNAVAILABLE' },
        message: expect.stringMatching(
          /^Get of backups\/test\d+\/a in devstoreaccount1 failed: got .*Nothing was lost: it is tried again\. If it stays so, look at the role of this identity and the firewall of the account\.$/,
        ) as string,
      });
    } finally {
      await blobs.again();
    }
  }, 60_000);
});
