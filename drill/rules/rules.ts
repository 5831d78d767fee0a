import { data } from './data.ts';
import { home } from './home.ts';
import { ordersObeyed } from './orders.ts';
import { judge, type Evidence, type RouteWrite, type RuleResult } from './rule.ts';

/*
 * The rules that must hold in every run, whatever breaks. They share no code with the controller: an error there must not
 * hide itself here.
 */

const iso = (ms: number): string => new Date(ms).toISOString();

/** Traffic never goes to a standby that is not healthy. */
function standbySeenHealthy(evidence: Evidence): RuleResult {
  const moves = evidence.routeWrites.filter((write) => write.percentOnStandby > 0);
  const broken = moves
    .filter((write) => !write.standbyWasFit)
    .map(
      (write) =>
        `${write.by} sent ${write.percentOnStandby} % of the users to a standby that was not fit at ${iso(write.at)}`,
    );
  return judge('standby-seen-healthy', broken, `${moves.length} moves to the standby, each to a fit one`);
}

/** A person's word: that there is an outage, or that the move is planned. */
const wasVouchedFor = (input: unknown): boolean =>
  typeof input === 'object' &&
  input !== null &&
  ['skipConfirmation', 'planned'].some((word) => (input as Record<string, unknown>)[word] === true);

/** Nothing is switched without an outage that is really there, or a person's word. */
function switchedForAReason(evidence: Evidence): RuleResult {
  const moves = evidence.routeWrites.filter((write) => write.origin !== 'primary');
  const broken = moves
    .filter((write) => write.primaryWasUp && !wereAwayAlready(evidence, write))
    .filter((write) => !wasVouchedFor(evidence.executions.find((run) => run.name === write.by)?.input))
    .map((write) => `${write.by} moved users away from a healthy primary at ${iso(write.at)}`);
  return judge(
    'switched-for-a-reason',
    broken,
    `${moves.length} moves away from the primary, each with a reason`,
  );
}

/**
 * Whether users were away from the primary before this write, or would be but for the same execution: a shield that is
 * raised again protects them from a bad standby, or from a primary that could not be verified, not from a healthy one.
 */
function wereAwayAlready(evidence: Evidence, write: RouteWrite): boolean {
  const earlier = evidence.routeWrites.filter((other) => other.at < write.at);
  const current = earlier.at(-1)?.origin ?? evidence.startsOn;
  return (
    current !== 'primary' || earlier.some((other) => other.by === write.by && other.origin !== 'primary')
  );
}

/** A side has the users from the first write that it accepts after the route sends anybody there, until the other one has them. */
interface Turn {
  readonly side: 'primary' | 'standby';
  readonly from: number;
}

/** Whose turn it was to take writes, in order. Milliseconds since the Unix epoch. */
function turnsOf({ routeWrites, primaryWrites, standbyWrites, startsOn }: Accepted): readonly Turn[] {
  const turns: Turn[] = [{ side: startsOn === 'standby' ? 'standby' : 'primary', from: -Infinity }];
  for (const { at, percentOnPrimary, percentOnStandby } of routeWrites) {
    const side = percentOnStandby > 0 ? 'standby' : percentOnPrimary > 0 ? 'primary' : null;
    if (side === null || side === turns.at(-1)?.side) continue;
    const writes = side === 'standby' ? standbyWrites : primaryWrites;
    const first = writes.find((write) => write.at >= at);
    if (first !== undefined) turns.push({ side, from: first.at });
  }
  return turns;
}

type Accepted = Pick<Evidence, 'primaryWrites' | 'standbyWrites' | 'routeWrites' | 'startsOn'>;

/** The writes that one side accepted while it was the other one's turn. */
export function splitBrainWrites(evidence: Accepted): number {
  const turns = turnsOf(evidence);
  return turns
    .map(({ side, from }, index) => {
      const until = turns[index + 1]?.from ?? Infinity;
      const others = side === 'standby' ? evidence.primaryWrites : evidence.standbyWrites;
      return others.filter(({ at }) => at >= from && at < until).length;
    })
    .reduce((sum, count) => sum + count, 0);
}

/** Primary and standby never take writes at the same time. */
function oneWriter(evidence: Evidence): RuleResult {
  const split = splitBrainWrites(evidence);
  const broken = split === 0 ? [] : [`one side accepted ${split} writes while the other one had the users`];
  const counts = `${evidence.primaryWrites.length} writes on the primary and ${evidence.standbyWrites.length} on the standby, never at the same time`;
  return judge('one-writer', broken, counts);
}

/** One execution at a time acts on the workload: route writes of two executions never interleave. */
function oneActor(evidence: Evidence): RuleResult {
  const broken: string[] = [];
  const done = new Set<string>();
  let current: string | null = null;
  let epoch = 0;
  for (const write of evidence.routeWrites) {
    if (write.by !== current) {
      if (done.has(write.by))
        broken.push(`${write.by} wrote the route again after ${current ?? 'another'} had`);
      if (current !== null) done.add(current);
      current = write.by;
    }
    if (write.epoch <= epoch) broken.push(`epoch ${write.epoch} was written after ${epoch}`);
    epoch = write.epoch;
  }
  return judge('one-execution-acts', broken, `${evidence.routeWrites.length} route writes, in one order`);
}

/** Whether a text names the execution, and not one whose name only begins with the same letters. */
const names = (text: string, execution: string): boolean => text.split(/[^\w-]+/).includes(execution);

/** The words by which every announcement of a degraded primary can be known. */
const DEGRADED_WORD = 'degraded';

/** Every run ends within its time limit, with the lease released, recorded, and people told. */
function everyRunEnds(evidence: Evidence): RuleResult {
  const broken: string[] = [];
  // What people know already is not said again by every run that finds it so.
  const toldOfDegraded = evidence.announcements.some((text) => text.includes(DEGRADED_WORD));
  for (const run of evidence.executions) {
    const last = run.states.at(-1)?.name ?? 'nothing';
    if (run.endedAt === null) {
      broken.push(`${run.name} has not ended; its last state is "${last}"`);
      continue;
    }
    const seconds = (run.endedAt - run.startedAt) / 1000;
    if (seconds > evidence.executionSecondsMax) broken.push(`${run.name} took ${seconds} s`);
    const refused = last === 'Refused at the door';
    if (!refused && !evidence.recordedExecutions.includes(run.name))
      broken.push(`${run.name} is not in the history`);
    const quiet = refused || last === 'Nothing to do' || (last === 'It stays degraded' && toldOfDegraded);
    if (!quiet && !evidence.announcements.some((text) => names(text, run.name)))
      broken.push(`nobody was told of ${run.name}`);
  }
  if (evidence.leaseHolder !== null) broken.push(`the lease is still held by ${evidence.leaseHolder}`);
  return judge('every-run-ends', broken, `${evidence.executions.length} executions ended, recorded and told`);
}

/** The controller calls only what the simulated services know. */
function knownCallsOnly(evidence: Evidence): RuleResult {
  return judge(
    'known-calls-only',
    evidence.unexpectedCalls,
    'no call went to a service that does not know it',
  );
}

const checkers = [
  standbySeenHealthy,
  switchedForAReason,
  oneWriter,
  data,
  home,
  oneActor,
  ordersObeyed,
  everyRunEnds,
  knownCallsOnly,
] as const;

/** Looks at every rule. */
export const checkRules = (evidence: Evidence): readonly RuleResult[] =>
  checkers.map((check) => check(evidence));
