import type { SeededRandom } from '../random.ts';
import type { Edge } from './edge.ts';
import type { ViewerResponse } from './edge-host.ts';
import type { Journal } from './journal.ts';

/** What one request of a user came to. */
export type Experience = 'served' | 'failed' | 'maintenance';

/** One finished request. */
export interface UserRequest {
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly experience: Experience;
  readonly servedBy: 'primary' | 'standby' | null;
  /** The write that the user was told is done; null for reads and for writes that were refused. */
  readonly writeId: number | null;
  readonly location: string;
}

/** Requests a second from all users together: enough to see every second of an outage. */
export const REQUESTS_PER_SECOND = 5;
const WRITE_SHARE = 0.2;
const SECOND_MS = 1000;
/** An experience that was not seen for so long is a turn worth telling. */
const TURN_QUIET_MS = 60_000;

/** People who read and write through the edge all the while; their experience is the measure. */
export class Users {
  readonly requests: UserRequest[] = [];
  private readonly edge: Edge;
  private readonly random: SeededRandom;
  private readonly journal: Journal;
  private readonly onResponse: (response: ViewerResponse) => void;
  private writes = 0;
  private readonly lastSeen = new Map<string, number>();
  private stopped = false;
  private readonly gapMs: number;

  constructor(options: {
    readonly edge: Edge;
    readonly random: SeededRandom;
    readonly journal: Journal;
    readonly requestsPerSecond: number;
    readonly onResponse: (response: ViewerResponse) => void;
  }) {
    this.gapMs = SECOND_MS / options.requestsPerSecond;
    this.edge = options.edge;
    this.random = options.random;
    this.journal = options.journal;
    this.onResponse = options.onResponse;
  }

  start(): void {
    if (this.stopped) return;
    void this.ask().then(() => {
      setTimeout(
        () => {
          this.start();
        },
        this.gapMs * this.random.between(0.8, 1.2),
      );
    });
  }

  stop(): void {
    this.stopped = true;
  }

  private async ask(): Promise<void> {
    const writes = this.random.next() < WRITE_SHARE;
    const at = Date.now();
    const location = this.random.pick(this.edge.locations);
    const write = writes ? { id: (this.writes += 1), at } : null;
    const response = await this.edge.serve(location, {
      method: writes ? 'POST' : 'GET',
      path: writes ? '/owners/new' : '/owners',
      ip: `203.0.113.${Math.floor(this.random.between(1, 255))}`,
      write,
    });
    this.onResponse(response);
    const experience = experienceOf(response);
    const servedBy = experience === 'served' && response.sentTo !== 'maintenance' ? response.sentTo : null;
    this.requests.push({
      at,
      experience,
      servedBy,
      writeId: servedBy === null ? null : (write?.id ?? null),
      location,
    });
    this.noteTurn(experience, servedBy);
  }

  /** The journal tells the turns, not the requests; while a change spreads, answers are mixed and told once. */
  private noteTurn(experience: Experience, servedBy: string | null): void {
    const turn = experience === 'served' ? `served by the ${servedBy ?? 'site'}` : experience;
    const known = this.lastSeen.get(turn);
    const now = Date.now();
    this.lastSeen.set(turn, now);
    if (known !== undefined && now - known < TURN_QUIET_MS) return;
    if (known === undefined && turn === 'served by the primary') return;
    const words = {
      failed: 'a user request failed',
      maintenance: 'a user sees the maintenance page',
      served: `a user is ${turn}`,
    };
    this.journal.note('users', words[experience]);
  }
}

function experienceOf(response: ViewerResponse): Experience {
  // A distribution without functions shows the page with the status of a static site.
  const shielded =
    response.headers['x-pilotlight-origin'] === 'maintenance' || response.sentTo === 'maintenance';
  if (response.status < 400 && !shielded) return 'served';
  return shielded ? 'maintenance' : 'failed';
}
