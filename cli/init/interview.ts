import { misuse, refusal } from '../exit.ts';
import type { Out } from '../output.ts';
import { problemsOf } from './check.ts';
import type { Answer, Draft } from './draft.ts';
import { fields, required, type FieldName } from './fields.ts';
import { NOTHING_FOUND, type Findings } from './file-text.ts';

/** So often a person is asked the same before the command gives up. */
const ATTEMPTS_MAX = 5;

/** One of several things that were found. */
export interface Choice {
  readonly value: string;
  readonly about: string;
}

/** What is known of a field before anybody is asked. */
export interface Hints {
  /** What AWS says. It is taken without a question, unless the configuration does not take it. */
  readonly found?: string | null;
  /** What is most likely meant: the default of the question. */
  readonly guess?: string | null;
  /** What a person is asked where the field has no question of its own. */
  readonly question?: string;
  /** Answered by their number too. */
  readonly choices?: readonly Choice[];
}

export interface Interview {
  /** Settles a field: by its flag, by what was found, by the person. @returns its value; null where nobody knows it. */
  settle(name: FieldName, hints?: Hints): Promise<string | null>;
  /** Says what could not be looked up, or not be taken. */
  note(words: string): void;
  readonly draft: () => Draft;
  readonly notes: readonly string[];
}

export interface InterviewDeps {
  readonly out: Out;
  /** null where every default is taken without a question. */
  readonly ask: ((question: string) => Promise<string | null>) | null;
  /** What the flags say; right in itself. */
  readonly given: Draft;
}

/** An answer as it is written into the file: `shop.example.com` is the name of a site, too. */
export const normal = (name: FieldName, text: string): string => {
  const trimmed = text.trim();
  return name === 'url' && !trimmed.includes('://') ? `https://${trimmed}` : trimmed;
};

/** Asks for what neither the flags nor AWS say. Every answer is held against the rules of the configuration at once. */
export function makeInterview({ out, ask, given }: InterviewDeps): Interview {
  let draft: Draft = given;
  const notes: string[] = [];
  const note = (words: string): void => {
    notes.push(words);
    out.warn(words);
  };
  const put = (name: FieldName, answer: Answer): string => {
    draft = { ...draft, [name]: answer };
    return answer.value;
  };
  const problemsWith = (name: FieldName, value: string): readonly string[] =>
    problemsOf({ ...draft, [name]: { value, from: 'you' } }, originsUnknown);

  /** One question. @returns undefined where it has to be asked again. */
  async function askOnce(name: FieldName, hints: Hints): Promise<string | null | undefined> {
    if (ask === null) return null;
    const typed = await ask(`${questionOf(name, hints) ?? name}${defaultText(name, hints)}: `);
    if (typed === null) throw refusal('No answer came; nothing was written.', 'Begin again when you like.');
    if (typed.trim() === '') {
      if (hints.guess != null) return put(name, { value: hints.guess, from: 'guess' });
      if (!required.includes(name)) return null;
      out.warn('This one has no default: nothing else could be decided without it.');
      return undefined;
    }
    const value = hints.choices?.[Number(typed) - 1]?.value ?? normal(name, typed);
    const problems = problemsWith(name, value);
    if (problems.length === 0) return put(name, { value, from: 'you' });
    for (const problem of problems) out.warn(`- ${problem}`);
    return undefined;
  }

  async function askFor(name: FieldName, hints: Hints): Promise<string | null> {
    hints.choices?.forEach(({ value, about }, index) =>
      out.line(`  ${index + 1}  ${value}  ${about}`.trimEnd()),
    );
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const answer = await askOnce(name, hints);
      if (answer !== undefined) return answer;
    }
    throw misuse([`--${name}: got no answer that fits, expected ${fields[name].about}`], 'init');
  }

  return {
    draft: () => draft,
    notes,
    note,
    async settle(name, hints = {}) {
      const known = draft[name];
      if (known !== undefined) return known.value;
      if (hints.found != null) {
        const problems = problemsWith(name, hints.found);
        if (problems.length === 0) return put(name, { value: hints.found, from: 'aws' });
        note(`Found, and not taken: ${problems.join('; ')}`);
      }
      if (ask !== null && questionOf(name, hints) !== undefined) return askFor(name, hints);
      if (hints.guess != null) return put(name, { value: hints.guess, from: 'guess' });
      const several = hints.choices?.map(({ value }) => value).join(', ') ?? '';
      if (several !== '') note(`Found, and not known which it is: ${several}. Say so with --${name}.`);
      return null;
    },
  };
}

const questionOf = (name: FieldName, { question }: Hints): string | undefined =>
  fields[name].question ?? question;

/** The ids of a distribution's origins are found together, and differ; they need no look at every answer. */
const originsUnknown: Findings = NOTHING_FOUND;

function defaultText(name: FieldName, { guess, choices }: Hints): string {
  const number = choices !== undefined && choices.length > 0 ? ', or its number' : '';
  if (guess != null) return `${number} [${guess}]`;
  return required.includes(name) ? number : `${number} [later]`;
}
