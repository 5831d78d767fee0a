import fc from 'fast-check';
import {
  type Beat,
  hasNoMoreToSend,
  beatLine,
  beatSchema,
  JOURNAL_TAIL_BYTES,
  lastBeat,
  shipFaults,
} from '../../../core/data/journal.ts';
import { beat } from './fixture.ts';

describe('a beat', () => {
  it.each<readonly [string, Beat]>([
    ['of a log that is whole', beat()],
    ['before the first dump', beat({ dump: null, log: null })],
    ['of a server that has executed nothing', beat({ log: { ...beat().log!, gtidSet: '' } })],
    ...shipFaults.map(
      (name) =>
        [
          `with the fault ${name}`,
          beat({ fault: { name, since: '2026-11-27T03:00:00Z', detail: 'x' } }),
        ] as const,
    ),
  ])('%s is accepted', (_, one) => {
    expect(beatSchema.safeParse(one).success).toBe(true);
  });

  it.each([
    ['of a later layout', { schemaVersion: 2 }],
    ['without a moment', { at: 'yesterday' }],
    ['with a moment of another zone', { at: '2026-11-27T03:00:00+02:00' }],
    ['that promises no interval', { everySeconds: 0 }],
    ['with half a second between beats', { everySeconds: 0.5 }],
    ['that names no dump', { dump: 'newest' }],
    ['with a position before the file', { log: { ...beat().log!, position: -1 } }],
    ['with a segment of another kind', { log: { ...beat().log!, segment: 'first' } }],
    ['with a file outside of its folder', { log: { ...beat().log!, file: '../binlog.000001' } }],
    [
      'with a fault that has no section in the runbook',
      { fault: { name: 'tired', since: beat().at, detail: '' } },
    ],
    ['with fewer tables than none', { proof: { ...beat().proof!, tables: -1 } }],
  ])('%s is refused', (_, wrong) => {
    expect(beatSchema.safeParse({ ...beat(), ...wrong }).success).toBe(false);
  });

  it('is one line, whatever a detail holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (detail) => {
        const one = beat({ dumpFault: { at: '2026-11-27T03:00:00Z', detail } });
        expect(beatLine(one).indexOf('\n')).toBe(beatLine(one).length - 1);
        expect(lastBeat(beatLine(one))).toEqual(one);
      }),
    );
  });
});

describe('the end of a journal', () => {
  const early = beat({ at: '2026-11-27T03:00:00.000Z' });
  const late = beat({ at: '2026-11-27T03:00:10.000Z' });
  const [first, second] = [beatLine(early), beatLine(late)];

  it('gives its newest line', () => {
    expect(lastBeat(first + second)).toEqual(late);
  });

  it('gives the line before, where a writer died in the newest', () => {
    for (const length of [1, 20, second.length - 2]) {
      expect(lastBeat(first + second.slice(0, length))).toEqual(early);
    }
  });

  it('gives the newest whole line, where a writer died and the next one went on in the same line', () => {
    expect(lastBeat(first + second.slice(0, 40) + second + second)).toEqual(late);
  });

  it('gives the last whole line from wherever the reader’s window begins', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: first.length }), (from) => {
        expect(lastBeat((first + second).slice(from))).toEqual(late);
      }),
    );
  });

  it('gives nothing where there is nothing, half a line, or a line of another kind', () => {
    for (const tail of ['', '\n\n', second.slice(0, -2), '{}\n', 'null\n', '{"schemaVersion":2}\n']) {
      expect(lastBeat(tail)).toBeNull();
    }
  });

  it('passes over lines of a later version, and gives the newest that it can read', () => {
    expect(lastBeat(`${first}${JSON.stringify({ ...late, schemaVersion: 2 })}\n`)).toEqual(early);
  });

  it('holds the longest line that the mover writes', () => {
    const long = beat({
      log: { ...beat().log!, gtidSet: '01234567-89ab-cdef-0123-456789abcdef:1-999999999,'.repeat(200) },
      fault: { name: 'gap', since: '2026-11-27T03:00:00Z', detail: 'x'.repeat(500) },
    });
    expect(beatLine(long).length).toBeLessThan(JOURNAL_TAIL_BYTES);
  });
});

describe('a primary that is asked for its last', () => {
  const asked = Date.parse('2026-11-27T08:00:00.000Z');
  const told = (at: string, since: string | null): Beat =>
    beat({
      ...{ at, everySeconds: 10 },
      fault: since === null ? null : { name: 'database-unreachable', since, detail: 'ERROR 2003' },
    });

  it('has no more to send where it tells, later, of a fault that lasts', () => {
    expect(hasNoMoreToSend(told('2026-11-27T08:00:05.000Z', '2026-11-27T07:59:35.000Z'), asked)).toBe(true);
  });

  it.each([
    ['its beat is older than the question', told('2026-11-27T08:00:00.000Z', '2026-11-27T07:00:00.000Z')],
    [
      'its fault may be gone with the next beat',
      told('2026-11-27T08:00:05.000Z', '2026-11-27T07:59:35.001Z'),
    ],
    ['it has no fault', told('2026-11-27T08:00:05.000Z', null)],
  ])('may have more where %s', (_, one) => {
    expect(hasNoMoreToSend(one, asked)).toBe(false);
  });
});
