import * as z from 'zod';
import { runNameOf, type PipelineRun, type PipelineStage } from '../../../core/standby/pipeline.ts';
import { oneLine } from '../errors.ts';

/*
 * An execution of the container job, and the small file in which the job tells how its stages go: Azure knows of an execution
 * only that it runs, or how it ended. Sources: Azure Container Apps REST API, Jobs Executions; pipelines/scripts/run-job.sh
 * writes the file.
 */

/** Azure's words for an execution. `Unknown` and `Degraded` say nothing that one could act on: the run's own limit ends it. */
const STATES = {
  Processing: 'queued',
  Running: 'running',
  Unknown: 'running',
  Degraded: 'running',
  Stopped: 'completed',
  Failed: 'completed',
  Succeeded: 'completed',
} as const;

const RESULTS = {
  Processing: null,
  Running: null,
  Unknown: null,
  Degraded: null,
  Stopped: 'canceled',
  Failed: 'failed',
  Succeeded: 'succeeded',
} as const;

const statuses = Object.keys(STATES) as [keyof typeof STATES, ...(keyof typeof STATES)[]];

const envSchema = z.object({
  name: z.string(),
  value: z.string().nullish(),
  secretRef: z.string().nullish(),
});

/** A container, as far as an execution can be given one. */
export const containerSchema = z.object({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).nullish(),
  args: z.array(z.string()).nullish(),
  env: z.array(envSchema).nullish(),
  resources: z.object({ cpu: z.number(), memory: z.string() }).nullish(),
});
export type Container = z.infer<typeof containerSchema>;

export const executionSchema = z.object({
  name: z.string().min(1),
  properties: z.object({
    status: z.enum(statuses),
    template: z
      .object({ containers: z.array(z.object({ env: z.array(envSchema).nullish() })).nullish() })
      .nullish(),
  }),
});
export type Execution = z.infer<typeof executionSchema>;

/** What the job was started with, by the names of its environment variables. */
export const environmentOf = (execution: Execution): ReadonlyMap<string, string> =>
  new Map(
    (execution.properties.template?.containers ?? []).flatMap((container) =>
      (container.env ?? []).map(({ name, value }) => [name, value ?? ''] as const),
    ),
  );

/** The file of a request. A stage that ends in error gives its first lines. */
export const progressSchema = z.object({
  execution: z.string(),
  stages: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['pending', 'running', 'completed']),
      result: z.enum(['succeeded', 'failed', 'canceled', 'skipped']).nullable(),
      errors: z.array(z.string()).default([]),
    }),
  ),
});
export type Progress = z.infer<typeof progressSchema>;

/** Where the file of a request is, in the container `runner`. */
export const progressName = (workload: string, correlationId: string): string =>
  `${workload}/${correlationId}.json`;

/** The file, in the container `handover`, that asks the job of a request to end. */
export const stopName = (workload: string, correlationId: string): string =>
  `${workload}/runner/${correlationId}.stop.json`;

const ERROR_LINES_MAX = 3;
const ERROR_LINE_LENGTH_MAX = 300;

const SILENT_START =
  'CONTAINER_ENDED: the container ended before it told of any stage. Usual causes: its image cannot be pulled, or its ' +
  'identity is not signed in. Read the log of the execution in the portal';
const SILENT_STAGE =
  'CONTAINER_ENDED: the container ended during this stage without a word: its time limit, its memory, or its machine. The ' +
  'Terraform state may be locked still. Read the log of the execution in the portal';

/** The stages as the job told them, with what Azure knows of its end: a container that was killed tells nothing any more. */
function stagesOf(progress: Progress | null, failed: boolean): PipelineStage[] {
  const told = (progress?.stages ?? []).map((stage) => ({
    ...stage,
    errors: stage.errors.slice(0, ERROR_LINES_MAX).map((line) => oneLine(line, ERROR_LINE_LENGTH_MAX)),
  }));
  if (!failed || told.some(({ result }) => result === 'failed' || result === 'canceled')) return told;
  if (!told.some(({ state }) => state === 'running')) {
    return [...told, { name: 'Container', state: 'completed', result: 'failed', errors: [SILENT_START] }];
  }
  return told.map((stage) =>
    stage.state === 'running'
      ? { ...stage, state: 'completed' as const, result: 'failed' as const, errors: [SILENT_STAGE] }
      : stage,
  );
}

/** An execution and its file as the domain knows them; a file of another execution of the same request tells nothing. */
export function toPipelineRun(
  execution: Execution,
  told: Progress | null,
  place: { readonly workload: string; readonly url: string },
): PipelineRun {
  const { status } = execution.properties;
  const correlationId = environmentOf(execution).get('CORRELATION_ID') ?? '';
  const progress = told?.execution === execution.name ? told : null;
  const stages = stagesOf(progress, status === 'Failed');
  return {
    runner: 'container-job',
    id: execution.name,
    name: runNameOf(place.workload, 'apply', correlationId),
    state: STATES[status],
    // One that ended because it was asked to has failed by Azure's words; its stages know better.
    result: stages.some(({ result }) => result === 'canceled') ? 'canceled' : RESULTS[status],
    url: place.url,
    stages,
    waits: null,
    begun: stages.some(({ state, result }) => state !== 'pending' && result !== 'skipped'),
  };
}
