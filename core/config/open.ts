import * as z from 'zod';
import { InvalidInput } from '../errors.ts';
import { describeIssues } from '../problems.ts';
import { controllerSchema, workloadSchema, type Config, type Workload } from './schema.ts';

const openedSchema = z.object({
  version: z.literal(1),
  controller: controllerSchema,
  /** Each is looked at when somebody asks for it. */
  workloads: z.record(z.string(), z.unknown()),
});

/**
 * Opens a configuration that was checked as a whole when the stacks were made, as a function does that works for one of its
 * workloads. The shape of a workload is checked when it is first asked for: 500 of them would cost each cold start a
 * hundred times as much as the one that it needs, and one that is damaged stays the trouble of its own users.
 * @throws InvalidInput with every problem of what is common to all; of a workload, when it is asked for.
 */
export function openConfig(text: string): Config {
  const data = dataOf(text);
  const parsed = openedSchema.safeParse(data);
  if (!parsed.success) throw new InvalidInput('The configuration', describeIssues(parsed.error, data));
  const { version, controller, workloads } = parsed.data;
  return { version, controller, workloads: openWorkloads(workloads) };
}

/** @throws InvalidInput where it is no JSON; what it is instead is not shown, it may be anything. */
function dataOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new InvalidInput('The configuration', [`got text that is no JSON (${words}), expected an object`]);
  }
}

function openWorkloads(data: Readonly<Record<string, unknown>>): Config['workloads'] {
  const opened = new Map<string, Workload>();
  const open = (id: string): Workload => {
    const workload = opened.get(id) ?? openWorkload(id, data[id]);
    opened.set(id, workload);
    return workload;
  };
  return Object.defineProperties(
    {},
    Object.fromEntries(Object.keys(data).map((id) => [id, { enumerable: true, get: () => open(id) }])),
  );
}

function openWorkload(id: string, data: unknown): Workload {
  const parsed = workloadSchema.safeParse(data);
  if (parsed.success) return parsed.data;
  const problems = describeIssues(parsed.error, data);
  throw new InvalidInput(
    'The configuration',
    problems.map((problem) => `workloads.${id}.${problem}`),
  );
}
