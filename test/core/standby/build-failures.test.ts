import { describeBuildFailure, explainFailure } from '../../../core/standby/build-failures.ts';

/*
 * Goal: each refusal that people have met says what it means, whose matter it is, what else could be tried and what to do.
 */

describe('the meaning of a refusal', () => {
  it.each([
    [
      'Code="AllocationFailed" Message="Allocation failed."',
      'no free capacity',
      'azure',
      'another size or zone',
    ],
    ['ZonalAllocationFailed: no capacity in zone 1', 'no free capacity', 'azure', 'another size or zone'],
    ['OverconstrainedAllocationRequest', 'no free capacity', 'azure', 'another size or zone'],
    [
      'AKSCapacityHeavyUsage: AKS is experiencing heavy usage in koreacentral',
      'no free capacity',
      'azure',
      'another size or zone',
    ],
    [
      'ErrCode_InsufficientVCPUQuota: requested 12, remaining 4 for family standardDSv5Family',
      'quota',
      'subscription',
      'another size or zone',
    ],
    ['Code="QuotaExceeded"', 'quota', 'subscription', 'another size or zone'],
    [
      'Operation could not be completed as it results in exceeding approved Total Cores quota',
      'quota',
      'subscription',
      'another size or zone',
    ],
    [
      'Code="OperationNotAllowed" Message="Requested change\nneeds more quota."',
      'quota',
      'subscription',
      'another size or zone',
    ],
    [
      'ProvisioningDisabled: Subscriptions are restricted from provisioning in this location',
      'may not create this service',
      'subscription',
      'another Region',
    ],
    ['Code="SkuNotAvailable"', 'machine size is not offered', 'subscription', 'another size or zone'],
    ['NotAvailableForSubscription', 'machine size is not offered', 'subscription', 'another size or zone'],
    [
      "The requested VM size Standard_D2s_v5 is not available in location 'koreacentral'",
      'machine size is not offered',
      'subscription',
      'another size or zone',
    ],
    [
      'PublicIPCountLimitReached: cannot create more than 20 public IP addresses',
      'as many of these as Azure allows',
      'subscription',
      null,
    ],
    [
      'ServerNameAlreadyExists: the server name is already used',
      'name that must be unique',
      'configuration',
      null,
    ],
    [
      'AuthorizationFailed: the client does not have authorization to perform action',
      'may not do this',
      'configuration',
      null,
    ],
    ['RequestDisallowedByPolicy: resource was disallowed by policy', 'an Azure Policy', 'subscription', null],
    [
      'AADSTS700213: no matching federated identity record found',
      'does not trust the identity',
      'configuration',
      null,
    ],
    [
      'K8sVersionNotSupported: version 1.30 is only available for Long-Term Support',
      'this version of Kubernetes',
      'configuration',
      null,
    ],
    [
      'ApplicationGatewayKeyVaultSecretException: problem occurred while accessing',
      'certificate in Key Vault',
      'configuration',
      null,
    ],
    [
      'toomanyrequests: you have reached your pull rate limit',
      'image registry',
      'passing',
      'the same again, later',
    ],
    [
      'Error: creating Subnet: context deadline exceeded',
      'longer than Terraform waits',
      'passing',
      'the same again, later',
    ],
    [
      'InternalServerError: an unexpected error occurred',
      'error of its own',
      'azure',
      'the same again, later',
    ],
    [
      'Error: Error acquiring the state lock',
      'lock of the Terraform state',
      'configuration',
      'the same again, later',
    ],
    [
      'STATE_LOCKED lease held for 12 minutes',
      'lock of the Terraform state',
      'configuration',
      'the same again, later',
    ],
    ['BACKUP_TOO_OLD: the newest is of yesterday', 'could not be restored', 'configuration', null],
  ])('%s', (line, meaning, owner, otherWay) => {
    const known = explainFailure(['##[error]exit code 1', line]);
    expect(known).toMatchObject({ owner, otherWay });
    expect(known?.meaning).toContain(meaning);
    expect(known?.next).toMatch(/^[A-Z].*\.$/s);
  });

  it('is found over several lines', () => {
    expect(
      explainFailure(['Code="OperationNotAllowed"', 'Submit a request for Quota increase'])?.meaning,
    ).toContain('quota');
  });

  it('is that of the first row that is known, where there are several', () => {
    expect(explainFailure(['QuotaExceeded', 'AllocationFailed'])?.meaning).toContain('no free capacity');
  });

  it.each([
    ['an unknown failure', ['Error: the moon is in the wrong house']],
    [
      'an operation that is not allowed for another reason',
      ['Code="OperationNotAllowed" the disk is attached'],
    ],
    ['a word that only looks like the code of a backup', ['backup_failed', 'NOBACKUP_X']],
    ['no line at all', []],
  ])('is not guessed for %s', (_case, lines) => {
    expect(explainFailure(lines)).toBeNull();
    expect(describeBuildFailure(lines)).toBe('no failure that Pilotlight knows. Read the log of the stage');
  });

  it('is one line, with the next step last', () => {
    expect(describeBuildFailure(['toomanyrequests'])).toBe(
      'the image registry lets nobody pull more images for now (it passes; what may help: the same again, later). ' +
        'Run again later; copy the images into a registry of your own before the next time.',
    );
  });
});
