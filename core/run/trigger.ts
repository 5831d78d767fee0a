import * as z from 'zod';
import { bounded } from '../bounds.ts';
import { unknownWorkload } from '../config/parse.ts';
import { InvalidInput } from '../errors.ts';
import type { Config, Workload } from '../config/schema.ts';
import { alarmsOf, ownTriggersOf, workloadInAlarmName } from '../watch/detection.ts';
import { wishes } from '../watch/memory.ts';
import { describeIssues, shown } from '../problems.ts';
import { barrierToPlanning } from '../data/planned.ts';
import { azureStandbyOf } from '../standby/tier.ts';
import { approvalNeeded } from '../approval/approval-policy.ts';
import { barrierToHome } from '../data/home-plan.ts';
import { FAILBACK_NAME, workflowOfExecution, type WorkflowName } from '../names.ts';
import { APPROVAL_ROUND_SECONDS, isFailback, type Plan, type Run } from './run.ts';

/**
 * CloudWatch "Alarm State Change" as EventBridge delivers it. Only what is used is required; AWS adds fields.
 * Source: Amazon CloudWatch User Guide, "Alarm events and EventBridge".
 */
const alarmEventSchema = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.literal('CloudWatch Alarm State Change'),
  account: z.string().min(1),
  region: z.string().min(1),
  time: z.string().min(1),
  detail: z.object({
    alarmName: z.string().min(1),
    state: z.object({
      value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
      reason: z.string().optional(),
      timestamp: z.string().min(1),
    }),
  }),
});

/** What a person (or a script) gives to `aws stepfunctions start-execution`. */
const manualInputSchema = z.strictObject({
  workload: z.string().min(1),
  reason: z.string().min(1).max(500),
  requestedBy: z.string().min(1).max(200),
  skipConfirmation: z.boolean().default(false),
  dryRun: z.boolean().default(false),
  planned: z.boolean().default(false),
});

/** The same for a run that brings a site home. */
const failbackInputSchema = manualInputSchema.omit({ skipConfirmation: true, planned: true }).extend({
  dataIsHome: z.literal(true).optional(),
});

/** What the watch starts a run with: the workload is down, degraded or left behind the shield, and nobody acts. */
const watchInputSchema = z.strictObject({
  watch: z.enum(wishes),
  workload: z.string().min(1),
  reason: z.string().min(1).max(500),
});

/** The words of an alarm: its name, and a reason of CloudWatch, which ends at 1,023 characters by itself. */
const REASON_LENGTH_MAX = 1_500;
/** Ids of workloads in a message. */
const IDS_LENGTH_MAX = 600;

/** The start of an execution, as the workflow hands it over. */
export interface Start {
  readonly input: unknown;
  readonly execution: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The workflow that it was started in; that of its name where nobody says. */
  readonly workflow?: WorkflowName;
}

/** A manual start always names its workload; one with a stray `source` is still a manual start, with a stray field. */
const looksLikeEvent = (input: unknown): boolean =>
  typeof input === 'object' &&
  input !== null &&
  ('detail-type' in input || ('source' in input && !('workload' in input)));

/** Whose alarm it is, and whose eyes it sees with. */
type Owner = Pick<RingingAlarm, 'workload' | 'eyes'>;

function findOwnerOf(config: Config, region: string, alarmName: string): Owner | null {
  // By the id that our names carry: to try the alarms of 500 workloads would mean to read them all.
  const id = workloadInAlarmName(alarmName);
  if (id === null) return findOwnerOfNamed(config, region, alarmName);
  const workload = Object.hasOwn(config.workloads, id) ? config.workloads[id] : undefined;
  if (workload === undefined) return null;
  const known = alarmsOf(id, workload, config.controller.region).find(
    (alarm) => alarm.name === alarmName && alarm.region === region,
  );
  return known === undefined ? null : { workload: id, eyes: known.eyes };
}

/** The workload that names this alarm of its own as a trigger; the configuration has at most one. */
function findOwnerOfNamed(config: Config, region: string, alarmName: string): Owner | null {
  const owner = Object.entries(config.workloads).find(([, workload]) =>
    ownTriggersOf(workload).some((alarm) => alarm.name === alarmName && alarm.region === region),
  );
  return owner === undefined ? null : { workload: owner[0], eyes: 'others' };
}

/** An alarm of a workload that begins to ring. */
export interface RingingAlarm {
  readonly workload: string;
  readonly name: string;
  readonly region: string;
  /** Whose eyes it sees with: those of the watch, or others. */
  readonly eyes: 'watch' | 'others';
  /** When it began; as CloudWatch writes it. */
  readonly at: string;
  readonly reason: string;
}

/**
 * Reads an event of EventBridge as an alarm of a configured workload.
 * @throws InvalidInput with everything that is wrong: no such event, another account, no alarm of ours, one that does not ring.
 */
export function readAlarm(config: Config, event: unknown): RingingAlarm {
  const parsed = alarmEventSchema.safeParse(event);
  if (!parsed.success) throw new InvalidInput('The alarm event', describeIssues(parsed.error, event));
  const { account, detail, region } = parsed.data;
  const problems: string[] = [];
  if (account !== config.controller.account) {
    problems.push(
      `account: got ${shown(account)}, expected ${config.controller.account}, that of the controller`,
    );
  }
  if (detail.state.value !== 'ALARM') {
    problems.push(
      `detail.state.value: got ${shown(detail.state.value)}, expected "ALARM"; only an alarm that rings starts a failover`,
    );
  }
  const owner = findOwnerOf(config, region, detail.alarmName);
  if (owner === null) {
    problems.push(
      `detail.alarmName: got ${shown(detail.alarmName)} in ${bounded(region, 40)}, expected an alarm of a configured workload ` +
        `(${bounded(Object.keys(config.workloads).join(', '), IDS_LENGTH_MAX)}); deploy the detection stack again if the config has changed`,
    );
  }
  if (owner === null || problems.length > 0) throw new InvalidInput('The alarm event', problems);
  const { alarmName: name, state } = detail;
  return { ...owner, name, region, at: state.timestamp, reason: state.reason ?? 'no reason given' };
}

function runOfAlarm(config: Config, start: Start): Run {
  const { workload, name, region, reason } = readAlarm(config, start.input);
  return {
    execution: start.execution,
    workload,
    startedAt: start.startedAt,
    trigger: 'alarm',
    reason: bounded(`alarm ${name} in ${region}: ${reason}`, REASON_LENGTH_MAX),
    requestedBy: 'CloudWatch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  };
}

function runOfPerson(config: Config, start: Start): Run {
  const parsed = manualInputSchema.safeParse(start.input);
  const problems = parsed.success ? [] : describeIssues(parsed.error, start.input);
  const named = z.object({ workload: z.string().min(1) }).safeParse(start.input);
  // By its own keys only: `constructor` is a property of every object, and no workload.
  if (named.success && !Object.hasOwn(config.workloads, named.data.workload)) {
    problems.push(unknownWorkload(config, named.data.workload));
  }
  if (parsed.success && parsed.data.planned && problems.length === 0)
    problems.push(...problemsOfPlanned(config, parsed.data));
  if (!parsed.success || problems.length > 0) throw new InvalidInput('The input of a manual start', problems);
  const { execution, startedAt } = start;
  return { execution, startedAt, trigger: 'manual', workflow: 'failover', ...parsed.data };
}

/** Only a person brings a site home. */
function runOfFailback(config: Config, start: Start): Run {
  const parsed = failbackInputSchema.safeParse(start.input);
  const problems = parsed.success ? [] : describeIssues(parsed.error, start.input);
  const named = z.object({ workload: z.string().min(1) }).safeParse(start.input);
  if (named.success && !Object.hasOwn(config.workloads, named.data.workload))
    problems.push(unknownWorkload(config, named.data.workload));
  const workload = parsed.success ? config.workloads[parsed.data.workload] : undefined;
  if (parsed.success && workload !== undefined && problems.length === 0)
    problems.push(...barrierToHome(workload, parsed.data));
  if (!parsed.success || problems.length > 0) throw new InvalidInput('The input of a failback', problems);
  const { execution, startedAt } = start;
  return {
    ...{ execution, startedAt, trigger: 'manual', workflow: 'failback' },
    ...{ ...parsed.data, skipConfirmation: false, planned: false },
  };
}

function runOfWatch(config: Config, start: Start): Run {
  const parsed = watchInputSchema.safeParse(start.input);
  const problems = parsed.success ? [] : describeIssues(parsed.error, start.input);
  if (parsed.success && !Object.hasOwn(config.workloads, parsed.data.workload)) {
    problems.push(unknownWorkload(config, parsed.data.workload));
  }
  if (!parsed.success || problems.length > 0) throw new InvalidInput('The input of the watch', problems);
  return {
    execution: start.execution,
    workload: parsed.data.workload,
    startedAt: start.startedAt,
    trigger: 'watch',
    reason: parsed.data.reason,
    requestedBy: 'the watch',
    skipConfirmation: false,
    dryRun: false,
    planned: false,
    workflow: 'failover',
  };
}

/** What stands against a planned move in what was asked for and in the configuration: nothing is promised that cannot be kept. */
function problemsOfPlanned(
  config: Config,
  { workload, skipConfirmation }: z.infer<typeof manualInputSchema>,
): string[] {
  const problems: string[] = [];
  if (skipConfirmation) {
    problems.push(
      'skipConfirmation: got true with planned, expected one of the two; a planned move confirms nothing, and whoever vouches for an outage wants a failover',
    );
  }
  const barrier = barrierToPlanning(config.workloads[workload]?.data ?? { mode: 'none' });
  return barrier === null ? problems : [...problems, barrier];
}

const looksLikeWatch = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && 'watch' in input;

/**
 * Turns an EventBridge alarm event, a question of the watch or a manual start into the one context that the workflow carries.
 * @throws InvalidInput with everything that is wrong.
 */
export function readStart(config: Config, start: Start): Run {
  const workflow = workflowOfExecution(start.execution);
  if ((start.workflow ?? workflow) !== workflow) throw misnamed(start.execution, workflow);
  if (workflow === 'failback') return runOfFailback(config, start);
  if (looksLikeWatch(start.input)) return runOfWatch(config, start);
  return looksLikeEvent(start.input) ? runOfAlarm(config, start) : runOfPerson(config, start);
}

/** Whoever finds an execution has its name and nothing else. */
const misnamed = (execution: string, byName: WorkflowName): InvalidInput =>
  new InvalidInput('The name of the execution', [
    byName === 'failback'
      ? `got ${shown(execution)} in the failover workflow, expected another beginning: "${FAILBACK_NAME}" is for runs of pilotlight-failback`
      : `got ${shown(execution)} in the failback workflow, expected one that begins with "${FAILBACK_NAME}"; start it with: pilotlight failback`,
  ]);

/** How silence ends the gate: what loses nothing and nobody has approved can wait for another day. */
const silenceOf = (run: Run, policy: Plan['onTimeout']): Plan['onTimeout'] =>
  run.planned || isFailback(run) ? 'abort' : policy;

/** Whether putting the standby away destroys it. */
const isDestroyed = ({ standby, policy }: Workload): boolean =>
  standby.tier === 'cold' && policy.failback.putAway;

/** Whether people are asked. Nobody is woken for a rehearsal on paper; users who come home are moved once more, at any hour. */
function asksPeople({ policy }: Workload, run: Run): boolean {
  if (run.dryRun) return false;
  if (isFailback(run)) return policy.approval.mode === 'required' && policy.failback.approval !== 'none';
  return approvalNeeded(policy.approval, run.startedAt);
}

const NO_GATE = { approvalRounds: 1, onTimeout: 'escalate' } as const;

/** The waiting is cut into rounds, so that the workflow needs no timer of its own. */
function gateOf(approval: Extract<Workload['policy']['approval'], { mode: 'required' }>) {
  return {
    approvalRounds: Math.ceil(approval.timeLimitSeconds / APPROVAL_ROUND_SECONDS),
    onTimeout: approval.onTimeout,
  };
}

/**
 * Flattens the workload's policy into what the workflow's Choice and Wait states read.
 * @param others how many workloads there are beside this one.
 */
export function planOf(workload: Workload, run: Run, others: number): Plan {
  const { approval } = workload.policy;
  const gate = approval.mode === 'none' ? NO_GATE : gateOf(approval);
  const asks = asksPeople(workload, run);
  return {
    ...gate,
    onTimeout: silenceOf(run, gate.onTimeout),
    tier: workload.standby.tier,
    move: run.planned ? 'planned' : 'failover',
    // Only a pipeline takes long enough to be worth a start on suspicion.
    startOnSuspicion:
      workload.policy.startStandby === 'on-suspicion' &&
      workload.standby.tier === 'cold' &&
      !run.dryRun &&
      !run.planned,
    startOnApproval: workload.policy.startStandby === 'on-approval' && asks,
    approval: asks ? 'required' : 'none',
    hasApprovers: approval.mode === 'required',
    limitsLoss: workload.data.mode !== 'none' && (run.trigger !== 'manual' || run.planned) && !run.dryRun,
    handsOver: workload.data.mode !== 'none',
    fences: workload.primary.fence !== undefined,
    // Of a planned move the primary is watched for its death, whatever the policy says about its return. A healthy one must not end a rehearsal on paper early.
    watchPrimary:
      (workload.policy.onPrimaryRecovery === 'stand-down' || run.planned) &&
      !run.skipConfirmation &&
      !run.dryRun,
    canary: workload.policy.canary !== undefined,
    onDegraded: workload.policy.degraded.then,
    prepareDegraded: workload.policy.degraded.prepare,
    // Turns are for the clouds that many standbys are built in; of one that is not ours nothing is built.
    takesTurns: !run.dryRun && others > 0 && azureStandbyOf(workload) !== null,
    dependsOnOthers: !run.dryRun && workload.dependsOn.length > 0,
    carriesHome: workload.data.mode !== 'none',
    // What is destroyed has nothing to load.
    followsAgain: !isDestroyed(workload),
    putsAway: workload.policy.failback.putAway && azureStandbyOf(workload) !== null && !run.dryRun,
    pipelinePollSeconds: workload.limits.pipelinePollSeconds,
    standbyPollSeconds: workload.limits.standbyPollSeconds,
  };
}
