import { MoverError, wordsOf } from '../errors.ts';
import { openBooks, type Books } from './bookkeeping.ts';
import type { ApplyOptions } from './options.ts';

/** Where a server takes no binary log from anybody. */
export const mayNotReplay = (): MoverError =>
  new MoverError(
    'refused',
    'MAY_NOT_REPLAY',
    'this login may not replay a binary log: it lacks REPLICATION_APPLIER and SESSION_VARIABLES_ADMIN, which Azure gives its administrator and RDS gives nobody. Load the dump alone: --load-only.',
  );

/** A standby that is being built has no database yet: whoever follows waits for it. */
export async function openWhenThere(options: ApplyOptions, signal: AbortSignal): Promise<Books> {
  for (;;) {
    try {
      return await openBooks(options.optionFile);
    } catch (error) {
      const waits =
        options.follow && !signal.aborted && error instanceof MoverError && error.failure === 'database';
      if (!waits || error.code === 'LOGIN_REFUSED') throw error;
      options.log.info('waits-for-database', { because: wordsOf(error) });
      await options.sleep(options.everySeconds * 1000);
    }
  }
}

/** Where a planned move asks a database that is open already. */
export const openedEarlier = (): MoverError =>
  new MoverError(
    'refused',
    'OPENED_EARLIER',
    'the database was opened for an earlier run and follows no log since, so that nobody can say that everything is here. Load it anew: apply --replace.',
  );
