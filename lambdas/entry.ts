import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics as PowertoolsMetrics, MetricResolution, MetricUnit } from '@aws-lambda-powertools/metrics';
import { Tracer } from '@aws-lambda-powertools/tracer';
import type { Context, Handler } from 'aws-lambda';
import * as z from 'zod';
import { systemClock } from '../clouds/clock.ts';
import { InvalidInput } from '../core/errors.ts';
import type { FunctionName, SlackFunctionName, WatchFunctionName } from '../core/functions.ts';
import { describeIssues } from '../core/problems.ts';
import type { Log, Metrics } from '../core/ports.ts';
import {
  ALL_SERVICES,
  NAMESPACE,
  serviceOf,
  SHARED_METRICS,
  STEP_FAILED_METRIC,
} from '../core/watch/figures.ts';
import { readConfigFile } from './config-file.ts';
import type { Compose, Resources, Runtime, Step } from './runtime.ts';

const environmentSchema = z.object({
  AWS_REGION: z.string().min(1),
  CONFIG_FILE: z.string().min(1),
  LEDGER_TABLE: z.string().min(1),
  TOPIC_ARN: z.string().regex(/^arn:/),
});

/** The environment of the process, as it is: parsed on the first call, so that its problems reach the caller. */
type Environment = Readonly<Record<string, string | undefined>>;

function readEnvironment(environment: Environment): {
  region: string;
  configFile: string;
  resources: Resources;
} {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    // The values are not shown: an environment holds credentials too.
    const hidden = Object.keys(environment).map((name) => [name, 'a value that is not shown'] as const);
    throw new InvalidInput(
      'The environment of the function',
      describeIssues(parsed.error, Object.fromEntries(hidden)),
    );
  }
  const { AWS_REGION, CONFIG_FILE, LEDGER_TABLE, TOPIC_ARN } = parsed.data;
  return {
    region: AWS_REGION,
    configFile: CONFIG_FILE,
    resources: { ledgerTable: LEDGER_TABLE, topicArn: TOPIC_ARN },
  };
}

const correlationSchema = z.object({ run: z.object({ execution: z.string(), workload: z.string() }) });
const beginSchema = z.object({ execution: z.string() });
const lastStepSchema = z.object({ state: correlationSchema });

/** The execution that an invocation belongs to, wherever its input says so; it becomes the correlation id of the logs. */
function correlationOf(input: unknown): string | undefined {
  return (
    correlationSchema.safeParse(input).data?.run.execution ??
    lastStepSchema.safeParse(input).data?.state.run.execution ??
    beginSchema.safeParse(input).data?.execution
  );
}

/** Makes the Lambda handler of a step: logs, metrics and traces around it, the real clouds under it. */
export function serve(
  name: FunctionName | SlackFunctionName | WatchFunctionName,
  compose: Compose,
  environment: Environment,
): Handler<unknown> {
  const logger = new Logger({ serviceName: serviceOf(name) });
  const metrics = new PowertoolsMetrics({ namespace: NAMESPACE, serviceName: serviceOf(name) });
  const tracer = new Tracer({ serviceName: serviceOf(name) });
  let step: Step | undefined;
  return async (input: unknown, context: Context): Promise<unknown> => {
    logger.addContext(context);
    logger.resetKeys();
    logger.appendKeys({ correlationId: correlationOf(input) ?? context.awsRequestId });
    const subsegment = tracer.isTracingEnabled() ? tracer.getSegment()?.addNewSubsegment(name) : undefined;
    try {
      step ??= compose(productionRuntime(environment, logger, metrics));
      return await step(input, { remainingMs: () => context.getRemainingTimeInMillis() });
    } catch (error) {
      logger.error('the step failed', error as Error);
      metricsOf(metrics).count(STEP_FAILED_METRIC, 1);
      throw error;
    } finally {
      subsegment?.close();
      // Publishing nothing would write a warning into the log of every quiet invocation.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    }
  };
}

function productionRuntime(environment: Environment, logger: Logger, metrics: PowertoolsMetrics): Runtime {
  const { region, configFile, resources } = readEnvironment(environment);
  return {
    config: readConfigFile(configFile),
    resources,
    clock: systemClock,
    log: logOf(logger),
    metrics: metricsOf(metrics),
    aws: { region },
  };
}

const logOf = (logger: Logger): Log => ({
  info: (message, facts) => {
    logger.info(message, { facts });
  },
  warn: (message, facts) => {
    logger.warn(message, { facts });
  },
});

const metricsOf = (metrics: PowertoolsMetrics): Metrics => ({
  count: (name, value) => {
    if (SHARED_METRICS.includes(name)) {
      const all = new PowertoolsMetrics({ namespace: NAMESPACE, serviceName: ALL_SERVICES });
      all.singleMetric().addMetric(name, MetricUnit.Count, value);
    } else metrics.addMetric(name, MetricUnit.Count, value);
  },
  seconds: (name, value) => {
    metrics.addMetric(name, MetricUnit.Seconds, value);
  },
  level: (name, value, about) => {
    // By itself, and at once: its dimensions are its own, and an alarm waits for it.
    const single = metrics.singleMetric();
    single.addDimensions({ ...about });
    single.addMetric(name, MetricUnit.Count, value, MetricResolution.High);
  },
});
