import { functionTable } from '../../functions.ts';
import { lookSecondsMax } from '../../watch/unrest.ts';
import { parkedOf } from '../parked-schema.ts';
import type { Workload } from '../schema.ts';
import { danger, type Rule, type Subject } from './subject.ts';

/* How long things may take: long enough to succeed, short enough that people hear of a failure. */

/**
 * Polls that the history of one execution has room for: of its 25,000 events the pipeline may use 14,000 (20 a poll, the
 * primary is watched too) and the waiting for standby and approval 4,500: 16 a look at the standby, with the one at the
 * primary, as many a look at one that wakes, and 9 a look for the approval.
 */
const PIPELINE_POLLS_MAX = 700;
const WAITING_EVENTS_MAX = 4_500;
const STANDBY_LOOK_EVENTS = 16;
const APPROVAL_LOOK_EVENTS = 9;

export function checkDatapoints({ workload: { detection }, report }: Subject): void {
  if (detection === undefined || detection.datapointsToAlarm <= detection.evaluationPeriods) return;
  report(
    'detection.datapointsToAlarm',
    `got ${detection.datapointsToAlarm}, expected at most evaluationPeriods (${detection.evaluationPeriods})`,
  );
}

export function checkConfirmSeconds({ workload: { limits, health, policy }, report }: Subject): void {
  if (!limits || !health || !policy) return;
  const { outage, confirm } = policy;
  const low = outage.seconds + confirm.intervalSeconds + Math.ceil(health.probeTimeoutMs / 1000);
  if (limits.confirmSeconds >= low) return;
  report(
    'limits.confirmSeconds',
    `got ${limits.confirmSeconds}, expected at least ${low}: policy.outage.seconds, and a last look that times out`,
  );
}

export function checkLimits({ workload: { limits, policy, standby }, report }: Subject): void {
  if (limits === undefined) return;
  const atLeast = (field: Exclude<Limit, 'shieldSettleSeconds'>, low: number, why: string): void => {
    if (limits[field] < low)
      report(`limits.${field}`, `got ${limits[field]}, expected at least ${low}: ${why}`);
  };
  const streak = limits.convergeStreak * limits.convergePollSeconds;
  atLeast('convergeSeconds', 2 * streak, 'two streaks of convergeStreak polls');
  const { shieldSettleSeconds: fixed, shieldSettle } = limits;
  const settling = fixed === undefined ? 'shieldSettle.untilMeasuredSeconds' : 'shieldSettleSeconds';
  const settleSeconds = fixed ?? shieldSettle.untilMeasuredSeconds;
  atLeast('convergeSeconds', settleSeconds + streak, `${settling} and a streak`);
  atLeast('standbySeconds', 2 * limits.standbyPollSeconds, 'two polls');
  // An external standby has no pipeline that could be polled.
  const polling = standby?.tier === 'external' ? 0 : pollingSeconds(limits, policy);
  const building = Math.ceil(polling / PIPELINE_POLLS_MAX);
  atLeast('pipelinePollSeconds', building, 'an execution keeps 25,000 events, about 20 a poll');
  const gate = policy?.startStandby === 'on-approval' ? policy.approval : undefined;
  const asking = gate?.mode === 'required' ? gate.timeLimitSeconds : 0;
  const waiting = limits.standbySeconds + wakeSecondsOf(standby);
  const events = waiting * STANDBY_LOOK_EVENTS + asking * APPROVAL_LOOK_EVENTS;
  const looking = Math.ceil(events / WAITING_EVENTS_MAX);
  atLeast('standbyPollSeconds', looking, 'an execution keeps 25,000 events, about 16 a look');
  const longest = Math.max(limits.convergeSeconds, functionTable['confirm-outage'].timeoutSeconds);
  atLeast('leaseSeconds', longest + 60, 'the longest step between two renewals, and a minute');
}

/** How long waking may take; nothing where nothing is woken. */
const wakeSecondsOf = (standby: Partial<Workload>['standby']): number =>
  standby?.tier === 'parked' ? parkedOf(standby).wakeSeconds : 0;

/**
 * The seconds in which the pipeline may be polled, however often a run comes back to preparing: its own limit, and the time
 * in which people and the signals may be waited for before.
 */
export function pollingSeconds(limits: Limits, policy?: Workload['policy']): number {
  const gate = policy?.approval.mode === 'required' ? policy.approval.timeLimitSeconds : 0;
  const looks =
    policy === undefined ? 0 : lookSecondsMax(policy.confirm.patienceSeconds, policy.degraded.minutes);
  return limits.pipelineSeconds + gate + looks;
}

type Limits = Workload['limits'];
/** The limits that are one number. */
type Limit = Exclude<keyof Limits, 'shieldSettle'>;

/** What clouds were seen to need, in seconds. Sources: docs/decisions and docs/cost.md name the measurements. */
const SEEN = {
  /** Gateway, cluster and database one after the other: 12 to 20 minutes. */
  build: 1_200,
  /** A cluster of Azure that adds nodes, or a fresh one that gets its pods: 2 to 7 minutes. */
  ready: 300,
  /** A KeyValueStore until every edge location has it: 20 to 32 s, with old and new answers mixed. */
  spread: 60,
} as const;

export const warnTightLimits: Rule = ({ workload: { limits, standby }, report }) => {
  if (limits === undefined) return;
  const below = (field: Limit, low: number, what: string): void => {
    const got = limits[field];
    if (got === undefined || got >= low) return;
    report(`limits.${field}`, danger(String(got), what, `${low} or more`));
  };
  // What does not wake is built by the pipeline, too.
  if (standby !== undefined && standby.tier !== 'warm') {
    below(
      'pipelineSeconds',
      SEEN.build,
      'a standby was built in 12 to 20 minutes, so a good build may be cut off',
    );
  }
  if (standby?.tier !== 'external') {
    below(
      'standbySeconds',
      SEEN.ready,
      'nodes and pods were seen to take 2 to 7 minutes, so a good standby may be given up',
    );
  }
  below(
    'shieldSettleSeconds',
    SEEN.spread,
    'edge locations were seen to learn of a route after 20 to 32 s, so the primary may take writes after the standby does',
  );
  below(
    'convergeSeconds',
    2 * SEEN.spread,
    'a route was seen to spread in 20 to 32 s, so one slow minute ends a good move',
  );
  below('convergeStreak', 2, 'one good answer among mixed ones counts as everybody');
};

/** A run that is given up later than this has left people waiting in the dark. */
const PATIENCE_SECONDS = 10_800;
const LEASE_SECONDS_SAFE = 1_800;
const NODES_SAFE = 100;

/** Limits that keep people waiting, and one that no cluster keeps. */
export const warnLooseLimits: Rule = ({ workload, report }) => {
  const { limits, standby } = workload;
  if (limits === undefined) return;
  const total = secondsOf(workload, limits);
  if (total > PATIENCE_SECONDS) {
    report(
      'limits',
      danger(
        `${total} s for all steps together, with approval and shares`,
        'so long may a run go on that leads nowhere, before people are called',
        `${PATIENCE_SECONDS} s or less`,
      ),
    );
  }
  if (limits.leaseSeconds > LEASE_SECONDS_SAFE) {
    const what = 'a run that dies keeps its workload from every other run for so long';
    report('limits.leaseSeconds', danger(String(limits.leaseSeconds), what, `${LEASE_SECONDS_SAFE} or less`));
  }
  if (standby?.tier !== 'warm') return;
  const { warmNodeCount } = standby;
  if (warmNodeCount > NODES_SAFE) {
    const what = 'so many nodes seldom come up at once, for want of quota or capacity';
    report(
      'standby.warmNodeCount',
      danger(String(warmNodeCount), what, 'a pool that is larger before the day'),
    );
  }
  if (warmNodeCount === 1) {
    report('standby.warmNodeCount', danger('1', 'all users hang on one machine', '2 or more'));
  }
};

/** All steps one after the other, each at its limit and none repeated. */
function secondsOf({ policy, standby }: Partial<Workload>, limits: Limits): number {
  const wait = policy?.approval.mode === 'required' ? policy.approval.timeLimitSeconds : 0;
  const pipelineSeconds = standby?.tier === 'external' ? 0 : limits.pipelineSeconds;
  const build = wakeSecondsOf(standby) + pipelineSeconds + limits.standbySeconds;
  // The approval is asked for beside the build, unless the build waits for it.
  const preparation = policy?.startStandby === 'on-approval' ? wait + build : Math.max(wait, build);
  const canary = policy?.canary;
  const shares =
    canary === undefined ? 0 : canary.shares.length * (canary.holdSeconds + limits.convergeSeconds);
  return 2 * limits.confirmSeconds + 3 * limits.convergeSeconds + preparation + shares;
}

/** Thresholds at which an alarm rings for noise, or for nothing less than a dead site. */
export const warnDetection: Rule = ({ workload: { detection, health }, report }) => {
  if (health !== undefined && health.probeTimeoutMs < 1_000) {
    const what =
      'a site that is slow for a moment counts as dead, and from the other side of the world it always is';
    report('health.probeTimeoutMs', danger(String(health.probeTimeoutMs), what, '2000 or more'));
  }
  if (detection === undefined) return;
  const { edgeErrorPercent, loadBalancerErrors, datapointsToAlarm } = detection;
  type Threshold = 'edgeErrorPercent' | 'loadBalancerErrors' | 'datapointsToAlarm';
  const warn = (field: Threshold, what: string, safer: string): void => {
    report(`detection.${field}`, danger(String(detection[field]), what, safer));
  };
  if (edgeErrorPercent < 1)
    warn('edgeErrorPercent', 'the alarm rings for the errors of an ordinary day', '5 or more');
  if (edgeErrorPercent > 80)
    warn(
      'edgeErrorPercent',
      'pages from the cache go on being good, so the alarm may never ring',
      '50 or less',
    );
  if (loadBalancerErrors > 10_000)
    warn(
      'loadBalancerErrors',
      'a dead site may not have so many requests, so the alarm may never ring',
      '100 or less',
    );
  if (datapointsToAlarm > 5)
    warn('datapointsToAlarm', 'so many minutes pass before anything starts', '3 or less');
};
