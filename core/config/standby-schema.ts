import * as z from 'zod';
import { names } from './names.ts';
import { parkedSchema } from './parked-schema.ts';
import { domainName, pageText, path, uuid } from './parts.ts';

/* Where a site goes when its primary dies: to a standby of ours in Azure, or to one that is somebody else's. */

const azureSchema = z.strictObject({
  tenantId: uuid.describe('Entra tenant'),
  subscriptionId: uuid.describe('Subscription of the standby'),
  clientId: uuid.describe('Client id of the user-assigned identity that trusts the role of the controller'),
  resourceGroup: names.resourceGroup.describe('Resource group of everything below'),
  applicationGateway: names.applicationGateway.describe('Name of the Application Gateway'),
  aksCluster: names.aksCluster.describe('Name of the AKS cluster'),
  aksNodePool: names.aksNodePool.describe('Node pool that a warm standby scales up'),
  mysqlServer: names.mysqlServer.describe('Name of the MySQL Flexible Server'),
});

const pipelineSchema = z.strictObject({
  organization: names.organization.describe('The first part of the path of a dev.azure.com address'),
  project: names.project.describe('Azure DevOps project'),
  pipelineId: z.int().positive().max(2_147_483_647).describe('definitionId in the address of the pipeline'),
  branch: names.branch.default('main').describe('Branch that the pipeline is run from'),
});

const containerJobSchema = z.strictObject({
  resourceGroup: names.resourceGroup.describe('Resource group of the job: that of terraform/azure/always'),
  name: names.containerJob.describe('Name of the job'),
  storageAccount: names.storageAccount.describe('Storage account that the job writes its stages to'),
});

/** A field that another tier has: whoever writes it here is told why it cannot be, and what can. */
const notHere = (why: string) =>
  z
    .never({ error: `nothing: ${why}` })
    .optional()
    .describe(`Not with this tier: ${why}`);

const NOT_IN_AZURE =
  'an external standby is somebody else’s, and nothing of it is in Azure. Take it out, or choose tier cold, parked or warm';

/** Tiers whose standby is built in Azure, and is ours. */
export const azureTiers = ['cold', 'parked', 'warm'] as const;

const azureStandbySchema = z.strictObject({
  domainName: domainName.describe('Name of the Application Gateway that CloudFront uses as its origin'),
  tier: z
    .enum(azureTiers)
    .describe(
      'cold: built on the day; parked: built and stopped, woken on the day; warm: runs small, scaled up on the day',
    ),
  parked: parkedSchema
    .optional()
    .describe('Of a parked standby: how long it may take to wake, and who minds it'),
  warmNodeCount: z.int().min(1).max(1000).describe('Nodes that the warm pool is scaled to on the day'),
  warmIdleNodeCount: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('Nodes that the warm pool shrinks to again once users are home'),
  azure: azureSchema.describe('Where the standby is in Azure'),
  runner: z
    .enum(['azure-devops', 'container-job', 'both'])
    .default('azure-devops')
    .describe(
      'What applies the failover Terraform; both: the container job where Azure DevOps refuses, or does not begin ' +
        'within limits.runnerSeconds',
    ),
  pipeline: pipelineSchema.optional().describe('Azure DevOps pipeline that applies the failover Terraform'),
  containerJob: containerJobSchema
    .optional()
    .describe('Azure Container Apps job that applies the same Terraform, without Azure DevOps'),
  deep: notHere(
    'the application of a standby in Azure is that of the primary, so health.deep is asked of it',
  ),
});

const externalStandbySchema = z.strictObject({
  domainName: domainName.describe('Name of the second origin: any server that speaks HTTPS under it'),
  tier: z.literal('external').describe('external: not ours, always on; it is looked at, and users are moved'),
  deep: z
    .strictObject({
      path: path.describe('The page'),
      contains: pageText.describe('Text that an error page does not have'),
    })
    .optional()
    .describe(
      'A page of the standby, and text of a good answer, where they are other than those of health.deep',
    ),
  parked: notHere(NOT_IN_AZURE),
  warmNodeCount: notHere(NOT_IN_AZURE),
  warmIdleNodeCount: notHere(NOT_IN_AZURE),
  azure: notHere(NOT_IN_AZURE),
  runner: notHere(NOT_IN_AZURE),
  pipeline: notHere(NOT_IN_AZURE),
  containerJob: notHere(NOT_IN_AZURE),
});

export const standbySchema = z.discriminatedUnion('tier', [azureStandbySchema, externalStandbySchema]);

/** A standby in Azure, which is ours: it is built, started and scaled by us. */
export type AzureStandby = z.infer<typeof azureStandbySchema>;
export type StandbyTier = z.infer<typeof standbySchema>['tier'];

/** Every tier that there is. */
export const standbyTiers = [...azureTiers, 'external'] as const satisfies readonly StandbyTier[];
