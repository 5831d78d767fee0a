import { judgeShare } from '../../../core/route/canary.ts';

describe('a share of the users', () => {
  it('goes well up to the bound, and not one answer beyond', () => {
    expect(judgeShare({ asked: 100, failed: 5 }, 5)).toEqual({
      good: true,
      detail: '5 of 100 answers failed (5.0 %, at most 5 % allowed)',
    });
    expect(judgeShare({ asked: 100, failed: 6 }, 5)).toEqual({
      good: false,
      detail: '6 of 100 answers failed (6.0 %, at most 5 % allowed)',
    });
  });

  it('may not fail once where the bound is nothing', () => {
    expect(judgeShare({ asked: 1_000, failed: 0 }, 0).good).toBe(true);
    expect(judgeShare({ asked: 1_000, failed: 1 }, 0)).toEqual({
      good: false,
      detail: '1 of 1000 answers failed (0.1 %, at most 0 % allowed)',
    });
  });

  it('is not judged by fewer than ten answers', () => {
    expect(judgeShare({ asked: 9, failed: 9 }, 5).good).toBe(true);
    expect(judgeShare({ asked: 10, failed: 10 }, 5).good).toBe(false);
  });

  it('that nobody has asked for yet has no failures', () => {
    expect(judgeShare({ asked: 0, failed: 0 }, 5)).toEqual({
      good: true,
      detail: '0 of 0 answers failed (0.0 %, at most 5 % allowed)',
    });
  });
});
