import fc from 'fast-check';
import { newMemory, type WatchMemory } from '../../../core/watch/memory.ts';
import { memoryOf, memoryText } from '../../../core/watch/memory-text.ts';
import type { Round } from '../../../core/watch/round.ts';

/*
 * Goal: what is written is what is read, whatever the places saw; a text that is not ours is no memory; and a memory stays
 * within the kilobytes that are paid for. Method: examples with their text, then a property over all rounds.
 */

const START = 1_772_445_600_000;

const holding = (...rounds: readonly Round[]): WatchMemory => {
  const memory = newMemory('https://a https://b', START);
  return { ...memory, health: { ...memory.health, rounds: [...rounds] } };
};
const roundsIn = (text: string): unknown =>
  (JSON.parse(text) as { health: { rounds: unknown } }).health.rounds;

const mixed: Round = {
  at: START + 10_500,
  primary: { tokyo: false, dublin: true },
  edge: { tokyo: true },
  elsewhere: { dublin: 'maintenance', oregon: 'standby' },
};
const first: Round = { at: START, primary: { tokyo: true }, edge: { tokyo: false }, elsewhere: {} };

describe('the memory as text', () => {
  it('has a few characters for each round: what each place saw at the door, through the edge, and who answered there', () => {
    expect(roundsIn(memoryText(holding(first, mixed)))).toEqual({
      from: START,
      places: ['tokyo', 'dublin', 'oregon'],
      looks: ['0 e--', '83o do- -ms'],
    });
  });

  it('is read back as it was', () => {
    const memory = holding(first, mixed);
    expect(memoryOf(memoryText(memory))).toEqual(memory);
  });

  it('is read back where nothing was seen yet, and where nobody saw anything', () => {
    const nothing = { at: START, primary: {}, edge: {}, elsewhere: {} };
    for (const memory of [holding(), holding(nothing)]) expect(memoryOf(memoryText(memory))).toEqual(memory);
  });

  it('is read back whatever was seen', () => {
    const place = fc.constantFrom('us-west-2', 'eu-central-1', 'ap-northeast-1', 'sa-east-1');
    const seen = fc.dictionary(place, fc.boolean());
    const other = fc.constantFrom('standby' as const, 'maintenance' as const);
    const round = fc.record({
      at: fc.integer({ min: START, max: START + 300_000 }),
      primary: seen,
      edge: seen,
      elsewhere: fc.dictionary(place, other),
    });
    fc.assert(
      fc.property(fc.array(round, { maxLength: 30 }), (rounds) => {
        const ordered = rounds.toSorted((a, b) => a.at - b.at);
        expect(memoryOf(memoryText(holding(...ordered)))).toEqual(holding(...ordered));
      }),
    );
  });

  it.each<[string, boolean | undefined, boolean | undefined]>([
    ['g', true, true],
    ['b', false, false],
    ['d', false, true],
    ['e', true, false],
    ['o', true, undefined],
    ['x', false, undefined],
    ['u', undefined, true],
    ['y', undefined, false],
    ['-', undefined, undefined],
  ])('has %s for a place that saw the door %p and the edge %p', (mark, door, edge) => {
    const seen = (good: boolean | undefined) => (good === undefined ? {} : { tokyo: good });
    const round = { at: START, primary: seen(door), edge: seen(edge), elsewhere: {} };
    const known = { ...round, primary: { dublin: true }, edge: { dublin: true, tokyo: true } };
    expect(roundsIn(memoryText(holding(known, round)))).toMatchObject({
      places: ['dublin', 'tokyo'],
      looks: ['0 gu', `0 -${mark}`],
    });
  });

  it('of an ordinary five minutes from three places is below one kilobyte', () => {
    const seen = { 'ap-southeast-1': true, 'us-west-2': true, 'eu-central-1': true };
    const rounds = Array.from({ length: 31 }, (_, n) => ({
      ...{ at: START + n * 10_000 + (n % 7) * 100, primary: seen, edge: seen, elsewhere: {} },
    }));
    const memory = {
      ...holding(...rounds),
      ...{ asked: '0123456789ab', lookDueAt: START + 300_000 },
      hour: { minute: 29_540_760, bad: 0, all: 36, before: '0'.repeat(59) },
    };
    expect(memoryText(memory).length).toBeLessThan(1_024);
  });
});

describe('a text that is no memory', () => {
  const whole = JSON.parse(memoryText(holding(first))) as Record<string, Record<string, unknown>>;
  const withRounds = (rounds: unknown): string =>
    JSON.stringify({ ...whole, health: { ...whole['health'], rounds } });
  const looks = (...texts: readonly string[]): string =>
    withRounds({ from: START, places: ['tokyo'], looks: texts });

  it.each([
    ['nothing', ''],
    ['no JSON', '{'],
    ['null', 'null'],
    ['an older shape', JSON.stringify(holding(first))],
    ['another character', looks('0 q')],
    ['another origin', looks('0 g t')],
    ['a part too few', looks('0')],
    ['a part too many', looks('0 g - -')],
    ['a moment before the one before it', looks('0 g', '-1 g')],
    ['no places', withRounds({ from: START, looks: [] })],
    ['a memory without its hour', JSON.stringify({ ...whole, hour: undefined })],
    ['a memory that does not say which look it was', JSON.stringify({ ...whole, lookDueAt: undefined })],
  ])('counts as none: %s', (_, text) => {
    expect(memoryOf(text)).toBeNull();
  });

  it('differs from those that are', () => {
    expect(memoryOf(looks('0 g', 'a - m'))?.health.rounds).toEqual([
      { at: START, primary: { tokyo: true }, edge: { tokyo: true }, elsewhere: {} },
      { at: START + 10, primary: {}, edge: {}, elsewhere: { tokyo: 'maintenance' } },
    ]);
    expect(memoryOf(JSON.stringify(whole))).toEqual(holding(first));
  });
});
