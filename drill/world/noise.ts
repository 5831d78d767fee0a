import type { Fault } from '../clouds/wire/wire-shape.ts';
import type { SeededRandom } from '../random.ts';
import type { Scenario } from '../scenario.ts';

/** A slow answer, seconds: some of them later than a probe waits. */
const SLOW_SECONDS = [1, 4] as const;
/** Between two places that have their bad minutes, seconds. */
const PAUSE_SECONDS = [300, 900] as const;
/** Share of the requests that a place loses in its bad minutes. */
const BAD_SHARE = [0.5, 1] as const;

/** The small troubles between a place and the sites, drawn by the seed. */
export class Noise {
  private readonly random: SeededRandom;
  private readonly settings: NonNullable<Scenario['noise']>;
  private readonly places: readonly string[];
  private bad: { readonly place: string; readonly share: number; readonly until: number } | null = null;
  private nextBadAt: number;

  constructor(settings: NonNullable<Scenario['noise']>, places: readonly string[], random: SeededRandom) {
    this.settings = settings;
    this.places = places;
    this.random = random;
    this.nextBadAt = Date.now() + this.random.between(...PAUSE_SECONDS) * 1000;
  }

  /** Whether a request of a place is lost. */
  fault(place: string): Fault {
    this.turn();
    const share = this.bad?.place === place ? this.bad.share : this.settings.lostShare;
    if (this.random.next() >= share) return null;
    return this.random.next() < 0.5 ? 'timeout' : 'reset';
  }

  /** Milliseconds that an answer takes beyond the usual. */
  delayMs(): number {
    return this.random.next() < this.settings.slowShare ? this.random.between(...SLOW_SECONDS) * 1000 : 0;
  }

  /** One place at a time has its bad minutes. */
  private turn(): void {
    const now = Date.now();
    if (this.bad !== null && now >= this.bad.until) {
      this.bad = null;
      this.nextBadAt = now + this.random.between(...PAUSE_SECONDS) * 1000;
    }
    if (this.bad !== null || now < this.nextBadAt || this.settings.badMinutes === 0) return;
    const until = now + this.settings.badMinutes * 60_000;
    this.bad = { place: this.random.pick(this.places), share: this.random.between(...BAD_SHARE), until };
  }
}
