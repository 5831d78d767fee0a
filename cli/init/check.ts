import { readConfig } from '../../core/config/read.ts';
import { WORKLOAD_ID } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import { standbyTiers } from '../../core/config/standby-schema.ts';
import { didYouMean } from '../../core/nearest.ts';
import { shown } from '../../core/problems.ts';
import { fill, type Draft } from './draft.ts';
import { inFlags } from './fields.ts';
import { fileText, type Findings } from './file-text.ts';
import { misplacedIn } from './left-out.ts';

/**
 * Everything that `config check` would say against the file that is made of a draft, in the words of the command line.
 * What is missing is filled with values that are right, so whatever is wrong was given.
 */
export function problemsOf(draft: Draft, findings: Findings): readonly string[] {
  const { workload, tier, ...rest } = draft;
  // The names of resources follow from the id: a bad one would be said once for each of them.
  if (workload !== undefined && !WORKLOAD_ID.test(workload.value)) {
    const problem = `--workload: got ${shown(workload.value)}, expected 2 to 12 of a-z and 0-9, first a letter`;
    return [problem, ...problemsOf(tier === undefined ? rest : { ...rest, tier }, findings)];
  }
  // Which fields a standby has follows from its tier: a bad one would hide what is wrong with them.
  if (tier !== undefined && !standbyTiers.some((known) => known === tier.value)) {
    const problem = `--tier: got ${shown(tier.value)}, expected one of ${standbyTiers.join(', ')}${didYouMean(tier.value, standbyTiers)}`;
    return [...problemsOf(workload === undefined ? rest : { ...rest, workload }, findings), problem];
  }
  const misplaced = misplacedIn(draft);
  if (misplaced.length > 0) return misplaced;
  const filled = fill(draft);
  try {
    readConfig(fileText(filled, findings));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map((problem) => inFlags(problem, filled.workload.value));
  }
}
