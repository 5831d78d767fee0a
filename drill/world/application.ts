import type { SeededRandom } from '../random.ts';
import type { Database, Write } from './database.ts';

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

  /** Whether most requests are served. */
  get isWell(): boolean {
    return this.condition === 'up' && (this.limp?.share ?? 0) < 0.5;
  }

  answer(request: OriginRequest): OriginAnswer | null {
    if (this.condition === 'silent') return null;
    const headers = { 'x-pilotlight-origin': this.origin, 'cache-control': 'no-store' };
    if (this.condition === 'erring' || this.limps())
      return { status: 500, body: 'Something happened...', headers };
    if (request.write !== null) {
      this.database.accept(request.write);
      this.accepted.push({ ...request.write, at: Date.now() });
    }
    if (request.path.startsWith('/actuator/health')) return { status: 200, body: '{"status":"UP"}', headers };
    return { status: 200, body: `<h1>PetClinic</h1> ${this.deepText}`, headers };
  }

  private limps(): boolean {
    return this.limp !== null && this.limp.random.next() < this.limp.share;
  }
}
