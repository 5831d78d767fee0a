/** A word that is longer than this was not misspelt. */
const WORD_LENGTH_MAX = 80;
/** So many names are worth reading. */
const NAMES_MAX = 3;

/** Letters that one word has to be changed by to become the other; two that changed places count as one. */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const same = from[i - 1] === to[j - 1] ? 0 : 1;
      const steps = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same];
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) steps.push((before[j - 2] ?? 0) + 1);
      row.push(Math.min(...steps));
    }
    [before, last] = [last, row];
  }
  return last[to.length] ?? 0;
}

/**
 * The names that a misspelt word was most likely meant to be, in their own order: all that are equally near. Empty where
 * a third of its letters or more would be wrong.
 */
export function nearest(word: string, names: readonly string[]): readonly string[] {
  if (word.length > WORD_LENGTH_MAX) return [];
  const most = Math.ceil(word.length / 3) - 1;
  const far = names.map((name) => distance(word.toLowerCase(), name.toLowerCase()));
  const least = Math.min(...far);
  return least > most ? [] : names.filter((_, index) => far[index] === least).slice(0, NAMES_MAX);
}

/** A question for whoever has misspelt a word, with what stands before it; nothing where no name is near. */
export function didYouMean(word: unknown, names: readonly string[]): string {
  const near = typeof word === 'string' ? nearest(word, names) : [];
  const last = near.at(-1);
  if (last === undefined) return '';
  const rest = near.slice(0, -1).map((name) => `"${name}"`);
  const choice = rest.length === 0 ? `"${last}"` : `${rest.join(', ')} or "${last}"`;
  return `; did you mean ${choice}?`;
}
