import { consequencesOf } from '../../../core/slack/evidence.ts';
import type { Workload } from '../../../core/config/schema.ts';
import { shippedWorkload } from '../config-fixture.ts';

/* Goal: whoever is asked reads what will build the standby, by its name. */

const containerJob = { resourceGroup: 'rg-pilot', name: 'job-runner', storageAccount: 'stpetclinicdata' };
const builtBy = (standby: Partial<Workload['standby']>): string | undefined => {
  const workload = shippedWorkload();
  const { happens } = consequencesOf({ ...workload, standby: { ...workload.standby, ...standby } }, false);
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
