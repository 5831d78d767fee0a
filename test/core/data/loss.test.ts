import { isAboveLimit, lossOf, lossText, secondsLost } from '../../../core/data/loss.ts';
import type { DataPolicy } from '../../../core/config/data-schema.ts';
import { reportAt } from '../../lambdas/data-helpers.ts';

/*
 * Goal: the figure that people decide on is never smaller than what they would lose, and where nobody knows it that is said.
 */

const NOW = '2026-03-02T10:00:00.000Z';
const at = (moment: string): number => Date.parse(moment);
const ship: DataPolicy = {
  ...{ mode: 'ship', account: 'shopdata', shipEverySeconds: 10, dumpEveryMinutes: 1440 },
  ...{ maxLossSeconds: 300, handoverSeconds: 600 },
};

describe('what a failover would lose', () => {
  it.each([
    ['2026-03-02T09:59:48.000Z', NOW, 12],
    ['2026-03-02T09:59:47.999Z', NOW, 13],
    [NOW, NOW, 0],
    // The shipper saw the primary later than the first alarm did.
    ['2026-03-02T10:00:05.000Z', NOW, 0],
  ])('from %s to %s is %d s', (point, end, seconds) => {
    expect(secondsLost(point, at(end))).toBe(seconds);
  });

  it('is told with its recovery point, and with why it is so much', () => {
    const loss = lossOf(
      reportAt(NOW, '2026-03-02T09:50:00.000Z', { detail: 'the shipper is silent' }),
      at(NOW),
    );
    expect(loss).toEqual({
      point: '2026-03-02T09:50:00.000Z',
      lossSeconds: 600,
      detail: 'the shipper is silent',
      measuredAt: NOW,
    });
    expect(lossText(loss, 'To approve now')).toBe(
      'To approve now would lose 10 min of writes (recovery point 09:50:00 UTC): the shipper is silent.',
    );
  });

  it('is not guessed at where there is no recovery point', () => {
    const loss = lossOf(reportAt(NOW, null, { detail: 'no whole dump is in the store' }), at(NOW));
    expect(lossText(loss, 'To approve now')).toBe(
      'Nobody knows what would be lost: no whole dump is in the store.',
    );
    expect(lossText({ ...loss, detail: null }, 'To approve now')).toBe('Nobody knows what would be lost.');
  });

  it.each([
    [300, false],
    [301, true],
    [null, true],
  ])('of %s s is above a limit of 300 s: %s', (lossSeconds, above) => {
    expect(isAboveLimit(ship, { lossSeconds })).toBe(above);
  });

  it('is above no limit where none was promised', () => {
    expect(isAboveLimit({ mode: 'none' }, { lossSeconds: null })).toBe(false);
  });
});
