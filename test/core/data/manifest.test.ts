import { readManifest, witnessSchema } from '../../../core/data/manifest.ts';
import { manifest } from './fixture.ts';

const FIRST = {
  schemaVersion: 1,
  sha256: 'a'.repeat(64),
  size: 17,
  createdAt: '2026-11-22T03:00:00Z',
  sourceServer: 'replica.example.com',
};

const problemsOf = (value: unknown): readonly string[] => {
  const read = readManifest(JSON.stringify(value));
  return read.manifest === null ? read.problems : [];
};

describe('a manifest', () => {
  it('of the second layout is read as it was written', () => {
    expect(readManifest(JSON.stringify(manifest()))).toEqual({ manifest: manifest() });
  });

  it('of the first layout, made by hand, is read too', () => {
    expect(readManifest(JSON.stringify(FIRST))).toEqual({ manifest: FIRST });
  });

  it.each([
    ['of a server that writes no log', { gtidSet: null, position: null }],
    ['of a server without GTIDs', { gtidSet: null }],
    ['of a server that has executed nothing yet', { gtidSet: '' }],
    ['of figures without checksums', { tables: [{ schema: 'shop', name: 'o', rows: 0, checksum: null }] }],
  ])('%s is accepted', (_, more) => {
    expect(problemsOf(manifest(more))).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['without a table', { tables: [] }, 'tables: got [], expected array to have >=1 items'],
    ['without a file', { files: [] }, 'files: got [], expected array to have >=1 items'],
    [
      'with a file outside of its folder',
      { files: [{ ...manifest().files[0], name: '../structure.sql.zst' }] },
      'files.0.name: got "../structure.sql.zst", expected the name of a part of a dump',
    ],
    [
      'with half a checksum',
      { files: [{ ...manifest().files[0], sha256: 'abc' }] },
      'files.0.sha256: got "abc", expected 64 hexadecimal digits in lower case',
    ],
    ['with another compression', { compression: 'gzip' }, 'compression: got "gzip", expected "zstd"'],
    [
      'with a position in no file of a log',
      { position: { file: 'binlog', position: 4 } },
      'position.file: got "binlog", expected the name of a binary log',
    ],
  ])('%s is refused, and says so', (_, wrong, problem) => {
    expect(problemsOf({ ...manifest(), ...wrong })).toEqual([problem]);
  });

  it('names everything that is wrong at once', () => {
    expect(problemsOf({ ...FIRST, size: 0, sha256: 'A', sourceServer: '' })).toEqual([
      'sha256: got "A", expected 64 hexadecimal digits in lower case',
      'size: got 0, expected number to be >=1',
      'sourceServer: got "", expected string to have >=1 characters',
    ]);
  });

  it.each([3, 99])('of the layout %s is refused with what to do', (schemaVersion) => {
    expect(problemsOf({ schemaVersion })).toEqual([
      `schemaVersion: got ${schemaVersion}, expected 1 or 2; a later version of Pilotlight made this dump: restore it with that one`,
    ]);
  });

  it.each([
    ['', ['manifest.json is not JSON']],
    ['{"schemaVersion": 2', ['manifest.json is not JSON']],
    ['{}', ['schemaVersion: got nothing, expected number']],
    ['null', ['(the whole): got null, expected object']],
    ['{"schemaVersion": "2"}', ['schemaVersion: got "2", expected number']],
    ['{"schemaVersion": 1.5}', ['schemaVersion: got 1.5, expected int']],
  ])('is not %j', (text, problems) => {
    expect(readManifest(text)).toEqual({ manifest: null, problems });
  });
});

describe('the figures of the primary', () => {
  const witness = {
    schemaVersion: 1,
    at: '2026-11-27T08:00:00Z',
    server: '01234567-89ab-cdef-0123-456789abcdef',
    gtidSet: '01234567-89ab-cdef-0123-456789abcdef:1-20',
    tables: [],
  };

  it('are read', () => {
    expect(witnessSchema.safeParse(witness).success).toBe(true);
  });

  it.each([{ gtidSet: '' }, { server: 'primary' }, { schemaVersion: 2 }, { at: '' }])(
    'are refused with %j, because nobody would know at which point they stand',
    (wrong) => {
      expect(witnessSchema.safeParse({ ...witness, ...wrong }).success).toBe(false);
    },
  );
});
