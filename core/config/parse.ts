import * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import { didYouMean } from '../nearest.ts';
import { describeIssues, shown } from '../problems.ts';
import { fieldsAt } from './fields.ts';
import { checkRules } from './rules.ts';
import type { ReadableConfig } from './rules/subject.ts';
import { configSchema, controllerSchema, workloadSchema, type Config, type Workload } from './schema.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields of an object that are right in themselves, whatever is wrong with the others. */
function readableFields<Shape extends z.core.$ZodShape>(
  schema: z.ZodObject<Shape>,
  data: unknown,
): Partial<z.infer<z.ZodObject<Shape>>> {
  if (!isRecord(data)) return {};
  const fields = Object.entries(schema.shape).flatMap(([name, field]) => {
    const parsed = z.safeParse(field, data[name]);
    return parsed.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(fields) as Partial<z.infer<z.ZodObject<Shape>>>;
}

/** What of a broken configuration can still be held against the rules between fields. */
function readableOf(data: unknown): ReadableConfig {
  const { controller, workloads } = isRecord(data) ? data : {};
  return {
    controller: readableFields(controllerSchema, controller),
    workloads: Object.fromEntries(
      Object.entries(isRecord(workloads) ? workloads : {}).map(([id, workload]) => [
        id,
        readableFields(workloadSchema, workload),
      ]),
    ),
  };
}

/**
 * Checks a configuration that is already data.
 * @throws InvalidInput with every problem: of the shape, and of the rules between all the fields that have theirs.
 */
export function parseConfig(data: unknown): Config {
  const parsed = configSchema.safeParse(data);
  const problems = parsed.success
    ? checkRules(parsed.data)
    : [...describeIssues(parsed.error, data, fieldsAt), ...checkRules(readableOf(data))];
  if (!parsed.success || problems.length > 0) throw new InvalidInput('The configuration', problems);
  return parsed.data;
}

/** The words for an id that no workload has. */
export function unknownWorkload(config: Config, id: string): string {
  const ids = Object.keys(config.workloads);
  return `workload: got ${shown(id)}, expected one of ${ids.join(', ')}${didYouMean(id, ids)}`;
}

/** The workload of that id. @throws InvalidInput when the config has none. */
export function workloadOf(config: Config, id: string): Workload {
  // By its own keys only: `constructor` is a property of every object, and no workload.
  const workload = Object.hasOwn(config.workloads, id) ? config.workloads[id] : undefined;
  if (workload === undefined) {
    throw new InvalidInput('The workload', [unknownWorkload(config, id)]);
  }
  return workload;
}
