import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { Vouch } from '../../core/ledger/lease.ts';
import type { Ledger } from '../../core/ports.ts';
import { moveSchema } from '../../core/run/run.ts';
import type { Confirmation, Watch } from '../../core/watch/confirmation.ts';
import type { HealthMemory } from '../../core/watch/health.ts';
import { healthPolicyOf } from '../../core/watch/level.ts';
import { afterTelling, isNews } from '../../core/watch/memory.ts';
import { whereUsersAreElsewhere, type Signal } from '../../core/watch/signal.ts';
import { alarmSecondsMax, describeUnrest, lookSecondsMax, unrestOf } from '../../core/watch/unrest.ts';
import {
  decideRecovery,
  decideVerdict,
  isWorthAnotherLook,
  type Evidence,
  type Recovery,
  type Verdict,
} from '../../core/watch/verdict.ts';
import { changeMemory, lookAround, withRound, type LookDeps } from '../looks.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, renewUnlessOrdered, stepSchema } from '../step-input.ts';
import { collectAlarms, signalsOf, type CollectDeps } from './collect.ts';

const inputSchema = stepSchema.extend({
  /**
   * `confirm` decides about an outage; `watch` looks whether a primary that users left has come back, or died; `home` whether it can
   * take users back who left it by plan.
   */
  purpose: z.enum(['confirm', 'watch', 'home']),
  /** Ways home that did not verify, in this run: after one, nobody is let home on trial. */
  failedWaysHome: z.int().nonnegative().default(0),
  /** The primary of a planned move is well, which is no reason to end it. */
  move: moveSchema,
  /** What follows the look cannot be undone: a run that people hold waits here. */
  mayHold: z.boolean().default(false),
});
type Input = z.infer<typeof inputSchema>;

export interface ConfirmOutageDeps extends CollectDeps, LookDeps {
  readonly config: Config;
  readonly ledger: Ledger;
}

/** What one call looks at. */
interface Subject {
  readonly input: Input;
  readonly id: string;
  readonly workload: Workload;
}

/** Collects the signals, decides what they say together, and keeps them as evidence. */
export const makeConfirmOutage =
  (deps: ConfirmOutageDeps): Step =>
  async (raw): Promise<Confirmation | Watch> => {
    const input = readInput('confirm-outage', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    const subject = { input, id: input.run.workload, workload };
    if (input.purpose === 'confirm') return confirm(deps, subject);
    return input.purpose === 'watch' ? watch(deps, subject) : lookHome(deps, subject);
  };

/** A person's word stands in for the quorum; what the signals say is kept beside it. */
const vouchedFor = (seen: Confirmation, vouch: Vouch): Confirmation => ({
  ...seen,
  verdict: 'outage',
  summary: `${vouchText(vouch)}. The signals: ${seen.summary}`,
  lookAgain: false,
});

/**
 * Looks, with what was seen before, until the signals say something or a person vouches, for as long as an outage must last.
 * The lease is renewed with each look: that is how a person's word comes in.
 */
async function confirm(deps: ConfirmOutageDeps, subject: Subject): Promise<Confirmation> {
  const { input, id, workload } = subject;
  const pauseMs = workload.policy.confirm.intervalSeconds * 1000;
  const endsAt = deps.clock.now() + workload.policy.outage.seconds * 1000;
  for (;;) {
    const { vouch } = await renewUnlessOrdered(deps, input, { workload });
    const { evidence, signals } = await gather(deps, subject);
    const verdict = decideVerdict(evidence);
    deps.log.info('the signals were weighed', { workload: id, ...verdict });
    const now = deps.clock.now();
    const decided = verdict.verdict !== 'inconclusive';
    if (vouch !== null || decided || input.run.dryRun || now + pauseMs > endsAt) {
      const seen = {
        ...verdict,
        signals,
        decidedAt: iso(now),
        lookAgain: !decided && isWorthAnotherLook(evidence) && !isOverdue(input, workload, now),
        ...(await degradedFacts(deps, subject, { evidence, verdict })),
        unrest: unrestText(evidence, input.lease.recentMoves),
      };
      return vouch === null ? seen : vouchedFor(seen, vouch);
    }
    await deps.clock.sleep(pauseMs);
  }
}

/** Whether a run has looked for as long as any reason to look again may last: then people decide, or the policy does. */
function isOverdue({ run }: Input, { policy }: Workload, now: number): boolean {
  const { confirm, degraded } = policy;
  return now - Date.parse(run.startedAt) >= lookSecondsMax(confirm.patienceSeconds, degraded.minutes) * 1000;
}

/** One round of looks and of alarms, weighed with the looks before. */
async function gather(
  deps: ConfirmOutageDeps,
  subject: Subject,
): Promise<{ readonly evidence: Evidence; readonly signals: readonly Signal[] }> {
  const { input, workload } = subject;
  const unrest = unrestOf({ moves: input.lease.recentMoves, spells: 0 });
  const [look, alarms] = await Promise.all([
    lookAround(deps, subject),
    collectAlarms(deps, { ...subject, home: deps.config.controller.region }),
  ]);
  const { memory } = await changeMemory(deps, subject, (known) =>
    withRound(known, subject, { round: look.round, unrest }),
  );
  const now = deps.clock.now();
  const elsewhere = [...new Set(Object.values(look.round.elsewhere))];
  const signals = [
    ...whereUsersAreElsewhere(alarms, elsewhere),
    ...signalsOf(memory.health, look.answers, { now, outage: workload.policy.outage }),
  ];
  const { quorum, patienceSeconds } = workload.policy.confirm;
  const runFrom = Date.parse(input.run.startedAt);
  const evidence = {
    signals,
    memory: memory.health,
    policy: healthPolicyOf(workload),
    quorum,
    unrest,
    patient: now - runFrom < patienceSeconds * 1000,
    alarmSeconds: alarmSecondsMax(patienceSeconds),
    runFrom,
    now,
  };
  return { evidence, signals };
}

/** What is only asked of a degraded primary: whether it lasts too long, and whether people know of it. */
async function degradedFacts(
  deps: ConfirmOutageDeps,
  subject: Subject,
  { evidence, verdict }: { readonly evidence: Evidence; readonly verdict: Verdict },
): Promise<Pick<Confirmation, 'lasts' | 'news'>> {
  if (verdict.verdict !== 'degraded' || subject.input.run.dryRun) return { lasts: false, news: true };
  const { memory, now } = evidence;
  const minutes = (now - (memory.troubleFrom ?? now)) / 60_000;
  const told = await changeMemory(deps, subject, (known) =>
    isNews(known, now) ? afterTelling(known, now) : null,
  );
  const news = told.memory !== told.before;
  const lasts = minutes >= subject.workload.policy.degraded.minutes;
  // Trouble that ends and begins anew would keep a run here for ever.
  return { lasts: lasts || isOverdue(subject.input, subject.workload, now), news };
}

const unrestText = ({ memory, policy }: Evidence, moves: number): string | null =>
  describeUnrest(
    { moves, spells: memory.spells.length },
    { recoverySeconds: policy.recovery.seconds, outageSeconds: policy.outage.seconds },
  );

/** A primary that failed its users so often in one run is not believed again by it: the failover goes on to its end. */
export const WAYS_HOME_MAX = 2;

/** Whether a streak has begun that may become long enough for a trial within this call. */
const isNearlyTrial = (
  recovery: Recovery,
  { goodSince }: HealthMemory,
  trial: { readonly seconds: number; readonly now: number },
): boolean =>
  recovery.mayTry &&
  !recovery.trial &&
  !recovery.recovered &&
  goodSince !== null &&
  trial.now - goodSince < trial.seconds * 1000;

/**
 * Looks whether the primary is back. The streak is carried from look to look, over all who look; a fresh one is followed
 * until it is long enough for a trial, because each second of it is one that users wait for.
 */
async function watch(deps: ConfirmOutageDeps, subject: Subject): Promise<Watch> {
  const { input, workload } = subject;
  const { vouch } = await renewUnlessOrdered(deps, input, { workload, mayHold: input.mayHold });
  const { trialSeconds } = workload.policy.recovery;
  const isPatient = input.failedWaysHome < WAYS_HOME_MAX && input.move !== 'planned';
  for (;;) {
    const { recovery, health, seen } = await lookForRecovery(deps, subject);
    const now = deps.clock.now();
    if (isPatient && isNearlyTrial(recovery, health, { seconds: trialSeconds, now })) {
      await deps.clock.sleep(workload.policy.confirm.intervalSeconds * 1000);
      continue;
    }
    const believed = mayEndAtHome(input, workload) ? {} : { recovered: false, trial: false };
    const watched = { ...recovery, ...believed, ...seen };
    // Whoever vouches for an outage of a planned move makes it a failover: the same word that confirms one.
    return input.move === 'planned' && vouch !== null
      ? { ...watched, down: true, vouched: true, summary: vouchText(vouch) }
      : watched;
  }
}

/** Whether a primary that is well may end the run: not that of a planned move, nor one that failed its users too often. */
function mayEndAtHome({ move, failedWaysHome, run }: Input, { policy }: Workload): boolean {
  if (move === 'planned' || failedWaysHome >= WAYS_HOME_MAX) return false;
  // The plan of a planned move watches always; once it is a failover the policy counts again.
  return !run.planned || policy.onPrimaryRecovery === 'stand-down';
}

/** One look, and what it means together with those before. */
async function lookForRecovery(deps: ConfirmOutageDeps, subject: Subject) {
  const { input, workload } = subject;
  const policy = healthPolicyOf(workload);
  const unrest = unrestOf({ moves: input.lease.recentMoves, spells: input.failedWaysHome });
  const trial = { seconds: workload.policy.recovery.trialSeconds, failedBefore: input.failedWaysHome > 0 };
  const { round, answers } = await lookAround(deps, subject);
  const { memory } = await changeMemory(deps, subject, (known) =>
    withRound(known, subject, { round, unrest }),
  );
  const { health } = memory;
  const now = deps.clock.now();
  const recovery = decideRecovery({ memory: health, policy, unrest, now }, trial);
  const signals = signalsOf(health, answers, { now, outage: workload.policy.outage });
  return { recovery, health, seen: { signals, decidedAt: iso(now) } };
}

/** Of the 250 s of the function: room for the last look, and for the lease before the first. Milliseconds. */
const HOME_LOOKS_MS = 180_000;

/**
 * Looks until the primary is seen well or down, for as long as it takes to be gone and no longer: users of a planned move see the page,
 * and where neither is clear they go home, which is verified through the edge.
 */
async function lookHome(deps: ConfirmOutageDeps, subject: Subject): Promise<Watch> {
  const { input, workload } = subject;
  const { vouch } = await renewLease(deps, input, workload);
  const pauseMs = workload.policy.confirm.intervalSeconds * 1000;
  const goneMs = Math.min(2 * workload.policy.outage.seconds * 1000, HOME_LOOKS_MS) + 2 * pauseMs;
  const endsAt = deps.clock.now() + goneMs;
  for (;;) {
    const { recovery, health, seen } = await lookForRecovery(deps, subject);
    const isWell = health.goodSince !== null;
    const looked = { ...recovery, ...seen, well: isWell && !recovery.down };
    if (vouch !== null) return { ...looked, down: true, vouched: true, summary: vouchText(vouch) };
    if (recovery.down || isWell || input.run.dryRun || deps.clock.now() + pauseMs > endsAt) return looked;
    await deps.clock.sleep(pauseMs);
  }
}

const vouchText = ({ by, reason, at }: Vouch): string =>
  `${by} vouches for the outage since ${at}: ${reason}`;
