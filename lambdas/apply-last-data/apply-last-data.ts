import type * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import type { HandoverAnswer, HandoverRequest } from '../../core/data/handover.ts';
import { applierText, failedAnswerText } from '../../core/data/handover-words.ts';
import { dumpMoment } from '../../core/data/layout.ts';
import { wholeSecondsOf } from '../../core/data/planned.ts';
import { isAboveLimit, secondsLost } from '../../core/data/loss.ts';
import type { DataStore, LagProbe } from '../../core/data/ports.ts';
import { ageText } from '../../core/data/words.ts';
import { CloudUnavailable, InvalidInput, LastDataNotApplied, LossAboveLimit } from '../../core/errors.ts';
import type { Call, Clock, Ledger, Log } from '../../core/ports.ts';
import { isPersonsWord, moveSchema } from '../../core/run/run.ts';
import { workflowStateSchema, type lastDataSchema } from '../../core/run/state.ts';
import { writesEndAt } from '../../core/run/writes-end.ts';
import { correlationIdOf } from '../../core/standby/pipeline.ts';
import type { Step } from '../runtime.ts';
import { waitUntilEven } from '../replication.ts';
import { iso, readInput, renewLease, renewUnlessOrdered, requireTime, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** What the workflow knows: when the last write can have come, and what the gate came to. */
  state: workflowStateSchema.partial({ outcome: true }),
  /** With a planned move everything must come, or nothing is opened. */
  move: moveSchema,
});
type Input = z.infer<typeof inputSchema>;
type Policy = Exclude<Workload['data'], { mode: 'none' }>;
type Opened = Extract<HandoverAnswer, { outcome: 'open' }>;

export interface ApplyLastDataDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly stores: (workload: string) => DataStore;
  readonly lag: LagProbe;
}

export type ApplyLastDataOutput = z.infer<typeof lastDataSchema>;

/** What a gate comes to where people, or the policy in their place, have decided. */
const DECIDED: ReadonlySet<string> = new Set(['approved', 'nobody-answered']);
/** The standby's side looks for a request every few seconds itself. Milliseconds. */
const POLL_MS = 2_000;
/** The lease is renewed at least this often while waiting. Milliseconds. */
const RENEW_MS = 60_000;
/** The standby's side looks at its own clock, and an answer takes its way. Milliseconds. */
const ANSWER_GRACE_MS = 10_000;
/** One round with all its calls and their repetitions, and telling how it ended. Milliseconds. */
const ROUND_MS = 40_000;

/**
 * Asks the standby's side to apply what is left in the store and to open its database, and waits for its answer. No write can
 * come any more by then: the shield has spread. Asking again is asking once, and its time limit counts from the first asking.
 * Of a planned move the standby's side opens with everything or not at all.
 */
export const makeApplyLastData =
  (deps: ApplyLastDataDeps): Step =>
  async (raw, call): Promise<ApplyLastDataOutput> => {
    const input = readInput('apply-last-data', inputSchema, raw);
    const workload = workloadOf(deps.config, input.run.workload);
    if (input.run.dryRun) return onPaper(deps, input);
    if (isPlanned(input) && workload.data.mode === 'none')
      return waitForReplication(deps, { input, workload }, call);
    const policy = policyOf(workload);
    const store = deps.stores(input.run.workload);
    const correlationId = requestIdOf(input);
    const waiting = { askedAt: null as string | null, since: deps.clock.now(), renewedAt: -Infinity };
    let byPerson = isPersonsWord(input.run);
    for (;;) {
      requireTime(call, ROUND_MS, 'waiting for the last data');
      if (deps.clock.now() - waiting.renewedAt >= RENEW_MS) {
        // Before it has asked for anything it may be held; afterwards the standby's side may open at any moment.
        const { vouch } = await (waiting.askedAt === null
          ? renewUnlessOrdered(deps, input, { workload, mayHold: true })
          : renewLease(deps, input, workload));
        byPerson ||= vouch !== null;
        waiting.renewedAt = deps.clock.now();
      }
      const answer = await unlessUnavailable(deps, async () => {
        const request = requestOf(input, { correlationId, at: waiting.since, policy });
        waiting.askedAt ??= (await store.ask(request)).askedAt;
        return store.answer(correlationId);
      });
      if (answer !== null) return concluded(deps, { input, answer, policy, byPerson });
      const begun = waiting.askedAt === null ? waiting.since : Date.parse(waiting.askedAt);
      // Of a planned move the answer is waited for a little longer than it may take: the standby's side says why it did not open.
      const graceMs = isPlanned(input) ? ANSWER_GRACE_MS : 0;
      if (deps.clock.now() >= begun + secondsOf(input, policy) * 1000 + graceMs) {
        throw await tooLate(deps, { store, seconds: secondsOf(input, policy), workload: input.run.workload });
      }
      await deps.clock.sleep(POLL_MS);
    }
  };

/** The site brings its data over itself, and says when everything is there. */
async function waitForReplication(
  deps: ApplyLastDataDeps,
  { input, workload }: { readonly input: Input; readonly workload: Workload },
  call: Call,
): Promise<ApplyLastDataOutput> {
  const { data } = workload;
  if (data.mode !== 'none' || data.probe === undefined) {
    throw new InvalidInput('The input of apply-last-data', [
      'planned: got true for a workload without data.probe: workflow and functions are of different versions',
    ]);
  }
  const again = `pilotlight failover ${input.run.workload} --planned --reason ...`;
  const even = await waitUntilEven(deps, { step: input, workload, url: data.probe.url, again }, call);
  return { applied: true, whole: true, appliedUntil: even.at, lostSeconds: 0, transactions: 0, ...even };
}

function policyOf({ data }: Workload): Policy {
  if (data.mode !== 'none') return data;
  throw new InvalidInput('The input of apply-last-data', [
    `data.mode: got "none", expected "dump" or "ship": workflow and functions are of different versions`,
  ]);
}

const isPlanned = ({ move }: Input): boolean => move === 'planned';

/** A planned move that has become a failover asks anew, for as much as there is. */
const requestIdOf = ({ run, move }: Input): string =>
  move === 'planned' ? `${correlationIdOf(run.execution)}-planned` : correlationIdOf(run.execution);

const requestOf = (
  { run, move }: Input,
  { correlationId, at, policy }: { correlationId: string; at: number; policy: Policy },
): HandoverRequest => ({
  ...{ schemaVersion: 1, correlationId, execution: run.execution, askedAt: iso(at) },
  ...(move === 'planned' ? { wholeBy: iso(at + secondsOf({ move }, policy) * 1000) } : {}),
});

const secondsOf = ({ move }: Pick<Input, 'move'>, policy: Policy): number =>
  move === 'planned' ? Math.min(policy.handoverSeconds, wholeSecondsOf(policy)) : policy.handoverSeconds;

/** Nothing is asked for and nothing is applied; the move that follows is a plan too. */
function onPaper({ clock, log }: ApplyLastDataDeps, { run, move }: Input): ApplyLastDataOutput {
  log.info('dry run: the standby’s side would be asked to apply the last data', { workload: run.workload });
  const nothing = { appliedUntil: null, lostSeconds: null, transactions: 0, seconds: 0 };
  return { applied: true, whole: move === 'planned', ...nothing, at: iso(clock.now()) };
}

/** A store that does not answer now is asked again: the time limit ends that, and says so. */
async function unlessUnavailable<T>(
  { log }: ApplyLastDataDeps,
  ask: () => Promise<T | null>,
): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CloudUnavailable)) throw error;
    log.warn('the store does not answer; it is asked again', { problem: error.message });
    return null;
  }
}

/** The recovery point that was reached; without a log it is the dump's own moment. */
const reachedBy = ({ appliedUntil, dump }: Opened): string | null =>
  appliedUntil ?? (dump === null ? null : iso(dumpMoment(dump)));

function concluded(
  { clock, log }: ApplyLastDataDeps,
  about: { input: Input; answer: HandoverAnswer; policy: Policy; byPerson: boolean },
): ApplyLastDataOutput {
  const { input, answer, policy, byPerson } = about;
  const { run, state } = input;
  const now = iso(clock.now());
  if (answer.outcome === 'failed') throw notApplied(`: ${failedAnswerText(answer, now)}`, run.workload);
  // A mover that is older than planned moves opens with what there is, and does not say that it is everything.
  if (isPlanned(input) && answer.whole !== true)
    throw notApplied(
      ': the standby’s side opened without saying that everything is there; update the mover',
      run.workload,
    );
  const appliedUntil = reachedBy(answer);
  const endsAt = writesEndAt(state, clock.now());
  const whole = isPlanned(input) && answer.whole === true;
  const lostSeconds = whole ? 0 : appliedUntil === null ? null : secondsLost(appliedUntil, endsAt);
  // Where nobody was asked, because less was promised, nobody has agreed to this.
  const gate = state.prepared?.approval?.decision ?? '';
  const isDecided = byPerson || DECIDED.has(gate);
  if (!isDecided && isAboveLimit(policy, { lossSeconds: lostSeconds })) {
    throw moreLost(run.workload, lostSeconds, policy);
  }
  log.info('the last data are applied', { workload: run.workload, ...answer, lostSeconds });
  const { transactions, seconds, at } = answer;
  return { applied: true, whole, appliedUntil, lostSeconds, transactions, seconds, at };
}

function moreLost(workload: string, lostSeconds: number | null, policy: Policy): LossAboveLimit {
  const lost = lostSeconds === null ? 'nobody knows how much' : `${ageText(lostSeconds)} of writes`;
  return new LossAboveLimit(
    `The last data are applied, and more is missing than was promised: ${lost}, expected at most ` +
      `${policy.maxLossSeconds} s (data.maxLossSeconds). Whoever wants to fail over all the same starts it by hand: ` +
      `pilotlight failover ${workload} --reason ...`,
  );
}

async function tooLate(
  { clock }: ApplyLastDataDeps,
  { store, seconds, workload }: { store: DataStore; seconds: number; workload: string },
): Promise<LastDataNotApplied> {
  const words = await store
    .applier()
    .then((applier) => applierText(applier, iso(clock.now())))
    .catch((error: unknown) => `what the standby’s side says could not be read (${String(error)})`);
  return notApplied(` within ${seconds} s (data.handoverSeconds): ${words}`, workload);
}

const notApplied = (how: string, workload: string): LastDataNotApplied =>
  new LastDataNotApplied(
    `The last data were not applied${how}. Look at the mover on the standby (docs/runbook.md, "LastDataNotApplied"), then start ` +
      `the failover again by hand: pilotlight failover ${workload} --reason ...`,
  );
