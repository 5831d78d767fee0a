import type { Clock, Prober } from '../../core/ports.ts';
import { probeQuestionSchema, type ProbeReply } from '../../core/watch/probe.ts';
import { readInput } from '../step-input.ts';
import type { Step } from '../runtime.ts';

export interface ProbeDeps {
  /** Probes from where this function runs: it knows one place. */
  readonly prober: Prober;
  readonly clock: Clock;
}

/** Asks its questions from this Region, side by side, and says what it saw; it decides nothing. */
export const makeProbe =
  (deps: ProbeDeps): Step =>
  async (raw): Promise<ProbeReply> => {
    const { asked, fresh, targets } = readInput('probe', probeQuestionSchema, raw);
    const [place = ''] = deps.prober.places;
    const answers = await deps.prober.probe(place, targets, { reuse: !fresh });
    return { asked, at: deps.clock.now(), answers: [...answers] };
  };
