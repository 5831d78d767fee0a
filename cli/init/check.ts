import { readConfig } from '../../core/config/read.ts';
import { WORKLOAD_ID } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';
import { shown } from '../../core/problems.ts';
import { fill, type Draft } from './draft.ts';
import { inFlags } from './fields.ts';
import { fileText, type Findings } from './file-text.ts';

/**
 * Everything that `config check` would say against the file that is made of a draft, in the words of the command line.
 * What is missing is filled with values that are right, so whatever is wrong was given.
 */
export function problemsOf({ workload, ...rest }: Draft, findings: Findings): readonly string[] {
  // The names of resources follow from the id: a bad one would be said once for each of them.
  if (workload !== undefined && !WORKLOAD_ID.test(workload.value)) {
    const problem = `--workload: got ${shown(workload.value)}, expected 2 to 12 of a-z and 0-9, first a letter`;
    return [problem, ...problemsOf(rest, findings)];
  }
  const filled = fill(workload === undefined ? rest : { ...rest, workload });
  try {
    readConfig(fileText(filled, findings));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return error.problems.map((problem) => inFlags(problem, filled.workload.value));
  }
}
