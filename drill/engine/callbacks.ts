/** What became of a callback: taken, too late, or never heard of. */
export type CallbackResult = 'taken' | 'over' | 'unknown';

interface Waiting {
  readonly resolve: (output: unknown) => void;
  over: boolean;
}

/** Tasks that wait for a callback, by their token. */
export class Callbacks {
  private readonly waiting = new Map<string, Waiting>();
  private given = 0;

  /** A fresh token for one waiting task. */
  issue(): string {
    this.given += 1;
    return `drill-task-token-${this.given}`;
  }

  /** Waits until the token comes back; the interpreter's own time limit ends the waiting otherwise. */
  wait(token: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve) => {
      const waiting = { resolve, over: false };
      this.waiting.set(token, waiting);
      setTimeout(() => {
        waiting.over = true;
      }, timeoutMs);
    });
  }

  /** SendTaskSuccess. */
  succeed(token: string, output: unknown): CallbackResult {
    const waiting = this.waiting.get(token);
    if (waiting === undefined) return 'unknown';
    if (waiting.over) return 'over';
    waiting.over = true;
    waiting.resolve(output);
    return 'taken';
  }
}
