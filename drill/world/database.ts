/** One write that a user was told is done. */
export interface Write {
  readonly id: number;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
}

/** A database, as far as it matters here: which acknowledged writes it holds, and whether it takes new ones. */
export class Database {
  /** Whether the application may write. A standby's may not before the hand-over. */
  writable = true;
  private readonly held = new Map<number, Write>();
  private readonly onCommit: (write: Write) => void;

  /** @param onCommit is told of every write that was accepted: the binary log */
  constructor(onCommit: (write: Write) => void = () => undefined) {
    this.onCommit = onCommit;
  }

  accept(write: Write): void {
    this.held.set(write.id, write);
    this.onCommit(write);
  }

  holds(id: number): boolean {
    return this.held.has(id);
  }

  /** Every write up to that moment: what a replica of the site's own has received. */
  upTo(at: number): readonly Write[] {
    return [...this.held.values()].filter((write) => write.at <= at);
  }

  /** Adds what a replica has received. */
  load(writes: readonly Write[]): void {
    for (const write of writes) this.accept(write);
  }

  /** Everything that it holds, in the order in which it came. */
  all(): readonly Write[] {
    return [...this.held.values()];
  }

  /** Its tables change places with others: what was there is gone, and no transaction of a user is in the log for it. */
  restore(writes: readonly Write[]): void {
    this.held.clear();
    for (const write of writes) this.held.set(write.id, write);
  }

  /** Throws away what it holds and loads a dump. */
  replaceWith(writes: readonly Write[]): void {
    this.held.clear();
    this.load(writes);
  }
}
