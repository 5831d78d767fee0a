import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { jobsOf, pipelineText, readPipeline, scriptOf, stepsOf } from './helpers/pipeline-shape.ts';
import { repository } from './helpers/script-bench.ts';

const pipeline = readPipeline();
const jobs = jobsOf(pipeline);
const steps = jobs.flatMap(stepsOf);
const parameter = (name: string) => pipeline.parameters.find((one) => one.name === name);

describe('pipelines/failover.yml', () => {
  it('uses only keys that Azure Pipelines knows', () => {
    expect(() => readPipeline(pipelineText.replace('timeoutInMinutes: 50', 'timeoutMinutes: 50'))).toThrow(
      /timeoutMinutes/,
    );
  });

  it('has the name by which the controller finds its run', () => {
    expect(pipeline.name).toBe(
      'pilotlight-${{ parameters.workload }}-${{ parameters.action }}-${{ parameters.correlationId }}',
    );
    expect(pipeline.appendCommitMessageToRunName).toBe(false);
  });

  it('starts only when somebody asks', () => {
    expect([pipeline.trigger, pipeline.pr]).toEqual(['none', 'none']);
  });

  it('takes the parameters that the controller sends, and needs no other', () => {
    expect(parameter('action')?.values).toEqual(['apply', 'plan', 'destroy']);
    expect(parameter('tier')?.values).toEqual(['cold', 'warm', 'parked']);
    const needed = pipeline.parameters.filter((one) => one.default === undefined).map((one) => one.name);
    expect(needed).toEqual(['action', 'workload', 'correlationId']);
    expect(parameter('replaceData')?.default).toBe(false);
  });

  it('has the four stages that the controller reads, side by side where they can be', () => {
    expect(pipeline.stages.map(({ stage, dependsOn }) => [stage, dependsOn])).toEqual([
      ['Infrastructure', []],
      ['Restore', []],
      ['Deploy', ['Infrastructure']],
      ['Smoke', ['Infrastructure', 'Restore', 'Deploy']],
    ]);
  });

  it('restores only with an apply, deploys after a good one and smokes after all', () => {
    expect(pipeline.stages.map(({ condition }) => condition)).toEqual([
      undefined,
      "eq('${{ parameters.action }}', 'apply')",
      "and(succeeded(), eq('${{ parameters.action }}', 'apply'))",
      "and(succeeded(), eq('${{ parameters.action }}', 'apply'))",
    ]);
  });

  it.each(jobs.map((one) => [one.displayName, one] as const))('bounds the job "%s" in time', (_, one) => {
    expect(one.timeoutInMinutes).toBeGreaterThanOrEqual(15);
    expect(one.timeoutInMinutes).toBeLessThanOrEqual(60);
  });

  it('signs in to Azure only through the connection of the parameter', () => {
    const tasks = steps.filter((one) => one.task !== undefined && one.task !== 'Delay@1');
    expect(tasks).toHaveLength(7);
    for (const one of tasks) {
      expect(one.task).toBe('AzureCLI@2');
      expect(one.inputs).toMatchObject({
        azureSubscription: '${{ parameters.serviceConnection }}',
        scriptType: 'bash',
        scriptLocation: 'scriptPath',
      });
      expect(one.inputs).not.toHaveProperty('addSpnToEnvironment');
    }
  });

  it('holds no secret and no name that asks for one', () => {
    const variables = [...pipeline.variables, ...jobs.flatMap((one) => one.variables ?? [])];
    const names = [...variables, ...pipeline.parameters].map((one) => one.name);
    expect(names).toHaveLength(17);
    for (const name of names)
      expect(name).not.toMatch(/secret|password|passwd|token|(?<!ser)key|sas|credential/i);
    expect(pipelineText).not.toMatch(/group:|KeyVault@|ARM_CLIENT_SECRET|ARM_ACCESS_KEY|issecret/i);
  });

  it('gives the run’s own token to Terraform alone', () => {
    const holders = steps
      .filter((one) => JSON.stringify(one.env ?? {}).includes('System.AccessToken'))
      .map(scriptOf);
    expect(holders).toEqual(['pipelines/scripts/run-terraform.sh', 'pipelines/scripts/save-state.sh']);
    for (const one of steps.filter((each) => each.checkout === 'self'))
      expect(one.persistCredentials).toBe(false);
  });

  it('puts free text into no script, only into the environment', () => {
    for (const one of steps) {
      expect(`${one.bash ?? ''}${JSON.stringify(one.inputs ?? {})}`).not.toMatch(
        /parameters\.(workload|correlationId|backup)/,
      );
      expect(one.inputs ?? {}).not.toHaveProperty('inlineScript');
      if (one.bash !== undefined) expect(one.bash).toMatch(/^(exec )?pipelines\/scripts\/[a-z-]+\.sh$/);
    }
  });

  it('checks the request before anything else is done with it', () => {
    const first = jobs.slice(0, 1).flatMap(stepsOf);
    expect(first.slice(0, 2).map((one) => scriptOf(one) ?? one.checkout)).toEqual([
      'self',
      'pipelines/scripts/validate-request.sh',
    ]);
    for (const file of new Set(steps.flatMap((one) => scriptOf(one) ?? []))) {
      if (file.endsWith('install-terraform.sh')) continue;
      expect(readFileSync(join(repository, file), 'utf8')).toContain('\nrequire_request\n');
    }
  });

  it('begins to fetch the provider before it signs in, and goes on', () => {
    const order = jobs
      .slice(0, 1)
      .flatMap(stepsOf)
      .flatMap((one) => scriptOf(one) ?? []);
    expect(order.slice(0, 4)).toEqual([
      'pipelines/scripts/validate-request.sh',
      'pipelines/scripts/install-terraform.sh',
      'pipelines/scripts/fetch-providers.sh',
      'pipelines/scripts/export-identity.sh',
    ]);
  });

  it('needs no third agent: the application comes into the cluster with Restore, and Deploy waits for nothing of it', () => {
    expect(
      pipeline.stages.flatMap(({ stage, jobs: all }) =>
        all.map((one) => [stage, 'job' in one ? one.job : one.deployment]),
      ),
    ).toEqual([
      ['Infrastructure', 'Terraform'],
      ['Restore', 'Behind'],
      ['Restore', 'Database'],
      ['Deploy', 'Application'],
      ['Smoke', 'Verify'],
    ]);
    const restore = readFileSync(join(repository, 'pipelines/scripts/restore-database.sh'), 'utf8');
    expect(restore).toContain('\nput_application_early "$host"\n');
  });

  it('runs Terraform where a cancel reaches it, and gives it time to let go', () => {
    const terraform = jobs.find((one) => 'job' in one && one.job === 'Terraform');
    const run = steps.find((one) => one.name === 'Apply');
    expect(run?.bash).toBe('exec pipelines/scripts/run-terraform.sh');
    const milliseconds = (terraform?.variables ?? []).map((one) => Number(one.value));
    expect(milliseconds).toEqual([480_000, 60_000]);
    expect(terraform?.cancelTimeoutInMinutes).toBe(10);
    const save = steps.find((one) => scriptOf(one)?.endsWith('save-state.sh'));
    expect(save?.condition).toMatch(/^and\(not\(succeeded\(\)\), /);
  });

  it('hands the outputs of the step that makes them to each job that comes after it', () => {
    const later = pipeline.stages.slice(2).flatMap((stage) => stage.jobs);
    expect(later).toHaveLength(2);
    for (const one of later) {
      expect(one.variables).toEqual([
        {
          name: 'STANDBY',
          value: "$[ stageDependencies.Infrastructure.Terraform.outputs['Apply.standby'] ]",
        },
      ]);
    }
  });

  it('lets Terraform have the first agent, since Restore waits for what it builds', () => {
    const [behind, database] = pipeline.stages[1]?.jobs ?? [];
    expect(behind).toMatchObject({
      job: 'Behind',
      pool: 'server',
      steps: [{ task: 'Delay@1', inputs: { delayForMinutes: '1' } }],
    });
    expect(database).toMatchObject({ job: 'Database', dependsOn: 'Behind' });
    expect(database?.variables).toBeUndefined();
    expect(pipeline.stages[0]?.jobs).toHaveLength(1);
  });

  it('tells Restore of a Terraform that failed', () => {
    const tell = steps.find((one) => scriptOf(one)?.endsWith('record-failed.sh'));
    expect(tell?.condition).toBe('failed()');
  });

  it('calls only scripts that are there and may be run, and leaves none uncalled', () => {
    const called = new Set(steps.flatMap((one) => scriptOf(one) ?? []));
    for (const file of called) expect(statSync(join(repository, file)).mode & 0o111).toBe(0o111);
    const there = readdirSync(join(repository, 'pipelines/scripts')).filter((name) => name.endsWith('.sh'));
    const byScripts = ['prepare-database.sh', 'render-manifests.sh'];
    // The second runner has a way in of its own: it runs the same scripts in a container.
    const byTheJob = ['run-job.sh', 'apply-infrastructure.sh'];
    expect([...called].map((file) => file.slice('pipelines/scripts/'.length)).sort()).toEqual(
      there.filter((name) => ![...byScripts, ...byTheJob].includes(name)).sort(),
    );
  });

  it('asks Terraform for outputs that are there, and gives it variables that it takes', () => {
    const root = join(repository, 'terraform/azure/failover');
    const declared = (kind: string): string[] => {
      const files = readdirSync(root).filter((name) => name.endsWith('.tf'));
      const text = files.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
      return [...text.matchAll(new RegExp(`^${kind} "(\\w+)"`, 'gm'))].map((match) => match[1] ?? '');
    };
    const scripts = ['pipelines/scripts', 'pipelines/scripts/lib'].flatMap((folder) =>
      readdirSync(join(repository, folder))
        .filter((name) => name.endsWith('.sh'))
        .map((name) => readFileSync(join(repository, folder, name), 'utf8')),
    );
    const used = (pattern: RegExp): string[] => [
      ...new Set(scripts.flatMap((text) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))),
    ];
    const outputs = used(/^ *read_standby \w+ (\w+) /gm);
    expect(outputs).toHaveLength(11);
    expect(outputs.filter((name) => !declared('output').includes(name))).toEqual([]);
    const variables = used(/-var "(\w+)=/g);
    expect(variables).toEqual(['workload', 'tier', 'state_storage_account']);
    expect(variables.filter((name) => !declared('variable').includes(name))).toEqual([]);
  });
});
