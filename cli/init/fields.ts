import type { Option } from '../command.ts';

/* What `pilotlight init` may be told, by a flag or by an answer. */

/** One value of the configuration. Its flag is its name. */
export interface Field {
  /** What stands for the value in the help. */
  readonly value: string;
  readonly about: string;
  /** Where it is in the configuration; `*` stands for the id of the workload. */
  readonly path: string;
  /** What a person is asked where nothing else says it; a field without one is given by its flag alone. */
  readonly question?: string;
  /** Where its value is found by whoever does not know it; a sentence without its end. */
  readonly where?: string;
}

/** The word for a primary that has no load balancer, or no Region of AWS. */
export const NONE = 'none';

const OUTPUT = 'an output of terraform/azure/always';

const table = {
  url: {
    value: 'URL',
    about: 'the site as its users see it; its name is looked for among the distributions of the account',
    path: 'workloads.*.url',
    question: 'The site as its users see it, for instance https://shop.example.com',
  },
  workload: {
    value: 'ID',
    about: 'short id of the workload, 2 to 12 of a-z and 0-9',
    path: 'workloads',
    question: 'A short id of it, which never changes',
  },
  'display-name': { value: 'NAME', about: 'what people call the site', path: 'workloads.*.displayName' },
  account: {
    value: 'ID',
    about: 'AWS account of the controller (default that of the credentials)',
    path: 'controller.account',
    question: 'AWS account of the controller, the one of the distribution',
    where: 'aws sts get-caller-identity',
  },
  region: { value: 'REGION', about: 'Region of the controller', path: 'controller.region' },
  'probe-regions': {
    value: 'LIST',
    about: 'Regions that probes are sent from, by commas (default three, on three continents)',
    path: 'controller.probeRegions',
  },
  'on-call': {
    value: 'LIST',
    about: 'e-mail addresses that are told how every run ended, by commas',
    path: 'controller.onCall',
    question: 'Who is told how a run ended: e-mail addresses, by commas',
    where: 'the mailbox of whoever is called at night',
  },
  distribution: {
    value: 'ID',
    about: 'the CloudFront distribution (default the one that serves the URL)',
    path: 'workloads.*.edge.distributionId',
    question: 'Id of the CloudFront distribution',
    where:
      'CloudFront > Distributions, or the output DistributionId where Pilotlight makes it (docs/edge.md)',
  },
  strategy: {
    value: 'WORD',
    about: 'key-value or distribution: how the edge is moved (default by what the distribution carries)',
    path: 'workloads.*.edge.strategy',
  },
  'key-value-store': {
    value: 'ARN',
    about: 'the KeyValueStore of the route',
    path: 'workloads.*.edge.keyValueStoreArn',
    where:
      'CloudFront > Functions > KeyValueStores: make an empty one (docs/bring-your-own-distribution.md), or the output KeyValueStoreArn where Pilotlight makes it',
  },
  'primary-region': {
    value: 'REGION',
    about: 'Region of the primary; none where it is not in AWS',
    path: 'workloads.*.primary.region',
    question: 'Region of the primary, or none where it is not in AWS',
  },
  'primary-domain': {
    value: 'NAME',
    about: 'a name of yours that leads to the primary, and that its certificate covers',
    path: 'workloads.*.primary.domainName',
    question: 'A name of yours that leads to the primary, and that its certificate covers',
    where: 'make a DNS record that leads to the primary, and a certificate for it there',
  },
  'load-balancer': {
    value: 'app/NAME/ID',
    about: 'end of the ARN of the load balancer; none where the primary is no ALB',
    path: 'workloads.*.primary.loadBalancer',
    question: 'The load balancer, app/NAME/ID, or none where the primary is no ALB',
    where: 'the end of its ARN: EC2 > Load balancers',
  },
  'target-group': {
    value: 'targetgroup/NAME/ID',
    about: 'end of the ARN of its target group',
    path: 'workloads.*.primary.targetGroup',
    question: 'Its target group, targetgroup/NAME/ID',
    where: 'the end of its ARN: EC2 > Target groups',
  },
  'health-path': {
    value: 'PATH',
    about: 'path that health checks ask (default that of the target group)',
    path: 'workloads.*.health.path',
    question: 'The path that health checks ask',
  },
  'deep-path': {
    value: 'PATH',
    about: 'path of a page that needs the database',
    path: 'workloads.*.health.deep.path',
    question: 'The path of a page that needs the database',
  },
  'deep-text': {
    value: 'TEXT',
    about: 'text that only a good answer of that page has',
    path: 'workloads.*.health.deep.contains',
    question: 'Text that only a good answer of that page has',
    where: 'words of that page that an error page does not have',
  },
  tier: {
    value: 'TIER',
    about:
      'the standby: cold, parked or warm in Azure, or external: an origin that is there already (default cold)',
    path: 'workloads.*.standby.tier',
  },
  'standby-domain': {
    value: 'NAME',
    about: 'name of the Application Gateway, or of the external standby',
    path: 'workloads.*.standby.domainName',
    where: `standby_domain_name, ${OUTPUT}`,
  },
  'tenant-id': {
    value: 'UUID',
    about: 'Entra tenant',
    path: 'workloads.*.standby.azure.tenantId',
    where: `tenant_id, ${OUTPUT}`,
  },
  'subscription-id': {
    value: 'UUID',
    about: 'Azure subscription of the standby',
    path: 'workloads.*.standby.azure.subscriptionId',
    where: `subscription_id, ${OUTPUT}`,
  },
  'client-id': {
    value: 'UUID',
    about: 'client id of the identity that trusts the controller',
    path: 'workloads.*.standby.azure.clientId',
    where: `controller_client_id, ${OUTPUT}`,
  },
  'mysql-server': {
    value: 'NAME',
    about: 'name of the MySQL server',
    path: 'workloads.*.standby.azure.mysqlServer',
    where: `mysql_server_name, ${OUTPUT}`,
  },
  runner: {
    value: 'WORD',
    about:
      'what builds the standby: azure-devops, container-job (without Azure DevOps) or both (default azure-devops)',
    path: 'workloads.*.standby.runner',
  },
  organization: {
    value: 'NAME',
    about: 'Azure DevOps organisation',
    path: 'workloads.*.standby.pipeline.organization',
    where: 'the first part of the path of your dev.azure.com address',
  },
  project: {
    value: 'NAME',
    about: 'Azure DevOps project (default pilotlight, as in docs/azure-setup.md)',
    path: 'workloads.*.standby.pipeline.project',
  },
  'pipeline-id': {
    value: 'N',
    about: 'number of the pipeline',
    path: 'workloads.*.standby.pipeline.pipelineId',
    where: 'the number after definitionId= in the address of the pipeline',
  },
  'maintenance-domain': {
    value: 'NAME',
    about: 'name of the static site with the maintenance page',
    path: 'workloads.*.maintenance.domainName',
    where: `maintenance_domain_name, ${OUTPUT}`,
  },
  'maintenance-text': {
    value: 'TEXT',
    about: 'text of the maintenance page (default that of the page that Terraform puts there)',
    path: 'workloads.*.maintenance.contains',
  },
  'data-account': {
    value: 'NAME',
    about:
      'storage account that the mover ships the data to (default none: nobody knows what is lost; a parked standby and a container job need one)',
    path: 'workloads.*.data.account',
    where: `data_account_name, ${OUTPUT}`,
  },
} satisfies Readonly<Record<string, Field>>;

export type FieldName = keyof typeof table;
export const fields: Readonly<Record<FieldName, Field>> = table;
export const fieldNames = Object.keys(table) as FieldName[];

/** Neither has a default where AWS does not say it: what cannot be guessed and decides everything else. */
export const required: readonly FieldName[] = ['url', 'primary-region'];

/** The flags of the command; --region is one of every command. */
export const fieldOptions: readonly Option[] = fieldNames
  .filter((name) => name !== 'region')
  .map((name) => ({ name, value: fields[name].value, about: fields[name].about }));

/** Where a field is in the configuration of a workload. */
export const pathOf = (name: FieldName, workload: string): string => fields[name].path.replace('*', workload);

/** A problem of the configuration in the words of the command line: the flag in place of the path. */
export function inFlags(problem: string, workload: string): string {
  const owner = fieldNames.find((name) => {
    const path = pathOf(name, workload);
    return problem.startsWith(`${path}:`) || (path !== 'workloads' && problem.startsWith(`${path}.`));
  });
  return owner === undefined ? problem : problem.replace(/^[^:]*:/, `--${owner}:`);
}
