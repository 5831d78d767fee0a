import { oneLine } from './server.ts';
import { literal, type Session } from './session.ts';

/* Sets of GTIDs, reckoned by the server itself. An empty text is the empty set. */

/** What a server has executed. */
export const executedGtids = async (session: Session): Promise<string> =>
  oneLine(await session.value('SELECT @@GLOBAL.gtid_executed'));

/** What is in the first set and not in the second. */
export const without = async (session: Session, a: string, b: string): Promise<string> =>
  oneLine(await session.value(`SELECT GTID_SUBTRACT(${literal(a)}, ${literal(b)})`));

/** What is in both sets. */
export const inBoth = async (session: Session, a: string, b: string): Promise<string> =>
  without(session, a, await without(session, a, b));

/** Sets as one; what is in several of them is there once as soon as a server has reckoned with it. */
export const joined = (...sets: readonly string[]): string => sets.filter((set) => set !== '').join(',');

/** Gathers single GTIDs, such as `3e11fa47-71ca-11e1-9e33-c80aa9429562:23`, into a set. They come in the order of the log, so few intervals are open at once. */
export class GtidCollector {
  private readonly intervals = new Map<string, { from: number; to: number }[]>();

  add(gtid: string): void {
    const colon = gtid.lastIndexOf(':');
    const source = gtid.slice(0, colon);
    const number = Number(gtid.slice(colon + 1));
    const known = this.intervals.get(source) ?? [];
    const last = known.at(-1);
    if (last?.to === number - 1) last.to = number;
    else known.push({ from: number, to: number });
    this.intervals.set(source, known);
  }

  toString(): string {
    return [...this.intervals]
      .map(([source, known]) =>
        [source, ...known.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))].join(':'),
      )
      .join(',');
  }
}
