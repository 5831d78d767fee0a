import { alarmSourcesOf } from '../watch/detection.ts';
import { functionTable } from '../functions.ts';
import { placesOf } from '../watch/places.ts';
import { originIds } from '../route/route.ts';
import { checkApproval, checkCanary, checkStart, type Report, type Subject } from './policy-rules.ts';
import { WORKLOAD_ID, type Config, type Workload } from './schema.ts';

/** The workflow's own time limit; `statemachines/failover.asl.json` carries the same number. Seconds. */
export const EXECUTION_SECONDS_MAX = 10_800;

/** What the steps without a limit of their own take at most together: begin, lease, moves, record, announce. Seconds. */
const SMALL_STEPS_SECONDS = 900;

/**
 * The parts of a configuration whose own shape is right. A whole Config is one; so is what remains of a broken one, so
 * that a misspelt field in one section does not hide the mistakes between the others.
 */
export interface ReadableConfig {
  readonly controller: Partial<Config['controller']>;
  readonly workloads: Readonly<Record<string, Partial<Workload>>>;
}

/**
 * Polls that the history of one execution has room for: of its 25,000 events the pipeline may use 17,500 (25 a poll, the
 * primary is watched too) and the waiting for standby and approval 4,500 (9 a poll).
 */
const PIPELINE_POLLS_MAX = 700;
const STANDBY_POLLS_MAX = 500;

/** Rules that look at more than one field. Each reports path, value and expectation. */
export function checkRules(config: ReadableConfig): string[] {
  const problems: string[] = [];
  const { controller } = config;
  for (const [id, workload] of Object.entries(config.workloads)) {
    const report: Report = (path, problem) => problems.push(`workloads.${id}.${path}: ${problem}`);
    const subject = { id, controller, workload, report };
    checkId(id, problems);
    checkRegions(subject);
    checkStore(subject);
    checkNames(subject);
    checkQuorum(subject);
    checkCanary(subject);
    checkStrategy(subject);
    checkStack(subject);
    checkStart(subject);
    checkApproval(subject);
    checkDatapoints(subject);
    checkConfirmSeconds(subject);
    checkLimits(subject);
    checkExecution(subject);
  }
  checkShared(config, (path, problem) => problems.push(`workloads.${path}: ${problem}`));
  return problems;
}

function checkId(id: string, problems: string[]): void {
  if (WORKLOAD_ID.test(id)) return;
  problems.push(
    `workloads: got the id "${id}", expected 2 to 12 of a-z and 0-9, first a letter: Azure takes no other in its names`,
  );
}

function checkRegions({ controller, workload: { primary }, report }: Subject): void {
  if (primary === undefined) return;
  if (controller.probeRegions?.includes(primary.region) === true) {
    report(
      'primary.region',
      `got "${primary.region}", expected a Region that is not among controller.probeRegions: ` +
        'a place inside the outage cannot tell what the world sees',
    );
  }
  if (primary.region !== controller.region) return;
  report(
    'primary.region',
    `got "${primary.region}", expected another Region than controller.region: ` +
      'a controller must not die with what it protects',
  );
}

/** A KeyValueStore takes no policy of its own, so only roles of its own account can write to it. */
function checkStore({ controller, workload: { edge }, report }: Subject): void {
  if (controller.account === undefined || edge === undefined) return;
  if (edge.strategy === 'key-value') checkFunctionEdge(edge, report);
  if (edge.keyValueStoreArn === undefined) return;
  const account = edge.keyValueStoreArn.split(':')[4];
  if (account === controller.account) return;
  report(
    'edge.keyValueStoreArn',
    `got "${edge.keyValueStoreArn}", expected a store in the account of the controller, ${controller.account}`,
  );
}

/** The edge function reads one store and knows the origins by their fixed ids. */
function checkFunctionEdge(edge: Workload['edge'], report: Report): void {
  if (edge.keyValueStoreArn === undefined) {
    report(
      'edge.keyValueStoreArn',
      'got nothing, expected the ARN of the store that the edge function reads (strategy key-value)',
    );
  }
  for (const id of originIds) {
    if (edge.originIds[id] === id) continue;
    report(
      `edge.originIds.${id}`,
      `got "${edge.originIds[id]}", expected "${id}": the edge function knows no other id`,
    );
  }
}

function checkNames({ workload, report }: Subject): void {
  const seen = new Map<string, string>();
  if (workload.url !== undefined) seen.set(new URL(workload.url).hostname, 'url');
  for (const origin of ['primary', 'standby', 'maintenance'] as const) {
    const domainName = workload[origin]?.domainName;
    if (domainName === undefined) continue;
    const other = seen.get(domainName);
    if (other !== undefined) {
      report(`${origin}.domainName`, `got "${domainName}", expected a name of its own, not that of ${other}`);
    }
    seen.set(domainName, `${origin}.domainName`);
  }
}

/** A quorum must be within reach exactly when it matters: while the primary's Region answers nothing at all. */
function checkQuorum({ id, controller, workload, report }: Subject): void {
  const { primary, edge, detection, policy } = workload;
  const { probeRegions } = controller;
  if (!probeRegions || !primary || !edge || !detection || !policy) return;
  const { quorum } = policy.confirm;
  const places = placesOf({ controller: { probeRegions } }).length;
  const sources = alarmSourcesOf(id, { primary, edge, detection });
  const alarms = sources.filter((source) => source.region !== primary.region).length;
  // From each place one probe of the primary and one through the edge.
  const signals = alarms + 2 * places;
  const kinds = alarms > 0 ? 2 : 1;
  const atMost = (field: keyof typeof quorum, most: number, why: string): void => {
    if (quorum[field] <= most) return;
    report(`policy.confirm.quorum.${field}`, `got ${quorum[field]}, expected at most ${most}: ${why}`);
  };
  atMost('signals', signals, `so many can speak while ${primary.region} is silent`);
  atMost('kinds', kinds, `no alarm lives outside ${primary.region}`);
  atMost('places', places, 'there are no more places');
}

/** What the edge stack could not deploy, or would undo one day. */
function checkStack({ workload: { url, edge }, report }: Subject): void {
  if (edge?.stack === undefined) return;
  if (edge.strategy !== 'key-value') {
    report(
      'edge.strategy',
      `got "${edge.strategy}", expected "key-value" where edge.stack makes the distribution: ` +
        'a deployment of the stack would undo what the controller has moved',
    );
  }
  if (url === undefined) return;
  const host = new URL(url).hostname;
  const zone = edge.stack.hostedZone.name;
  if (host === zone || host.endsWith(`.${zone}`)) return;
  report(
    'edge.stack.hostedZone.name',
    `got "${zone}", expected the zone that holds ${host}: certificate and alias records are written there`,
  );
}

function checkDatapoints({ workload: { detection }, report }: Subject): void {
  if (detection === undefined || detection.datapointsToAlarm <= detection.evaluationPeriods) return;
  report(
    'detection.datapointsToAlarm',
    `got ${detection.datapointsToAlarm}, expected at most evaluationPeriods (${detection.evaluationPeriods})`,
  );
}

function checkConfirmSeconds({ workload: { limits, health, policy }, report }: Subject): void {
  if (!limits || !health || !policy) return;
  const { outage, confirm } = policy;
  const low = outage.seconds + confirm.intervalSeconds + Math.ceil(health.probeTimeoutMs / 1000);
  if (limits.confirmSeconds >= low) return;
  report(
    'limits.confirmSeconds',
    `got ${limits.confirmSeconds}, expected at least ${low}: policy.outage.seconds, and a last look that times out`,
  );
}

function checkLimits({ workload: { limits, policy }, report }: Subject): void {
  if (limits === undefined) return;
  const atLeast = (field: keyof typeof limits, low: number, why: string): void => {
    if (limits[field] < low)
      report(`limits.${field}`, `got ${limits[field]}, expected at least ${low}: ${why}`);
  };
  const streak = limits.convergeStreak * limits.convergePollSeconds;
  atLeast('convergeSeconds', 2 * streak, 'two streaks of convergeStreak polls');
  atLeast('convergeSeconds', limits.shieldSettleSeconds + streak, 'shieldSettleSeconds and a streak');
  atLeast('standbySeconds', 2 * limits.standbyPollSeconds, 'two polls');
  const building = Math.ceil(limits.pipelineSeconds / PIPELINE_POLLS_MAX);
  atLeast('pipelinePollSeconds', building, 'an execution keeps 25,000 events, about 25 a poll');
  const gate = policy?.startStandby === 'on-approval' ? policy.approval : undefined;
  const waiting = limits.standbySeconds + (gate?.mode === 'required' ? gate.timeLimitSeconds : 0);
  const looking = Math.ceil(waiting / STANDBY_POLLS_MAX);
  atLeast('standbyPollSeconds', looking, 'an execution keeps 25,000 events, about 9 a look');
  const longest = Math.max(limits.convergeSeconds, functionTable['confirm-outage'].timeoutSeconds);
  atLeast('leaseSeconds', longest + 60, 'the longest step between two renewals, and a minute');
}

/** A distribution takes minutes where a store takes seconds. AWS said in 2020: reliably within 5 minutes. */
const DISTRIBUTION_CONVERGE_SECONDS_MIN = 420;

function checkStrategy({ workload: { edge, limits }, report }: Subject): void {
  if (edge !== undefined && new Set(Object.values(edge.originIds)).size < originIds.length) {
    report(
      'edge.originIds',
      `got ${Object.values(edge.originIds).join(', ')}, expected three different origins`,
    );
  }
  if (edge?.strategy !== 'distribution' || limits === undefined) return;
  if (limits.convergeSeconds >= DISTRIBUTION_CONVERGE_SECONDS_MIN) return;
  report(
    'limits.convergeSeconds',
    `got ${limits.convergeSeconds}, expected at least ${DISTRIBUTION_CONVERGE_SECONDS_MIN}: ` +
      'a distribution update spreads in minutes',
  );
}

function checkExecution({ workload: { limits, policy }, report }: Subject): void {
  if (limits === undefined) return;
  const canary = policy?.canary;
  const wait = policy?.approval.mode === 'required' ? policy.approval.timeLimitSeconds : 0;
  const build = limits.pipelineSeconds + limits.standbySeconds;
  // The approval is asked for beside the build, unless the build waits for it.
  const preparation = policy?.startStandby === 'on-approval' ? wait + build : Math.max(wait, build);
  const shares =
    canary === undefined ? 0 : canary.shares.length * (canary.holdSeconds + limits.convergeSeconds);
  const total =
    2 * limits.confirmSeconds + 3 * limits.convergeSeconds + preparation + shares + SMALL_STEPS_SECONDS;
  if (total <= EXECUTION_SECONDS_MAX) return;
  report('limits', `got ${total} s for all steps together, expected at most ${EXECUTION_SECONDS_MAX} s`);
}

/** What two workloads must not have in common: the route stands under one key, so a second one would overwrite it. */
function checkShared(config: ReadableConfig, report: Report): void {
  for (const field of ['distributionId', 'keyValueStoreArn'] as const) {
    const owners = new Map<string, string>();
    for (const [id, { edge }] of Object.entries(config.workloads)) {
      if (edge === undefined) continue;
      const value = edge[field];
      if (value === undefined) continue;
      const owner = owners.get(value);
      if (owner === undefined) owners.set(value, id);
      else
        report(
          `${id}.edge.${field}`,
          `got "${value}", expected one of its own, not that of workload ${owner}`,
        );
    }
  }
}
