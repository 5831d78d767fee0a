import fc from 'fast-check';
import { fit, fitLines, slackMoment } from '../../../core/slack/text.ts';

const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom('&', '<', '>', '😀', '\n'), fc.string({ unit: 'binary', maxLength: 1 })),
});

describe('text for Slack', () => {
  it.each([
    ['a < b & c > d', 100, 'a &lt; b &amp; c &gt; d'],
    ['<!channel>', 100, '&lt;!channel&gt;'],
    ['&lt;', 100, '&amp;lt;'],
    ['abcdef', 6, 'abcdef'],
    ['abcdefg', 6, 'abcde…'],
    ['abc&def', 6, 'abc…'],
    ['abcd😀f', 6, 'abcd…'],
    ['\ud800', 6, '\ufffd'],
  ])('of %j in %i characters is %j', (text, max, expected) => {
    expect(fit(text, max)).toBe(expected);
  });

  it('is never too long, never cut inside an entity or a pair, and never has a mark-up character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 60 }), (text, max) => {
        const fitted = fit(text, max);
        expect(fitted.length).toBeLessThanOrEqual(max);
        expect(fitted.isWellFormed()).toBe(true);
        expect(fitted).not.toMatch(/[<>]|&(?!(?:amp|lt|gt);)/);
        const plain = unescape(fitted);
        const sound = text.toWellFormed();
        expect(plain === sound || (plain.endsWith('…') && sound.startsWith(plain.slice(0, -1)))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('counts the lines that do not fit', () => {
    expect(fitLines(['one', 'two'], 20)).toBe('one\ntwo');
    expect(fitLines(['first line', 'second line', 'third line', 'fourth'], 38)).toBe(
      'first line\nsecond line\n… and 2 more',
    );
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 30 }), { maxLength: 40 }), (lines) => {
        expect(fitLines(lines, 100).length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('shows a moment in the time zone of the reader, with UTC beside it', () => {
    expect(slackMoment(1_795_402_800_000)).toBe(
      '<!date^1795402800^{date_short_pretty} {time_secs}|2026-11-23 03:00:00 UTC>',
    );
  });
});
