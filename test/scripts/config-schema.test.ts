import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SHIPPED_TEXT } from '../core/config-fixture.ts';
import { parse } from 'yaml';

/*
 * Goal: an editor that checks pilotlight.config.yaml by pilotlight.schema.json says what Pilotlight says. That the file
 * is up to date is a check of its own (`npm run check`); here is what it must hold.
 */

interface Schema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: unknown;
}

const schema = JSON.parse(
  readFileSync(path.join(import.meta.dirname, '../../pilotlight.schema.json'), 'utf8'),
) as Schema & { readonly $schema: string };

/** Every object of the schema with its path; `*` is any workload. */
function objectsOf(at: Schema, where: string): (readonly [string, Schema])[] {
  const children = Object.entries(at.properties ?? {}).map(
    ([name, child]) => [`${where}.${name}`, child] as const,
  );
  const any = at.additionalProperties ? [[`${where}.*`, at.additionalProperties] as const] : [];
  const own = at.properties === undefined ? [] : [[where, at] as const];
  const either = alternativesOf(at).map((one, index) => [`${where}|${index}`, one] as const);
  return [...own, ...[...children, ...any, ...either].flatMap(([name, child]) => objectsOf(child, name))];
}

/** The shapes of which a value has one, such as a policy with its mode. */
const alternativesOf = (at: Schema): readonly Schema[] => [...(at.oneOf ?? []), ...(at.anyOf ?? [])];

const OBJECTS = objectsOf(schema, 'config');

describe('the JSON Schema of the configuration', () => {
  it('is of draft 2020-12', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  });

  it('refuses unknown fields in every object, as Pilotlight does', () => {
    expect(
      OBJECTS.filter(([, object]) => object.additionalProperties !== false).map(([name]) => name),
    ).toEqual([]);
    expect(OBJECTS.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'config.workloads.*.standby|0.azure',
        'config.workloads.*.standby|1.deep',
        'config.workloads.*.policy.approval|0',
        'config.workloads.*.policy.approval|1',
        'config.workloads.*.policy.approval|1.onlyWithin',
      ]),
    );
  });

  it('explains every field in the editor', () => {
    const silent = OBJECTS.flatMap(([name, object]) =>
      Object.entries(object.properties ?? {})
        .filter(([, field]) => field.description === undefined)
        .map(([field]) => `${name}.${field}`),
    );
    expect(silent).toEqual([]);
  });

  it('asks for no field that has a default', () => {
    const asked = OBJECTS.flatMap(([name, object]) =>
      (object.required ?? [])
        .filter((field) => object.properties?.[field]?.default !== undefined)
        .map((field) => `${name}.${field}`),
    );
    expect(asked).toEqual([]);
    expect(schema.required).toEqual(['version', 'controller', 'workloads']);
  });

  it('knows every field of the shipped configuration', () => {
    const unknown = (data: unknown, at: Schema, where: string): string[] => {
      if (typeof data !== 'object' || data === null || Array.isArray(data)) return [];
      return Object.entries(data).flatMap(([name, value]) => {
        const field = [at, ...alternativesOf(at)]
          .map((one) => one.properties?.[name] ?? one.additionalProperties)
          .find((found) => found);
        return !field ? [`${where}.${name}`] : unknown(value, field, `${where}.${name}`);
      });
    };
    expect(unknown(parse(SHIPPED_TEXT), schema, 'config')).toEqual([]);
    expect(unknown({ controller: { regoin: 'x' } }, schema, 'config')).toEqual(['config.controller.regoin']);
  });
});
