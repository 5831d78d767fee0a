/** One thing that happened in the drill. */
export interface JournalEntry {
  /** Milliseconds since the Unix epoch, virtual. */
  readonly at: number;
  /** Who it happened to or who did it; the report groups and colours by it. */
  readonly who: 'world' | 'users' | 'alarm' | 'controller' | 'azure' | 'edge' | 'people';
  readonly event: string;
}

/** What happened, in order. The world and the controller write; the report reads. */
export class Journal {
  readonly entries: JournalEntry[] = [];

  note(who: JournalEntry['who'], event: string): void {
    this.entries.push({ at: Date.now(), who, event });
  }
}
