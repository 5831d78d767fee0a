import * as z from 'zod';
import { watchMemorySchema, type WatchMemory } from './memory.ts';
import type { Round } from './round.ts';

/*
 * The memory as it is kept. It is written ten thousand times a day for each workload and paid by the kilobyte, so a round is
 * a few characters: how long after the one before it, one for what each place saw, and who answered the users there instead. An ordinary five minutes of three places then fit into one kilobyte.
 */

/** What one place saw, at the door and through the edge; undefined where it saw nothing. */
type Sight = readonly [door: boolean | undefined, edge: boolean | undefined];

const NOTHING = '-';
const sights: Readonly<Record<string, Sight>> = {
  g: [true, true],
  b: [false, false],
  /** The door fails alone, or the edge does. */
  d: [false, true],
  e: [true, false],
  /** Only one of the two was seen: the door (good, bad), or the edge (good, bad). */
  o: [true, undefined],
  x: [false, undefined],
  u: [undefined, true],
  y: [undefined, false],
  [NOTHING]: [undefined, undefined],
};
const others = { s: 'standby', m: 'maintenance' } as const;

/** Digits and small letters: short, and still readable with a calculator. */
const RADIX = 36;

const roundsSchema = z.object({
  /** The moment that the first round counts from. Milliseconds since the Unix epoch. */
  from: z.number(),
  places: z.array(z.string()),
  /**
   * Milliseconds after the round before, to the base of 36; then a character for each place, one of `sights`, and one for who
   * answered there instead of the primary, left out where nobody did.
   */
  looks: z.array(z.string().regex(/^[0-9a-z]+ [gbdeoxuy-]*(?: [sm-]+)?$/)),
});
const textSchema = watchMemorySchema.extend({
  health: watchMemorySchema.shape.health.extend({ rounds: roundsSchema }),
});

function placesOf(rounds: readonly Round[]): readonly string[] {
  return [
    ...new Set(
      rounds.flatMap((round) => [
        ...Object.keys(round.primary),
        ...Object.keys(round.edge),
        ...Object.keys(round.elsewhere),
      ]),
    ),
  ];
}

const sightText = ({ primary, edge }: Round, places: readonly string[]): string =>
  places
    .map((place) => {
      const found = Object.entries(sights).find(
        ([, [door, through]]) => door === primary[place] && through === edge[place],
      );
      return found?.[0] ?? NOTHING;
    })
    .join('');

const elsewhereText = ({ elsewhere }: Round, places: readonly string[]): string =>
  places.map((place) => elsewhere[place]?.charAt(0) ?? NOTHING).join('');

function lookText(round: Round, before: number, places: readonly string[]): string {
  const parts = [(round.at - before).toString(RADIX), sightText(round, places)];
  const isAtHome = Object.keys(round.elsewhere).length === 0;
  return (isAtHome ? parts : [...parts, elsewhereText(round, places)]).join(' ');
}

/** The memory as text. */
export function memoryText(memory: WatchMemory): string {
  const { rounds } = memory.health;
  const from = rounds[0]?.at ?? 0;
  const places = placesOf(rounds);
  const looks = rounds.map((round, index) => lookText(round, rounds[index - 1]?.at ?? from, places));
  return JSON.stringify({ ...memory, health: { ...memory.health, rounds: { from, places, looks } } });
}

/** What a character of each place stands for, where it stands for something. */
const byPlace = <T>(text: string, places: readonly string[], meaning: (mark: string) => T | null) =>
  Object.fromEntries(
    places.flatMap((place, index) => {
      const meant = meaning(text.charAt(index));
      return meant === null ? [] : [[place, meant] as const];
    }),
  );

const otherOf = (mark: string): 'standby' | 'maintenance' | null =>
  mark === 's' || mark === 'm' ? others[mark] : null;

function roundsOf({ from, places, looks }: z.infer<typeof roundsSchema>): Round[] {
  let at = from;
  return looks.map((look) => {
    const [after = '', seen = '', elsewhere = ''] = look.split(' ');
    at += Number.parseInt(after, RADIX);
    return {
      at,
      primary: byPlace(seen, places, (mark) => sights[mark]?.[0] ?? null),
      edge: byPlace(seen, places, (mark) => sights[mark]?.[1] ?? null),
      elsewhere: byPlace(elsewhere, places, otherOf),
    };
  });
}

/** The memory of a text; null where it is that of an older shape, or damaged: the watch learns anew, within minutes. */
export function memoryOf(text: string): WatchMemory | null {
  const parsed = textSchema.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const { health, ...memory } = parsed.data;
  return {
    ...memory,
    health: { ...health, rounds: roundsOf(health.rounds) },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
