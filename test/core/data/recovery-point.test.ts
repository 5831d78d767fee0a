import fc from 'fast-check';
import type { LogPart } from '../../../core/data/layout.ts';
import {
  faultOfParts,
  filesOf,
  recoveryPointOf,
  type StoreContents,
} from '../../../core/data/recovery-point.ts';
import { beat, DUMP, part, SEGMENT } from './fixture.ts';

/** The server that was dumped; the first segment is its own. */
const SERVER = '0123abcd-71ca-11e1-9e33-c80aa9429562';

const ms = (iso: string): number => Date.parse(iso);
/** Five seconds after the newest beat. */
const NOW = ms('2026-11-27T08:00:15Z');
const WHOLE = ms('2026-11-27T08:00:00Z');

const parts: readonly LogPart[] = [
  part('binlog.000001', 0, 100),
  part('binlog.000001', 100, 60),
  part('binlog.000002', 0, 150),
];
const store = (more: Partial<StoreContents> = {}): StoreContents => ({
  dumps: [DUMP],
  beat: beat(),
  parts,
  start: { server: SERVER, file: 'binlog.000001', position: 50 },
  ...more,
});
const claims = (more: Partial<NonNullable<ReturnType<typeof beat>['log']>>) => ({
  beat: beat({ log: { ...beat().log!, ...more } }),
});

describe('the recovery point', () => {
  it('is what the shipper called whole, as far as the store bears it out', () => {
    expect(recoveryPointOf(store(), NOW)).toEqual({
      ...{ known: true, at: WHOLE, dump: DUMP, from: 'log', backlogBytes: 310, detail: null },
    });
  });

  it('is unknown where no whole dump is in the store, whatever the shipper says', () => {
    expect(recoveryPointOf(store({ dumps: [] }), NOW)).toEqual({
      ...{ known: false, detail: 'no whole dump is in the store' },
    });
  });

  it('is the moment of the newest dump where no shipper was ever heard of', () => {
    const dumps = ['20261126T030000Z', '20261127T030000Z', '20261125T030000Z'];
    expect(recoveryPointOf(store({ dumps, beat: null, parts: [] }), NOW)).toEqual({
      ...{
        known: true,
        at: ms('2026-11-27T03:00:00Z'),
        dump: '20261127T030000Z',
        from: 'dump',
        backlogBytes: 0,
      },
      detail: 'no shipper was ever heard of',
    });
  });

  it('grows old with a silent shipper, and says since when', () => {
    expect(recoveryPointOf(store(), ms('2026-11-27T08:01:10.000Z'))).toMatchObject({
      at: WHOLE,
      detail: null,
    });
    expect(recoveryPointOf(store(), ms('2026-11-27T08:01:10.001Z'))).toMatchObject({
      at: WHOLE,
      from: 'log',
      detail: 'the shipper is silent since 2026-11-27T08:00:10.000Z',
    });
  });

  it('tells of a fault in words, with what the shipper said', () => {
    const fault = { name: 'log-purged', since: '2026-11-27T07:59:00Z', detail: 'no binlog.000003' } as const;
    expect(recoveryPointOf(store({ beat: beat({ fault }) }), NOW)).toMatchObject({
      from: 'log',
      at: WHOLE,
      detail:
        'the primary threw away log before it was shipped; a new dump is being made (no binlog.000003), since 2026-11-27T07:59:00Z',
    });
  });

  it('is the dump’s moment before the shipper has called anything whole', () => {
    expect(recoveryPointOf(store({ beat: beat({ log: null }) }), NOW)).toMatchObject({
      ...{ from: 'dump', at: ms('2026-11-27T03:00:00Z'), detail: null },
    });
  });

  it('is the newest dump’s where the beat names a dump that is gone', () => {
    const point = recoveryPointOf(store({ dumps: ['20261126T030000Z'] }), NOW);
    expect(point).toMatchObject({ from: 'dump', dump: '20261126T030000Z', at: ms('2026-11-26T03:00:00Z') });
  });

  it('stays the log’s while a newer dump has no log yet and the old log is whole beyond it', () => {
    const dumps = [DUMP, '20261127T075959Z'];
    expect(recoveryPointOf(store({ dumps }), NOW)).toMatchObject({ from: 'log', dump: DUMP, at: WHOLE });
  });

  it('is the newer dump’s where the log has stopped before it', () => {
    const dumps = [DUMP, '20261127T080001Z'];
    expect(recoveryPointOf(store({ dumps }), NOW)).toMatchObject({
      ...{ from: 'dump', dump: '20261127T080001Z', at: ms('2026-11-27T08:00:01Z'), backlogBytes: 0 },
    });
  });

  it.each<[string, Partial<StoreContents>, string]>([
    ['nothing', { parts: [] }, 'no log is in the store'],
    [
      'a hole in a file',
      {
        parts: [part('binlog.000001', 0, 100), part('binlog.000001', 120, 40), part('binlog.000002', 0, 150)],
      },
      '0001-0123abcd/binlog.000001 has a hole at byte 100',
    ],
    [
      'no beginning of a file',
      { parts: [part('binlog.000001', 0, 160), part('binlog.000002', 10, 140)] },
      '0001-0123abcd/binlog.000002 has a hole at byte 0',
    ],
    [
      'a file too few',
      { ...claims({ file: 'binlog.000003' }), parts: [parts[0]!, parts[1]!, part('binlog.000003', 0, 150)] },
      '0001-0123abcd has no file between binlog.000001 and binlog.000003',
    ],
    [
      'a byte less than is claimed',
      claims({ position: 151 }),
      '0001-0123abcd/binlog.000002 has 150 bytes in the store, and the shipper claims 151',
    ],
    [
      'nothing of the file that is claimed',
      claims({ file: 'binlog.000003', position: 4 }),
      '0001-0123abcd/binlog.000003 has 0 bytes in the store, and the shipper claims 4',
    ],
    [
      'nothing of the segment that is claimed',
      claims({ segment: '0002-99999999' }),
      '0002-99999999/binlog.000002 has 0 bytes in the store, and the shipper claims 150',
    ],
    [
      'a log that begins after the dump',
      { start: { server: SERVER, file: 'binlog.000000', position: 4 } },
      "the log begins with binlog.000001, after the dump's binlog.000000",
    ],
  ])('falls back to the dump where the store has %s', (_, more, detail) => {
    expect(recoveryPointOf(store(more), NOW)).toEqual({
      ...{ known: true, at: ms('2026-11-27T03:00:00Z'), dump: DUMP, from: 'dump', backlogBytes: 0, detail },
    });
  });
});

describe('the parts of a log', () => {
  it('make whole files where each begins at the end of the one before, in whatever order they are listed', () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(lengths, fc.infiniteStream(fc.nat()), (each, draws) => {
        let offset = 0;
        const own = each.map((length) => {
          const made = part('binlog.000001', offset, length);
          offset += length;
          return made;
        });
        const keyed = own.map((one) => ({ one, key: draws.next().value as number }));
        const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ one }) => one);
        expect(filesOf(shuffled)).toEqual([{ name: 'binlog.000001', length: offset, hole: null }]);
      }),
    );
  });

  it('have a hole where any of them is missing but the last', () => {
    const own = Array.from({ length: 8 }, (_, index) => part('binlog.000001', index * 10, 10));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), (missing) => {
        const left = own.filter((_, index) => index !== missing);
        expect(filesOf(left)).toEqual([{ name: 'binlog.000001', length: missing * 10, hole: missing * 10 }]);
      }),
    );
  });

  it('are a fault where two of them overlap: whose bytes are right is not known', () => {
    expect(filesOf([part('binlog.000001', 0, 100), part('binlog.000001', 90, 20)])).toEqual([
      { name: 'binlog.000001', length: 100, hole: 100 },
    ]);
  });

  it('are in the order of their numbers, also beyond six digits', () => {
    const names = filesOf([part('b.1000000', 0, 1), part('b.999999', 0, 1)]).map(({ name }) => name);
    expect(names).toEqual(['b.999999', 'b.1000000']);
  });

  it('may begin at any number in a later segment, because another server counts for itself', () => {
    const both = [...parts, part('other.000042', 0, 80, '0002-99999999')];
    const claimed = { segment: '0002-99999999', file: 'other.000042', position: 80 };
    expect(faultOfParts(both, { server: SERVER, file: 'binlog.000001', position: 50 }, claimed)).toBeNull();
  });

  it('may begin at any number where another server answered before anything was shipped', () => {
    const own = [part('other.000200', 0, 80, '0001-99999999')];
    const claimed = { segment: '0001-99999999', file: 'other.000200', position: 80 };
    expect(faultOfParts(own, { server: SERVER, file: 'binlog.000010', position: 4 }, claimed)).toBeNull();
  });

  it('are whole where the shipper has more in the store than it claims', () => {
    expect(faultOfParts(parts, null, { segment: SEGMENT, file: 'binlog.000002', position: 10 })).toBeNull();
  });
});
