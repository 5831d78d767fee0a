/** Whose matter a refusal is: ours to correct, the subscription's to be asked for, Azure's, or one that passes. */
export type Owner = 'configuration' | 'subscription' | 'azure' | 'passing';

/** What else could be tried; null where only a person can change something. */
export type OtherWay = 'another size or zone' | 'another Region' | 'the same again, later' | null;

/** A refusal of a build in plain words. */
export interface BuildFailure {
  readonly meaning: string;
  readonly owner: Owner;
  /** What a person does, as an order. */
  readonly next: string;
  readonly otherWay: OtherWay;
}

type Row = BuildFailure & { readonly pattern: RegExp };

const row = (
  pattern: RegExp,
  [meaning, owner, otherWay]: readonly [string, Owner, OtherWay],
  next: string,
): Row => ({ pattern, meaning, owner, otherWay, next });

/**
 * Refusals of Azure, Terraform and Kubernetes that have a plain meaning; the first that matches is said. Codes: Azure
 * Resource Manager "Troubleshoot common deployment errors", the AKS and MySQL Flexible Server troubleshooting pages,
 * Entra ID error codes. The narrow ones stand before the wide ones.
 */
const ROWS: readonly Row[] = [
  row(
    /AllocationFailed|ZonalAllocationFailed|OverconstrainedAllocationRequest|CapacityHeavyUsage/,
    ['Azure has no free capacity for these machines in this Region now', 'azure', 'another size or zone'],
    'Run again in some minutes, or choose another size or zone in the Terraform variables.',
  ),
  row(
    /ProvisioningDisabled|LocationNotAvailableForResourceType|NotAvailableInLocation/,
    ['the subscription may not create this service in this Region', 'subscription', 'another Region'],
    'Ask Azure support to lift the restriction, or choose another Region for the standby.',
  ),
  row(
    /SkuNotAvailable|NotAvailableForSubscription|is not available in location/,
    [
      'this machine size is not offered to the subscription in this Region',
      'subscription',
      'another size or zone',
    ],
    'Choose another size in the Terraform variables: `az vm list-skus --location REGION` lists them.',
  ),
  row(
    /PublicIPCountLimitReached|CountLimitReached/,
    ['the subscription has as many of these as Azure allows it in this Region', 'subscription', null],
    'Delete those that nobody needs, or ask Azure for a higher limit (Portal, Quotas).',
  ),
  row(
    /InsufficientVCPUQuota|QuotaExceeded|exceeding approved .*quota|OperationNotAllowed[^]*quota/i,
    ['the quota of the subscription is used up', 'subscription', 'another size or zone'],
    'Ask Azure for more (Portal, Quotas), or free what nobody needs.',
  ),
  row(
    /state blob is already locked|Error acquiring the state lock|STATE_LOCKED/,
    ['another run holds the lock of the Terraform state', 'configuration', 'the same again, later'],
    'Wait for that run, or read in docs/azure-setup.md how to release a stale lock.',
  ),
  row(
    /\bBACKUP_[A-Z_]+\b/,
    ['the database could not be restored from its backup', 'configuration', null],
    'Choose another backup and run the pipeline again.',
  ),
  row(
    /ServerNameAlreadyExists|NameNotAvailable|StorageAccountAlreadyTaken|DnsRecordInUse/,
    [
      'a name that must be unique in the world is taken, often by what an earlier build left',
      'configuration',
      null,
    ],
    'Delete what an earlier build left, or choose another name in the Terraform variables; a deleted server keeps its name for a while.',
  ),
  row(
    /AADSTS70021\d?|No matching federated identity record|AADSTS700016/i,
    ['Entra ID does not trust the identity that the pipeline shows', 'configuration', null],
    'Compare issuer, subject and audience of the federated credential with the token: docs/azure-setup.md.',
  ),
  row(
    /RequestDisallowedByPolicy|disallowed by policy/,
    ['an Azure Policy of the organisation forbids this resource', 'subscription', null],
    'Read the name of the policy in the run, and ask its owner for an exemption, or change the resource.',
  ),
  row(
    /AuthorizationFailed|does not have authorization to perform action|LinkedAuthorizationFailed/,
    ['the identity of the pipeline may not do this', 'configuration', null],
    'Give it the role that docs/azure-setup.md names, on the scope that the run names.',
  ),
  row(
    /K8sVersionNotSupported|AgentPoolK8sVersionNotSupported|only available for Long-Term Support/i,
    ['Azure offers this version of Kubernetes no more', 'configuration', null],
    'Choose a version that `az aks get-versions --location REGION` lists.',
  ),
  row(
    /ApplicationGatewayKeyVaultSecretException|KeyVaultSecretException/,
    ['the gateway cannot read its certificate in Key Vault', 'configuration', null],
    'See that the certificate is there, enabled and not expired, and that the identity of the gateway may read it.',
  ),
  row(
    /toomanyrequests|pull rate limit|TOOMANYREQUESTS/,
    ['the image registry lets nobody pull more images for now', 'passing', 'the same again, later'],
    'Run again later; copy the images into a registry of your own before the next time.',
  ),
  row(
    /context deadline exceeded|timeout while waiting for state|OperationTimedOut|GatewayTimeout/i,
    [
      'Azure took longer than Terraform waits; what was begun may still be finished',
      'passing',
      'the same again, later',
    ],
    'Run again: what exists by then is taken over.',
  ),
  row(
    /InternalServerError|InternalOperationError|RetryableError|ServiceUnavailable/,
    ['Azure had an error of its own', 'azure', 'the same again, later'],
    'Run again; if it stays, read https://azure.status.microsoft for the Region.',
  ),
];

/** What a refusal means; null where it is not one of the known. */
export function explainFailure(lines: readonly string[]): BuildFailure | null {
  const text = lines.join('\n');
  const found = ROWS.find(({ pattern }) => pattern.test(text));
  if (found === undefined) return null;
  const { meaning, owner, next, otherWay } = found;
  return { meaning, owner, next, otherWay };
}

const OWNERS: Readonly<Record<Owner, string>> = {
  configuration: 'ours to correct',
  subscription: 'for the owner of the subscription',
  azure: "Azure's matter",
  passing: 'it passes',
};

/** One line for people: meaning, whose matter, what else could be tried, the next step last. */
export function describeBuildFailure(lines: readonly string[]): string {
  const known = explainFailure(lines);
  if (known === null) return 'no failure that Pilotlight knows. Read the log of the stage';
  const other = known.otherWay === null ? '' : `; what may help: ${known.otherWay}`;
  return `${known.meaning} (${OWNERS[known.owner]}${other}). ${known.next}`;
}
