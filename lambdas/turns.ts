import { createHash } from 'node:crypto';
import { CloudUnavailable } from '../core/errors.ts';
import { giveTurnBack, type Turns } from '../core/fleet/turns.ts';
import type { Clock, Log, TurnLedger } from '../core/ports.ts';

/* How the runs of a fleet change what they share: each looks at what the others have written. */

export interface TurnDeps {
  readonly clock: Clock;
  readonly turns: TurnLedger;
}

/** Fifty runs may begin in the same second, and each write makes the others read again. */
const TRIES_MAX = 60;
const PAUSE_MS = 40;

/** A share of a pause, from 0 to 1, by which runs that wait for the same thing come apart: their own, and anew each time. */
export const spreadOf = (execution: string, times: number): number =>
  createHash('sha256').update(`${execution} ${times}`).digest().readUInt16BE(0) / 0x1_0000;

/**
 * Changes the turns; null leaves them as they are.
 * @throws CloudUnavailable where others write at every try.
 */
export async function changeTurns<T>(
  { clock, turns }: TurnDeps,
  execution: string,
  change: (known: Turns) => { readonly next: Turns | null; readonly result: T },
): Promise<T> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const { turns: known, version } = await turns.read();
    const { next, result } = change(known);
    if (next === null || (await turns.write(next, version))) return result;
    await clock.sleep(PAUSE_MS * (1 + spreadOf(execution, tries)));
  }
  throw new CloudUnavailable({
    call: 'the turns of the fleet',
    got: `${TRIES_MAX} writes of somebody else in a row`,
    next: 'The workflow tries again by itself.',
  });
}

/** A run that is over gives its turn back. A turn that is not given back ends by itself, so this must not undo the end. */
export async function endTurn(deps: TurnDeps & { readonly log: Log }, execution: string): Promise<void> {
  try {
    await changeTurns(deps, execution, (known) => ({ next: giveTurnBack(known, execution), result: null }));
  } catch (error) {
    deps.log.warn('the turn could not be given back; it ends by its time limit', { execution, error });
  }
}
