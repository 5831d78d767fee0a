import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const outputs = JSON.stringify({
  aks_cluster_name: { value: 'aks-petclinic', sensitive: false },
  resource_group: { value: 'rg-petclinic', sensitive: false },
  administrator_password: { value: 'do-not-publish', sensitive: true },
});

/** A Terraform whose `apply` does what the test says. */
const terraform = (apply: string): string => `
case "$*" in
  *' init '*) exit 0 ;;
  *' output '*) printf '%s' '${outputs}' ;;
  *) ${apply} ;;
esac`;

const lockedSince = (created: string): string => `cat <<TEXT
│ Error: Error acquiring the state lock
│
│ Error message: state blob is already locked
│ Lock Info:
│   ID:        6f1f4a4e-0c4b-9f3c-1d8b-0123456789ab
│   Path:      tfstate/petclinic/failover.tfstate
│   Operation: OperationTypeApply
│   Who:       vsts@fv-az123
│   Version:   1.13.5
│   Created:   $(date -u -d '${created}' '+%Y-%m-%d %H:%M:%S').123456789 +0000 UTC
TEXT
exit 1`;

describeWith(['bash', 'jq'], 'running Terraform', () => {
  let bench: ScriptBench;
  const script = 'pipelines/scripts/run-terraform.sh';
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('terraform', terraform('echo done'));
  });
  afterEach(() => {
    bench.remove();
  });

  it('keeps the state in the workload’s own blob, reached without any key', () => {
    expect(bench.run(script).status).toBe(0);
    const init = bench.calls().find((line) => line.includes(' init '));
    for (const part of [
      '-backend-config=storage_account_name=stpetclinicdata1',
      '-backend-config=container_name=tfstate',
      '-backend-config=key=petclinic/failover.tfstate',
      '-backend-config=use_oidc=true',
      '-backend-config=use_azuread_auth=true',
    ]) {
      expect(init).toContain(part);
    }
  });

  it('applies with a bounded wait for the lock and never with the lock off', () => {
    bench.run(script, { TIER: 'warm' });
    const apply = bench.calls().find((line) => line.includes(' apply '));
    expect(apply).toContain('-auto-approve');
    expect(apply).toContain('-lock-timeout=60s');
    expect(apply).toContain(
      '-var workload=petclinic -var tier=warm -var state_storage_account=stpetclinicdata1',
    );
    for (const line of bench.calls()) expect(line).not.toMatch(/-lock=false|force-unlock/);
  });

  it('publishes the outputs for the later stages, and none that is sensitive', () => {
    const { output } = bench.run(script);
    expect(output).toContain(
      '##vso[task.setvariable variable=standby;isOutput=true]{"aks_cluster_name":"aks-petclinic","resource_group":"rg-petclinic"}',
    );
    expect(output).not.toContain('do-not-publish');
  });

  it.each(['plan', 'destroy'])('does %s and publishes nothing', (action) => {
    const result = bench.run(script, { ACTION: action });
    expect(result.status).toBe(0);
    expect(bench.calls().some((line) => line.includes(` ${action} `))).toBe(true);
    expect(result.output).not.toContain('setvariable');
  });

  it('does nothing twice for one correlation id, and still hands the outputs on', () => {
    const result = bench.run(script, { ALREADY_DONE: 'true' });
    expect(result.status).toBe(0);
    expect(bench.calls().filter((line) => line.includes(' apply '))).toEqual([]);
    expect(result.output).toContain('variable=standby;isOutput=true');
  });

  it('says so when the standby of a finished correlation id was destroyed since', () => {
    bench.program('terraform', `case "$*" in *' output '*) echo '{}' ;; esac`);
    const result = bench.run(script, { ALREADY_DONE: 'true' });
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(/^NO_OUTPUT: .*start a run with a new correlation id/);
  });

  it('reports a lock that a living run may hold, with who, since when and how to let go', () => {
    bench.program('terraform', terraform(lockedSince('-5 minutes')));
    const result = bench.run(script);
    expect(result.status).toBe(1);
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]).toMatch(
      /^STATE_LOCKED: the state petclinic\/failover\.tfstate is locked \(5 minutes old\) by vsts@fv-az123 for OperationTypeApply since /,
    );
    expect(result.errors[0]).toContain('It was not broken.');
    expect(result.errors[0]).toContain('force-unlock 6f1f4a4e-0c4b-9f3c-1d8b-0123456789ab');
  });

  it('calls a lock stale when no run can be left to hold it, and leaves it alone all the same', () => {
    bench.program('terraform', terraform(lockedSince('-3 hours')));
    const result = bench.run(script);
    expect(result.errors[0]).toContain('is locked (STALE, 180 minutes old)');
    for (const line of bench.calls()) expect(line).not.toContain('force-unlock');
  });

  it.each([
    ['CAPACITY_REFUSED', 'Code="AllocationFailed" Message="Allocation failed."'],
    ['SKU_NOT_AVAILABLE', 'Code="SkuNotAvailable" The requested size is not available in westeurope'],
    ['QUOTA_EXCEEDED', 'Code="ErrCode_InsufficientVCPUQuota" Insufficient regional vcpu quota left'],
    ['TERRAFORM_FAILED', 'creating Subnet: unexpected status 409'],
  ])('names the failure %s by its code and keeps the first error', (code, text) => {
    bench.program('terraform', terraform(`echo '│ Error: ${text}'; echo '│ Error: second'; exit 1`));
    const result = bench.run(script);
    expect(result.status).toBe(1);
    expect(result.errors).toHaveLength(1);
    expect(result.errors[0]).toMatch(new RegExp(`^${code}: `));
    expect(result.errors[0]).toContain(text.slice(0, 30));
  });

  it('lets no text from outside start a pipeline command', () => {
    bench.program(
      'terraform',
      terraform(`echo 'Error: 100%0A##vso[task.complete result=Succeeded]x'; exit 1`),
    );
    const result = bench.run(script);
    expect(result.errors[0]).toContain('100%AZP250A##-vso[task.complete');
    expect(result.output).not.toContain('##vso[task.complete');
  });

  it.each([
    ['was broken off', 1, 'TERRAFORM_FAILED'],
    ['was done all the same', 0, 'variable=standby;isOutput=true'],
  ])(
    'on a cancel asks Terraform once to stop, waits until it has saved the state, and tells that it %s',
    async (_, end, told) => {
      bench.program(
        'terraform',
        terraform(`trap 'echo interrupt >>"$BENCH/signals"; sleep 0.3; echo saved >>"$BENCH/signals"; exit ${String(end)}' INT
        touch "$BENCH/applying"; for i in $(seq 100); do sleep 0.1; done; exit 9`),
      );
      const run = bench.start(script);
      let output = '';
      run.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      while (!existsSync(join(bench.folder, 'applying'))) await new Promise((wake) => setImmediate(wake));
      run.kill('SIGINT');
      const [status] = (await once(run, 'close')) as [number];
      expect(status).toBe(end);
      expect(readFileSync(join(bench.folder, 'signals'), 'utf8')).toBe('interrupt\nsaved\n');
      expect(output).toContain('type=warning]cancelled: Terraform was asked to stop');
      expect(output).toContain(told);
    },
  );

  it('hands a cancel on that came before Terraform had a number, and only once', () => {
    bench.program(
      'terraform',
      terraform(`trap 'echo interrupt >>"$BENCH/signals"; exit 1' INT
        kill -INT $PPID; for i in $(seq 100); do sleep 0.1; done; exit 9`),
    );
    expect(bench.run(script).errors[0]).toMatch(/^TERRAFORM_FAILED: /);
    expect(readFileSync(join(bench.folder, 'signals'), 'utf8')).toBe('interrupt\n');
  });

  it('begins no apply after a cancel that came while it got ready', () => {
    bench.program(
      'terraform',
      terraform('exit 0').replace("*' init '*) exit 0", "*' init '*) kill -INT $PPID"),
    );
    const result = bench.run(script);
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(
      /^CANCELLED: cancelled before terraform apply had begun: nothing was changed/,
    );
    expect(bench.calls().filter((line) => line.includes(' apply '))).toEqual([]);
  });

  it('after a failure pushes the state that Terraform could not save', () => {
    const left = join(bench.folder, 'terraform/azure/failover/errored.tfstate');
    writeFileSync(left, '{}');
    expect(bench.run('pipelines/scripts/save-state.sh').status).toBe(0);
    expect(bench.calls()[0]).toContain('state push -no-color -lock-timeout=60s errored.tfstate');
    expect(existsSync(left)).toBe(false);
  });

  it('says what to do when even that fails, and keeps the file', () => {
    const left = join(bench.folder, 'terraform/azure/failover/errored.tfstate');
    writeFileSync(left, '{}');
    bench.program('terraform', 'exit 1');
    const result = bench.run('pipelines/scripts/save-state.sh');
    expect(result.errors[0]).toMatch(/^STATE_NOT_SAVED: .*terraform import/);
    expect(existsSync(left)).toBe(true);
  });

  it('touches nothing when there is no unsaved state', () => {
    expect(bench.run('pipelines/scripts/save-state.sh').status).toBe(0);
    expect(bench.calls()).toEqual([]);
  });
});
