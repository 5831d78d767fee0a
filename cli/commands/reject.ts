import type { Args, Command, Deps } from '../command.ts';
import { decide, decisionText } from './decide.ts';

/** A no to the approval that waits. */
export const reject: Command = {
  name: 'reject',
  summary: 'Reject the failover that waits for a person',
  details: 'One rejection decides. The run cancels what it began to build, and takes the shield down.',
  examples: ['pilotlight reject petclinic', 'pilotlight reject petclinic --yes'],
  ...decisionText,
  run: (args: Args, deps: Deps) => decide('reject', args, deps),
};
