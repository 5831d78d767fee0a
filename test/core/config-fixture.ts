import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { parseConfig, workloadOf } from '../../core/config/parse.ts';
import type { Config, Workload } from '../../core/config/schema.ts';
import { InvalidInput } from '../../core/errors.ts';

/** The configuration that is shipped; every test starts from it and changes one thing. */
export const SHIPPED_TEXT = readFileSync(
  path.join(import.meta.dirname, '../../pilotlight.config.yaml'),
  'utf8',
);

type Data = Record<string, unknown>;

/** The shipped configuration as data, with the fields at the dotted paths replaced; `undefined` takes a field out. */
export function dataWith(changes: Readonly<Record<string, unknown>> = {}): Data {
  const data = parse(SHIPPED_TEXT) as Data;
  for (const [dotted, value] of Object.entries(changes)) {
    const names = dotted.split('.');
    const last = names.pop() ?? '';
    const parent = names.reduce<Data>((at, name) => at[name] as Data, data);
    if (value === undefined) Reflect.deleteProperty(parent, last);
    else parent[last] = value;
  }
  return data;
}

/** The same for a field of the workload `petclinic`. */
export function dataWithWorkload(changes: Readonly<Record<string, unknown>>): Data {
  const entries = Object.entries(changes).map(([name, value]) => [`workloads.petclinic.${name}`, value]);
  return dataWith(Object.fromEntries(entries) as Record<string, unknown>);
}

export const shippedConfig = (): Config => parseConfig(dataWith());
export const shippedWorkload = (): Workload => workloadOf(shippedConfig(), 'petclinic');

/** The problems of what `act` refuses; fails the test where it accepts. */
export function problemsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (error instanceof InvalidInput) return error.problems;
    throw error;
  }
  throw new Error('expected InvalidInput, and nothing was thrown');
}
