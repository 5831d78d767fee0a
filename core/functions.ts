/** One Lambda function of the controller: the CDK deploys it and the drill runs it from this one row. */
export interface FunctionRow {
  /** What the placeholder in the ASL is called; it becomes the function's ARN. */
  readonly placeholder: string;
  readonly purpose: string;
  /** The platform's time limit; the Task in the workflow allows a little more. */
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** The folders in `lambdas/`, each with its row. */
export const functionTable = {
  begin: row('BeginFunctionArn', 'Turns an alarm event or a manual start into one context', 10),
  'take-lease': row('TakeLeaseFunctionArn', 'Takes the lease of the workload, or says why not', 15),
  'confirm-outage': row(
    'ConfirmOutageFunctionArn',
    'Collects signals about the primary and decides what they say',
    250,
  ),
  'look-at-fleet': row(
    'LookAtFleetFunctionArn',
    'Says whether a run may go on beside the other runs of the fleet',
    110,
  ),
  'move-route': row('MoveRouteFunctionArn', 'Moves the route at the edge by one conditional write', 120),
  'verify-route': row(
    'VerifyRouteFunctionArn',
    'Asks through the edge until everybody is served by the wanted origin',
    840,
  ),
  'shut-fence': row(
    'ShutFenceFunctionArn',
    "Shuts the fence at the primary's door, and proves by the places that it is shut",
    200,
  ),
  'request-approval': row(
    'RequestApprovalFunctionArn',
    'Asks people for their approval and keeps the token of the waiting step',
    30,
  ),
  'find-approval': row(
    'FindApprovalFunctionArn',
    'Looks whether the approval that the standby waits for was given',
    15,
  ),
  'hold-share': row('HoldShareFunctionArn', 'Watches the standby while a share of the users is on it', 840),
  'start-pipeline': row(
    'StartPipelineFunctionArn',
    'Starts the pipeline that builds the standby, once per execution',
    60,
  ),
  'poll-pipeline': row('PollPipelineFunctionArn', 'Looks at the pipeline run once', 60),
  'cancel-pipeline': row(
    'CancelPipelineFunctionArn',
    'Cancels the pipeline run of this execution if it still goes',
    60,
  ),
  'scale-standby': row('ScaleStandbyFunctionArn', 'Scales the warm standby up', 60),
  'wake-standby': row(
    'WakeStandbyFunctionArn',
    'Starts what is stopped of a parked standby, and says how far it is',
    60,
  ),
  'park-standby': row('ParkStandbyFunctionArn', 'Stops a parked standby that this run has woken', 60),
  'poll-standby': row('PollStandbyFunctionArn', 'Looks at gateway, cluster, database and application', 90),
  'watch-growth': row(
    'WatchGrowthFunctionArn',
    'Looks whether a standby that serves has got all its nodes, and tells people if not',
    60,
  ),
  'measure-loss': row('MeasureLossFunctionArn', 'Says what a failover now would lose', 45),
  'apply-last-data': row(
    'ApplyLastDataFunctionArn',
    'Has the last data applied on the standby, and waits until its database is open',
    840,
  ),
  'see-primary-well': row(
    'SeePrimaryWellFunctionArn',
    'Looks whether the primary could take its users back',
    45,
  ),
  'carry-home': row(
    'CarryHomeFunctionArn',
    'Gives an order of the way home to the side that carries it out, and waits for the answer',
    840,
  ),
  'promise-page': row('PromisePageFunctionArn', 'Says how long users will see the page on the way home', 15),
  'put-away-standby': row(
    'PutAwayStandbyFunctionArn',
    'Parks, shrinks or destroys the standby once users are home',
    60,
  ),
  'hear-orders': row(
    'HearOrdersFunctionArn',
    'Waits where a person holds the run, until they say how it goes on',
    840,
  ),
  'look-at-world': row(
    'LookAtWorldFunctionArn',
    'Reads where the users are and what still runs, at the end of a run',
    45,
  ),
  'close-run': row(
    'CloseRunFunctionArn',
    'Closes a run that could not close itself: what costs is put away, record, lease, and people told',
    120,
  ),
  record: row('RecordFunctionArn', 'Writes the record of the run and gives the lease back', 30),
  announce: row('AnnounceFunctionArn', 'Tells people how the run ended', 30),
} as const satisfies Record<string, FunctionRow>;

/** The one function that is deployed in every probe Region; the others ask it to look from there. */
export const probeFunction = {
  folder: 'probe',
  functionName: 'pilotlight-probe',
  purpose: 'Asks HTTP questions from the Region that it runs in',
  timeoutSeconds: 15,
  memoryMb: 256,
} as const;

/**
 * The functions of the watch: none is a step of the workflow, and none waits for it. `schedule-looks` is called once a minute
 * and sends the looks of that minute to a queue, `watch` looks when one is due, and `start-run` starts what an alarm asks for.
 */
export const watchFunctionTable = {
  'schedule-looks': {
    purpose: 'Sends the looks of the next minute to the queue of the watch',
    timeoutSeconds: 20,
    memoryMb: 256,
  },
  watch: {
    purpose: 'Looks at some workloads once, and asks for a run where one is down and nobody acts',
    /** The slowest probe, and what a look leads to. A look that takes longer than the next one is worth nothing. */
    timeoutSeconds: 30,
    memoryMb: 256,
  },
  'measure-data': {
    purpose: 'Measures how new the data are that a failover could start from, of all workloads',
    /** A minute after it comes the next one. */
    timeoutSeconds: 55,
    memoryMb: 256,
  },
  'look-at-parked': {
    purpose: 'Finds parked standbys that are awake without a reason, and finishes what could not be stopped',
    timeoutSeconds: 120,
    memoryMb: 256,
  },
  'watch-runs': {
    purpose: 'Finds runs that have ended and that nobody has closed, and has them closed',
    /** The wait for the event of an end, and what comes before and after it. A minute after it comes the next one. */
    timeoutSeconds: 55,
    memoryMb: 256,
  },
  'measure-spread': {
    purpose: 'Measures how long a change of the route takes to every place, a few workloads each time',
    /** The longest spread that is waited for, and what comes before and after it. */
    timeoutSeconds: 240,
    memoryMb: 256,
  },
  'start-run': {
    purpose: 'Starts the run that an alarm asks for, under the name of its incident',
    timeoutSeconds: 20,
    memoryMb: 512,
  },
} as const;
export type WatchFunctionName = keyof typeof watchFunctionTable;

/** Functions around Slack: none is a step of the workflow, so none can hold it up. */
export const slackFunctionTable = {
  'slack-gateway': {
    purpose: 'Takes what people click, and lets in only what Slack has signed',
    timeoutSeconds: 10,
    memoryMb: 512,
  },
  'slack-worker': {
    purpose: 'Does what a click asks for, after it was acknowledged',
    timeoutSeconds: 30,
    memoryMb: 512,
  },
  'follow-execution': {
    purpose: 'Tells the thread of a run one line for each phase',
    timeoutSeconds: 30,
    memoryMb: 512,
  },
} as const;
export type SlackFunctionName = keyof typeof slackFunctionTable;

export type FunctionName = keyof typeof functionTable;
export const functionNames = Object.keys(functionTable) as readonly FunctionName[];

function row(placeholder: string, purpose: string, timeoutSeconds: number): FunctionRow {
  return { placeholder, purpose, timeoutSeconds, memoryMb: 512 };
}
