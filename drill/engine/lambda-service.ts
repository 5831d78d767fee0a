import { lambdaDeaths, type LambdaDeath } from '../../core/errors.ts';
import { functionNames, functionTable, type FunctionName } from '../../core/functions.ts';
import { compose as announce } from '../../lambdas/announce/compose.ts';
import { compose as applyLastData } from '../../lambdas/apply-last-data/compose.ts';
import { compose as begin } from '../../lambdas/begin/compose.ts';
import { compose as cancelPipeline } from '../../lambdas/cancel-pipeline/compose.ts';
import { compose as carryHome } from '../../lambdas/carry-home/compose.ts';
import { compose as closeRun } from '../../lambdas/close-run/compose.ts';
import { compose as confirmOutage } from '../../lambdas/confirm-outage/compose.ts';
import { compose as findApproval } from '../../lambdas/find-approval/compose.ts';
import { compose as hearOrders } from '../../lambdas/hear-orders/compose.ts';
import { compose as holdShare } from '../../lambdas/hold-share/compose.ts';
import { compose as lookAtFleet } from '../../lambdas/look-at-fleet/compose.ts';
import { compose as lookAtWorld } from '../../lambdas/look-at-world/compose.ts';
import { compose as measureLoss } from '../../lambdas/measure-loss/compose.ts';
import { compose as moveRoute } from '../../lambdas/move-route/compose.ts';
import { compose as parkStandby } from '../../lambdas/park-standby/compose.ts';
import { compose as pollPipeline } from '../../lambdas/poll-pipeline/compose.ts';
import { compose as pollStandby } from '../../lambdas/poll-standby/compose.ts';
import { compose as promisePage } from '../../lambdas/promise-page/compose.ts';
import { compose as putAwayStandby } from '../../lambdas/put-away-standby/compose.ts';
import { compose as record } from '../../lambdas/record/compose.ts';
import type { Compose, Runtime, Step } from '../../lambdas/runtime.ts';
import { compose as requestApproval } from '../../lambdas/request-approval/compose.ts';
import { compose as scaleStandby } from '../../lambdas/scale-standby/compose.ts';
import { compose as seePrimaryWell } from '../../lambdas/see-primary-well/compose.ts';
import { compose as shutFence } from '../../lambdas/shut-fence/compose.ts';
import { compose as startPipeline } from '../../lambdas/start-pipeline/compose.ts';
import { compose as takeLease } from '../../lambdas/take-lease/compose.ts';
import { compose as verifyRoute } from '../../lambdas/verify-route/compose.ts';
import { compose as wakeStandby } from '../../lambdas/wake-standby/compose.ts';
import { compose as watchGrowth } from '../../lambdas/watch-growth/compose.ts';
import type { SeededRandom } from '../random.ts';

/** Every row of the function table, by the code that AWS runs. */
const composers: Readonly<Record<FunctionName, Compose>> = {
  announce,
  'apply-last-data': applyLastData,
  begin,
  'cancel-pipeline': cancelPipeline,
  'carry-home': carryHome,
  'close-run': closeRun,
  'confirm-outage': confirmOutage,
  'find-approval': findApproval,
  'hear-orders': hearOrders,
  'hold-share': holdShare,
  'look-at-fleet': lookAtFleet,
  'look-at-world': lookAtWorld,
  'measure-loss': measureLoss,
  'move-route': moveRoute,
  'park-standby': parkStandby,
  'poll-pipeline': pollPipeline,
  'poll-standby': pollStandby,
  'promise-page': promisePage,
  'put-away-standby': putAwayStandby,
  record,
  'request-approval': requestApproval,
  'scale-standby': scaleStandby,
  'see-primary-well': seePrimaryWell,
  'shut-fence': shutFence,
  'start-pipeline': startPipeline,
  'take-lease': takeLease,
  'verify-route': verifyRoute,
  'wake-standby': wakeStandby,
  'watch-growth': watchGrowth,
};

/** A cold start of a Node.js function of this size, and a warm call; seconds. Assumed, not published. */
const COLD_START_SECONDS = [0.4, 0.9] as const;
const WARM_START_SECONDS = [0.015, 0.04] as const;

const ARN_PREFIX = 'arn:aws:lambda:drill:111122223333:function:';

/** The ARN of a function in the simulated account. */
export const functionArn = (name: FunctionName): string => `${ARN_PREFIX}${name}`;

/** An error as Step Functions sees it: the name decides Retry and Catch, the message is the Cause. */
class TaskFailure extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** The parameters of `arn:aws:states:::lambda:invoke`. */
export interface Invocation {
  readonly FunctionName: string;
  readonly Payload: unknown;
}

/** Something that goes wrong with the platform under a function, before or after it has run. */
export type PlatformFault = (name: FunctionName) => 'dies-before' | 'dies-after' | null;

/** What the answer of a dead invocation says, word for word but for the id. */
const lastWords = (death: LambdaDeath, name: FunctionName): string => {
  const id = 'RequestId: 00000000-0000-0000-0000-000000000000 Error: ';
  const words: Readonly<Record<LambdaDeath, string>> = {
    'Lambda.Unknown': 'the function died after its effect',
    'Sandbox.Timedout': `${id}Task timed out after ${functionTable[name].timeoutSeconds}.00 seconds`,
    'Runtime.OutOfMemory': `${id}Runtime exited with error: signal: killed`,
    'Runtime.ExitError': `${id}Runtime exited with error: exit status 1`,
    'Runtime.UnhandledPromiseRejection': 'Error: a rejection that nobody heard',
  };
  return words[death];
};

const deathOf = (death: LambdaDeath, name: FunctionName): TaskFailure =>
  new TaskFailure(death, JSON.stringify({ errorType: death, errorMessage: lastWords(death, name) }));

/** Runs the functions as Lambda does: JSON in and out, start-up time, a time limit, errors by name. */
export class LambdaService {
  private readonly steps = new Map<FunctionName, Step>();
  private readonly runtime: Runtime;
  private readonly random: SeededRandom;
  private readonly fault: PlatformFault;
  private readonly deaths: SeededRandom;

  constructor(runtime: Runtime, random: SeededRandom, fault: PlatformFault = () => null) {
    this.runtime = runtime;
    this.random = random;
    this.fault = fault;
    this.deaths = random.fork('deaths');
  }

  /** What `arn:aws:states:::lambda:invoke` does with its parameters. */
  async invoke(parameters: Invocation): Promise<{ Payload: unknown }> {
    const name = functionNames.find((known) => functionArn(known) === parameters.FunctionName);
    if (name === undefined)
      throw new TaskFailure('Lambda.ResourceNotFoundException', parameters.FunctionName);
    const [low, high] = this.steps.has(name) ? WARM_START_SECONDS : COLD_START_SECONDS;
    await this.runtime.clock.sleep(this.random.between(low, high) * 1000);
    const fault = this.fault(name);
    if (fault === 'dies-before')
      throw new TaskFailure('Lambda.ServiceException', 'the function could not be started');
    const result = await this.run(name, parameters.Payload);
    if (fault === 'dies-after') throw this.die(name, this.deaths.pick(lambdaDeaths));
    return { Payload: result };
  }

  /** The environment is gone with the invocation: the next one starts cold. */
  private die(name: FunctionName, death: LambdaDeath): TaskFailure {
    this.steps.delete(name);
    return deathOf(death, name);
  }

  /** Ends the waiting at the function's own limit. What the step still does then, it does unheard. */
  private async run(name: FunctionName, payload: unknown): Promise<unknown> {
    const limitMs = functionTable[name].timeoutSeconds * 1000;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(this.die(name, 'Sandbox.Timedout'));
      }, limitMs);
    });
    try {
      return await Promise.race([this.answer(name, payload, limitMs), limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(name: FunctionName, payload: unknown, limitMs: number): Promise<unknown> {
    const step = this.steps.get(name) ?? composers[name](this.runtime);
    this.steps.set(name, step);
    const endsAt = this.runtime.clock.now() + limitMs;
    const call = { remainingMs: () => endsAt - this.runtime.clock.now() };
    try {
      return JSON.parse(JSON.stringify(await step(JSON.parse(JSON.stringify(payload)), call))) as unknown;
    } catch (error) {
      throw asTaskFailure(error);
    }
  }
}

function asTaskFailure(error: unknown): TaskFailure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new TaskFailure(name, JSON.stringify({ errorType: name, errorMessage: message, trace: [] }));
}
