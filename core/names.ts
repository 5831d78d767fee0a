/**
 * The names by which people, runbooks and the command line know the resources of the controller. They are fixed on
 * purpose: whoever has the configuration can find everything, without asking a stack for its outputs.
 */
export const LEDGER_TABLE = 'pilotlight-ledger';
/** The workflows; the machine of each is `pilotlight-` and its name. */
export const workflowNames = ['failover', 'failback'] as const;
export type WorkflowName = (typeof workflowNames)[number];

export const machineNameOf = (workflow: WorkflowName): string => `pilotlight-${workflow}`;

/** How the names of runs that bring a site home begin, and no others: an execution is found by its name alone. */
export const FAILBACK_NAME = 'failback-';

export const workflowOfExecution = (execution: string): WorkflowName =>
  execution.startsWith(FAILBACK_NAME) ? 'failback' : 'failover';

/** Where the controller runs. */
export interface ControllerPlace {
  readonly account: string;
  readonly region: string;
}

export const machineArnOf = (
  { account, region }: ControllerPlace,
  workflow: WorkflowName = 'failover',
): string => `arn:aws:states:${region}:${account}:stateMachine:${machineNameOf(workflow)}`;

/** ARN of an execution, by its name. */
export const executionArnOf = ({ account, region }: ControllerPlace, execution: string): string =>
  `arn:aws:states:${region}:${account}:execution:${machineNameOf(workflowOfExecution(execution))}:${execution}`;

/** Looks at parked standbys; a person's word about one is handed to it at once. */
export const PARKED_FUNCTION = 'pilotlight-look-at-parked';

/** Closes runs that could not close themselves, for whoever finds one. */
export const CLOSE_FUNCTION = 'pilotlight-close-run';

/** The queue of the looks that are due. */
export const LOOK_QUEUE = 'pilotlight-looks';

export const lookQueueUrlOf = ({ account, region }: ControllerPlace): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${LOOK_QUEUE}`;
