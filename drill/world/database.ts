/** One write that a user was told is done. */
export interface Write {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A database, as far as it matters here: which acknowledged writes it holds. */
export class Database {
  private readonly held = new Map<number, Write>();

  accept(write: Write): void {
    this.held.set(write.id, write);
  }

  holds(id: number): boolean {
    return this.held.has(id);
  }

  /** Every write up to that moment: a backup, or what a replica has received. */
  upTo(at: number): readonly Write[] {
    return [...this.held.values()].filter((write) => write.at <= at);
  }

  /** Fills an empty database from a backup or a replica. */
  load(writes: readonly Write[]): void {
    for (const write of writes) this.accept(write);
  }
}
