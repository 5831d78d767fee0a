import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import {
  addAnswer,
  describeProgress,
  hasConverged,
  noProgress,
  type PlaceProgress,
} from '../../core/route/convergence.ts';
import { deploymentPollMs } from '../../core/route/distribution.ts';
import { NotConverged } from '../../core/errors.ts';
import type { Clock, Ledger, Log, Prober, RouteStore } from '../../core/ports.ts';
import { originIds, type OriginId } from '../../core/route/route.ts';
import { settleTimeOf } from '../../core/route/settle-time.ts';
import { unknownAnswer } from '../../core/watch/probe.ts';
import { isEdgeReached, reachedNobody } from '../../core/watch/round.ts';
import { edgeTarget } from '../../core/watch/targets.ts';
import { askOne } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, renewUnlessOrdered, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({ origin: z.enum(originIds), movedAt: z.iso.datetime() });
type Input = z.infer<typeof inputSchema>;

export interface VerifyRouteDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly prober: Prober;
  readonly routes: RouteStore;
}

/** Times are ISO 8601; seconds are counted from the write of the route. */
export interface VerifyRouteOutput {
  readonly converged: true;
  readonly firstGoodAt: string;
  readonly convergedAt: string;
  readonly firstPlaceSeconds: number;
  readonly lastPlaceSeconds: number;
  readonly places: readonly { readonly place: string; readonly seconds: number }[];
}

/** The lease is renewed at least this often while waiting. Milliseconds. */
const RENEW_MS = 60_000;
/** The same while the shield spreads: whoever cancels the run then is heard soon. Milliseconds. */
const RENEW_SHIELD_MS = 10_000;
/** What must be left of the function's time to renew the lease and to report back. Milliseconds. */
const REPORT_MS = 5_000;

/** Asks through the edge, as a user would, until every place has seen the wanted origin often enough in a row. */
export const makeVerifyRoute =
  (deps: VerifyRouteDeps): Step =>
  async (raw, call): Promise<VerifyRouteOutput> => {
    const input = readInput('verify-route', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    const { limits } = workload;
    if (input.run.dryRun) return planned(iso(deps.clock.now()));
    const movedAt = Date.parse(input.movedAt);
    const settle = input.lease.settle ?? settleTimeOf(workload, null, movedAt);
    const settleMs = input.origin === 'maintenance' ? settle.seconds * 1000 : 0;
    // Users who are home must stay well there for as long as coming back takes: until then nothing else is given up.
    const sustainMs = input.origin === 'primary' ? workload.policy.recovery.seconds * 1000 : 0;
    const deadline = deps.clock.now() + limits.convergeSeconds * 1000 + sustainMs;
    let places = deps.prober.places.map(noProgress);
    const spreading = watchSpread(deps, input.run.workload);
    let renewedAt = -Infinity;
    const renewMs = input.origin === 'maintenance' ? RENEW_SHIELD_MS : RENEW_MS;
    for (;;) {
      if (deps.clock.now() - renewedAt >= renewMs) {
        const held = { run: input.run, lease: input.lease };
        // A shield that spreads for users who shall go home again need not be waited for.
        if (input.origin === 'maintenance') await renewUnlessOrdered(deps, held, { workload });
        else await renewLease(deps, held, workload);
        renewedAt = deps.clock.now();
      }
      // What was cached may go only once the route is everywhere: the streak that counts begins after that.
      if ((await spreading()) === 'just-now') places = deps.prober.places.map(noProgress);
      places = await askAll(deps, { workload, origin: input.origin, places });
      const now = deps.clock.now();
      const placesMin = workload.policy.confirm.quorum.places;
      const streak = { streak: limits.convergeStreak, sustainMs };
      const wanted = { ...streak, notBefore: movedAt + settleMs, now, placesMin };
      if (hasConverged(places, wanted) && (await spreading()) === 'spread') {
        return report(deps, { input, places, movedAt });
      }
      const pauseMs = limits.convergePollSeconds * 1000;
      // A round that the platform would cut off is not begun: the error that names the places must still get out.
      const nextRoundMs = pauseMs + workload.health.probeTimeoutMs + REPORT_MS;
      const lost = sustainMs > 0 && isLostAgain(places, workload);
      if (lost || now >= deadline || call.remainingMs() < nextRoundMs) throw notConverged(input, places);
      await deps.clock.sleep(pauseMs);
    }
  };

/** So many bad answers in a row are no accident: from a place that was served before, and from one that never was. */
const LOST_ANSWERS = 4;
const NEVER_GOOD_ANSWERS = 8;

/** Whether enough places see the origin bad, again or from the first: waiting longer would only keep users there. */
const isLostAgain = (places: readonly PlaceProgress[], workload: Workload): boolean =>
  places.filter(
    ({ firstGoodAt, badInARow }) => badInARow >= (firstGoodAt === null ? NEVER_GOOD_ANSWERS : LOST_ANSWERS),
  ).length >= workload.policy.confirm.quorum.places;

/**
 * Asks the service whether the route is everywhere, more and more rarely, until it says yes. A key-value store says so at
 * once, because it cannot tell; a distribution after minutes.
 */
function watchSpread(
  deps: VerifyRouteDeps,
  workload: string,
): () => Promise<'spreading' | 'just-now' | 'spread'> {
  let looks = 0;
  let nextLookAt = -Infinity;
  let spread = false;
  return async () => {
    if (spread) return 'spread';
    if (deps.clock.now() < nextLookAt) return 'spreading';
    nextLookAt = deps.clock.now() + deploymentPollMs(looks);
    looks += 1;
    spread = await deps.routes.confirmSpread(workload);
    return spread ? 'just-now' : 'spreading';
  };
}

/** Nothing was moved, so there is nothing to wait for. */
const planned = (now: string): VerifyRouteOutput => ({
  converged: true,
  firstGoodAt: now,
  convergedAt: now,
  firstPlaceSeconds: 0,
  lastPlaceSeconds: 0,
  places: [],
});

async function askAll(
  deps: VerifyRouteDeps,
  asked: {
    readonly workload: Workload;
    readonly origin: OriginId;
    readonly places: readonly PlaceProgress[];
  },
): Promise<PlaceProgress[]> {
  const target = edgeTarget(asked.workload, asked.origin);
  const answers = await Promise.all(
    asked.places.map(async (progress) => {
      const answer = await askOne(deps.prober, progress.place, target);
      return { progress, answer, at: deps.clock.now() };
    }),
  );
  const isReached = isEdgeReached(answers.map(({ answer }) => answer));
  return answers.map(({ progress, answer, at }) =>
    // A place that reaches no door of CloudFront while others do says nothing about the route.
    addAnswer(progress, isReached && reachedNobody(answer) ? unknownAnswer(answer.detail) : answer, {
      ...{ origin: asked.origin, at },
    }),
  );
}

function notConverged(input: Input, places: readonly PlaceProgress[]): NotConverged {
  return new NotConverged(
    `The edge does not serve ${input.origin} everywhere: ${describeProgress(places)}. ` +
      `The route was written at ${input.movedAt}. Look at the distribution and at the origin itself.`,
  );
}

function report(
  deps: VerifyRouteDeps,
  seen: { readonly input: Input; readonly places: readonly PlaceProgress[]; readonly movedAt: number },
): VerifyRouteOutput {
  const now = deps.clock.now();
  const places = seen.places
    .filter(({ answers }) => answers > 0)
    .map(({ place, streakSince }) => ({
      place,
      seconds: ((streakSince ?? now) - seen.movedAt) / 1000,
    }));
  const seconds = places.map((place) => place.seconds);
  const firstGood = Math.min(...seen.places.map((place) => place.firstGoodAt ?? now));
  deps.log.info('the edge has converged', { origin: seen.input.origin, places });
  return {
    converged: true,
    firstGoodAt: iso(firstGood),
    convergedAt: iso(now),
    firstPlaceSeconds: Math.min(...seconds),
    lastPlaceSeconds: Math.max(...seconds),
    places,
  };
}
