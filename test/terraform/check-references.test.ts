import path from 'node:path';
import { checkReferences, uncheckedTypes } from '../../scripts/terraform/check-references.ts';
import { parseHcl, readFolders } from '../../scripts/terraform/configuration.ts';
import type { HclFolder } from '../../scripts/terraform/configuration.ts';

const ROOT = path.join(import.meta.dirname, '../../terraform');

const folder = async (name: string, text: string): Promise<HclFolder> => ({
  folder: name,
  files: [await parseHcl(`${name}/main.tf`, text)],
  tests: [],
  readme: null,
});
const findings = async (text: string): Promise<string[]> => {
  const module = await folder('modules/thing', 'variable "size" {}\noutput "id" {\n value = var.size\n}');
  const root = await folder('root', text);
  return checkReferences(root, [module, root]);
};

describe('a variable', () => {
  it('passes where it is declared and used, in an expression as in a text', async () => {
    expect(
      await findings(
        'variable "a" {}\nvariable "b" {}\noutput "o" {\n value = "${var.a}-${upper(var.b)}"\n}',
      ),
    ).toEqual([]);
  });

  it('is refused where it is used and not declared', async () => {
    expect(await findings('output "o" {\n value = var.colour\n}')).toEqual([
      'root: var.colour is used, and there is no variable colour',
    ]);
  });

  it('is refused where it is declared and used nowhere', async () => {
    expect(await findings('variable "colour" {}')).toEqual(['root: the variable colour is used nowhere']);
  });
});

describe('a local value', () => {
  it('passes where it is there and used', async () => {
    expect(await findings('locals {\n a = 1\n}\noutput "o" {\n value = local.a\n}')).toEqual([]);
  });

  it('is refused where it is not there, and where nobody uses it', async () => {
    expect(await findings('locals {\n a = 1\n}\noutput "o" {\n value = local.b\n}')).toEqual([
      'root: local.b is used, and no locals block has it',
      'root: the local value a is used nowhere',
    ]);
  });
});

describe('an output of a module', () => {
  const call = 'module "thing" {\n source = "../modules/thing"\n size = 1\n}\n';

  it('passes where the module has it, also where there may be several', async () => {
    expect(
      await findings(`${call}output "o" {\n value = [module.thing.id, one(module.thing[*].id)]\n}`),
    ).toEqual([]);
  });

  it('is refused where the module has none of that name', async () => {
    expect(await findings(`${call}output "o" {\n value = module.thing.arn\n}`)).toEqual([
      'root: module.thing.arn is used, and the module has no such output',
    ]);
  });
});

describe('a type of a resource', () => {
  const aws = 'terraform {\n required_providers {\n  aws = {\n   source = "hashicorp/aws"\n  }\n }\n}\n';
  const group = 'resource "aws_security_group" "this" {\n name = "a"\n}';

  it('passes where its provider is required, and as one of Terraform’s own', async () => {
    expect(await findings(`${aws}${group}\ndata "terraform_remote_state" "s" {\n}`)).toEqual([]);
  });

  it('is refused where its provider is not required, as a misspelt one is', async () => {
    expect(await findings(group)).toEqual([
      'root: resource aws_security_group is of a provider that required_providers does not name',
    ]);
  });

  it('is named as unchecked where there is no schema of its provider', async () => {
    const one = await folder('root', `${aws}${group}\nresource "azurerm_resource_group" "this" {}`);
    expect(uncheckedTypes(one, new Set(['azurerm']))).toEqual(['aws_security_group']);
    expect(uncheckedTypes(one, new Set(['azurerm', 'aws']))).toEqual([]);
  });
});

describe('the Terraform of this repository', () => {
  it('refers to nothing that is not there, and has nothing that nobody uses', async () => {
    const folders = await readFolders(ROOT);
    expect(folders.flatMap((one) => checkReferences(one, folders))).toEqual([]);
  });
});
