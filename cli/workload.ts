import * as z from 'zod';
import type { Config, Workload } from '../core/config/schema.ts';
import { didYouMean } from '../core/nearest.ts';
import { shown } from '../core/problems.ts';
import { executionArnOf } from '../core/names.ts';
import { notFound } from './exit.ts';

/** The workload of that id. @throws CommandFailure (3) with the ids that there are. */
export function requireWorkload(config: Config, id: string): Workload {
  // By its own keys only: `constructor` is a property of every object, and no workload.
  const workload = Object.hasOwn(config.workloads, id) ? config.workloads[id] : undefined;
  if (workload !== undefined) return workload;
  const ids = Object.keys(config.workloads);
  throw notFound(
    `There is no workload ${shown(id)} in the configuration.`,
    `It has: ${ids.join(', ')}${didYouMean(id, ids)}`,
  );
}

/** The name of an execution, or its whole ARN as AWS prints it. Source: API reference of StartExecution, `name`. */
export const executionSchema = z
  .string()
  .transform((text) => (text.startsWith('arn:') ? (text.split(':').at(-1) ?? '') : text))
  .pipe(z.string().regex(/^[\w-]{1,80}$/, 'the name of an execution, or its ARN'));

/** A moment as part of a name: letters and digits only, and sorting by time. */
export const stampOf = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:.]/g, '');

export const isoOf = (ms: number): string => new Date(ms).toISOString();

/** Where AWS shows the graph of an execution. */
export const consoleUrlOf = (config: Config, execution: string): string => {
  const { region } = config.controller;
  const arn = executionArnOf(config.controller, execution);
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${arn}`;
};
