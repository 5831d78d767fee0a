import { executedGtids, without } from '../database/gtids.ts';
import type { Session } from '../database/session.ts';
import { MoverError } from '../errors.ts';
import { tallyText, type Tally } from './log-tally.ts';
import { findInLog, tallyServerLog, type LogReaderOptions } from './server-log.ts';

/**
 * Writes of others to the site's schemas: transactions that are not in the known set, by the primary's own log. What the mover loads lies in
 * schemas of its own until it takes the site's place, so that the two are told apart.
 * @param known what the primary had executed when it was last looked at
 * @returns null where there are none
 * @throws MoverError `gap` where the log of that time is gone, so that nobody can tell
 */
export async function foreignWrites(
  options: LogReaderOptions,
  session: Session,
  known: string,
): Promise<Tally | null> {
  const since = await without(session, await executedGtids(session), known);
  if (since === '') return null;
  const { file, purged } = await findInLog(session, since);
  if (file === null || purged !== '') {
    throw new MoverError(
      'gap',
      'LOG_PURGED',
      `nobody can tell whether the primary took writes: the log of ${purged} is gone. Raise its binlog retention hours, then export the orphans anew: mover orphans --anew.`,
    );
  }
  const tally = await tallyServerLog(options, { file, position: 0, include: since });
  return tally.transactions === 0 ? null : tally;
}

/** The words for writes that should not be there. @param since ISO 8601 */
export const refuseForeign = (found: Tally, since: string): MoverError =>
  new MoverError(
    'refused',
    'FOREIGN_WRITES',
    `the primary has taken writes since ${since}: ${tallyText(found)}, ${found.gtids.toString()}. Nothing was changed. ` +
      'Find who writes (a job, a person, an event of the database, an application that is not behind the edge) and stop it; then keep those writes too: mover orphans --anew.',
  );
