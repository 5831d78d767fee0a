import path from 'node:path';
import { checkFolder, count } from '../../scripts/terraform/check-modules.ts';
import { checkResources } from '../../scripts/terraform/check-resources.ts';
import { parseHcl, readFolders } from '../../scripts/terraform/configuration.ts';
import type { HclFolder } from '../../scripts/terraform/configuration.ts';
import { readProviderSchema } from '../../scripts/terraform/provider-schema.ts';

const ROOT = path.join(import.meta.dirname, '../../terraform');

const VERSIONS = `terraform {
  required_version = ">= 1.11"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.73.0"
    }
  }
}
`;

async function folder(name: string, text: string, tests = ''): Promise<HclFolder> {
  return {
    folder: name,
    files: [await parseHcl(`${name}/main.tf`, text)],
    tests: [await parseHcl(`${name}/tests/a.tftest.hcl`, tests)],
    readme: 'The variables `a`, `size` and `colour`, and the output `b`.',
  };
}

const MODULE = `${VERSIONS}
variable "size" {
  description = "How large."
  type        = number
}
variable "colour" {
  description = "Which colour."
  default     = "red"
}`;

describe('a module call', () => {
  const call = async (inside: string): Promise<string[]> => {
    const module = await folder('modules/thing', MODULE);
    const root = await folder(
      'root',
      `${VERSIONS}\nmodule "thing" {\n source = "../modules/thing"\n${inside}\n}`,
    );
    return checkFolder(root, [module, root]);
  };

  it('passes with every required variable, whatever it says of the others', async () => {
    expect(await call('size = 1\ncount = 2')).toEqual([]);
  });

  it('is refused with a variable that the module does not have', async () => {
    expect(await call('size = 1\nweight = 2')).toEqual([
      'root: module thing: the module has no variable weight',
    ]);
  });

  it('is refused without a required variable', async () => {
    expect(await call('colour = "blue"')).toEqual([
      'root: module thing: the required variable size is missing',
    ]);
  });

  it('is refused where there is no module', async () => {
    const root = await folder('root', `${VERSIONS}\nmodule "thing" {\n source = "../modules/nothing"\n}`);
    expect(checkFolder(root, [root])).toEqual([
      'root: module thing: there is no module at ../modules/nothing',
    ]);
  });
});

describe('a folder', () => {
  it('is refused where a variable or an output does not say what it is', async () => {
    const module = await folder('m', `${VERSIONS}\nvariable "a" {}\noutput "b" {\n value = 1\n}`);
    expect(checkFolder(module, [module])).toEqual([
      'm: variable a has no description',
      'm: output b has no description',
    ]);
  });

  it('is refused where it pins neither Terraform nor its provider', async () => {
    const module = await folder(
      'm',
      'terraform {\n required_providers {\n a = {\n source = "x/a"\n }\n }\n}',
    );
    expect(checkFolder(module, [module])).toEqual([
      'm: no required_version says which Terraform this needs',
      'm: provider a has no version',
    ]);
  });
});

describe('a README', () => {
  it('is missed, but not in an example', async () => {
    const module = { ...(await folder('m', VERSIONS)), readme: null };
    const example = { ...(await folder('m/examples/minimal', VERSIONS)), readme: null };
    expect(checkFolder(module, [module])).toEqual(['m: there is no README.md']);
    expect(checkFolder(example, [example])).toEqual([]);
  });

  it('is refused where it leaves out a variable or an output', async () => {
    const text = `${VERSIONS}\nvariable "c" {\n description = "C."\n}\noutput "b" {\n description = "B."\n}`;
    const module = await folder('m', text);
    expect(checkFolder(module, [module])).toEqual(['m: README.md does not name the variable c']);
  });
});

describe('a validation', () => {
  const text = `${VERSIONS}
variable "a" {
  description = "A."
  validation {
    condition     = var.a > 1
    error_message = "one"
  }
  validation {
    condition     = var.a < 9
    error_message = "two"
  }
}`;
  const refusing = (name: string): string => `run "${name}" {\n expect_failures = [var.a]\n}\n`;

  it('passes with a rejected case of its own', async () => {
    const module = await folder('m', text, refusing('low') + refusing('high'));
    expect(checkFolder(module, [module])).toEqual([]);
  });

  it('is refused where no test has seen it refuse', async () => {
    const module = await folder('m', text, refusing('low'));
    expect(checkFolder(module, [module])).toEqual([
      'm: variable a has 2 validations and 1 rejected cases in tests/',
    ]);
  });

  it('counts among the rejected cases, other runs do not', async () => {
    const module = await folder('m', text, `${refusing('low')}run "good" {\n command = plan\n}\n`);
    expect(count([module])).toEqual({ resources: 0, runs: 2, rejected: 1 });
  });
});

describe('this repository', () => {
  it('holds no finding', async () => {
    const folders = await readFolders(ROOT);
    const schemas = await Promise.all(
      ['azurerm.json', 'aws.json'].map(async (file) => readProviderSchema(path.join(ROOT, 'schemas', file))),
    );
    const findings = folders.flatMap((found) => [
      ...found.files.flatMap((file) => schemas.flatMap((schema) => checkResources(file, schema))),
      ...checkFolder(found, folders),
    ]);
    expect(findings).toEqual([]);
    expect(folders.map((found) => found.folder)).toEqual(
      expect.arrayContaining([
        'aws/backup',
        'azure/always',
        'azure/failover',
        'modules/application-gateway',
        'modules/backup-instance',
        'modules/identity',
      ]),
    );
  });

  it('lets the controller do twelve things in Azure and no other', async () => {
    const always = (await readFolders(ROOT)).find((found) => found.folder === 'azure/always');
    const identities = always?.files.find(({ file }) => file.endsWith('identities.tf'));
    expect(identities?.content['module']).toMatchObject({
      controller: [
        {
          custom_role: {
            scope: '${azurerm_resource_group.standby.id}',
            actions: [
              'Microsoft.Network/applicationGateways/read',
              'Microsoft.Network/applicationGateways/backendhealth/action',
              'Microsoft.Network/applicationGateways/start/action',
              'Microsoft.Network/applicationGateways/stop/action',
              'Microsoft.ContainerService/managedClusters/read',
              'Microsoft.ContainerService/managedClusters/start/action',
              'Microsoft.ContainerService/managedClusters/stop/action',
              'Microsoft.ContainerService/managedClusters/agentPools/read',
              'Microsoft.ContainerService/managedClusters/agentPools/write',
              'Microsoft.DBforMySQL/flexibleServers/read',
              'Microsoft.DBforMySQL/flexibleServers/start/action',
              'Microsoft.DBforMySQL/flexibleServers/stop/action',
            ],
          },
        },
      ],
    });
  });

  it('names the ten outputs that the controller reads in both roots', async () => {
    const names = [
      ...[
        'subscription_id',
        'tenant_id',
        'controller_client_id',
        'resource_group',
        'application_gateway_name',
      ],
      ...['aks_cluster_name', 'aks_node_pool_name', 'mysql_server_name', 'standby_domain_name'],
      'maintenance_domain_name',
    ];
    const folders = await readFolders(ROOT);
    for (const root of ['azure/always', 'azure/failover']) {
      const files = folders.find((found) => found.folder === root)?.files ?? [];
      const outputs = files.flatMap(({ content }) => Object.keys(content['output'] ?? {}));
      expect(outputs).toEqual(expect.arrayContaining(names));
    }
  });
});
