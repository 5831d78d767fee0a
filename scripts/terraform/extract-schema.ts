/**
 * Makes terraform/schemas/azurerm.json anew from a provider's own schema, for the types that this repository uses.
 * Usage: terraform providers schema -json > schema.json && node scripts/terraform/extract-schema.ts schema.json 4.73.0
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readFolders, usedTypes } from './configuration.ts';
import type { BlockSchema, NestedBlockSchema } from './provider-schema.ts';

const ROOT = path.join(import.meta.dirname, '..', '..', 'terraform');
const TARGET = path.join(ROOT, 'schemas', 'azurerm.json');

const attributeSchema = z.object({
  type: z.unknown().optional(),
  required: z.boolean().optional(),
  optional: z.boolean().optional(),
});
type Attribute = z.infer<typeof attributeSchema>;

interface SourceBlock {
  readonly attributes?: Record<string, Attribute> | undefined;
  readonly block_types?:
    | Record<
        string,
        {
          block: SourceBlock;
          min_items?: number | undefined;
          max_items?: number | undefined;
          nesting_mode: string;
        }
      >
    | undefined;
}

const sourceBlockSchema: z.ZodType<SourceBlock> = z.object({
  attributes: z.record(z.string(), attributeSchema).optional(),
  block_types: z
    .record(
      z.string(),
      z.object({
        block: z.lazy(() => sourceBlockSchema),
        min_items: z.int().optional(),
        max_items: z.int().optional(),
        nesting_mode: z.string(),
      }),
    )
    .optional(),
});

const typesSchema = z.record(z.string(), z.object({ block: z.unknown() }));
const sourceSchema = z.object({
  provider_schemas: z.record(
    z.string(),
    z.object({
      resource_schemas: typesSchema,
      data_source_schemas: typesSchema,
      ephemeral_resource_schemas: typesSchema,
    }),
  ),
});

/** The fields of an argument that is written as blocks: a list or set of objects. Null for any other type. */
function objectFields(type: unknown): string[] | null {
  const parsed = z.tuple([
    z.enum(['list', 'set']),
    z.tuple([z.literal('object'), z.record(z.string(), z.unknown())]),
  ]);
  const found = parsed.safeParse(type);
  return found.success ? Object.keys(found.data[1][1]).sort() : null;
}

function compact(source: SourceBlock): BlockSchema {
  const attributes = Object.entries(source.attributes ?? {}).sort(([left], [right]) =>
    left < right ? -1 : 1,
  );
  const asBlocks = attributes.filter(
    ([, { type, required, optional }]) =>
      (required === true || optional === true) && objectFields(type) !== null,
  );
  const plain = attributes.filter((attribute) => !asBlocks.includes(attribute));
  const names = (test: (attribute: Attribute) => boolean): string[] =>
    plain.filter(([, attribute]) => test(attribute)).map(([name]) => name);
  const nested = Object.entries(source.block_types ?? {}).map(
    ([name, block]): [string, NestedBlockSchema] => [
      name,
      {
        min: block.min_items ?? 0,
        max: block.nesting_mode === 'single' ? 1 : (block.max_items ?? null),
        body: compact(block.block),
      },
    ],
  );
  const written = asBlocks.map(([name, { type, required }]): [string, NestedBlockSchema] => [
    name,
    {
      min: required === true ? 1 : 0,
      max: null,
      body: { required: [], optional: objectFields(type) ?? [], computed: [], blocks: {} },
    },
  ]);
  return {
    required: names(({ required }) => required === true),
    optional: names(({ required, optional }) => required !== true && optional === true),
    computed: names(({ required, optional }) => required !== true && optional !== true),
    blocks: Object.fromEntries([...nested, ...written].sort(([left], [right]) => (left < right ? -1 : 1))),
  };
}

function pick(types: z.infer<typeof typesSchema>, used: readonly string[]): Record<string, BlockSchema> {
  return Object.fromEntries(
    used.map((type) => {
      const found = types[type];
      if (found === undefined)
        throw new Error(
          `the provider has no ${type}; correct the name, or give the schema of a version that has it`,
        );
      return [type, compact(sourceBlockSchema.parse(found.block))];
    }),
  );
}

const [file, version] = process.argv.slice(2);
if (file === undefined || version === undefined) {
  process.stderr.write('usage: node scripts/terraform/extract-schema.ts SCHEMA.json VERSION\n');
  process.exit(2);
}
const source = sourceSchema.parse(JSON.parse(await readFile(file, 'utf8')));
const provider = Object.entries(source.provider_schemas).find(([name]) =>
  name.endsWith('/hashicorp/azurerm'),
)?.[1];
if (provider === undefined)
  throw new Error(
    `${file} holds no schema of hashicorp/azurerm; run terraform providers schema -json in an initialised module`,
  );
const folders = await readFolders(ROOT);
const vendored = {
  provider: 'hashicorp/azurerm',
  version,
  resource: pick(provider.resource_schemas, usedTypes(folders, 'resource', 'azurerm')),
  data: pick(provider.data_source_schemas, usedTypes(folders, 'data', 'azurerm')),
  ephemeral: pick(provider.ephemeral_resource_schemas, usedTypes(folders, 'ephemeral', 'azurerm')),
};
await writeFile(TARGET, `${JSON.stringify(vendored)}\n`);
process.stdout.write(
  `${Object.keys(vendored.resource).length} resources, ${Object.keys(vendored.data).length} data sources and ${Object.keys(vendored.ephemeral).length} ephemeral resources of ${vendored.provider} ${version} written to ${path.relative(process.cwd(), TARGET)}\n`,
);
