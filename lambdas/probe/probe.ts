import * as z from 'zod';
import type { Prober } from '../../core/ports.ts';
import { probeTargetSchema, type ProbeAnswer } from '../../core/watch/probe.ts';
import { readInput } from '../step-input.ts';
import type { Step } from '../runtime.ts';

/** More would not end within the function's time. */
const TARGETS_MAX = 50;

const inputSchema = z.strictObject({ targets: z.array(probeTargetSchema).min(1).max(TARGETS_MAX) });

export interface ProbeDeps {
  /** Probes from where this function runs: it knows one place. */
  readonly prober: Prober;
}

/** Asks its questions from this Region, side by side, and says what it saw; it decides nothing. */
export const makeProbe =
  (deps: ProbeDeps): Step =>
  async (raw): Promise<readonly ProbeAnswer[]> => {
    const { targets } = readInput('probe', inputSchema, raw);
    const [place = ''] = deps.prober.places;
    return deps.prober.probe(place, targets);
  };
