import { makeDataStore } from '../../../../clouds/azure/data/data-store.ts';
import { beatLine } from '../../../../core/data/journal.ts';
import { applierAt, beatAt } from '../../../lambdas/data-helpers.ts';
import { fakeClock, fakeCredential, rejection } from '../azure-fixture.ts';
import { BlobAccount, blobError } from './blob-fixture.ts';

/*
 * Goal: what lies in the store is read by a handful of calls, whatever lies there besides, and the question for the last data
 * is asked once.
 */

const NOW = Date.parse('2026-03-02T10:00:00.000Z');
const DUMP = '20260302T030000Z';
const LOG = `shop/${DUMP}/log/0001-0a1b2c3d`;
const manifest = (more: object = {}): string =>
  JSON.stringify({
    schemaVersion: 2,
    workload: 'shop',
    createdAt: '2026-03-02T03:00:00.000Z',
    finishedAt: '2026-03-02T03:02:00.000Z',
    source: {
      host: 'db.shop.internal',
      uuid: '0a1b2c3d-0000-4000-8000-000000000001',
      version: '8.0.40',
      maxAllowedPacket: 67_108_864,
    },
    gtidSet: '0a1b2c3d-0000-4000-8000-000000000001:1-9',
    position: { file: 'binlog.000007', position: 157 },
    tools: { mysqldump: '8.0.40' },
    compression: 'zstd',
    files: [{ name: 'rows-0001.sql.zst', kind: 'rows', bytes: 10, plainBytes: 20, sha256: 'a'.repeat(64) }],
    schemas: [{ name: 'shop', characterSet: 'utf8mb4', collation: 'utf8mb4_0900_ai_ci' }],
    tables: [{ schema: 'shop', name: 'orders', rows: 4, checksum: null }],
    objects: { views: 0, triggers: 0, routines: 0, events: 0 },
    warnings: [],
    ...more,
  });
const beat = beatAt('2026-03-02T09:59:58.000Z', '2026-03-02T09:59:48.000Z');
const shipped = (more: Readonly<Record<string, string>> = {}) =>
  new BlobAccount({
    [`backups/shop/${DUMP}/manifest.json`]: manifest(),
    [`backups/shop/${DUMP}/rows-0001.sql.zst`]: 'x',
    [`backups/${LOG}/binlog.000007/000000000000`]: 'x'.repeat(500),
    [`backups/${LOG}/binlog.000007/000000000500`]: 'x'.repeat(400),
    [`backups/${LOG}/notes.txt`]: 'of somebody else',
    'backups/shop/journal/2026-03-02.jsonl': beatLine(beat),
    'handover/shop/applier.json': JSON.stringify(applierAt('2026-03-02T09:59:59.000Z')),
    ...more,
  });
const storeOf = ({ httpClient }: BlobAccount) =>
  makeDataStore({
    ...{ account: 'shopdata', workload: 'shop' },
    ...{ credential: fakeCredential, clock: fakeClock(), httpClient },
  });

describe('the store of a workload', () => {
  it('is read by a handful of calls', async () => {
    const account = shipped();
    expect(await storeOf(account).look(NOW)).toEqual({
      contents: {
        dumps: [DUMP],
        beat,
        parts: [
          { segment: '0001-0a1b2c3d', file: 'binlog.000007', offset: 0, length: 500 },
          { segment: '0001-0a1b2c3d', file: 'binlog.000007', offset: 500, length: 400 },
        ],
        start: { server: '0a1b2c3d-0000-4000-8000-000000000001', file: 'binlog.000007', position: 157 },
      },
      applier: applierAt('2026-03-02T09:59:59.000Z'),
      problems: [],
    });
    expect(account.wire().toSorted()).toEqual([
      'GET /backups/shop/20260302T030000Z/manifest.json',
      'GET /backups/shop/journal/2026-03-02.jsonl',
      'GET /backups?prefix=shop/',
      'GET /backups?prefix=shop/20260302T030000Z/log/',
      'GET /handover/shop/applier.json',
      'HEAD /backups/shop/journal/2026-03-02.jsonl',
    ]);
  });

  it('is read again without the manifests that it has read, because they never change', async () => {
    const account = shipped();
    const store = storeOf(account);
    await store.look(NOW);
    const before = account.sent.length;
    expect((await store.look(NOW)).contents.start).toEqual({
      server: '0a1b2c3d-0000-4000-8000-000000000001',
      file: 'binlog.000007',
      position: 157,
    });
    expect(account.sent.length - before).toBe(5);
  });

  it('is empty where nobody has ever written', async () => {
    expect(await storeOf(new BlobAccount()).look(NOW)).toEqual({
      contents: { dumps: [], beat: null, parts: [], start: null },
      applier: null,
      problems: [],
    });
  });

  it('has the beat of yesterday where today has none yet, and the last whole line of a long journal', async () => {
    const lines = Array.from({ length: 90 }, (_, n) => beatLine({ ...beat, everySeconds: n + 1 })).join('');
    const account = shipped({
      'backups/shop/journal/2026-03-02.jsonl': '',
      'backups/shop/journal/2026-03-01.jsonl': `${lines}{"half`,
    });
    expect((await storeOf(account).look(NOW)).contents.beat?.everySeconds).toBe(90);
  });

  it('counts a dump only where its manifest is there, and looks behind one that is being made', async () => {
    const account = shipped({ 'backups/shop/20260302T093000Z/rows-0001.sql.zst': 'x' });
    expect((await storeOf(account).look(NOW)).contents).toMatchObject({
      dumps: [DUMP],
      start: { position: 157 },
    });
  });

  it('counts the newest dump and the one that the log follows', async () => {
    const account = shipped({ 'backups/shop/20260302T093000Z/manifest.json': manifest() });
    expect((await storeOf(account).look(NOW)).contents.dumps).toEqual(['20260302T093000Z', DUMP]);
  });

  it('says of a manifest that it cannot read, and goes on', async () => {
    const account = shipped({
      'backups/shop/20260302T093000Z/manifest.json': manifest({ schemaVersion: 3 }),
    });
    const look = await storeOf(account).look(NOW);
    expect(look.contents.dumps).toEqual([DUMP]);
    expect(look.problems).toEqual([
      expect.stringContaining(
        'the manifest of dump 20260302T093000Z cannot be read: schemaVersion: got 3',
      ) as unknown,
    ]);
  });

  it('says of an applier that it cannot read, and goes on', async () => {
    const look = await storeOf(shipped({ 'handover/shop/applier.json': '{"state":"odd"}' })).look(NOW);
    expect(look).toMatchObject({
      applier: null,
      problems: [expect.stringContaining('handover/shop/applier.json')],
    });
  });

  it('is an error where the cloud refuses any part of it', async () => {
    const account = shipped();
    account.refuse = ({ url }) =>
      url.includes('/handover/') ? blobError(403, 'AuthorizationPermissionMismatch') : null;
    const error = await rejection(storeOf(account).look(NOW));
    expect(error.message).toContain('Storage Blob Data Contributor on the container handover of shopdata');
  });
});

describe('the question for the last data', () => {
  const request = {
    schemaVersion: 1,
    correlationId: 'run-1',
    execution: 'run-1',
    askedAt: '2026-03-02T10:00:00.000Z',
  } as const;

  it('is written once; whoever asks again gets the first one', async () => {
    const account = shipped();
    expect(await storeOf(account).ask(request)).toEqual(request);
    const again = { ...request, askedAt: '2026-03-02T10:09:00.000Z' };
    expect(await storeOf(account).ask(again)).toEqual(request);
    expect(JSON.parse(account.blobs.get('handover/shop/run-1/request.json') ?? '')).toEqual(request);
  });

  it('has no answer until there is one', async () => {
    const account = shipped();
    const store = storeOf(account);
    expect(await store.answer('run-1')).toBeNull();
    const answer = {
      ...{ schemaVersion: 1, outcome: 'open', at: '2026-03-02T10:00:31.000Z', dump: DUMP },
      ...{ appliedUntil: '2026-03-02T09:59:48.000Z', lastTransactionAt: null, transactions: 4, seconds: 31 },
    };
    account.blobs.set('handover/shop/run-1/answer.json', JSON.stringify(answer));
    expect(await store.answer('run-1')).toEqual(answer);
  });

  it('has an answer that is half written, or none of ours, refused', async () => {
    const account = shipped({ 'handover/shop/run-1/answer.json': '{"outcome":"open"' });
    expect((await rejection(storeOf(account).answer('run-1'))).name).toBe('CloudAnswerUnreadable');
  });

  it('tells where the request has gone again', async () => {
    const account = shipped();
    account.refuse = ({ method }) => (method === 'PUT' ? blobError(409, 'BlobAlreadyExists') : null);
    expect((await rejection(storeOf(account).ask(request))).message).toContain(
      'got nothing, expected what was there when ours was to be written',
    );
  });
});
