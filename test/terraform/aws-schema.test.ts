import path from 'node:path';
import { checkResources } from '../../scripts/terraform/check-resources.ts';
import { parseHcl, readFolders } from '../../scripts/terraform/configuration.ts';
import { readProviderSchema } from '../../scripts/terraform/provider-schema.ts';
import type { ProviderSchema } from '../../scripts/terraform/provider-schema.ts';

/*
 * Goal: a misspelt argument of AWS is found on a machine that reaches no registry of Terraform.
 * Method: the vendored schema, held against small resources with one fault each.
 */

const ROOT = path.join(import.meta.dirname, '../../terraform');

let schema: ProviderSchema;
beforeAll(async () => {
  schema = await readProviderSchema(path.join(ROOT, 'schemas/aws.json'));
});

const findings = async (text: string): Promise<string[]> =>
  checkResources(await parseHcl('main.tf', text), schema);
const template = (body: string): string => `resource "aws_launch_template" "this" {\n${body}\n}`;
const disk = (argument: string): string =>
  template(`block_device_mappings {\n device_name = "/dev/sdf"\n ebs {\n ${argument}\n }\n }`);

describe('the schema of aws', () => {
  it('passes arguments and blocks that the provider has, however deep', async () => {
    expect(await findings(disk('encrypted = true'))).toEqual([]);
  });

  it('refuses an argument that it has not, and names the one that is near', async () => {
    expect(await findings(disk('delete_termination = true'))).toEqual([
      'main.tf: resource aws_launch_template.this.block_device_mappings.ebs: there is no argument or block delete_termination; did you mean delete_on_termination?',
    ]);
  });

  it('misses what is required, in a resource and in a block', async () => {
    expect(
      await findings('resource "aws_autoscaling_group" "this" {\n min_size = 1\n tag {\n key = "a"\n }\n}'),
    ).toEqual([
      'main.tf: resource aws_autoscaling_group.this: the required argument max_size is missing',
      'main.tf: resource aws_autoscaling_group.this.tag: the required argument propagate_at_launch is missing',
      'main.tf: resource aws_autoscaling_group.this.tag: the required argument value is missing',
    ]);
  });

  it('refuses a second block where the provider takes one, and takes many where it takes many', async () => {
    expect(await findings(template('metadata_options {}\n metadata_options {}'))).toEqual([
      'main.tf: resource aws_launch_template.this.metadata_options: there are 2 blocks, at most 1 is allowed',
    ]);
    expect(await findings(template('block_device_mappings {}\n block_device_mappings {}'))).toEqual([]);
  });

  it('refuses what only AWS sets', async () => {
    expect(await findings(template('latest_version = 3'))).toEqual([
      'main.tf: resource aws_launch_template.this: latest_version is set by the provider and may not be written',
    ]);
  });

  it('refuses a type that it does not hold', async () => {
    expect(await findings('resource "aws_teapot" "this" {}')).toEqual([
      'main.tf: resource aws_teapot.this: hashicorp/aws 6.45.0 has no resource aws_teapot, or it is not in the vendored schema yet: see terraform/schemas/README.md',
    ]);
  });

  it('leaves the resources of another provider alone', async () => {
    expect(await findings('resource "azurerm_resource_group" "this" {}')).toEqual([]);
  });

  it('is of the version that every folder asks for at least', async () => {
    expect(schema.version).toBe('6.45.0');
    const asked = (await readFolders(ROOT))
      .flatMap(({ files }) => files.map(({ content }) => JSON.stringify(content)))
      .flatMap((text) => /"hashicorp\/aws","version":"([^"]+)"/.exec(text)?.[1] ?? []);
    expect(asked).toEqual(['~> 6.45', '~> 6.45', '~> 6.45', '~> 6.45']);
  });
});
