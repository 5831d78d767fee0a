/**
 * Makes terraform/schemas/aws.json anew, for the types that this repository uses, out of the provider's bindings for CDK Terrain:
 * those are made from the provider's own schema, and a package registry has them where no registry of Terraform can be reached.
 * Usage: npm pack @cdktn/provider-aws@24.1.0 && tar -xzf cdktn-provider-aws-24.1.0.tgz && node scripts/terraform/extract-aws-schema.ts package
 */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import ts from 'typescript';
import { z } from 'zod';
import { readFolders, usedTypes } from './configuration.ts';
import type { BlockSchema, NestedBlockSchema } from './provider-schema.ts';

const ROOT = path.join(import.meta.dirname, '..', '..', 'terraform');
const TARGET = path.join(ROOT, 'schemas', 'aws.json');

const packageSchema = z.object({
  cdktn: z.object({
    provider: z.object({ name: z.literal('registry.terraform.io/hashicorp/aws'), version: z.string() }),
  }),
});

/** A file of declarations: its interfaces (a block each) and its classes, by name. */
interface Declarations {
  readonly interfaces: ReadonlyMap<string, ts.InterfaceDeclaration>;
  readonly classes: readonly ts.ClassDeclaration[];
}

async function readDeclarations(file: string): Promise<Declarations> {
  const source = ts.createSourceFile(file, await readFile(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found = source.statements.filter((statement) => ts.isInterfaceDeclaration(statement));
  return {
    interfaces: new Map(found.map((declared) => [declared.name.text, declared])),
    classes: source.statements.filter((statement) => ts.isClassDeclaration(statement)),
  };
}

/** The bindings have names of their own; Terraform's stands in the link to its documentation, behind the last #. */
function terraformName(member: ts.PropertySignature): string {
  const name = /#(\w+)\}/.exec(member.getFullText())?.[1];
  if (name === undefined) throw new Error(`${member.getText()} has no link that names Terraform's argument`);
  return name;
}

/** What is written as a block: the interface of its body, and whether there may be many. Null for any other type. */
function blockOf(type: string, { interfaces }: Declarations): { body: string; isList: boolean } | null {
  const [, body = '', list = ''] = /^(\w+)(\[\])?(?: \| cdktn\.IResolvable)?$/.exec(type) ?? [];
  return interfaces.has(body) ? { body, isList: list !== '' } : null;
}

function blockSchema(name: string, declarations: Declarations): BlockSchema {
  const members = [...(declarations.interfaces.get(name)?.members ?? [])].filter((member) =>
    ts.isPropertySignature(member),
  );
  const required: string[] = [];
  const optional: string[] = [];
  const blocks: (readonly [string, NestedBlockSchema])[] = [];
  for (const member of members) {
    const isRequired = member.questionToken === undefined;
    const block = blockOf(member.type?.getText() ?? '', declarations);
    if (block === null) (isRequired ? required : optional).push(terraformName(member));
    else {
      const body = blockSchema(block.body, declarations);
      blocks.push([terraformName(member), { min: isRequired ? 1 : 0, max: block.isList ? null : 1, body }]);
    }
  }
  const byName = ([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number =>
    left < right ? -1 : 1;
  return {
    required: required.sort(),
    optional: optional.sort(),
    computed: [],
    blocks: Object.fromEntries(blocks.sort(byName)),
  };
}

/** What only the provider sets: the class can be asked for it, and has no way to set it. */
function computedOf(name: string, { classes }: Declarations): string[] {
  const members = classes.find((declared) => declared.name?.text === name)?.members ?? [];
  const names = (kind: (member: ts.ClassElement) => boolean): string[] =>
    [...members].filter(kind).map((member) => member.name?.getText() ?? '');
  const settable = new Set([...names(ts.isSetAccessor), ...names(ts.isMethodDeclaration)]);
  return names(ts.isGetAccessor)
    .filter((getter) => !getter.endsWith('Input') && !settable.has(getter))
    .filter((getter) => !settable.has(`put${getter[0]?.toUpperCase() ?? ''}${getter.slice(1)}`))
    .map((getter) => getter.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
    .sort();
}

/** `aws_iam_role` is `lib/iam-role/index.d.ts`, class IamRole, its arguments IamRoleConfig. */
async function schemaOf(type: string, bindings: string): Promise<BlockSchema> {
  const words = type.split('_').slice(1);
  const declarations = await readDeclarations(path.join(bindings, 'lib', words.join('-'), 'index.d.ts'));
  const name = words.map((word) => `${word[0]?.toUpperCase() ?? ''}${word.slice(1)}`).join('');
  if (!declarations.interfaces.has(`${name}Config`)) throw new Error(`the bindings have no ${name}Config`);
  return { ...blockSchema(`${name}Config`, declarations), computed: computedOf(name, declarations) };
}

const [bindings] = process.argv.slice(2);
if (bindings === undefined) {
  process.stderr.write('usage: node scripts/terraform/extract-aws-schema.ts FOLDER\n');
  process.exit(2);
}
const { cdktn } = packageSchema.parse(
  JSON.parse(await readFile(path.join(bindings, 'package.json'), 'utf8')),
);
const folders = await readFolders(ROOT);
const others = ['data', 'ephemeral'].flatMap((kind) => usedTypes(folders, kind, 'aws'));
if (others.length > 0) {
  throw new Error(`${others.join(', ')}: only resources are read so far; let this script read those too`);
}
const types = usedTypes(folders, 'resource', 'aws');
const resource = Object.fromEntries(
  await Promise.all(types.map(async (type) => [type, await schemaOf(type, bindings)] as const)),
);
const { version } = cdktn.provider;
await writeFile(
  TARGET,
  `${JSON.stringify({ provider: 'hashicorp/aws', version, resource, data: {}, ephemeral: {} })}\n`,
);
process.stdout.write(`${types.length} resources of hashicorp/aws ${version} written to ${TARGET}\n`);
