import { ageText, bytesText, momentText } from '../../../core/data/words.ts';

describe('words for the data', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [12, '12 s'],
    [60, '1 min'],
    [132, '2 min 12 s'],
    [7_500, '2 h 5 min'],
    [7_205, '2 h'],
    [93_600, '1 d 2 h'],
    [86_460, '1 d'],
    [-5, '0 s'],
  ])('%d seconds are %s', (seconds, text) => {
    expect(ageText(seconds)).toBe(text);
  });

  it('a moment has its day only where that is another one', () => {
    expect(momentText('2026-03-02T03:11:48.000Z', '2026-03-02T10:00:00.000Z')).toBe('03:11:48 UTC');
    expect(momentText('2026-03-01T23:59:59.000Z', '2026-03-02T10:00:00.000Z')).toBe(
      '2026-03-01 23:59:59 UTC',
    );
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_200_000, '1.2 MB'],
    [150_400_000, '150 MB'],
    [2_000_000_000, '2 GB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(bytesText(bytes)).toBe(text);
  });
});
