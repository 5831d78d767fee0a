import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { repository } from './script-bench.ts';

const variable = z.strictObject({ name: z.string(), value: z.string() });
const inputs = z.record(z.string(), z.union([z.string(), z.boolean()]));

/** One step: exactly one of the four kinds that this pipeline uses. */
const step = z.strictObject({
  task: z.string().optional(),
  bash: z.string().optional(),
  checkout: z.literal('self').optional(),
  download: z.literal('none').optional(),
  name: z.string().optional(),
  displayName: z.string().optional(),
  condition: z.string().optional(),
  fetchDepth: z.number().optional(),
  persistCredentials: z.boolean().optional(),
  inputs: inputs.optional(),
  env: z.record(z.string(), z.string()).optional(),
});

const timing = {
  displayName: z.string(),
  timeoutInMinutes: z.number().int().positive().optional(),
  cancelTimeoutInMinutes: z.number().int().positive().optional(),
  condition: z.string().optional(),
  variables: z.array(variable).optional(),
};
const job = z.union([
  z.strictObject({
    job: z.string(),
    ...timing,
    dependsOn: z.string().optional(),
    // Nothing but a job without an agent names a pool of its own.
    pool: z.literal('server').optional(),
    steps: z.array(step),
  }),
  z.strictObject({
    deployment: z.string(),
    environment: z.string(),
    ...timing,
    strategy: z.strictObject({
      runOnce: z.strictObject({ deploy: z.strictObject({ steps: z.array(step) }) }),
    }),
  }),
]);

/** The keys of the Azure Pipelines schema that this pipeline uses; a misspelt one is refused here, not on the day. */
const pipeline = z.strictObject({
  name: z.string(),
  appendCommitMessageToRunName: z.boolean(),
  trigger: z.string(),
  pr: z.string(),
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      displayName: z.string(),
      type: z.enum(['string', 'boolean']),
      default: z.union([z.string(), z.boolean()]).optional(),
      values: z.array(z.string()).optional(),
    }),
  ),
  variables: z.array(variable),
  pool: z.strictObject({ vmImage: z.string() }),
  stages: z.array(
    z.strictObject({
      stage: z.string(),
      displayName: z.string(),
      dependsOn: z.array(z.string()),
      condition: z.string().optional(),
      jobs: z.array(job),
    }),
  ),
});

export type Pipeline = z.infer<typeof pipeline>;
export type Job = z.infer<typeof job>;
export type Step = z.infer<typeof step>;

export const pipelineText = readFileSync(join(repository, 'pipelines/failover.yml'), 'utf8');

/** The pipeline, parsed; `text` is another pipeline in a test that wants a refusal. */
export const readPipeline = (text: string = pipelineText): Pipeline => pipeline.parse(parse(text));

export const stepsOf = (one: Job): Step[] => ('job' in one ? one.steps : one.strategy.runOnce.deploy.steps);

export const jobsOf = (whole: Pipeline): Job[] => whole.stages.flatMap((stage) => stage.jobs);

/** The script that a step runs, as a path in the repository. */
export const scriptOf = (one: Step): string | undefined => {
  const path = one.inputs?.['scriptPath'] ?? one.bash?.replace(/^exec /, '');
  return typeof path === 'string' ? path : undefined;
};
