import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { azStandIn } from './helpers/azure-stand-in.ts';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const identity = {
  AZURESUBSCRIPTION_CLIENT_ID: 'aaaaaaaa-0000-0000-0000-000000000001',
  AZURESUBSCRIPTION_TENANT_ID: 'aaaaaaaa-0000-0000-0000-000000000002',
  AZURESUBSCRIPTION_SERVICE_CONNECTION_ID: 'aaaaaaaa-0000-0000-0000-000000000003',
};

describeWith(['bash', 'jq'], 'the door of the pipeline', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', azStandIn);
  });
  afterEach(() => {
    bench.remove();
  });
  const validate = (environment: Readonly<Record<string, string>> = {}) =>
    bench.run('pipelines/scripts/validate-request.sh', environment);

  it.each([
    [{}],
    [{ ACTION: 'plan' }],
    [{ ACTION: 'destroy', TIER: 'warm' }],
    [{ TIER: 'parked' }],
    [{ CORRELATION_ID: 'A' }],
    [{ CORRELATION_ID: `x${'9-'.repeat(31)}9` }],
  ])('lets %j in', (environment) => {
    expect(validate(environment)).toMatchObject({ status: 0, errors: [] });
  });

  it.each([
    ['ACTION', 'delete', 'apply, plan or destroy'],
    ['ACTION', '', 'apply, plan or destroy'],
    ['WORKLOAD', '../petclinic', '2 to 12 of a-z and 0-9'],
    ['WORKLOAD', 'Petclinic', '2 to 12 of a-z and 0-9'],
    ['WORKLOAD', 'unknown', 'has no pipelines/workloads/unknown.json'],
    ['CORRELATION_ID', '', '1 to 64'],
    ['CORRELATION_ID', 'x'.repeat(65), '1 to 64'],
    ['CORRELATION_ID', '-lock=false', 'not beginning with -'],
    ['CORRELATION_ID', 'a b', '1 to 64'],
    ['CORRELATION_ID', 'a;id', '1 to 64'],
    ['CORRELATION_ID', '$(touch owned)', '1 to 64'],
    ['CORRELATION_ID', 'a\n##vso[task.complete]x', '1 to 64'],
    ['TIER', 'hot', 'cold, warm or parked'],
  ])('refuses %s %j and says what is allowed', (name, value, allowed) => {
    const result = validate({ [name]: value });
    expect(result.status).toBe(1);
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]).toMatch(/^INVALID_INPUT: /);
    expect(result.errors[0]).toContain(allowed);
    expect(result.output).not.toContain('\n##vso[task.complete');
  });

  it.each([
    ['DATA_ACCOUNT', { dataAccount: 'unset' }],
    ['DATA_ACCOUNT', { dataAccount: 'Not_An_Account' }],
    ['DATABASE_USER', { databaseUser: "x'; DROP" }],
  ])('refuses a workload file whose %s is wrong: %j', (name, changes) => {
    bench.settings(changes);
    expect(validate().errors).toEqual([
      expect.stringMatching(new RegExp(`^INVALID_INPUT: ${name} is .*pipelines/workloads/petclinic.json`)),
    ]);
  });

  it('tells everything that is wrong with a workload file, one line each', () => {
    bench.settings({ dataAccount: 'unset', databaseUser: '' });
    const named = validate().errors.map((line) => line.split(' ')[1]);
    expect(named).toEqual(['DATA_ACCOUNT', 'DATABASE_USER']);
  });

  it('tells everything that is wrong with a request, one line each', () => {
    const result = validate({ ACTION: 'delete', CORRELATION_ID: '', TIER: 'hot' });
    expect(result.status).toBe(1);
    expect(result.errors.map((line) => line.split(' ')[1])).toEqual(['ACTION', 'CORRELATION_ID', 'TIER']);
  });

  it('refuses a workload file that is not JSON', () => {
    writeFileSync(join(bench.folder, 'pipelines/workloads/petclinic.json'), '{');
    expect(validate().errors[0]).toMatch(
      /^INVALID_INPUT: pipelines\/workloads\/petclinic.json is not a JSON object/,
    );
  });

  it('is shipped with a workload file that has to be filled in before anything runs', () => {
    const shipped = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../pipelines/workloads/petclinic.json'), 'utf8'),
    ) as { dataAccount: string };
    bench.settings(shipped);
    expect(validate().errors).toEqual([expect.stringMatching(/^INVALID_INPUT: DATA_ACCOUNT is /)]);
  });

  it('gives the run the name by which the controller looks for it, when the YAML’s name was not taken', () => {
    expect(validate().output).not.toContain('updatebuildnumber');
    expect(validate({ BUILD_BUILDNUMBER: '20261122.1' }).output).toContain(
      '##vso[build.updatebuildnumber]pilotlight-petclinic-apply-exec-20261122-7f\n',
    );
  });

  const readIdentity = (environment: Readonly<Record<string, string>> = {}) =>
    bench.run('pipelines/scripts/export-identity.sh', { ...identity, ...environment });

  it('hands on who the pipeline is, and no token', () => {
    const { output, status } = readIdentity();
    expect(status).toBe(0);
    expect(output.trim().split('\n')).toEqual([
      '##vso[task.setvariable variable=ARM_CLIENT_ID]aaaaaaaa-0000-0000-0000-000000000001',
      '##vso[task.setvariable variable=ARM_TENANT_ID]aaaaaaaa-0000-0000-0000-000000000002',
      '##vso[task.setvariable variable=ARM_SUBSCRIPTION_ID]11111111-2222-3333-4444-555555555555',
      '##vso[task.setvariable variable=ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID]aaaaaaaa-0000-0000-0000-000000000003',
      '##vso[task.setvariable variable=ALREADY_DONE]false',
    ]);
  });

  it.each(Object.keys(identity))(
    'refuses to go on without %s, or Terraform would ask GitHub for its token',
    (name) => {
      expect(readIdentity({ [name]: '' }).errors[0]).toMatch(
        new RegExp(`^INVALID_INPUT: ${name} is .*federation`),
      );
    },
  );

  it('remembers a correlation id that has finished, and only for its own action', () => {
    expect(bench.run('pipelines/scripts/record-done.sh').status).toBe(0);
    expect(readIdentity().output).toContain('variable=ALREADY_DONE]true');
    const names = bench.calls().flatMap((line) => / --name (petclinic\/runs\/\S+)/.exec(line)?.[1] ?? []);
    expect(new Set(names)).toEqual(
      new Set([
        'petclinic/runs/exec-20261122-7f/apply.json',
        'petclinic/runs/exec-20261122-7f/failed-41.json',
      ]),
    );
    readIdentity({ ACTION: 'destroy' });
    expect(bench.calls().at(-1)).toContain('--name petclinic/runs/exec-20261122-7f/destroy.json');
  });

  it('forgets that it failed before, when the stage is run once more', () => {
    expect(bench.run('pipelines/scripts/record-failed.sh').status).toBe(0);
    expect(readIdentity().status).toBe(0);
    expect(bench.calls().at(-2)).toContain('blob delete');
    expect(bench.calls().at(-2)).toContain('--name petclinic/runs/exec-20261122-7f/failed-41.json');
  });

  it('plans every time', () => {
    bench.run('pipelines/scripts/record-done.sh');
    expect(readIdentity({ ACTION: 'plan' }).output).toContain('variable=ALREADY_DONE]false');
  });

  it('does not act when it cannot be read what was done before', () => {
    bench.program(
      'az',
      `case "$*" in 'account show'*) echo 11111111-2222-3333-4444-555555555555 ;; *) exit 1 ;; esac`,
    );
    const result = readIdentity();
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(/^STATE_UNREADABLE: .*Nothing was changed/);
    expect(result.output).not.toContain('ALREADY_DONE');
  });

  it('lets the first marker stand when two runs finish together', () => {
    bench.program(
      'az',
      `case "$*" in 'storage blob exists'*) echo true ;; *) echo BlobAlreadyExists >&2; exit 1 ;; esac`,
    );
    expect(bench.run('pipelines/scripts/record-done.sh').status).toBe(0);
    expect(bench.calls()[0]).not.toContain('--overwrite');
  });
});
