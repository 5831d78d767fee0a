import { consequencesOf } from '../../../core/slack/evidence.ts';
import type { AzureStandby } from '../../../core/config/standby-schema.ts';
import { requireAzureStandby } from '../../../core/standby/tier.ts';
import { shippedWorkload } from '../config-fixture.ts';

/* Goal: whoever is asked reads what will build the standby, by its name. */

const containerJob = { resourceGroup: 'rg-pilot', name: 'job-runner', storageAccount: 'stpetclinicdata' };
const builtBy = (standby: Partial<AzureStandby>): string | undefined => {
  const workload = shippedWorkload();
  const own = requireAzureStandby('petclinic', workload);
  const { happens } = consequencesOf(
    { ...workload, standby: { ...own, ...standby } },
    { when: 'shielded', settle: null },
  );
  return happens.find((line) => line.includes('builds the standby'));
};

describe('what builds the standby', () => {
  it.each([
    ['azure-devops', {}, 'the pipeline 42 builds the standby in rg-petclinic-standby'],
    [
      'container-job',
      { containerJob },
      'the container job job-runner builds the standby in rg-petclinic-standby',
    ],
    [
      'both',
      { containerJob },
      'the pipeline 42, or else the container job job-runner, builds the standby in rg-petclinic-standby',
    ],
  ] as const)('is told with the runner %s', (runner, part, told) => {
    expect(builtBy({ runner, ...part })).toContain(told);
  });
});
