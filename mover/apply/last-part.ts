import type { HandoverRequest } from '../../core/data/handover.ts';
import { hasNoMoreToSend, type Beat } from '../../core/data/journal.ts';
import { MoverError } from '../errors.ts';
import type { LogFollower } from './follow-log.ts';

/* The last part of the log: for a failover as much as will come, for a planned move everything. */

/** A shipper that was not heard of for so many of its intervals ships no more. */
const SILENT_AFTER_BEATS = 3;
/** So long the last part waits for a shipper that is alive and behind. Milliseconds. */
const LIMIT_MS = 60_000;
/** Between two looks for the last part. Milliseconds. */
const EVERY_MS = 1_000;

export interface LastPart {
  readonly request: HandoverRequest;
  /** Null, or of a dump that no log follows: then there is nothing to wait for. */
  readonly follower: LogFollower | null;
  readonly beat: () => Promise<Beat | null>;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * Applies what still comes.
 * @returns whether everything that the primary had committed when it was asked is here, proven.
 * @throws MoverError `NOT_WHOLE` where a planned move asks, and that cannot be proven in its time.
 */
export const applyLastPart = (part: LastPart): Promise<boolean> =>
  part.request.wholeBy === undefined
    ? asMuchAsComes(part)
    : everything(part, Date.parse(part.request.wholeBy));

async function asMuchAsComes({ request, follower, beat: newest, now, sleep }: LastPart): Promise<boolean> {
  const asked = Date.parse(request.askedAt);
  const limit = now() + LIMIT_MS;
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) await sleep(EVERY_MS);
    const beat = await newest();
    await follower?.applyAll(beat);
    const isSilent =
      beat === null || now() - Date.parse(beat.at) > SILENT_AFTER_BEATS * beat.everySeconds * 1000;
    const isStuck = beat !== null && hasNoMoreToSend(beat, asked);
    const ends = follower?.stopped !== null || follower.load.gtidSet === '';
    const isReached = (follower?.reached.appliedUntil ?? 0) >= asked;
    if (isReached || isSilent || isStuck || ends || now() > limit) return false;
  }
}

async function everything(
  { follower, beat: newest, now, sleep }: LastPart,
  wholeBy: number,
): Promise<boolean> {
  const rounds = new RoundsSince(now());
  for (let isFirst = true; ; isFirst = false) {
    if (!isFirst) await sleep(EVERY_MS);
    if (follower === null || follower.load.gtidSet === '')
      throw notWhole('no log follows the dump that is loaded');
    const lookedAt = now();
    if (lookedAt > wholeBy) throw notWhole(`the time is over, and ${rounds.words}`);
    const beat = await newest();
    await follower.applyAll(beat);
    // What is applied before a gap is no whole.
    if (follower.stopped !== null) throw notWhole(follower.stopped.message);
    // Asked last: to apply may take longer than there is time.
    if (rounds.isAfterRequest(beat, lookedAt) && (await follower.holds(beat)) && now() <= wholeBy)
      return true;
  }
}

/**
 * Which round of the shipper began after a request was seen. The two sides have clocks of their own, so only lengths are compared: a
 * line that was not in the journal when we looked was written later than that look, and its round began at most as long before the
 * line as the shipper's own clock says.
 */
export class RoundsSince {
  private readonly requestedAt: number;
  private newest: Beat | null = null;
  /** When we last looked and the newest line was not there yet, by our clock. */
  private absentAt = -Infinity;
  private lookedAt = -Infinity;

  /** @param requestedAt when the request was in our hands; milliseconds by our clock */
  constructor(requestedAt: number) {
    this.requestedAt = requestedAt;
  }

  /** @param lookedAt when the look that found this line began; milliseconds by our clock */
  isAfterRequest(beat: Beat | null, lookedAt: number): beat is Beat {
    if (beat !== null && beat.at !== this.newest?.at) {
      this.newest = beat;
      this.absentAt = this.lookedAt;
    }
    this.lookedAt = lookedAt;
    if (beat?.log == null) return false;
    const roundMs = Date.parse(beat.at) - Date.parse(beat.log.wholeUntil);
    return this.absentAt - roundMs >= this.requestedAt;
  }

  /** What was seen of the shipper, for the one who reads why it came to nothing. */
  get words(): string {
    if (this.newest === null) return 'nothing is heard of the shipper';
    const { at, log, fault } = this.newest;
    const trouble = fault === null ? '' : `, which says ${fault.name}: ${fault.detail}`;
    return `the shipper was last heard of at ${at}${trouble}; the log is whole until ${log?.wholeUntil ?? 'nobody knows when'}`;
  }
}

const notWhole = (because: string): MoverError =>
  new MoverError(
    'refused',
    'NOT_WHOLE',
    `it is not proven that everything the primary has committed is here: ${because}. The database stays closed and follows on.`,
  );
