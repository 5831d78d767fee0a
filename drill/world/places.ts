import { systemClock } from '../../clouds/clock.ts';
import { makeHttpProber } from '../../clouds/watch/http-prober.ts';
import { probeFunction } from '../../core/functions.ts';
import { makeProbe } from '../../lambdas/probe/probe.ts';
import type { Step } from '../../lambdas/runtime.ts';
import type { Invoked } from '../clouds/aws/lambda.ts';
import { Network, type Service } from '../clouds/wire/wire.ts';
import type { SeededRandom } from '../random.ts';
import type { Noise } from './noise.ts';

/** From a place to the next edge location or to the primary; seconds. Assumed, of the usual order. */
const PROBE_SECONDS = [0.03, 0.2] as const;

/** The probe function in every probe Region: the code that is deployed there, each with the web as it looks from there. */
export class Places {
  /** Places whose own network fails: everything that they ask goes unanswered. */
  readonly cutOff = new Set<string>();
  /** Places whose probe function cannot be invoked. */
  readonly silent = new Set<string>();
  private readonly steps = new Map<string, Step>();

  constructor(options: {
    readonly regions: readonly string[];
    readonly webOf: (region: string) => readonly Service[];
    readonly random: SeededRandom;
    /** Null where the networks are as good as they get. */
    readonly noise: Noise | null;
    readonly onUnexpected: (call: string) => void;
  }) {
    for (const region of options.regions) {
      const random = options.random.fork(region);
      const network = new Network({
        services: [...options.webOf(region)],
        latencyMs: () => random.between(...PROBE_SECONDS) * 1000 + (options.noise?.delayMs() ?? 0),
        fault: () => (this.cutOff.has(region) ? 'timeout' : (options.noise?.fault(region) ?? null)),
        onCall: (entry) => {
          if (entry.outcome === 'unexpected') options.onUnexpected(`${region}: ${entry.request.host}`);
        },
      });
      const connections = { fresh: network.fetch(), reuse: network.fetch() };
      const prober = makeHttpProber({ place: region, clock: systemClock, connections });
      this.steps.set(region, makeProbe({ prober, clock: systemClock }));
    }
  }

  /** What Lambda does when the function of a Region is invoked; null where the Region has none. */
  invoke(region: string, name: string, payload: unknown): Promise<Invoked> | null {
    const step = this.steps.get(region);
    if (this.silent.has(region)) return Promise.resolve({ error: new Error('the function does not start') });
    if (step === undefined || name !== probeFunction.functionName) return null;
    return step(payload, { remainingMs: () => probeFunction.timeoutSeconds * 1000 }).then(
      (result) => ({ result }),
      (error: unknown) => ({ error: error instanceof Error ? error : new Error(String(error)) }),
    );
  }
}
