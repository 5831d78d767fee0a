import {
  gatesSchema,
  homeAnswerBlob,
  homeAnswerSchema,
  homeFolder,
  openedBlob,
  orderBlob,
  orphansSchema,
  sideBlob,
  sideOf,
} from '../../../core/data/home.ts';
import { DUMP_NAME } from '../../../core/data/layout.ts';

const orphans = {
  ...{ schemaVersion: 1, workload: 'shop', exportedAt: '2026-11-27T03:00:00Z', openedFor: 'night' },
  ...{ primaryGtidSet: 'a:1-9', standbyGtidSet: 'a:1-7', gtidSet: 'a:8-9', missing: '', transactions: 2 },
  ...{ tables: [{ schema: 'shop', name: 'orders', inserted: 2, updated: 0, deleted: 0 }], statements: 0 },
  ...{ firstCommitAt: '2026-11-27T02:59:58Z', lastCommitAt: '2026-11-27T02:59:59Z', files: [] },
};

describe('the blobs of the way home', () => {
  it('lie below one folder, which no dump of the primary can be taken for', () => {
    expect([
      openedBlob('shop'),
      orderBlob('shop', 'r-1'),
      homeAnswerBlob('shop', 'r-1'),
      sideBlob('shop', 'primary'),
    ]).toEqual([
      'shop/home/opened.json',
      'shop/home/orders/r-1.json',
      'shop/home/answers/r-1.json',
      'shop/home/primary.json',
    ]);
    expect(homeFolder('shop')).toBe('shop/home');
    expect(DUMP_NAME.test('home')).toBe(false);
  });

  it('let the standby dump and count, and the primary do the rest', () => {
    expect(sideOf).toEqual({
      ...{ dump: 'standby', figures: 'standby', orphans: 'primary', gates: 'primary' },
      ...{ load: 'primary', verify: 'primary', settle: 'primary', discard: 'primary' },
      ...{ equal: 'standby', follow: 'standby' },
    });
  });
});

describe('what is answered on the way home', () => {
  const answered = { schemaVersion: 1, id: 'r-1', at: '2026-11-27T03:00:00Z' };

  it('says what came of it, or why not', () => {
    const result = { what: 'orphans', folder: 'shop/orphans/20261127T030000Z-2', manifest: orphans };
    expect(homeAnswerSchema.parse({ ...answered, outcome: 'done', seconds: 2, result })).toMatchObject({
      result,
    });
    const failed = { ...answered, outcome: 'failed', code: 'FOREIGN_WRITES', detail: 'x' };
    expect(homeAnswerSchema.parse(failed)).toEqual(failed);
  });

  it.each([
    ['a failure without words', { outcome: 'failed', code: 'X', detail: '' }],
    ['a result of nothing', { outcome: 'done', seconds: 1, result: { what: 'wait' } }],
    ['a time below zero', { outcome: 'done', seconds: -1, result: { what: 'discard' } }],
  ])('is refused with %s', (_, wrong) => {
    expect(homeAnswerSchema.safeParse({ ...answered, ...wrong }).success).toBe(false);
  });

  it.each([
    ['a file of another name', { files: [{ name: 'x', bytes: 1, plainBytes: 1, sha256: '0'.repeat(64) }] }],
    ['half a transaction', { transactions: 1.5 }],
    ['no word on what is missing', { missing: null }],
  ])('has no export of orphans with %s', (_, wrong) => {
    expect(orphansSchema.safeParse(orphans).success).toBe(true);
    expect(orphansSchema.safeParse({ ...orphans, ...wrong }).success).toBe(false);
  });

  it('names every gate', () => {
    const gate = { state: 'open', asked: 'a', got: 'b', expected: 'c' };
    const gates = { healthy: gate, noForeignWrites: gate, noLongTransactions: gate, room: gate };
    expect(gatesSchema.safeParse({ open: true, gates }).success).toBe(true);
    expect(gatesSchema.safeParse({ open: true, gates: { ...gates, room: undefined } }).success).toBe(false);
  });
});
