import * as z from 'zod';
import type { Prober } from '../../core/ports.ts';
import { probeTargetSchema, type ProbeAnswer } from '../../core/watch/probe.ts';
import { readInput } from '../step-input.ts';
import type { Step } from '../runtime.ts';

const inputSchema = z.strictObject({ target: probeTargetSchema });

export interface ProbeDeps {
  /** Probes from where this function runs: it knows one place. */
  readonly prober: Prober;
}

/** Asks one question from this Region and says what it saw; it decides nothing. */
export const makeProbe =
  (deps: ProbeDeps): Step =>
  async (raw): Promise<ProbeAnswer> => {
    const { target } = readInput('probe', inputSchema, raw);
    const [place = ''] = deps.prober.places;
    return deps.prober.probe(place, target);
  };
