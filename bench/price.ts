/**
 * What the controller costs a month, by item: what its stacks have, counted in their templates, and what its watch does, counted
 * in the drill's terms. Without Slack, without the edge stack, and before anything that AWS gives for nothing.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { argv, stdout } from 'node:process';
import { LOOKS_A_MINUTE, looksAtOnce } from '../core/watch/beat.ts';
import { synth } from './fleet.ts';
import { fleetOf } from './fleet-config.ts';

const COUNTS = [1, 10, 500] as const;

/** US dollars, list prices of AWS; docs/cost.md says which of them are verified. */
const PRICE = {
  key: 1,
  alarmMetric: 0.1,
  alarmMetricHighResolution: 0.3,
  customMetric: 0.3,
  healthCheck: 0.5,
  healthCheckOption: 1,
  lambdaCall: 0.2e-6,
  lambdaGigabyteSecond: 13.3334e-6,
  queueRequest: 0.4e-6,
  ledgerWrite: 0.625e-6,
  ledgerRead: 0.125e-6,
  logGigabyte: 0.5,
  storeCall: 1e-3,
  edgeRequest: 1.2e-6,
  edgeFunctionCall: 0.1e-6,
  storeRead: 0.03e-6,
} as const;

const MINUTES = 730 * 60;
const PLACES = 3;
const GIGABYTES = 0.25;
/** Seconds of a function, assumed until somebody measures them in AWS: so many, and so many more for each workload. */
const SECONDS = { schedule: [0.3, 0], watch: [0.5, 0.03], probe: [0.3, 0.02], data: [0.6, 0.06] } as const;
/** A beacon: every four hours, watched for some 35 s in rounds of 2.3 s, three asks of each place in each. A claim and a result of 7 KB. */
const BEACON = {
  count: 730 / 4,
  rounds: 16,
  asks: 3,
  seconds: 40,
  ledgerWrites: 14,
  ledgerReads: 3,
} as const;
/** Calls of the measuring, most of which find that it is nobody's turn. */
const SPREAD_TICKS = MINUTES / 10;

/** A report on the data has between one and two KB, and is paid as two. */
const REPORT_UNITS = 2;
/** Lambda's pollers ask a queue that is empty three times a minute each. Source: AWS Lambda Developer Guide. */
const EMPTY_POLLS = 5 * 3 * MINUTES;
/** The lines of Lambda about each call, and our figure about each workload. Bytes, measured on lines of this shape. */
const BYTES = { call: 350, figure: 420 } as const;

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
interface Item {
  readonly name: string;
  readonly dollars: number;
}

function resourcesOf(workloads: number): readonly Resource[] {
  const directory = mkdtempSync(path.join(tmpdir(), 'pilotlight-price-'));
  try {
    writeFileSync(path.join(directory, 'fleet.json'), JSON.stringify(fleetOf(workloads)));
    const out = path.join(directory, 'out');
    synth(directory, out);
    const templates = readdirSync(out).filter((file) => file.endsWith('.template.json'));
    return templates
      .filter((file) => !file.startsWith('PilotlightEdge'))
      .flatMap((file) => {
        const text = readFileSync(path.join(out, file), 'utf8');
        return Object.values((JSON.parse(text) as { Resources: Record<string, Resource> }).Resources);
      });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const isOf =
  (type: string) =>
  ({ Type }: Resource): boolean =>
    Type === type;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** An alarm is paid by the metrics that it looks at. */
function alarmDollars({ Properties = {} }: Resource): number {
  const metrics = Properties['Metrics'] as readonly { readonly MetricStat?: unknown }[] | undefined;
  const count = metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
  const isFast = Number(Properties['Period'] ?? 60) < 60;
  return count * (isFast ? PRICE.alarmMetricHighResolution : PRICE.alarmMetric);
}

function checkDollars({ Properties = {} }: Resource): number {
  const { Type, RequestInterval } = Properties['HealthCheckConfig'] as Readonly<Record<string, unknown>>;
  const options = (Type === 'HTTPS' ? 1 : 0) + (Number(RequestInterval ?? 30) < 30 ? 1 : 0);
  return PRICE.healthCheck + options * PRICE.healthCheckOption;
}

const isOwn = ({ Properties = {} }: Resource): boolean =>
  String(Properties['AlarmName']).startsWith('pilotlight/');

function itemsOf(workloads: number): readonly Item[] {
  const resources = resourcesOf(workloads);
  const alarms = resources.filter(isOf('AWS::CloudWatch::Alarm'));
  const groups = looksAtOnce(workloads);
  const looks = MINUTES * LOOKS_A_MINUTE;
  const calls = { schedule: MINUTES, watch: looks * groups, probe: looks * groups * PLACES };
  const secondsOf = ([each, more]: readonly [number, number]): number => each + (more * workloads) / groups;
  const lambda = (count: number, seconds: number): number =>
    count * (PRICE.lambdaCall + GIGABYTES * seconds * PRICE.lambdaGigabyteSecond);
  const requests = MINUTES * Math.ceil((LOOKS_A_MINUTE * groups) / 10) + 2 * calls.watch + EMPTY_POLLS;
  const bytes = (calls.watch + calls.probe) * BYTES.call + looks * workloads * BYTES.figure;
  return [
    { name: 'keys', dollars: resources.filter(isOf('AWS::KMS::Key')).length * PRICE.key },
    { name: 'alarms on Pilotlight itself', dollars: sum(alarms.filter(isOwn).map(alarmDollars)) },
    {
      name: 'alarms of the workloads',
      dollars: sum(alarms.filter((alarm) => !isOwn(alarm)).map(alarmDollars)),
    },
    {
      name: 'health checks of Route 53',
      dollars: sum(resources.filter(isOf('AWS::Route53::HealthCheck')).map(checkDollars)),
    },
    // One a workload, and the silent places; those that count what should not be are paid while it is.
    { name: 'metrics of the watch', dollars: (workloads + 1) * PRICE.customMetric },
    { name: 'looks: the queue', dollars: requests * PRICE.queueRequest },
    {
      name: 'looks: functions of the watch',
      dollars:
        lambda(calls.schedule, secondsOf(SECONDS.schedule)) + lambda(calls.watch, secondsOf(SECONDS.watch)),
    },
    { name: 'looks: functions of the places', dollars: lambda(calls.probe, secondsOf(SECONDS.probe)) },
    {
      name: 'looks: the ledger',
      dollars: looks * workloads * (PRICE.ledgerWrite + PRICE.ledgerRead),
    },
    { name: 'looks: logs', dollars: (bytes / 1e9) * PRICE.logGigabyte },
    ...spreadItems(workloads, lambda),
    { name: 'metrics of the data', dollars: workloads * PRICE.customMetric },
    {
      name: 'data: the function',
      dollars: lambda(MINUTES, SECONDS.data[0] + SECONDS.data[1] * workloads),
    },
    {
      name: 'data: the ledger',
      dollars: MINUTES * workloads * (REPORT_UNITS * PRICE.ledgerWrite + PRICE.ledgerRead),
    },
    // It reads every lease; a run that holds one is asked about, which is no price.
    {
      name: 'runs: function and ledger',
      dollars:
        lambda(MINUTES, SECONDS.schedule[0] + SECONDS.schedule[1] * workloads) +
        MINUTES * workloads * PRICE.ledgerRead,
    },
  ];
}

/** What measuring the spread of changes costs. Its metric is paid only while an edge is too slow. */
function spreadItems(workloads: number, lambda: (count: number, seconds: number) => number): readonly Item[] {
  const beacons = BEACON.count * workloads;
  const asks = beacons * BEACON.rounds * BEACON.asks * PLACES;
  return [
    // The version that the last beacon left is mostly still the newest, so a beacon is one call.
    { name: 'spread: the store', dollars: beacons * PRICE.storeCall },
    {
      name: 'spread: asked at the edge',
      dollars: asks * (PRICE.edgeRequest + PRICE.edgeFunctionCall + PRICE.storeRead),
    },
    {
      name: 'spread: functions',
      dollars:
        lambda(SPREAD_TICKS, SECONDS.schedule[0]) +
        // The workloads of one turn are measured side by side, in one call.
        lambda(BEACON.count * Math.min(workloads, 24), BEACON.seconds) +
        lambda(beacons * BEACON.rounds * PLACES, SECONDS.probe[0]),
    },
    {
      name: 'spread: the ledger',
      dollars: beacons * (BEACON.ledgerWrites * PRICE.ledgerWrite + BEACON.ledgerReads * PRICE.ledgerRead),
    },
  ];
}

export interface MonthlyPrice {
  readonly workloads: number;
  readonly items: readonly Item[];
  readonly dollars: number;
}

export const benchPrice = (): readonly MonthlyPrice[] =>
  COUNTS.map((workloads) => {
    const items = itemsOf(workloads);
    return { workloads, items, dollars: sum(items.map(({ dollars }) => dollars)) };
  });

/** The prices as a table for people, and what each further workload adds. */
export function printPrices(prices: readonly MonthlyPrice[]): string {
  const money = (dollars: number): string => dollars.toFixed(2).padStart(10);
  const names = prices[0]?.items.map(({ name }) => name) ?? [];
  const [first, , last] = prices;
  const further =
    first === undefined || last === undefined
      ? Number.NaN
      : (last.dollars - first.dollars) / (last.workloads - first.workloads);
  return `${[
    'US dollars a month, workloads'.padEnd(34) +
      prices.map(({ workloads }) => String(workloads).padStart(10)).join(''),
    ...names.map(
      (name, index) =>
        name.padEnd(34) + prices.map(({ items }) => money(items[index]?.dollars ?? 0)).join(''),
    ),
    'together'.padEnd(34) + prices.map(({ dollars }) => money(dollars)).join(''),
    'each workload after the first'.padEnd(34) + money(further),
  ].join('\n')}\n`;
}

if (argv[1] === import.meta.filename) stdout.write(printPrices(benchPrice()));
