import * as z from 'zod';
import { workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import {
  sideOf,
  taskSchema,
  type HomeAnswer,
  type HomeOrder,
  type HomeResult,
  type HomeTask,
  type SideState,
} from '../../core/data/home.ts';
import { answerFault, resultOnPaper, sideText } from '../../core/data/home-words.ts';
import type { HomeStore, LagProbe } from '../../core/data/ports.ts';
import { CloudUnavailable, DataNotHome } from '../../core/errors.ts';
import type { Call, Clock, Ledger, Log } from '../../core/ports.ts';
import { correlationIdOf } from '../../core/standby/pipeline.ts';
import { waitUntilEven } from '../replication.ts';
import type { Step } from '../runtime.ts';
import { iso, readInput, renewLease, renewUnlessOrdered, requireTime, stepSchema } from '../step-input.ts';

const inputSchema = stepSchema.extend({
  /** `even` orders nothing: the site brings its data home itself, and says when they are there. */
  task: taskSchema.or(z.object({ what: z.literal('even') })),
  /** What tells this order from others of the run with the same task, such as `last`. */
  as: z.string().regex(/^[a-z-]{1,40}$/),
  /** Whether users see the page meanwhile, and since when the time limit of all orders of that part counts. */
  behindThePage: z.boolean(),
  since: z.iso.datetime(),
});
type Input = z.infer<typeof inputSchema>;

export interface CarryHomeDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly ledger: Ledger;
  readonly stores: (workload: string) => HomeStore;
  readonly lag: LagProbe;
}

export type CarryHomeOutput =
  | { readonly state: 'waiting'; readonly detail: string }
  | {
      readonly state: 'done';
      /** Whether it is proven by this that both sides hold the same. */
      readonly equal: boolean;
      /** From the order to its answer. */
      readonly seconds: number;
      readonly result: HomeResult | { readonly what: 'even' };
    };

/** What may be called off while it goes on. */
const CALLED_OFF: ReadonlySet<string> = new Set(['orphans', 'gates', 'dump', 'load', 'figures', 'verify']);
/** How it is waited: users behind the page wait with it. */
const PACES = {
  page: { pollMs: 2_000, silentMs: 90_000 },
  data: { pollMs: 10_000, silentMs: 900_000 },
} as const;
/** The lease is renewed at least this often while waiting. Milliseconds. */
const RENEW_MS = 60_000;
/** One round with all its calls and their repetitions. Milliseconds. */
const ROUND_MS = 40_000;

/**
 * Gives one order of the way home to the side that carries it out, and waits for the answer as long as the function may; the workflow asks
 * again. An order is given once, however often it is asked for.
 * @throws DataNotHome where it failed, where it is too late, or where nothing is heard of the side; GateShut where a gate is shut
 */
export const makeCarryHome =
  (deps: CarryHomeDeps): Step =>
  async (raw, call): Promise<CarryHomeOutput> => {
    const input = readInput('carry-home', inputSchema, raw);
    const { run, task } = input;
    const workload = workloadOf(deps.config, run.workload);
    if (task.what === 'even') return seeEven(deps, { input, workload }, call);
    if (run.dryRun) return done(resultOnPaper(task), 0);
    return carry(deps, { input, task, workload }, call);
  };

const done = (result: HomeResult | { readonly what: 'even' }, seconds: number): CarryHomeOutput => ({
  state: 'done',
  equal: result.what === 'verify' || result.what === 'even',
  seconds,
  result,
});

/**
 * Where a person vouches, or everything is planned only, there is nothing to wait for.
 * @throws DataNotHome where nobody vouches and nobody can be asked
 */
async function seeEven(
  deps: CarryHomeDeps,
  { input, workload }: { readonly input: Input; readonly workload: Workload },
  call: Call,
): Promise<CarryHomeOutput> {
  if (input.run.dryRun || input.run.dataIsHome === true) return done({ what: 'even' }, 0);
  const url = workload.data.mode === 'none' ? workload.data.probe?.homeUrl : undefined;
  const again = `pilotlight failback ${input.run.workload} --reason ...`;
  if (url === undefined) {
    throw new DataNotHome(
      'Nobody says whether the primary has everything: got no data.probe.homeUrl and no word of a person, expected one of the two. ' +
        `The configuration has changed since the run began; begin again: ${again}`,
    );
  }
  const { seconds } = await waitUntilEven(deps, { step: input, workload, url, again }, call);
  return done({ what: 'even' }, seconds);
}

interface Carried {
  readonly input: Input;
  readonly task: HomeTask;
  readonly workload: Workload;
}

async function carry(deps: CarryHomeDeps, about: Carried, call: Call): Promise<CarryHomeOutput> {
  const { input, workload, task } = about;
  const store = deps.stores(input.run.workload);
  const pace = input.behindThePage ? PACES.page : PACES.data;
  const waiting = { ordered: null as HomeOrder | null, renewedAt: -Infinity };
  const wanted = orderOf(about, deps.clock.now());
  for (;;) {
    requireTime(call, ROUND_MS, `carrying the data home (${task.what})`);
    if (deps.clock.now() - waiting.renewedAt >= RENEW_MS) {
      // Once users are home, and where everything is given up, nobody can call it off.
      if (CALLED_OFF.has(task.what)) await renewUnlessOrdered(deps, input, { workload });
      else await renewLease(deps, input, workload);
      waiting.renewedAt = deps.clock.now();
    }
    const seen = await unlessUnavailable(deps, async () => {
      waiting.ordered ??= await store.order(wanted);
      const answer = await store.answer(wanted.id);
      return { answer, side: answer === null ? await store.side(sideOf[task.what]) : null };
    });
    const askedAt = Date.parse((waiting.ordered ?? wanted).askedAt);
    if (seen?.answer != null) return concluded(deps, about, { answer: seen.answer, askedAt });
    refuseLate(about, { now: deps.clock.now(), side: seen?.side ?? null, askedAt, silentMs: pace.silentMs });
    // What the platform would cut off is asked again by the workflow.
    if (call.remainingMs() < ROUND_MS + pace.pollMs)
      return { state: 'waiting', detail: sideText(seen?.side ?? null, iso(deps.clock.now())) };
    await deps.clock.sleep(pace.pollMs);
  }
}

const limitSecondsOf = ({ input, workload: { policy } }: Carried): number =>
  input.behindThePage ? policy.failback.lastDataSeconds : policy.failback.dataSeconds;

const endsAtOf = (about: Carried): number => Date.parse(about.input.since) + limitSecondsOf(about) * 1000;

function orderOf(about: Carried, now: number): HomeOrder {
  const { input, task } = about;
  const correlationId = correlationIdOf(input.run.execution);
  return {
    schemaVersion: 1,
    id: `${correlationId}-${input.as}`,
    correlationId,
    askedAt: iso(now),
    until: iso(Math.max(endsAtOf(about), now + 1)),
    task,
  };
}

/** A store that does not answer now is asked again: the time limit ends that, and says so. */
async function unlessUnavailable<T>({ log }: CarryHomeDeps, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CloudUnavailable)) throw error;
    log.warn('the store does not answer; it is asked again', { problem: error.message });
    return null;
  }
}

function concluded(
  { log }: CarryHomeDeps,
  { input, task }: Carried,
  { answer, askedAt }: { readonly answer: HomeAnswer; readonly askedAt: number },
): CarryHomeOutput {
  const fault = answerFault(task, answer, input.run.workload);
  if (fault !== null) throw fault;
  if (answer.outcome !== 'done') throw new Error('an answer that failed has a fault');
  log.info('an order of the way home was carried out', { workload: input.run.workload, as: input.as });
  return done(answer.result, Math.max(0, (Date.parse(answer.at) - askedAt) / 1000));
}

function refuseLate(
  about: Carried,
  seen: {
    readonly now: number;
    readonly askedAt: number;
    readonly side: SideState | null;
    readonly silentMs: number;
  },
): void {
  const { input, task } = about;
  const heardAt = Math.max(seen.askedAt, seen.side === null ? 0 : Date.parse(seen.side.at));
  const isSilent = seen.now - heardAt >= seen.silentMs;
  if (!isSilent && seen.now < endsAtOf(about)) return;
  const limit = input.behindThePage ? 'lastDataSeconds' : 'dataSeconds';
  const why = isSilent
    ? `nothing was heard of it for ${seen.silentMs / 1000} s`
    : `it was not done within ${limitSecondsOf(about)} s (policy.failback.${limit})`;
  throw new DataNotHome(
    `The ${sideOf[task.what]}’s side did not carry out "${task.what}": ${why}; ${sideText(seen.side, iso(seen.now))}. ` +
      `Look at the mover there (docs/runbook.md, "The data do not come home"), then begin again: pilotlight failback ${input.run.workload} --reason ...`,
  );
}
