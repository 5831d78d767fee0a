import { createInterface } from 'node:readline';
import { MoverError } from '../errors.ts';
import { firstError, start, type Running } from './programs.ts';

/** Rows of an answer; each value as text. */
export type Rows = readonly (readonly string[])[];

/** The client writes these for what would break a line. Source: MySQL manual, mysql `--batch`. */
const unescaped = (value: string): string =>
  value.replaceAll(/\\([nt0\\])/g, (_, letter: string) => ({ n: '\n', t: '\t', 0: '\0' })[letter] ?? '\\');

/** A session that stays open: locks and snapshots live as long as it does. One question at a time. */
export class Session {
  private readonly running: Running;
  private readonly lines: AsyncIterator<string>;
  private readonly limitMs: number | null;
  private asked = 0;

  private constructor(running: Running, limitMs: number | null) {
    this.running = running;
    this.limitMs = limitMs;
    this.lines = createInterface({ input: running.output, crlfDelay: Infinity })[Symbol.asyncIterator]();
  }

  /**
   * Opens a session and sets the clock of its answers to UTC.
   * @param limitMs ends a question that is not answered for so long, and the session with it: a network that swallows packets would hold it for ever
   */
  static async open(optionFile: string, limitMs: number | null = null): Promise<Session> {
    const args = ['--batch', '--skip-column-names', '--unbuffered', '--quick', '--skip-reconnect'];
    const session = new Session(start('mysql', optionFile, args), limitMs);
    await session.query("SET SESSION time_zone = '+00:00', SESSION group_concat_max_len = 1073741824");
    return session;
  }

  /** @throws MoverError `database` with the server's own words; the session is over then. */
  async query(sql: string): Promise<Rows> {
    const marker = `pilotlight-end-${++this.asked}`;
    this.running.child.stdin.write(`${sql};\nSELECT '${marker}';\n`);
    const limit =
      this.limitMs === null ? undefined : setTimeout(() => this.running.child.kill('SIGKILL'), this.limitMs);
    try {
      return await this.answer(marker);
    } finally {
      clearTimeout(limit);
    }
  }

  private async answer(marker: string): Promise<Rows> {
    const rows: string[][] = [];
    for (;;) {
      const line = await this.lines.next();
      if (line.done === true) throw await this.failure();
      if (line.value === marker) return rows;
      rows.push(line.value.split('\t').map(unescaped));
    }
  }

  /** The first value of the first row; empty where there is none. */
  async value(sql: string): Promise<string> {
    return (await this.query(sql))[0]?.[0] ?? '';
  }

  private async failure(): Promise<MoverError> {
    const code = await this.running.ended;
    const errors = this.running.errors();
    const said = errors === '' ? `nothing, and the session ended with ${code}` : firstError(errors);
    if (/\b1045\b/.test(said)) {
      const next =
        'Is the secret the one of this server, and was it rotated? It is read again at the next start.';
      return new MoverError('database', 'LOGIN_REFUSED', `the database answered: ${said}. ${next}`);
    }
    return new MoverError('database', 'DATABASE_REFUSED', `the database answered: ${said}`);
  }

  /** Ends the session, whatever it was doing; locks and snapshots go with it. */
  close(): void {
    this.running.child.stdin.end();
    this.running.child.kill('SIGTERM');
  }
}

/** Opens a session, uses it and closes it. */
export async function withSession<T>(optionFile: string, use: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.open(optionFile);
  try {
    return await use(session);
  } finally {
    session.close();
  }
}

/** A text as SQL. */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
/** A name as SQL. */
export const identifier = (name: string): string => `\`${name.replaceAll('`', '``')}\``;
