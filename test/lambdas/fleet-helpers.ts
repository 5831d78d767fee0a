import { noTurns, type Turns } from '../../core/fleet/turns.ts';
import type { TurnLedger } from '../../core/ports.ts';

/** The turns of the fleet, with a version that changes with every write. */
export class MemoryTurns implements TurnLedger {
  turns: Turns = noTurns;
  version = 0;
  /** When set, every call fails with it. */
  failure: Error | null = null;

  async read(): Promise<{ turns: Turns; version: number }> {
    if (this.failure !== null) throw this.failure;
    return { turns: this.turns, version: this.version };
  }

  async write(turns: Turns, version: number): Promise<boolean> {
    if (this.failure !== null) throw this.failure;
    if (version !== this.version) return false;
    this.turns = turns;
    this.version += 1;
    return true;
  }
}
