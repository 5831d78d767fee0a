import { nextOf, type Machine, type Scope, type State } from './machine.ts';

/*
 * What a Choice reads must be there: a path that is missing ends the execution in States.Runtime, past every Catch and every
 * record. A part of the state is surely there where every way to the Choice passes a state that writes it.
 */

/** A comparison of a Choice, or a combination of some. Source: Amazon States Language, "Choice State". */
interface Comparison {
  readonly Variable?: string;
  readonly IsPresent?: boolean;
  readonly And?: readonly Comparison[];
  readonly Or?: readonly Comparison[];
  readonly Not?: Comparison;
}

type Parts = ReadonlySet<string>;
type Flow = State & {
  readonly ResultPath?: string | null;
  readonly ResultSelector?: Readonly<Record<string, unknown>>;
};

/** The first part of a path: `run` of `$.run.dryRun`. */
const partOf = (path: string): string => /^\$\.(?<part>\w+)/.exec(path)?.groups?.['part'] ?? '';

/** What is there after a state has done its work. Who hands back a token may write anything into its part. */
function partsAfter(state: Flow, before: Parts): Parts {
  if (state.Resource?.endsWith('.waitForTaskToken') === true) return before;
  if (state.ResultPath !== undefined)
    return new Set([...before, ...(state.ResultPath === null ? [] : [partOf(state.ResultPath)])]);
  if (state.Type !== 'Task') return before;
  // Without a ResultPath the answer takes the place of everything.
  return new Set(Object.keys(state.ResultSelector ?? {}).map((key) => key.replace(/\.\$$/, '')));
}

/** What is there by each way out of a state. */
function waysOut(state: Flow, before: Parts): readonly (readonly [string, Parts])[] {
  const caught = (state.Catch ?? []) as readonly { readonly Next: string; readonly ResultPath?: string }[];
  const after = partsAfter(state, before);
  const others = nextOf({ ...state, Catch: [] }).map((name) => [name, after] as const);
  return [
    ...others,
    ...caught.map(({ Next, ResultPath = '' }) => [Next, new Set([...before, partOf(ResultPath)])] as const),
  ];
}

/** What is surely there on entering each state of a scope. */
function sureParts(scope: Scope, atStart: Parts): ReadonlyMap<string, Parts> {
  const sure = new Map<string, Parts>([[scope.StartAt, atStart]]);
  const toVisit = [scope.StartAt];
  for (let name = toVisit.pop(); name !== undefined; name = toVisit.pop()) {
    const state = scope.States[name];
    if (state === undefined) continue;
    for (const [next, parts] of waysOut(state, sure.get(name) ?? new Set())) {
      const known = sure.get(next);
      const both = known === undefined ? parts : new Set([...known].filter((part) => parts.has(part)));
      if (both.size === known?.size) continue;
      sure.set(next, both);
      toVisit.push(next);
    }
  }
  return sure;
}

/** The paths that a comparison reads without knowing that they are there; `asked` were asked for before it. */
function unsureOf(comparison: Comparison, sure: Parts, asked: readonly string[]): string[] {
  const { Variable, And, Or, Not } = comparison;
  if (And !== undefined) {
    const seen = [...asked];
    return And.flatMap((part) => {
      const unsure = unsureOf(part, sure, seen);
      if (part.IsPresent === true && part.Variable !== undefined) seen.push(part.Variable);
      return unsure;
    });
  }
  if (Or !== undefined) return Or.flatMap((part) => unsureOf(part, sure, asked));
  if (Not !== undefined) return unsureOf(Not, sure, asked);
  if (Variable === undefined || comparison.IsPresent !== undefined) return [];
  const isAsked = asked.some((path) => Variable === path || Variable.startsWith(`${path}.`));
  return isAsked || sure.has(partOf(Variable)) ? [] : [Variable];
}

/** Choices that read what may not be there, the branches' too. */
export function unsureChoices(machine: Machine, atStart: Parts = new Set()): string[] {
  const sure = sureParts(machine, atStart);
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const before = sure.get(name) ?? new Set<string>();
    const choices = (state.Choices ?? []) as readonly Comparison[];
    const unsure = choices.flatMap((choice) => unsureOf(choice, before, []));
    return [
      ...unsure.map((path) => `${name}: reads ${path}, which may not be there`),
      ...(state.Branches ?? []).flatMap((branch) => unsureChoices(branch, before)),
    ];
  });
}
