import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkflowName } from '../core/names.ts';
import { functionTable, functionNames, type FunctionName } from '../core/functions.ts';

/** The text of a workflow as it is in the repository: the CDK deploys these bytes and the drill runs them. */
export function readWorkflow(name: WorkflowName): string {
  return readFileSync(path.join(import.meta.dirname, `${name}.asl.json`), 'utf8');
}

/** What every placeholder stands for: the ARN of a function of the controller. */
export function placeholdersOf(arnOf: (name: FunctionName) => string): Record<string, string> {
  return Object.fromEntries(functionNames.map((name) => [functionTable[name].placeholder, arnOf(name)]));
}

const PLACEHOLDER = /\$\{(?<name>\w+)\}/g;

/** The placeholders that a text uses. */
export function placeholdersIn(text: string): readonly string[] {
  const names = [...text.matchAll(PLACEHOLDER)].map((match) => match.groups?.['name'] ?? '');
  return [...new Set(names)];
}

/**
 * Puts values into a workflow's text, as CloudFormation's DefinitionSubstitutions do.
 * @throws Error naming every placeholder without a value.
 */
export function bind(text: string, values: Readonly<Record<string, string>>): string {
  const unbound = placeholdersIn(text).filter((name) => !Object.hasOwn(values, name));
  if (unbound.length > 0) {
    throw new Error(`No value for ${unbound.join(', ')}; expected one of ${Object.keys(values).join(', ')}`);
  }
  return text.replaceAll(PLACEHOLDER, (_, name: string) => values[name] ?? '');
}
