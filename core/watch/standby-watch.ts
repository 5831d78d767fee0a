import * as z from 'zod';
import type { Workload } from '../config/schema.ts';
import type { ProbeAnswer } from './probe.ts';
import type { Round } from './round.ts';

/*
 * A standby that serves users is watched as a primary is: where it fails there is no second net, and people must hear of it. No run is
 * started, because there is nowhere to go.
 */

/** What is remembered of it while users are there. Times are milliseconds since the Unix epoch. */
export const standbyWatchSchema = z.object({
  /** When users were first seen there. */
  since: z.number(),
  /** The first of the looks that all failed from enough places; null while they do not. */
  badSince: z.number().nullable(),
  /** When people were told last that it fails; null where they were told that it is well, or never. */
  toldAt: z.number().nullable(),
});
export type StandbyWatch = z.infer<typeof standbyWatchSchema>;

/** What goes on is said again. Milliseconds. */
const REMIND_MS = 1_800_000;

/** Where the users are by what the edge said: on the standby, somewhere else, or nobody could tell. */
function usersOf({ elsewhere, edge }: Round, placesMin: number): 'standby' | 'elsewhere' | 'unknown' {
  const origins = Object.values(elsewhere);
  if (origins.filter((origin) => origin === 'standby').length >= placesMin) return 'standby';
  // A good answer of the edge that names no other origin is that of the primary.
  const isPrimary = Object.values(edge).filter((good) => good).length >= placesMin;
  const isPage = origins.filter((origin) => origin === 'maintenance').length >= placesMin;
  return isPrimary || isPage ? 'elsewhere' : 'unknown';
}

/** Whether users are on the standby, as far as the watch can know: it keeps what it knew while nobody can tell. */
export function nextStandbyWatch(
  known: StandbyWatch | null,
  round: Round,
  placesMin: number,
): StandbyWatch | null {
  switch (usersOf(round, placesMin)) {
    case 'standby':
      return known ?? { since: round.at, badSince: null, toldAt: null };
    case 'elsewhere':
      return null;
    case 'unknown':
      return known;
  }
}

/** The same after the standby itself was asked, from every place. */
export function withAnswers(
  known: StandbyWatch,
  answers: readonly ProbeAnswer[],
  seen: { readonly placesMin: number; readonly now: number },
): StandbyWatch {
  const bad = answers.filter(({ observation }) => observation === 'bad').length;
  const good = answers.filter(({ observation }) => observation === 'good').length;
  if (bad >= seen.placesMin && bad > good) return { ...known, badSince: known.badSince ?? seen.now };
  return good >= seen.placesMin ? { ...known, badSince: null } : known;
}

/** What people do not know yet of a standby that serves users; null where they know everything. */
export function standbyNews(
  { badSince, toldAt }: StandbyWatch,
  { displayName, url, policy }: Workload,
  about: { readonly workload: string; readonly now: number },
): {
  readonly message: { readonly subject: string; readonly text: string };
  readonly toldAt: number | null;
} | null {
  const { workload, now } = about;
  if (badSince === null) {
    if (toldAt === null) return null;
    const text = `The standby of ${displayName} (${url}) serves its users again.\n\nBring the site home when the primary is well: pilotlight failback ${workload} --reason "..."`;
    return {
      message: { subject: `[Pilotlight] ${displayName}: the standby is well again`, text },
      toldAt: null,
    };
  }
  const isDown = now - badSince >= policy.outage.seconds * 1000;
  if (!isDown || (toldAt !== null && now - toldAt < REMIND_MS)) return null;
  const since = new Date(badSince).toISOString();
  return {
    message: {
      subject: `[Pilotlight] ${displayName}: THE STANDBY FAILS, AND THERE IS NO SECOND NET`,
      text:
        `The standby that serves the users of ${displayName} (${url}) fails every look since ${since}. There is nowhere else to go by itself: ` +
        'automation moves nobody home over what they have written there.\n\n' +
        `Look at the application in Azure first (docs/runbook.md, "The standby fails"). The page in the meantime: pilotlight route set ${workload} maintenance ` +
        `--reason "...". With a primary that is well: pilotlight failback ${workload} --reason "..." as soon as the standby's database answers.`,
    },
    toldAt: now,
  };
}
