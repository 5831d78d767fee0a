import { stsService } from '../clouds/aws/sts.ts';
import { azureArmService } from '../clouds/azure/azure-arm.ts';
import { AZURE_DEVOPS_RESOURCE } from '../clouds/azure/azure-devops.ts';
import { blobStorageService, STORAGE_RESOURCE } from '../clouds/azure/blob-storage.ts';
import { entraService } from '../clouds/azure/entra.ts';
import type { Service } from '../clouds/wire/wire.ts';
import { inAzure } from './azure-cell.ts';
import { armView } from './azure-view.ts';
import type { Cell } from './cell.ts';
import { lagProbeService } from './data/lag-probe.ts';
import type { DevOpsTrouble } from './devops-trouble.ts';
import { runnerServices } from './runners.ts';
import type { StorageAccounts } from './data/storage-accounts.ts';

const ROLE = 'pilotlight-azure';
const ISSUER = 'https://5ca1ab1e-0000-4000-8000-000000000000.tokens.sts.global.api.aws';
const AUDIENCE = 'api://AzureADTokenExchange';
const ARM_RESOURCE = 'https://management.azure.com';
/** The access key of the controller's role. */
export const ACCESS_KEY = 'AKIADRILL';

type Cells = readonly Cell[];

/** What exchanges the role of the controller for a token of Entra. */
export function identityServices(account: string, cells: Cells): Service[] {
  const [first] = inAzure(cells);
  if (first === undefined) return [];
  const { tenantId, clientId } = first.standby.azure;
  const roleArn = `arn:aws:iam::${account}:role/${ROLE}`;
  const sts = stsService({
    account,
    issuer: ISSUER,
    principals: new Map([[ACCESS_KEY, { roleArn, sessionEndsAt: Date.now() + 12 * 3_600_000 }]]),
  });
  const credential = { issuer: ISSUER, subject: roleArn, audience: AUDIENCE };
  const entra = entraService({
    tenants: new Map([[tenantId, new Map([[clientId, [credential]]])]]),
    resources: new Set([ARM_RESOURCE, AZURE_DEVOPS_RESOURCE, STORAGE_RESOURCE]),
    issued: [],
  });
  return [sts, entra];
}

/** What applies the Terraform of the first site in Azure, and Azure Resource Manager over all of them. */
export function azureServices(cells: Cells, stores: StorageAccounts, trouble: DevOpsTrouble): Service[] {
  const all = inAzure(cells);
  const [first] = all;
  if (first === undefined) return [];
  return [
    ...runnerServices(first, stores, trouble),
    azureArmService(all.map((cell) => armView(cell.standby, cell.side))),
  ];
}

/** Where sites tell how far their own replication is behind; none where the data go by way of a store. */
export const lagProbes = (cells: Cells): Service[] =>
  cells.flatMap(({ workload: { data }, site: { data: own } }) =>
    data.mode === 'none' && data.probe !== undefined
      ? [
          lagProbeService(data.probe.url, () => own.own?.lagSeconds ?? 0),
          ...(data.probe.homeUrl === undefined
            ? []
            : [lagProbeService(data.probe.homeUrl, () => own.own?.homeLagSeconds() ?? 0)]),
        ]
      : [],
  );

/** Names on a page of a list: fewer than the service gives, so that there are pages. */
const LIST_PAGE_SIZE = 200;

/** The storage accounts of the data, with the roles that terraform/azure gives the controller. */
export function storageServices(stores: StorageAccounts, cells: Cells): Service[] {
  const [first] = inAzure(cells);
  if (first === undefined) return [];
  const { tenantId, clientId } = first.standby.azure;
  return stores.all.map(([account, store]) =>
    blobStorageService({
      ...{ account, tenantId, store, pageSize: LIST_PAGE_SIZE },
      roles: {
        backups: new Map([[clientId, 'reader']]),
        handover: new Map([[clientId, 'contributor']]),
        runner: new Map([[clientId, 'reader']]),
      },
    }),
  );
}
