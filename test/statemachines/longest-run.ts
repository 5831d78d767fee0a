import { HOLD_SECONDS_MAX } from '../../core/ledger/orders.ts';
import { WAYS_HOME_MAX } from '../../lambdas/confirm-outage/confirm-outage.ts';
import { FLEET_WAIT_SECONDS_MAX } from '../../lambdas/look-at-fleet/look-at-fleet.ts';
import { lookSecondsMax } from '../../core/watch/unrest.ts';
import { parkedOf } from '../../core/config/parked-schema.ts';
import type { Workload } from '../../core/config/schema.ts';
import { nextOf, statesOf, type Scope, type State } from './machine.ts';

/*
 * How long an execution of a workflow may take at most, read from the workflow's own text: every Task runs into its time
 * limit in every attempt that its Retry allows, every Wait is waited for, and every loop goes on until the limit that ends
 * it. No run was ever so unlucky. But a run that its workflow's time limit cuts off leaves no record, tells nobody and keeps
 * its lease, so that limit must lie beyond all the others.
 */

/** What ends a loop: so many rounds, or a clock that is looked at in the state that the loop is known by. */
export type LoopEnd = { readonly rounds: number } | { readonly seconds: number };

/** What the text does not say: it stands in the configuration. */
export interface RunLimits {
  /** What ends each loop, by one state of it; a loop stands before those that are in it. */
  readonly loops: Readonly<Record<string, LoopEnd>>;
  /** How long each Wait lasts, by its SecondsPath. */
  readonly waits: Readonly<Record<string, number>>;
}

/** The longest way through a scope, with the seconds of each of its steps. A loop and a Parallel are one step. */
export interface LongestRun {
  readonly seconds: number;
  readonly steps: readonly { readonly state: string; readonly seconds: number }[];
}

const NOTHING: LongestRun = { seconds: 0, steps: [] };

const longer = (one: LongestRun, other: LongestRun): LongestRun =>
  other.seconds > one.seconds ? other : one;

const after = (state: string, seconds: number, rest: LongestRun): LongestRun => ({
  seconds: seconds + rest.seconds,
  steps: [{ state, seconds }, ...rest.steps],
});

/** Attempts of a state and the seconds between them. Defaults: Amazon States Language, "Retrier". */
function attemptsOf({ Retry = [] }: State): { readonly attempts: number; readonly waiting: number } {
  let attempts = 1;
  let waiting = 0;
  for (const { IntervalSeconds = 1, MaxAttempts = 3, BackoffRate = 2, MaxDelaySeconds = Infinity } of Retry) {
    attempts += MaxAttempts;
    for (let again = 0; again < MaxAttempts; again += 1) {
      waiting += Math.min(IntervalSeconds * BackoffRate ** again, MaxDelaySeconds);
    }
  }
  return { attempts, waiting };
}

/** @throws Error where the text gives a state no end. */
function onceThrough(name: string, state: State, limits: RunLimits): number {
  switch (state.Type) {
    case 'Task':
      if (state.TimeoutSeconds === undefined) throw new Error(`"${name}" has no TimeoutSeconds`);
      return state.TimeoutSeconds;
    case 'Wait': {
      const seconds = state.Seconds ?? limits.waits[state.SecondsPath ?? ''];
      if (seconds === undefined) throw new Error(`nobody says how long "${name}" waits`);
      return seconds;
    }
    case 'Parallel':
      return Math.max(0, ...(state.Branches ?? []).map((branch) => longestRun(branch, limits).seconds));
    default:
      return 0;
  }
}

/** The seconds of one state with everything that its Retry allows. @throws Error where it has no end. */
export function longestVisit(name: string, state: State, limits: RunLimits): number {
  const { attempts, waiting } = attemptsOf(state);
  return attempts * onceThrough(name, state, limits) + waiting;
}

/** The names that can be reached from one, itself only where a way leads back. */
function reachableFrom(name: string, states: ReadonlyMap<string, State>): ReadonlySet<string> {
  const reached = new Set<string>();
  const toVisit = [name];
  for (let at = toVisit.pop(); at !== undefined; at = toVisit.pop()) {
    for (const next of nextOf(states.get(at) ?? { Type: 'Fail' })) {
      if (!states.has(next) || reached.has(next)) continue;
      reached.add(next);
      toVisit.push(next);
    }
  }
  return reached;
}

/** Walks a set of states of one scope; loops in it have ends of their own. */
class Walk {
  private readonly states: ReadonlyMap<string, State>;
  private readonly limits: RunLimits;
  private readonly reach = new Map<string, ReadonlySet<string>>();
  private readonly known = new Map<string, LongestRun>();

  constructor(states: ReadonlyMap<string, State>, limits: RunLimits) {
    this.states = states;
    this.limits = limits;
  }

  /** The longest way on from a state, itself included; nothing where it is not among ours. */
  from(name: string): LongestRun {
    const state = this.states.get(name);
    if (state === undefined) return NOTHING;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const loop = this.loopOf(name);
    const run =
      loop.length === 0
        ? after(name, longestVisit(name, state, this.limits), this.best(nextOf(state)))
        : this.throughLoop(name, loop);
    this.known.set(name, run);
    return run;
  }

  private best(names: readonly string[]): LongestRun {
    return names.map((name) => this.from(name)).reduce(longer, NOTHING);
  }

  /** The states that lead to one another, with this one; none where no way leads back to it. */
  private loopOf(name: string): readonly string[] {
    return [...this.reachOf(name)].filter((other) => this.reachOf(other).has(name));
  }

  private reachOf(name: string): ReadonlySet<string> {
    const reach = this.reach.get(name) ?? reachableFrom(name, this.states);
    this.reach.set(name, reach);
    return reach;
  }

  private throughLoop(entry: string, loop: readonly string[]): LongestRun {
    const head = Object.keys(this.limits.loops).find((name) => loop.includes(name));
    const end = head === undefined ? undefined : this.limits.loops[head];
    if (head === undefined || end === undefined) {
      throw new Error(`the loop of ${loop.map((name) => `"${name}"`).join(', ')} has no limit that ends it`);
    }
    const rest = loop.filter((name) => name !== head);
    // Without its head the loop is open, or holds smaller ones.
    const inner = new Walk(new Map(rest.map((name) => [name, this.stateOf(name)])), this.limits);
    const around = Math.max(0, ...nextOf(this.stateOf(head)).map((name) => inner.from(name).seconds));
    const round = longestVisit(head, this.stateOf(head), this.limits) + around;
    // One that is entered elsewhere comes to its head first; its own limit counts from there.
    const seconds = inner.from(entry).seconds + ('rounds' in end ? end.rounds * round : end.seconds + round);
    const exits = loop.flatMap((name) => nextOf(this.stateOf(name))).filter((name) => !loop.includes(name));
    return after(`${head} (again and again)`, seconds, this.best(exits));
  }

  private stateOf(name: string): State {
    return this.states.get(name) ?? { Type: 'Fail' };
  }
}

/**
 * The longest way through a workflow, or through one branch of it.
 * @throws Error naming the state or the loop that nothing ends.
 */
export function longestRun(scope: Scope, limits: RunLimits): LongestRun {
  return new Walk(new Map(Object.entries(scope.States)), limits).from(scope.StartAt);
}

/** The longest run, and as long as people may hold it, all holds together. */
export function withHolds(run: LongestRun): LongestRun {
  return after('all holds together', HOLD_SECONDS_MAX, run);
}

const ASKING = 'Ask for approval';

/** What ends the loops of the failover workflow for a workload, and how long its Wait states wait. */
export function runLimitsOf({ limits, policy, standby }: Workload, workflow: Scope): RunLimits {
  const waits = {
    '$.plan.pipelinePollSeconds': limits.pipelinePollSeconds,
    '$.plan.standbyPollSeconds': limits.standbyPollSeconds,
  };
  const gate = policy.approval.mode === 'required' ? policy.approval.timeLimitSeconds : 0;
  const asking = statesOf(workflow).find(([name]) => name === ASKING)?.[1];
  const round = asking === undefined ? 0 : longestVisit(ASKING, asking, { loops: {}, waits });
  return {
    waits,
    loops: {
      // Before the shield, behind it, after a planned move has become a failover, and after each way home that failed.
      'Prepare the standby': { rounds: 3 + WAYS_HOME_MAX },
      // It is none any more from then on.
      'The planned move becomes a failover': { rounds: 1 },
      // The step bounds all holds together; see `withHolds`.
      'Hold before the shield': { rounds: 1 },
      'Hold behind the shield': { rounds: 1 },
      'Confirm the outage': {
        seconds: lookSecondsMax(policy.confirm.patienceSeconds, policy.degraded.minutes),
      },
      // The step looks at the clock, and refuses to ask after the time limit.
      [ASKING]: { seconds: gate },
      // It looks for what the asking comes to, and ends with it.
      'Look for the approval': { seconds: policy.startStandby === 'on-approval' ? gate + round : 0 },
      'Check the pipeline': { seconds: limits.pipelineSeconds },
      // Another tier never comes here; the longest way of all leads through it all the same.
      'Wake the standby': { seconds: parkedOf(standby).wakeSeconds },
      'Check the standby': { seconds: limits.standbySeconds },
      'Look whether the standby has grown': { seconds: limits.standbySeconds },
      'Take a turn': { seconds: FLEET_WAIT_SECONDS_MAX.turn },
      'Look at what it depends on': { seconds: FLEET_WAIT_SECONDS_MAX.children },
      // The workflow counts them.
      'Look again at the standby': { rounds: 2 },
      'Send a share to the standby': { rounds: policy.canary?.shares.length ?? 0 },
    },
  };
}
