import type { Args, Command, Deps } from '../command.ts';
import { decide, decisionText } from './decide.ts';
import { exitMeanings } from '../exit.ts';

/** A yes to the approval that waits. */
export const approve: Command = {
  name: 'approve',
  summary: 'Approve the failover that waits for a person',
  details:
    'You answer as the IAM principal of your credentials, which must be among policy.approval.approvers.principals.\n' +
    'It works while Slack is down.',
  examples: [
    'pilotlight approve petclinic',
    'pilotlight approve petclinic --execution failover-petclinic-20261123T030000000Z --yes --profile on-call',
  ],
  exits: {
    ok: 'the answer counts',
    failed: 'it was refused: not an approver, too late, decided already, or nobody said yes',
    usage: exitMeanings.usage,
    notFound: 'there is no such workload, or nothing of it waits, or no configuration',
  },
  ...decisionText,
  run: (args: Args, deps: Deps) => decide('approve', args, deps),
};
