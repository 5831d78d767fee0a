import { bounded, firstProblems, problemList } from '../../core/bounds.ts';

describe('a bounded text', () => {
  it('is the text itself up to its length', () => {
    expect(bounded('x'.repeat(200), 200)).toBe('x'.repeat(200));
  });

  it('has the beginning and the end of one that is longer, and says how much it has not', () => {
    const text = bounded(`${'a'.repeat(500)}${'z'.repeat(500)}`, 200);
    expect(text).toBe(`${'a'.repeat(107)} … (840 characters left out) … ${'z'.repeat(53)}`);
    expect(text.length).toBeLessThanOrEqual(200);
  });

  it('loses its middle without words where there is no room for them', () => {
    expect(bounded('Clinic of Animals', 10)).toBe('Clinic…als');
  });
});

describe('a list of problems', () => {
  it('has fifty of them, and no more than a message may have', () => {
    expect(firstProblems(['a', 'b'])).toEqual(['a', 'b']);
    expect(firstProblems(Array.from({ length: 60 }, () => 'a')).slice(49)).toEqual([
      'a',
      'and 10 more: correct these first',
    ]);
    expect(problemList(['a', 'b'])).toBe('- a\n- b');
    const long = problemList(Array.from({ length: 10 }, () => 'x'.repeat(1_000)));
    expect(long.split('\n')).toHaveLength(6);
    expect(long).toMatch(/- and 5 more: correct these first$/);
  });
});
