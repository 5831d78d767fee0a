import * as z from 'zod';
import { configSchema } from './schema.ts';

/** The schemas under one that only wraps others: an optional field, a default, one of several shapes. */
function unwrapped(schema: unknown): readonly unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  return schema instanceof z.ZodUnion ? schema.options.flatMap(unwrapped) : [schema];
}

function below(schema: unknown, key: PropertyKey): readonly unknown[] {
  if (schema instanceof z.ZodObject) return unwrapped(schema.shape[String(key)]);
  if (schema instanceof z.ZodRecord) return unwrapped(schema.valueType);
  return schema instanceof z.ZodArray ? unwrapped(schema.element) : [];
}

/** The names of the fields that the configuration has at a path, for whoever has misspelt one; none where it has none. */
export function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  const schemas = path.reduce<readonly unknown[]>(
    (found, key) => found.flatMap((schema) => below(schema, key)),
    [configSchema],
  );
  return schemas.flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}
