import type { HandoverRequest } from '../../core/data/handover.ts';
import type { Beat } from '../../core/data/journal.ts';
import { noteOpened, type Books, type Load } from './bookkeeping.ts';
import { wakeEvents } from './events.ts';
import type { LogFollower } from './follow-log.ts';
import { applyLastPart } from './last-part.ts';
import { letWrite } from './open.ts';
import type { ApplyOptions } from './options.ts';

export interface OpenUp {
  readonly options: Pick<ApplyOptions, 'application' | 'now' | 'sleep'>;
  readonly books: Books;
  readonly follower: LogFollower | null;
  readonly load: Load;
  readonly request: HandoverRequest;
  readonly beat: () => Promise<Beat | null>;
}

/** Applies what still comes, wakes the events and lets the application write. @throws MoverError as `applyLastPart` */
export async function openUp({ options, books, follower, load, request, beat }: OpenUp): Promise<void> {
  const { application, now, sleep } = options;
  await applyLastPart({ request, follower, now, sleep, beat });
  await wakeEvents(books.session);
  const { schemas } = follower?.load ?? load;
  if (application !== null) await letWrite(books.session, application, schemas);
  await noteOpened(books.session, load, { correlationId: request.correlationId, now: now() });
}
