import type { SeededRandom } from '../random.ts';
import type { Database, Write } from './database.ts';

/** The health path of load balancers: the application answers it without its database. */
const SHALLOW_PATH = '/actuator/health';
/** A primary that fails more requests than this is no healthy one. */
const FAILING_SHARE_MAX = 0.1;

/** How an origin behaves: it answers, it answers with errors, or nobody answers at all. */
export type Condition = 'up' | 'erring' | 'silent';

/** A share of the requests that fail with an error although the application is up, in [0, 1]. */
export interface Limp {
  readonly share: number;
  readonly random: SeededRandom;
}

/** A request that reached an origin. */
export interface OriginRequest {
  readonly method: string;
  readonly path: string;
  readonly write: Write | null;
}

/** What an origin answers; null stands for a connection that nobody accepts. */
export interface OriginAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A web application with its database: PetClinic on one of the two sides. */
export class Application {
  condition: Condition;
  limp: Limp | null = null;
  /** The application lives and its database does not: only what needs no database is answered well. */
  databaseDown = false;
  /** Reads are answered well, and nothing can be written. */
  failsWrites = false;
  readonly database: Database;
  /** The last write that this side accepted; the checker of the two-writers rule reads it. */
  readonly accepted: Write[] = [];
  private readonly origin: 'primary' | 'standby';
  private readonly deepText: string;

  constructor(
    origin: 'primary' | 'standby',
    options: { database: Database; condition: Condition; deepText: string },
  ) {
    this.origin = origin;
    this.database = options.database;
    this.condition = options.condition;
    this.deepText = options.deepText;
  }

  /** The truth that the rules go by: whether at least nine of ten requests of each kind are served. */
  get isWell(): boolean {
    const limps = (this.limp?.share ?? 0) > FAILING_SHARE_MAX;
    return this.condition === 'up' && !limps && !this.databaseDown && !this.failsWrites;
  }

  /** Everything is as on a good day. */
  heal(): void {
    this.condition = 'up';
    this.limp = null;
    this.databaseDown = false;
    this.failsWrites = false;
  }

  answer(request: OriginRequest): OriginAnswer | null {
    if (this.condition === 'silent') return null;
    const headers = { 'x-pilotlight-origin': this.origin, 'cache-control': 'no-store' };
    const shallow = request.path.startsWith(SHALLOW_PATH);
    const fails =
      this.condition === 'erring' ||
      this.limps() ||
      (this.databaseDown && !shallow) ||
      (request.write !== null && (this.failsWrites || !this.database.writable));
    if (fails) return { status: 500, body: 'Something happened...', headers };
    if (request.write !== null) {
      this.database.accept(request.write);
      this.accepted.push({ ...request.write, at: Date.now() });
    }
    if (shallow) return { status: 200, body: '{"status":"UP"}', headers };
    return { status: 200, body: `<h1>PetClinic</h1> ${this.deepText}`, headers };
  }

  private limps(): boolean {
    return this.limp !== null && this.limp.random.next() < this.limp.share;
  }
}
