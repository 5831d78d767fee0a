/** Structured log: one line of JSON an event, on standard error; facts are plain values and never secrets. */
export interface MoverLog {
  info(event: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

/** A log that writes to a stream. `now` in milliseconds since the Unix epoch. */
export function makeLog(write: (line: string) => void, now: () => number): MoverLog {
  const line =
    (level: string) =>
    (event: string, facts: Readonly<Record<string, unknown>> = {}): void => {
      write(`${JSON.stringify({ at: new Date(now()).toISOString(), level, event, ...facts })}\n`);
    };
  return { info: line('info'), warn: line('warn') };
}
