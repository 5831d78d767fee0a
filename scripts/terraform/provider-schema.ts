import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/**
 * What may stand in a block of a resource: its arguments, its nested blocks. Names only; which values are allowed is for
 * `terraform validate` to say.
 */
export interface BlockSchema {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Set by the provider; writing one is an error. */
  readonly computed: readonly string[];
  readonly blocks: Readonly<Record<string, NestedBlockSchema>>;
}

export interface NestedBlockSchema {
  /** Fewest of them; 0 where it may be absent. */
  readonly min: number;
  /** Most of them; null where there is no bound. */
  readonly max: number | null;
  readonly body: BlockSchema;
}

const blockSchema: z.ZodType<BlockSchema> = z.strictObject({
  required: z.array(z.string()),
  optional: z.array(z.string()),
  computed: z.array(z.string()),
  blocks: z.record(
    z.string(),
    z.strictObject({
      min: z.int().min(0),
      max: z.int().min(1).nullable(),
      body: z.lazy(() => blockSchema),
    }),
  ),
});

const providerSchema = z.strictObject({
  provider: z.string(),
  version: z.string(),
  resource: z.record(z.string(), blockSchema),
  data: z.record(z.string(), blockSchema),
  ephemeral: z.record(z.string(), blockSchema),
});

/** The vendored part of one provider's schema: the types that this repository uses. */
export type ProviderSchema = z.infer<typeof providerSchema>;

/** Parses a vendored schema. Throws a ZodError that names every wrong place. */
export function parseProviderSchema(document: unknown): ProviderSchema {
  return providerSchema.parse(document);
}

/** Reads a vendored schema from its file. */
export async function readProviderSchema(file: string): Promise<ProviderSchema> {
  return parseProviderSchema(JSON.parse(await readFile(file, 'utf8')));
}
