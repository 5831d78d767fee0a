import { z } from 'zod';
import { jsonAnswer, requestIds, signatureProblem } from './aws-wire.ts';
import { UnexpectedCall, type Service, type WireResponse } from '../wire/wire-shape.ts';

/** One alarm as the drill's evaluator sees it. */
export interface AlarmView {
  readonly name: string;
  /** @default 'metric' */
  readonly kind?: 'metric' | 'composite';
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
  readonly reason: string;
  /** JSON text, as CloudWatch gives it. */
  readonly reasonData: string;
  /** Milliseconds since the Unix epoch. */
  readonly stateUpdated: number;
}

export interface CloudWatchOptions {
  readonly account: string;
  readonly alarms: (region: string) => readonly AlarmView[];
}

const TARGET = 'GraniteServiceVersion20100801.';
const HOST = /^monitoring\.([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;
/** Source: API reference of DescribeAlarms: 50 where MaxRecords is not given, 100 at most. */
const PAGE_DEFAULT = 50;
const PAGE_MAX = 100;

const inputSchema = z.strictObject({
  AlarmNames: z.array(z.string().min(1).max(255)).max(100).optional(),
  AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).optional(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']).optional(),
  MaxRecords: z.int().min(1).max(PAGE_MAX).optional(),
  NextToken: z.string().optional(),
});
type Input = z.infer<typeof inputSchema>;

/** JSON 1.0 for a service that once spoke Query: the old error code goes along in a header. */
const errorAnswer = (code: string, message: string, requestId: string): WireResponse => ({
  status: 400,
  headers: {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': requestId,
    'x-amzn-query-error': `${code};Sender`,
  },
  body: JSON.stringify({ __type: `com.amazonaws.cloudwatch.v2010_08_01#${code}`, message }),
});

const metricAlarm = (
  alarm: AlarmView,
  place: { readonly region: string; readonly account: string },
): unknown => ({
  AlarmName: alarm.name,
  AlarmArn: `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${alarm.name}`,
  ActionsEnabled: true,
  StateValue: alarm.state,
  StateReason: alarm.reason,
  StateReasonData: alarm.reasonData,
  StateUpdatedTimestamp: alarm.stateUpdated / 1_000,
  StateTransitionedTimestamp: alarm.stateUpdated / 1_000,
});

const select = (alarms: readonly AlarmView[], input: Input): AlarmView[] =>
  alarms
    .filter((alarm) => input.AlarmNames?.includes(alarm.name) ?? true)
    .filter((alarm) => input.StateValue === undefined || alarm.state === input.StateValue)
    // Without types CloudWatch answers metric alarms only.
    .filter(({ kind }) =>
      (input.AlarmTypes ?? ['MetricAlarm']).includes(kind === 'composite' ? 'CompositeAlarm' : 'MetricAlarm'),
    )
    .sort((left, right) => (left.name < right.name ? -1 : 1));

/** CloudWatch in every Region, for `DescribeAlarms`. Protocol: AWS JSON 1.0, checked against @aws-sdk/client-cloudwatch. */
export function cloudWatchService(options: CloudWatchOptions): Service {
  const nextId = requestIds('cloudwatch');
  const describe = (body: string, region: string, requestId: string): WireResponse => {
    const raw: unknown = JSON.parse(body);
    const parsed = inputSchema.safeParse(raw);
    if (!parsed.success) {
      const strangers = parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' ? issue.keys : [],
      );
      if (strangers.length > 0) {
        throw new UnexpectedCall(
          `the simulated CloudWatch does not know ${strangers.join(', ')} of DescribeAlarms`,
        );
      }
      return errorAnswer('ValidationError', z.prettifyError(parsed.error), requestId);
    }
    const start = Number(parsed.data.NextToken ?? 0);
    if (!Number.isInteger(start))
      return errorAnswer('InvalidNextToken', 'The next token specified is invalid.', requestId);
    const found = select(options.alarms(region), parsed.data);
    const end = start + (parsed.data.MaxRecords ?? PAGE_DEFAULT);
    const place = { region, account: options.account };
    const page = found.slice(start, end);
    const answer = {
      MetricAlarms: page.filter(({ kind }) => kind !== 'composite').map((one) => metricAlarm(one, place)),
      CompositeAlarms: page.filter(({ kind }) => kind === 'composite').map((one) => metricAlarm(one, place)),
      ...(end < found.length ? { NextToken: String(end) } : {}),
    };
    return jsonAnswer(answer, requestId);
  };
  return {
    name: 'cloudwatch',
    handles: (request) => HOST.test(request.host),
    answer: (request) => {
      const region = HOST.exec(request.host)?.[1] ?? '';
      const target = request.headers['x-amz-target'] ?? '';
      if (target !== `${TARGET}DescribeAlarms`) {
        throw new UnexpectedCall(`the simulated CloudWatch does not know the operation "${target}"`);
      }
      const requestId = nextId();
      const problem = signatureProblem(request, { region, service: 'monitoring' });
      if (problem !== null) return errorAnswer(problem.code, problem.message, requestId);
      return describe(request.body, region, requestId);
    },
  };
}
