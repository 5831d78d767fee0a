import * as z from 'zod';
import { watchMemorySchema, type WatchMemory } from './memory.ts';
import type { Round, Seen } from './round.ts';

/*
 * The memory as it is kept. It is written ten thousand times a day for each workload and paid by the kilobyte, so a round is
 * a few characters: one for each place, at the door and through the edge, and who answered the users there instead.
 */

const GOOD = 'g';
const BAD = 'b';
const NOTHING = '-';
const others = { s: 'standby', m: 'maintenance' } as const;

const roundsSchema = z.object({
  /** The moment that those of the rounds count from. Milliseconds since the Unix epoch. */
  from: z.number(),
  places: z.array(z.string()),
  /** Milliseconds after `from`, then a character for each place: the door, the edge, who answered there instead. */
  looks: z.array(z.string().regex(/^\d+ [gb-]* [gb-]* [sm-]*$/)),
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

const seenText = (seen: Seen, places: readonly string[]): string =>
  places.map((place) => (seen[place] === undefined ? NOTHING : seen[place] ? GOOD : BAD)).join('');

const elsewhereText = ({ elsewhere }: Round, places: readonly string[]): string =>
  places.map((place) => elsewhere[place]?.charAt(0) ?? NOTHING).join('');

/** The memory as text. */
export function memoryText(memory: WatchMemory): string {
  const { rounds } = memory.health;
  const from = rounds[0]?.at ?? 0;
  const places = placesOf(rounds);
  const looks = rounds.map((round) =>
    [
      round.at - from,
      seenText(round.primary, places),
      seenText(round.edge, places),
      elsewhereText(round, places),
    ].join(' '),
  );
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

const seenOf = (mark: string): boolean | null => (mark === GOOD ? true : mark === BAD ? false : null);
const otherOf = (mark: string): 'standby' | 'maintenance' | null =>
  mark === 's' || mark === 'm' ? others[mark] : null;

function roundOf(look: string, { from, places }: z.infer<typeof roundsSchema>): Round {
  const [after = '', primary = '', edge = '', elsewhere = ''] = look.split(' ');
  return {
    at: from + Number(after),
    primary: byPlace(primary, places, seenOf),
    edge: byPlace(edge, places, seenOf),
    elsewhere: byPlace(elsewhere, places, otherOf),
  };
}

/** The memory of a text; null where it is that of an older shape, or damaged: the watch learns anew, within minutes. */
export function memoryOf(text: string): WatchMemory | null {
  const parsed = textSchema.safeParse(jsonOf(text));
  if (!parsed.success) return null;
  const { health, ...memory } = parsed.data;
  return {
    ...memory,
    health: { ...health, rounds: health.rounds.looks.map((look) => roundOf(look, health.rounds)) },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
