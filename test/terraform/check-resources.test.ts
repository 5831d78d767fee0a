import path from 'node:path';
import { checkResources } from '../../scripts/terraform/check-resources.ts';
import { HclSyntaxError, parseHcl } from '../../scripts/terraform/configuration.ts';
import { parseProviderSchema, readProviderSchema } from '../../scripts/terraform/provider-schema.ts';
import type { ProviderSchema } from '../../scripts/terraform/provider-schema.ts';

const SCHEMA_FILE = path.join(import.meta.dirname, '../../terraform/schemas/azurerm.json');

let schema: ProviderSchema;
beforeAll(async () => {
  schema = await readProviderSchema(SCHEMA_FILE);
});

async function findings(text: string): Promise<string[]> {
  return checkResources(await parseHcl('main.tf', text), schema);
}

const GROUP = `resource "azurerm_resource_group" "this" {
  name     = "rg"
  location = "koreacentral"
  tags     = { a = "b" }
`;

describe('an argument', () => {
  it('passes where the provider knows it and every required one is there', async () => {
    expect(await findings(`${GROUP}}`)).toEqual([]);
  });

  it('is refused where the provider does not know it', async () => {
    expect(await findings(`${GROUP}  colour = "red"\n}`)).toEqual([
      'main.tf: resource azurerm_resource_group.this: there is no argument or block colour',
    ]);
  });

  it('is refused under its name of provider 3, with the new name as a hint', async () => {
    const cluster = `resource "azurerm_kubernetes_cluster" "this" {
      name                      = "aks"
      location                  = "koreacentral"
      resource_group_name       = "rg"
      automatic_channel_upgrade = "patch"
      default_node_pool {
        name                = "pool"
        enable_auto_scaling = true
      }
    }`;
    expect(await findings(cluster)).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this: there is no argument or block automatic_channel_upgrade; did you mean automatic_upgrade_channel?',
      'main.tf: resource azurerm_kubernetes_cluster.this.default_node_pool: there is no argument or block enable_auto_scaling; did you mean auto_scaling_enabled?',
    ]);
  });

  it('is missed where it is required', async () => {
    expect(await findings('resource "azurerm_resource_group" "this" {\n  name = "rg"\n}')).toEqual([
      'main.tf: resource azurerm_resource_group.this: the required argument location is missing',
    ]);
  });

  it('is refused where only Azure sets it', async () => {
    const address = `resource "azurerm_public_ip" "this" {
      name                = "pip"
      location            = "koreacentral"
      resource_group_name = "rg"
      allocation_method   = "Static"
      fqdn                = "mine.example.com"
    }`;
    expect(await findings(address)).toEqual([
      'main.tf: resource azurerm_public_ip.this: fqdn is set by the provider and may not be written',
    ]);
  });

  it('of Terraform itself passes on a resource and is refused inside a nested block', async () => {
    const pool = (inside: string): string => `resource "azurerm_kubernetes_cluster" "this" {
      count               = 2
      depends_on          = [azurerm_resource_group.this]
      name                = "aks"
      location            = "koreacentral"
      resource_group_name = "rg"
      lifecycle {
        ignore_changes = [tags]
      }
      default_node_pool {
        name = "pool"
        ${inside}
      }
    }`;
    expect(await findings(pool(''))).toEqual([]);
    expect(await findings(pool('for_each = []'))).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this.default_node_pool: there is no argument or block for_each',
    ]);
  });
});

describe('a block', () => {
  const cluster = (blocks: string): string => `resource "azurerm_kubernetes_cluster" "this" {
    name                = "aks"
    location            = "koreacentral"
    resource_group_name = "rg"
    ${blocks}
  }`;
  const pool = 'default_node_pool {\n name = "pool"\n }';

  it('is missed where at least one is required', async () => {
    expect(await findings(cluster(''))).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this.default_node_pool: the block is missing, at least 1 is required',
    ]);
  });

  it('is refused a second time where one is the most', async () => {
    expect(await findings(cluster(`${pool}\n${pool}`))).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this.default_node_pool: there are 2 blocks, at most 1 is allowed',
    ]);
  });

  it('that is required may be made by a dynamic', async () => {
    const made = 'dynamic "default_node_pool" {\n for_each = [1]\n content {\n name = "pool"\n }\n }';
    expect(await findings(cluster(made))).toEqual([]);
  });

  it('of a dynamic is looked into, however deep', async () => {
    const made = `${pool}
    dynamic "network_profile" {
      for_each = [1]
      content {
        dynamic "load_balancer_profile" {
          for_each = [1]
          content {
            idle_timeout = 4
          }
        }
      }
    }`;
    expect(await findings(cluster(made))).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this.network_profile: the required argument network_plugin is missing',
      'main.tf: resource azurerm_kubernetes_cluster.this.network_profile.load_balancer_profile: there is no argument or block idle_timeout; did you mean idle_timeout_in_minutes?',
    ]);
  });

  it('of a dynamic with an unknown name is refused', async () => {
    expect(
      await findings(cluster(`${pool}\ndynamic "node_pool" {\n for_each = []\n content {}\n }`)),
    ).toEqual([
      'main.tf: resource azurerm_kubernetes_cluster.this: there is no argument or block node_pool; did you mean default_node_pool?',
    ]);
  });

  it('that is an argument of objects is checked like a block', async () => {
    const group = (name: string): string => `resource "azurerm_network_security_group" "this" {
      name                = "nsg"
      location            = "koreacentral"
      resource_group_name = "rg"
      security_rule {
        ${name} = "*"
      }
    }`;
    expect(await findings(group('source_port_range'))).toEqual([]);
    expect(await findings(group('source_ports'))).toEqual([
      'main.tf: resource azurerm_network_security_group.this.security_rule: there is no argument or block source_ports',
    ]);
  });
});

describe('a type', () => {
  it('that the vendored schema does not hold is refused, not passed over', async () => {
    expect(await findings('resource "azurerm_teapot" "this" {}')).toEqual([
      'main.tf: resource azurerm_teapot.this: hashicorp/azurerm 4.73.0 has no resource azurerm_teapot, or it is not in the vendored schema yet: see terraform/schemas/README.md',
    ]);
  });

  it('is looked up by its kind: data sources and ephemeral resources have arguments of their own', async () => {
    expect(
      await findings(
        'data "azurerm_client_config" "c" {}\nephemeral "azurerm_key_vault_secret" "s" {\n name = "n"\n}',
      ),
    ).toEqual([
      'main.tf: ephemeral azurerm_key_vault_secret.s: the required argument key_vault_id is missing',
    ]);
  });

  it('of Terraform itself needs no schema', async () => {
    expect(await findings('data "terraform_remote_state" "s" {\n backend = "azurerm"\n}')).toEqual([]);
  });
});

describe('a file', () => {
  it('that is not HCL is refused with its place', async () => {
    const broken = parseHcl('broken.tf', 'resource "a" "b" {');
    await expect(broken).rejects.toThrow(HclSyntaxError);
    await expect(broken).rejects.toThrow(/broken\.tf is not HCL: .*broken\.tf:1/);
  });
});

describe('the vendored schema', () => {
  it('is of the version that the modules pin', () => {
    expect(schema.version).toBe('4.73.0');
  });

  it('is refused where its form is not the one that the check reads', () => {
    const wrong = {
      provider: 'p',
      version: '1',
      resource: { a: { required: 'name' } },
      data: {},
      ephemeral: {},
    };
    expect(() => parseProviderSchema(wrong)).toThrow(/expected array/);
  });
});
