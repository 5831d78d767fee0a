import { asMoverError, exitCodes, MoverError, wordsOf } from '../../mover/errors.ts';
import { makeLog } from '../../mover/log.ts';

describe('the log', () => {
  it('is one line of JSON an event, with the moment and the facts', () => {
    const lines: string[] = [];
    const log = makeLog(
      (line) => lines.push(line),
      () => Date.parse('2026-11-27T08:00:00Z'),
    );
    log.info('dump-begins', { dump: '20261127T080000Z', note: 'a\nb' });
    log.warn('stream-ended');
    expect(lines).toEqual([
      '{"at":"2026-11-27T08:00:00.000Z","level":"info","event":"dump-begins","dump":"20261127T080000Z","note":"a\\nb"}\n',
      '{"at":"2026-11-27T08:00:00.000Z","level":"warn","event":"stream-ended"}\n',
    ]);
  });
});

describe('an error', () => {
  it('has an exit code for each way in which a command ends, as the documents list them', () => {
    expect(exitCodes).toEqual({
      usage: 2,
      refused: 3,
      store: 4,
      database: 5,
      damaged: 6,
      differs: 7,
      gap: 8,
      lost: 9,
    });
  });

  it('of ours stays what it is, and any other becomes one of where it came from', () => {
    const ours = new MoverError('gap', 'LOG_HAS_A_GAP', 'x');
    expect(asMoverError(ours, 'store', 'STORE_UNAVAILABLE')).toBe(ours);
    expect(asMoverError(new TypeError('y'), 'store', 'STORE_UNAVAILABLE')).toMatchObject({
      ...{ name: 'MoverError', failure: 'store', code: 'STORE_UNAVAILABLE', message: 'y' },
    });
  });

  it('is one line for people, of a length that fits a message', () => {
    expect(wordsOf(new Error('a\n  b\tc'))).toBe('a b c');
    expect(wordsOf('plain')).toBe('plain');
    expect(wordsOf(new Error('x'.repeat(9_000)))).toHaveLength(1_500);
  });
});
