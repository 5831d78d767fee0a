import { functionArn, LambdaService, type PlatformFault } from '../../../drill/engine/lambda-service.ts';
import { SeededRandom } from '../../../drill/random.ts';
import { VirtualTime } from '../../../drill/virtual-time.ts';
import { systemClock } from '../../../clouds/clock.ts';
import type { Runtime } from '../../../lambdas/runtime.ts';
import { shipped } from '../fixture.ts';

/*
 * Goal: an invocation dies as it dies in Lambda: under each of the platform's names, and at its function's own limit.
 */

const nothing = (): void => undefined;
const START = new Date('2026-03-01T03:00:00.000Z');

/** A runtime behind which no service ever answers. */
const silentRuntime = (): Runtime => ({
  config: shipped(),
  resources: { ledgerTable: 'table', topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic' },
  clock: systemClock,
  log: { info: nothing, warn: nothing },
  metrics: { count: nothing, seconds: nothing, level: nothing },
  aws: {
    region: 'eu-west-1',
    transport: { handle: () => new Promise(() => undefined) },
    credentials: { accessKeyId: 'drill', secretAccessKey: 'drill', sessionToken: 'drill' },
  },
});

const start = {
  execution: 'run-1',
  startedAt: '2026-03-01T03:00:00.000Z',
  input: { workload: 'petclinic', reason: 'practice', requestedBy: 'Mina' },
};
const run = {
  ...{ execution: 'run-1', workload: 'petclinic', startedAt: start.startedAt, trigger: 'manual' },
  ...{ reason: 'practice', requestedBy: 'Mina', skipConfirmation: false, dryRun: false },
};

/** Invokes a function in virtual time. @returns the name and the words of its error, and the seconds that it took. */
async function invoke(
  name: 'begin' | 'take-lease',
  payload: unknown,
  { seed = 1, fault = () => null }: { seed?: number; fault?: PlatformFault } = {},
): Promise<{ error: string | null; cause: string; seconds: number }> {
  const time = new VirtualTime(START, () => 0.5);
  try {
    const service = new LambdaService(silentRuntime(), new SeededRandom(seed), fault);
    let ended: { error: string | null; cause: string; seconds: number } | null = null;
    const note = (error: string | null, cause: string): void => {
      ended = { error, cause, seconds: (Date.now() - START.getTime()) / 1000 };
    };
    void service.invoke({ FunctionName: functionArn(name), Payload: payload }).then(
      () => {
        note(null, '');
      },
      (error: unknown) => {
        const failure = error as Error;
        note(failure.name, failure.message);
      },
    );
    await time.passUntil(() => ended !== null);
    return ended!;
  } finally {
    time.restore();
  }
}

describe('an invocation', () => {
  it('answers where nothing is wrong, and its limit passes unheard', async () => {
    expect(await invoke('begin', start)).toMatchObject({ error: null });
  });

  it('ends at the limit of its function, by the name that Lambda gives', async () => {
    const ended = await invoke('take-lease', { run });
    expect(ended.error).toBe('Sandbox.Timedout');
    expect(JSON.parse(ended.cause)).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 15.00 seconds') as unknown,
    });
    // The cold start comes before the function's own time.
    expect(ended.seconds).toBeGreaterThan(15.4);
    expect(ended.seconds).toBeLessThan(15.9);
  });

  it('dies by every name that the platform has, as the seed draws it', async () => {
    const names = new Set<string | null>();
    for (let seed = 1; seed <= 40; seed += 1) {
      names.add((await invoke('begin', start, { seed, fault: () => 'dies-after' })).error);
    }
    expect([...names].sort()).toEqual([
      'Lambda.Unknown',
      'Runtime.ExitError',
      'Runtime.OutOfMemory',
      'Runtime.UnhandledPromiseRejection',
      'Sandbox.Timedout',
    ]);
  });
});
