import type { WatchMemory } from '../../core/watch/memory.ts';
import { isBad, type Round } from '../../core/watch/round.ts';
import { changeMemory, withRound, type LookDeps, type Looked } from '../looks.ts';

/** A quiet primary is written down this often: a run that begins must find looks that follow on. Rounds. */
const WRITE_EVERY = 3;

/**
 * What the watch knows of one workload during one minute. While all is well, most rounds stay in here: nobody needs them,
 * and a write costs more than a look. From the first bad look on, every round is in the ledger at once.
 */
export class Notebook {
  private memory: WatchMemory | null = null;
  private unwritten: Round[] = [];
  private readonly deps: LookDeps;
  private readonly looked: Looked;

  constructor(deps: LookDeps, looked: Looked) {
    this.deps = deps;
    this.looked = looked;
  }

  /** Adds a round. `last` is the last one of the minute: nothing may be lost between two calls. */
  async add(round: Round, last: boolean): Promise<WatchMemory> {
    this.unwritten.push(round);
    const known = this.memory;
    const isDue = last || isBad(round) || this.unwritten.length >= WRITE_EVERY;
    if (known?.health.troubleFrom === null && !isDue) {
      this.memory = withRound(known, this.looked, { round, unrest: 0 });
      return this.memory;
    }
    return this.write((memory) => memory);
  }

  /** Writes what is not written yet, and a change with it. */
  async write(change: (memory: WatchMemory) => WatchMemory): Promise<WatchMemory> {
    const rounds = this.unwritten;
    const written = await changeMemory(this.deps, this.looked, (known) =>
      change(rounds.reduce((memory, round) => withRound(memory, this.looked, { round, unrest: 0 }), known)),
    );
    this.unwritten = [];
    this.memory = written;
    return written;
  }
}
