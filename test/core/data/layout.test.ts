import fc from 'fast-check';
import {
  answerBlob,
  applierBlob,
  DUMP_NAME,
  dumpMoment,
  dumpNameAt,
  journalBlob,
  LOG_FILE_NAME,
  logFileNumber,
  logPartName,
  logPrefix,
  manifestBlob,
  readLogPart,
  requestBlob,
  SEGMENT_NAME,
  witnessBlob,
} from '../../../core/data/layout.ts';

const NIGHT = Date.parse('2026-11-27T03:00:05.999Z');

describe('the names of the store', () => {
  it('are these, so that both sides find what the other wrote', () => {
    expect(dumpNameAt(NIGHT)).toBe('20261127T030005Z');
    expect(manifestBlob('shop', '20261127T030005Z')).toBe('shop/20261127T030005Z/manifest.json');
    expect(logPrefix('shop', '20261127T030005Z')).toBe('shop/20261127T030005Z/log/');
    expect(witnessBlob('shop', '20261127T030005Z', NIGHT)).toBe(
      'shop/20261127T030005Z/witness/20261127T030005Z.json',
    );
    expect(journalBlob('shop', NIGHT)).toBe('shop/journal/2026-11-27.jsonl');
    expect(applierBlob('shop')).toBe('shop/applier.json');
    expect(requestBlob('shop', 'run-1')).toBe('shop/run-1/request.json');
    expect(answerBlob('shop', 'run-1')).toBe('shop/run-1/answer.json');
  });

  it('put the last second of a day and the first of the next into two journals', () => {
    expect(journalBlob('shop', Date.parse('2026-12-31T23:59:59.999Z'))).toBe('shop/journal/2026-12-31.jsonl');
    expect(journalBlob('shop', Date.parse('2027-01-01T00:00:00.000Z'))).toBe('shop/journal/2027-01-01.jsonl');
  });
});

describe('the name of a dump', () => {
  it('is the second of its snapshot, and sorts as time does', () => {
    const moments = fc.integer({ min: 0, max: Date.parse('2999-01-01T00:00:00Z') });
    fc.assert(
      fc.property(moments, moments, (a, b) => {
        const [first, second] = [dumpNameAt(a), dumpNameAt(b)];
        expect(first).toMatch(DUMP_NAME);
        expect(dumpMoment(first)).toBe(a - (a % 1000));
        if (Math.floor(a / 1000) < Math.floor(b / 1000)) expect(first < second).toBe(true);
      }),
    );
  });

  it.each([
    '20261127T030005',
    '2026-11-27T03:00:05Z',
    '20261127t030005z',
    'journal',
    '',
    '20261127T030005Z/x',
  ])('is not %j', (name) => {
    expect(name).not.toMatch(DUMP_NAME);
  });
});

describe('the names of log files and segments', () => {
  it.each(['mysql-bin-changelog.000001', 'binlog.999999', 'binlog.1000000', 'a.b_c-d.000001'])(
    'takes %s for a file of a log',
    (name) => {
      expect(name).toMatch(LOG_FILE_NAME);
    },
  );

  it.each([
    'binlog',
    'binlog.1',
    'binlog.index',
    '../binlog.000001',
    'a/b.000001',
    '.000001',
    'binlog.000001 ',
  ])('takes %j for none', (name) => {
    expect(name).not.toMatch(LOG_FILE_NAME);
  });

  it('counts beyond six digits, where names no longer sort as numbers do', () => {
    expect(logFileNumber('binlog.999999')).toBe(999_999);
    expect(logFileNumber('binlog.1000000')).toBe(1_000_000);
    expect(logFileNumber('my.bin.000012')).toBe(12);
  });

  it.each([
    ['0001-0123abcd', true],
    ['9999-ffffffff', true],
    ['1-0123abcd', false],
    ['0001-0123ABCD', false],
    ['0001-0123abcd0', false],
  ])('knows whether %s is a segment: %s', (name, is) => {
    expect(SEGMENT_NAME.test(name)).toBe(is);
  });
});

describe('a part of the log', () => {
  it('is read back from its name as it was', () => {
    const part = { segment: '0001-0123abcd', file: 'binlog.000007', offset: 4_194_304 };
    expect(logPartName(part)).toBe('0001-0123abcd/binlog.000007/000004194304');
    expect(readLogPart('0001-0123abcd/binlog.000007/000004194304', 17)).toEqual({ ...part, length: 17 });
  });

  it('is read back for every offset that a file can have', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), fc.nat(), (offset, length) => {
        const part = { segment: '0042-00000000', file: 'b.000001', offset };
        expect(readLogPart(logPartName(part), length)).toEqual({ ...part, length });
      }),
    );
  });

  it('sorts by its offset where it sorts by its name', () => {
    const names = [0, 9, 10, 1_000_000_000, 99_999_999_999].map((offset) =>
      logPartName({ segment: '0001-0123abcd', file: 'b.000001', offset }),
    );
    expect([...names].sort()).toEqual(names);
  });

  it.each([
    '0001-0123abcd/binlog.000007',
    '0001-0123abcd/binlog.000007/17',
    '0001-0123abcd/binlog.000007/000000000000/x',
    'x/binlog.000007/000000000000',
    '0001-0123abcd/binlog/000000000000',
    '0001-0123abcd/binlog.000007/-00000000001',
    '',
  ])('is not %j, which is somebody else’s', (name) => {
    expect(readLogPart(name, 1)).toBeNull();
  });
});
