import { functionNames, functionTable, type FunctionName } from '../../core/functions.ts';
import { compose as announce } from '../../lambdas/announce/compose.ts';
import { compose as begin } from '../../lambdas/begin/compose.ts';
import { compose as cancelPipeline } from '../../lambdas/cancel-pipeline/compose.ts';
import { compose as confirmOutage } from '../../lambdas/confirm-outage/compose.ts';
import { compose as findApproval } from '../../lambdas/find-approval/compose.ts';
import { compose as holdShare } from '../../lambdas/hold-share/compose.ts';
import { compose as moveRoute } from '../../lambdas/move-route/compose.ts';
import { compose as pollPipeline } from '../../lambdas/poll-pipeline/compose.ts';
import { compose as pollStandby } from '../../lambdas/poll-standby/compose.ts';
import { compose as record } from '../../lambdas/record/compose.ts';
import type { Compose, Runtime, Step } from '../../lambdas/runtime.ts';
import { compose as requestApproval } from '../../lambdas/request-approval/compose.ts';
import { compose as scaleStandby } from '../../lambdas/scale-standby/compose.ts';
import { compose as startPipeline } from '../../lambdas/start-pipeline/compose.ts';
import { compose as takeLease } from '../../lambdas/take-lease/compose.ts';
import { compose as verifyRoute } from '../../lambdas/verify-route/compose.ts';
import type { SeededRandom } from '../random.ts';

/** Every row of the function table, by the code that AWS runs. */
const composers: Readonly<Record<FunctionName, Compose>> = {
  announce,
  begin,
  'cancel-pipeline': cancelPipeline,
  'confirm-outage': confirmOutage,
  'find-approval': findApproval,
  'hold-share': holdShare,
  'move-route': moveRoute,
  'poll-pipeline': pollPipeline,
  'poll-standby': pollStandby,
  record,
  'request-approval': requestApproval,
  'scale-standby': scaleStandby,
  'start-pipeline': startPipeline,
  'take-lease': takeLease,
  'verify-route': verifyRoute,
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

/** Runs the functions as Lambda does: JSON in and out, start-up time, a time limit, errors by name. */
export class LambdaService {
  private readonly steps = new Map<FunctionName, Step>();
  private readonly runtime: Runtime;
  private readonly random: SeededRandom;
  private readonly fault: PlatformFault;

  constructor(runtime: Runtime, random: SeededRandom, fault: PlatformFault = () => null) {
    this.runtime = runtime;
    this.random = random;
    this.fault = fault;
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
    if (fault === 'dies-after') throw new TaskFailure('Lambda.Unknown', 'the function died after its effect');
    return { Payload: result };
  }

  private async run(name: FunctionName, payload: unknown): Promise<unknown> {
    const step = this.steps.get(name) ?? composers[name](this.runtime);
    this.steps.set(name, step);
    const endsAt = this.runtime.clock.now() + functionTable[name].timeoutSeconds * 1000;
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
