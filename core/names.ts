/**
 * The names by which people, runbooks and the command line know the resources of the controller. They are fixed on
 * purpose: whoever has the configuration can find everything, without asking a stack for its outputs.
 */
export const LEDGER_TABLE = 'pilotlight-ledger';
export const FAILOVER_MACHINE = 'pilotlight-failover';

/** Where the controller runs. */
export interface ControllerPlace {
  readonly account: string;
  readonly region: string;
}

export const machineArnOf = ({ account, region }: ControllerPlace): string =>
  `arn:aws:states:${region}:${account}:stateMachine:${FAILOVER_MACHINE}`;

/** ARN of an execution of the failover workflow, by its name. */
export const executionArnOf = ({ account, region }: ControllerPlace, execution: string): string =>
  `arn:aws:states:${region}:${account}:execution:${FAILOVER_MACHINE}:${execution}`;

/** Looks at parked standbys; a person's word about one is handed to it at once. */
export const PARKED_FUNCTION = 'pilotlight-look-at-parked';

/** Closes runs that could not close themselves, for whoever finds one. */
export const CLOSE_FUNCTION = 'pilotlight-close-run';

/** The queue of the looks that are due. */
export const LOOK_QUEUE = 'pilotlight-looks';

export const lookQueueUrlOf = ({ account, region }: ControllerPlace): string =>
  `https://sqs.${region}.amazonaws.com/${account}/${LOOK_QUEUE}`;
