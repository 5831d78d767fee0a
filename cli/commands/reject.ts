import type { Args, Command, Deps } from '../command.ts';
import { decide, decisionText } from './decide.ts';
import { exitMeanings } from '../exit.ts';

/** A no to the approval that waits. */
export const reject: Command = {
  name: 'reject',
  summary: 'Reject the failover that waits for a person',
  details: 'One rejection decides. The run cancels what it began to build, and takes the shield down.',
  examples: ['pilotlight reject petclinic', 'pilotlight reject petclinic --yes'],
  exits: {
    ok: 'the answer counts',
    failed: 'it was refused: not an approver, too late, decided already, or nobody said yes',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or nothing of it waits, or no configuration',
  },
  ...decisionText,
  run: (args: Args, deps: Deps) => decide('reject', args, deps),
};
