import path from 'node:path';
import { blocksOf, isObject } from './configuration.ts';
import type { HclFile, HclObject, HclValue } from './configuration.ts';
import type { BlockSchema, NestedBlockSchema, ProviderSchema } from './provider-schema.ts';

/** Arguments of Terraform itself, which every resource may have. */
const META_ARGUMENTS = ['count', 'for_each', 'depends_on', 'provider', 'lifecycle'];

/** Types of Terraform's own provider, which needs no download and no schema. */
const BUILT_IN_PREFIX = 'terraform_';

/** The blocks written as such and those that a `dynamic` makes, whose number nobody knows before the plan. */
interface Written {
  readonly fixed: readonly HclObject[];
  readonly generated: readonly HclObject[];
}

const KINDS = ['resource', 'data', 'ephemeral'] as const;

/** Checks every resource, data source and ephemeral resource of a file. Returns one sentence for each finding. */
export function checkResources(file: HclFile, schema: ProviderSchema): string[] {
  return KINDS.flatMap((kind) => {
    const types = file.content[kind];
    if (!isObject(types)) return [];
    return Object.entries(types).flatMap(([type, named]) =>
      isObject(named)
        ? Object.entries(named).flatMap(([name, bodies]) => {
            const place = `${file.file}: ${kind} ${type}.${name}`;
            return checkType(place, { kind, type, bodies }, schema);
          })
        : [],
    );
  });
}

interface Declared {
  readonly kind: (typeof KINDS)[number];
  readonly type: string;
  readonly bodies: HclValue;
}

function checkType(place: string, declared: Declared, schema: ProviderSchema): string[] {
  if (declared.type.startsWith(BUILT_IN_PREFIX)) return [];
  // Another provider's, which has a schema of its own.
  if (!declared.type.startsWith(`${path.posix.basename(schema.provider)}_`)) return [];
  const known = schema[declared.kind][declared.type];
  if (known === undefined) {
    return [
      `${place}: ${schema.provider} ${schema.version} has no ${declared.kind} ${declared.type}, or it is not in the vendored schema yet: see terraform/schemas/README.md`,
    ];
  }
  const schemaWithMeta = { ...known, optional: [...known.optional, ...META_ARGUMENTS] };
  return blocksOf(declared.bodies).flatMap((body) => checkBlock(place, body, schemaWithMeta));
}

function checkBlock(place: string, body: HclObject, schema: BlockSchema): string[] {
  const dynamic = isObject(body['dynamic']) ? body['dynamic'] : {};
  const written = [...Object.keys(body).filter((name) => name !== 'dynamic'), ...Object.keys(dynamic)];
  const findings = written.flatMap((name) => checkName(place, name, schema));
  for (const name of schema.required) {
    if (!(name in body)) findings.push(`${place}: the required argument ${name} is missing`);
  }
  for (const [name, nested] of Object.entries(schema.blocks)) {
    const blocks = { fixed: blocksOf(body[name]), generated: dynamicContents(dynamic[name]) };
    findings.push(...checkNested(`${place}.${name}`, blocks, nested));
  }
  return findings;
}

function checkName(place: string, name: string, schema: BlockSchema): string[] {
  if (schema.required.includes(name) || schema.optional.includes(name)) return [];
  if (name in schema.blocks) return [];
  if (schema.computed.includes(name))
    return [`${place}: ${name} is set by the provider and may not be written`];
  const near = nearest(name, [...schema.required, ...schema.optional, ...Object.keys(schema.blocks)]);
  return [`${place}: there is no argument or block ${name}${near === null ? '' : `; did you mean ${near}?`}`];
}

function checkNested(place: string, written: Written, nested: NestedBlockSchema): string[] {
  const { fixed, generated } = written;
  const findings: string[] = [];
  // A dynamic block may make any number, none included, so only what stands in the file can be counted against a bound.
  if (generated.length === 0 && fixed.length < nested.min) {
    findings.push(`${place}: the block is missing, at least ${nested.min} is required`);
  }
  if (nested.max !== null && fixed.length > nested.max) {
    findings.push(`${place}: there are ${fixed.length} blocks, at most ${nested.max} is allowed`);
  }
  return [...findings, ...[...fixed, ...generated].flatMap((body) => checkBlock(place, body, nested.body))];
}

function dynamicContents(value: HclValue | undefined): HclObject[] {
  return blocksOf(value).flatMap((generator) => [...blocksOf(generator['content'])]);
}

/** The known name that shares the most words with a wrong one: old names mostly differ in the order of their words. */
function nearest(name: string, known: readonly string[]): string | null {
  const words = new Set(name.split('_'));
  const scored = known
    .map((candidate) => ({
      candidate,
      shared: candidate.split('_').filter((word) => words.has(word)).length,
    }))
    .filter(({ shared }) => shared >= 2)
    .sort((left, right) => right.shared - left.shared);
  return scored[0]?.candidate ?? null;
}
