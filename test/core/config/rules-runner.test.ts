import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: the configuration names each runner that it uses, and none that it does not.
 */

const AT = 'workloads.petclinic';
const containerJob = {
  resourceGroup: 'rg-petclinic-pilot',
  name: 'job-petclinic-runner',
  storageAccount: 'petclinicbackups',
};
const pipeline = { organization: 'petclinic', project: 'petclinic', pipelineId: 42 };
const parsed = (standby: object, limits: object = {}) => {
  const changes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(standby)) changes[`standby.${name}`] = value;
  for (const [name, value] of Object.entries(limits)) changes[`limits.${name}`] = value;
  return parseConfig(dataWithWorkload(changes));
};
const problems = (standby: object, limits: object = {}): readonly string[] =>
  problemsOf(() => parsed(standby, limits));

describe('the runner of the failover Terraform', () => {
  it('is Azure DevOps where nothing is said of it', () => {
    const { standby } = workloadOf(parseConfig(dataWith()), 'petclinic');
    expect(standby.runner).toBe('azure-devops');
    expect(standby.containerJob).toBeUndefined();
  });

  it('may be the container job alone, with no pipeline in the configuration', () => {
    const config = parsed({ runner: 'container-job', pipeline: undefined, containerJob });
    const { standby } = workloadOf(config, 'petclinic');
    expect(standby).toMatchObject({ runner: 'container-job', containerJob });
    expect(standby.pipeline).toBeUndefined();
  });

  it('may be both, with 180 s for Azure DevOps to begin', () => {
    const { standby, limits } = workloadOf(parsed({ runner: 'both', containerJob }), 'petclinic');
    expect(standby).toMatchObject({ pipeline: { pipelineId: 42 }, containerJob });
    expect(limits.runnerSeconds).toBe(180);
  });

  it.each([
    [
      'the pipeline where Azure DevOps is the runner',
      { pipeline: undefined },
      ['standby.pipeline: got nothing, expected it with runner azure-devops'],
    ],
    [
      'the pipeline where the job alone is there, and names the runner that fits',
      { pipeline: undefined, containerJob },
      [
        'standby.pipeline: got nothing, expected it with runner azure-devops, or runner: container-job',
        'standby.containerJob: got one that runner azure-devops does not use, expected none, or runner: container-job',
      ],
    ],
    [
      'the job where it is the runner',
      { runner: 'container-job' },
      [
        'standby.pipeline: got one that runner container-job does not use, expected none, or runner: azure-devops',
        'standby.containerJob: got nothing, expected it with runner container-job, or runner: azure-devops',
      ],
    ],
    [
      'the job where both run',
      { runner: 'both' },
      ['standby.containerJob: got nothing, expected it with runner both, or runner: azure-devops'],
    ],
    [
      'the pipeline where both run',
      { runner: 'both', pipeline: undefined, containerJob },
      ['standby.pipeline: got nothing, expected it with runner both, or runner: container-job'],
    ],
    [
      'that a part for nobody goes',
      { containerJob },
      ['standby.containerJob: got one that runner azure-devops does not use, expected none, or runner: both'],
    ],
    [
      'that a pipeline for nobody goes',
      { runner: 'container-job', pipeline, containerJob },
      ['standby.pipeline: got one that runner container-job does not use, expected none, or runner: both'],
    ],
  ])('needs %s', (_, standby, told) => {
    expect(problems(standby)).toEqual(told.map((problem) => `${AT}.${problem}`));
  });

  it.each([
    [{ ...containerJob, name: 'Job' }, 'name: got "Job", expected 2 to 32 lower-case letters'],
    [{ ...containerJob, name: 'a--b' }, 'name: got "a--b", expected 2 to 32 lower-case letters'],
    [{ ...containerJob, storageAccount: 'st-a' }, 'storageAccount: got "st-a", expected the name of a'],
    [{ ...containerJob, resourceGroup: 'rg.' }, 'resourceGroup: got "rg.", expected 1 to 90 letters'],
    [{ ...containerJob, image: 'x' }, 'image: got "x", an unknown field'],
  ])('refuses the job %j', (job, problem) => {
    expect(problems({ runner: 'both', containerJob: job })).toEqual([
      expect.stringContaining(`${AT}.standby.containerJob.${problem}`),
    ]);
  });

  it('refuses a first runner that is given up so late that the second has no time', () => {
    const limits = { pipelineSeconds: 1_200, runnerSeconds: 601 };
    expect(problems({ runner: 'both', containerJob }, limits)).toEqual([
      `${AT}.limits.runnerSeconds: got 601, expected at most 600, half of pipelineSeconds: the container job needs the rest`,
    ]);
    expect(() => parsed({ runner: 'both', containerJob }, { ...limits, runnerSeconds: 600 })).not.toThrow();
    expect(() => parsed({}, limits)).not.toThrow();
  });

  it('warns of less patience than an agent of Azure DevOps needs', () => {
    const told = (runnerSeconds: number, runner = 'both') =>
      warningsOf(parsed(runner === 'both' ? { runner, containerJob } : {}, { runnerSeconds })).filter(
        (warning) => warning.includes('runnerSeconds'),
      );
    expect(told(119)).toEqual([
      `${AT}.limits.runnerSeconds: got 119: an agent of Azure DevOps often takes longer, so a good run is cancelled ` +
        'before it begins. Safer: 120 or more',
    ]);
    expect(told(120)).toEqual([]);
    expect(told(119, 'azure-devops')).toEqual([]);
  });
});
