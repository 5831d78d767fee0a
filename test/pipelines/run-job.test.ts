import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { progressSchema } from '../../clouds/azure/standby/container-job-run.ts';
import { answerOf, azStandIn, putAnswer } from './helpers/azure-stand-in.ts';
import { makeRestoreBench } from './helpers/restore-bench.ts';
import { describeWith, type ScriptBench } from './helpers/script-bench.ts';

/*
 * Goal: the container does what the pipeline does, and tells the controller how it goes. Method: the script as it is, with the
 * stages of the pipeline as they are where they decide something here, and stand-ins for the outside.
 */

// Each test starts many processes, which a busy machine may take its time for.
jest.setTimeout(120_000);

const SCRIPT = 'pipelines/scripts/run-job.sh';
const job = {
  IDENTITY_CLIENT_ID: '33333333-4444-4555-8666-777777777777',
  TENANT_ID: '11111111-2222-4333-8444-555555555555',
  SUBSCRIPTION_ID: '22222222-3333-4444-8555-666666666666',
  CONTAINER_APP_JOB_EXECUTION_NAME: 'job-runner-abc1234',
  BUILD_BUILDID: '',
  BUILD_BUILDNUMBER: '',
};
const outputs = JSON.stringify({
  aks_cluster_name: { value: 'aks-petclinic', sensitive: false },
  administrator_password: { value: 'do-not-publish', sensitive: true },
});
const terraform = (apply: string): string => `
case "$*" in
  *' init '*) echo "oidc $ARM_USE_OIDC cli $ARM_USE_CLI tenant $ARM_TENANT_ID" ;;
  *' output '*) printf '%s' '${outputs}' ;;
  *) ${apply} ;;
esac`;
const FILE = 'blobs/petclinic/exec-20261122-7f.json';
const STOP = 'blobs/petclinic/runner/exec-20261122-7f.stop.json';
const MARKER = 'blobs/petclinic/runs/exec-20261122-7f/apply.json';

describeWith(['bash', 'jq', 'timeout', 'tail'], 'the runner in a container', () => {
  let bench: ScriptBench;
  /** Puts a script in the place of a stage that has tests of its own. */
  const stage = (name: string, body: string): void => {
    writeFileSync(join(bench.folder, `pipelines/scripts/${name}.sh`), `#!/usr/bin/env bash\n${body}\n`);
  };
  const progress = () => progressSchema.parse(JSON.parse(answerOf(bench, FILE)));
  const results = () => progress().stages.map(({ name, result }) => `${name} ${result ?? 'none'}`);

  beforeEach(() => {
    bench = makeRestoreBench();
    bench.program('az', `case "$*" in login* | 'account set'*) exit 0 ;; esac\n${azStandIn}`);
    bench.program('terraform', terraform('echo done'));
    stage('restore-database', 'echo "restores with $REPLACE_DATA"');
    stage('deploy-application', 'jq -r \'"deploys to " + .aks_cluster_name\' <<<"$STANDBY"');
    stage('smoke-test', 'echo "asks $STANDBY"');
  });
  afterEach(() => {
    bench.remove();
  });

  it('runs all stages, hands the outputs on, and tells that each has succeeded', () => {
    const { status, output } = bench.run(SCRIPT, { ...job, REPLACE_DATA: 'true' });
    expect({ status, told: progress() }).toEqual({
      status: 0,
      told: {
        execution: 'job-runner-abc1234',
        stages: ['Infrastructure', 'Restore', 'Deploy', 'Smoke'].map((name) => ({
          ...{ name, state: 'completed', result: 'succeeded', errors: [] },
        })),
      },
    });
    expect(output).toContain('restores with true');
    expect(output).toContain('deploys to aks-petclinic');
    expect(output).not.toContain('do-not-publish');
    expect(JSON.parse(answerOf(bench, MARKER))).toMatchObject({ run: 'job-runner-abc1234', action: 'apply' });
  });

  it('signs in as the identity of the job, and lets Terraform go by that sign-in, with a longer wait for the lock', () => {
    const { output } = bench.run(SCRIPT, job);
    expect(bench.calls()).toContain(
      'az login --identity --client-id 33333333-4444-4555-8666-777777777777 --allow-no-subscriptions --output none ',
    );
    expect(output).toContain('oidc false cli true tenant 11111111-2222-4333-8444-555555555555');
    const init = bench.calls().find((line) => line.includes(' init '));
    expect(init).toContain('-backend-config=use_oidc=false');
    expect(init).toContain('-backend-config=key=petclinic/failover.tfstate');
    const apply = bench.calls().find((line) => line.includes(' apply '));
    expect(apply).toContain('-lock-timeout=600s');
    expect(apply).not.toMatch(/-lock=false|force-unlock/);
  });

  it('wakes a parked standby first, and makes a cluster anew that does not wake', () => {
    stage('wake-standby', 'echo "##vso[task.setvariable variable=REPLACE_CLUSTER]true"');
    expect(bench.run(SCRIPT, { ...job, TIER: 'parked' }).status).toBe(0);
    expect(bench.calls().find((line) => line.includes(' apply '))).toContain(
      '-replace=module.standby.module.aks.azurerm_kubernetes_cluster.this',
    );
    stage('wake-standby', 'echo "woken for nobody"; exit 9');
    expect(bench.run(SCRIPT, { ...job, TIER: 'cold', CORRELATION_ID: 'exec-cold' }).status).toBe(0);
  });

  it('makes no plan where the parked database does not wake, and tells Restore', () => {
    stage(
      'wake-standby',
      'echo "##vso[task.logissue type=error]STANDBY_ASLEEP: the database sleeps"; exit 1',
    );
    stage('restore-database', 'exit 1');
    expect(bench.run(SCRIPT, { ...job, TIER: 'parked' }).status).toBe(1);
    expect(bench.calls().filter((line) => line.includes('terraform'))).toEqual([]);
    expect(progress().stages[0]).toMatchObject({
      ...{ name: 'Infrastructure', result: 'failed' },
      errors: ['STANDBY_ASLEEP: the database sleeps'],
    });
    const failed = 'blobs/petclinic/runs/exec-20261122-7f/failed-job-runner-abc1234.json';
    expect(existsSync(join(bench.folder, 'azure', failed))).toBe(true);
  });

  it('says why Terraform failed, skips what needs it, and lets Restore end by itself', () => {
    bench.program('terraform', terraform(`echo '│ Error: Code="AllocationFailed"'; exit 1`));
    stage(
      'restore-database',
      'until [[ -e "$BENCH/azure/blobs/petclinic/runs/exec-20261122-7f/failed-job-runner-abc1234.json" ]]; do sleep 0.2; done; exit 1',
    );
    const { status } = bench.run(SCRIPT, job);
    expect(status).toBe(1);
    expect(results()).toEqual(['Infrastructure failed', 'Restore failed', 'Deploy skipped', 'Smoke skipped']);
    const [first] = progress().stages;
    expect(first?.errors).toEqual([expect.stringMatching(/^CAPACITY_REFUSED: Azure has no free machines/)]);
    expect(existsSync(join(bench.folder, 'azure', MARKER))).toBe(false);
  });

  it('does not ask as a user where the data did not come', () => {
    stage(
      'restore-database',
      'echo "##vso[task.logissue type=error]BACKUP_UNUSABLE: 100%AZP25 gone"; exit 1',
    );
    expect(bench.run(SCRIPT, job).status).toBe(1);
    expect(results()).toEqual([
      'Infrastructure succeeded',
      'Restore failed',
      'Deploy succeeded',
      'Smoke skipped',
    ]);
    expect(progress().stages[1]?.errors).toEqual(['BACKUP_UNUSABLE: 100% gone']);
  });

  it('leaves alone what another runner has done for the same request, and goes on with the rest', () => {
    putAnswer(bench, MARKER, '{"run":"41","action":"apply","tier":"cold"}');
    expect(bench.run(SCRIPT, job).status).toBe(0);
    expect(bench.calls().filter((line) => line.includes(' apply '))).toEqual([]);
    expect(results()).toContain('Deploy succeeded');
    expect(JSON.parse(answerOf(bench, MARKER))).toMatchObject({ run: '41' });
  });

  it('goes on where the file cannot be written', () => {
    bench.program(
      'az',
      `case "$*" in login* | 'account set'*) exit 0 ;; *'--container-name runner'*) exit 1 ;; esac\n${azStandIn}`,
    );
    const { status, output } = bench.run(SCRIPT, job);
    expect(status).toBe(0);
    expect(output).toContain('could not be written to the container runner of stpetclinicdata1');
  });

  it('destroys by Terraform alone', () => {
    const { status, output } = bench.run(SCRIPT, { ...job, ACTION: 'destroy' });
    expect(status).toBe(0);
    expect(results()).toEqual(['Infrastructure succeeded']);
    expect(output).not.toContain('restores with');
  });

  it('stops at once where it may not sign in, with what to look at', () => {
    bench.program('az', 'exit 1');
    const { status, errors } = bench.run(SCRIPT, { ...job, SIGN_IN_PAUSE_SECONDS: '0' });
    expect(status).toBe(1);
    expect(errors).toEqual([expect.stringMatching(/^NOT_SIGNED_IN: the container cannot sign in as/)]);
  });

  it('names everything that is wrong with what it was started with', () => {
    const { status, errors } = bench.run(SCRIPT, { ...job, TENANT_ID: 'x', IDENTITY_CLIENT_ID: '' });
    expect(status).toBe(1);
    expect(errors.map((line) => line.split(' is ')[0])).toEqual([
      'INVALID_INPUT: IDENTITY_CLIENT_ID',
      'INVALID_INPUT: TENANT_ID',
    ]);
  });

  it.each([
    ['the controller asks for it', () => putAnswer(bench, STOP, '{}')],
    ['the container is stopped', (pid: number) => process.kill(pid, 'SIGTERM')],
  ])('lets Terraform end well where %s', async (_, ask) => {
    // SIGINT, once, is what Terraform wants to hear.
    bench.program(
      'terraform',
      terraform(
        `trap 'echo interrupted >>"$BENCH/interrupts"; exit 1' INT; touch "$BENCH/applying"; while :; do sleep 0.1; done`,
      ),
    );
    stage('restore-database', 'sleep 30');
    const running = bench.start(SCRIPT, { ...job, STOP_PAUSE_SECONDS: '0.3' });
    while (!existsSync(join(bench.folder, 'applying'))) await new Promise((wake) => setTimeout(wake, 50));
    ask(running.pid ?? 0);
    const [code] = (await once(running, 'exit')) as [number | null];
    expect(code).toBe(1);
    expect(readFileSync(join(bench.folder, 'interrupts'), 'utf8')).toBe('interrupted\n');
    expect(results()).toEqual([
      'Infrastructure canceled',
      'Restore canceled',
      'Deploy skipped',
      'Smoke skipped',
    ]);
  });
});
