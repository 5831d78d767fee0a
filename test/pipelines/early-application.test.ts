import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goodPilot, putAnswer } from './helpers/azure-stand-in.ts';
import {
  atWork,
  catchUpMeanwhile,
  makeRestoreBench,
  putCluster,
  runRestore,
} from './helpers/restore-bench.ts';
import { describeWith, type ScriptBench } from './helpers/script-bench.ts';

/*
 * Goal: the application is in the cluster minutes before the gateway is there, and nothing that goes wrong with it costs the data a
 * second. Method: the script of Restore as it is, with stand-ins for the outside.
 */

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const EXPECTED = [
  'databaseUrl=jdbc:mysql://mysql-petclinic-1.mysql.database.azure.com:3306/petclinic?sslMode=REQUIRED',
  'databaseHost=mysql-petclinic-1.mysql.database.azure.com',
  'databaseUser=petclinic_app',
  'databaseCidr=10.42.32.0/24',
  'ingressCidr=10.42.16.0/24',
  'keyVaultName=kv-petclinic-1',
  'loadBalancerIp=10.42.15.246',
  'tenantId=bbbbbbbb-0000-0000-0000-000000000001',
  'workloadClientId=bbbbbbbb-0000-0000-0000-000000000002',
];
/** What Terraform puts out of the same standby, for Deploy. */
const outputs = {
  resource_group: 'rg-petclinic-standby',
  aks_cluster_name: 'aks-petclinic',
  mysql_fqdn: 'mysql-petclinic-1.mysql.database.azure.com',
  mysql_database_name: 'petclinic',
  mysql_subnet_cidr: '10.42.32.0/24',
  gateway_subnet_cidr: '10.42.16.0/24',
  application_private_ip: '10.42.15.246',
  key_vault_name: 'kv-petclinic-1',
  tenant_id: 'bbbbbbbb-0000-0000-0000-000000000001',
  workload_client_id: 'bbbbbbbb-0000-0000-0000-000000000002',
};

describeWith(['bash', 'jq', 'awk'], 'the application ahead of Deploy', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeRestoreBench();
  });
  afterEach(() => {
    bench.remove();
  });
  const file = (): string => join(bench.folder, 'application');
  const warnings = (output: string): string[] =>
    output.split('\n').filter((line) => line.startsWith('##vso[task.logissue type=warning]'));

  it('is put into the cluster by Restore, from what was known before anything was built', () => {
    expect(runRestore(bench)).toMatchObject({ status: 0, errors: [] });
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toEqual(EXPECTED);
  });

  it('is the very same that Deploy puts there', () => {
    const environment = { STANDBY: JSON.stringify(outputs) };
    expect(bench.run('pipelines/scripts/deploy-application.sh', environment)).toMatchObject({
      ...{ status: 0, errors: [] },
    });
    expect(readFileSync(file(), 'utf8').trim().split('\n')).toEqual(EXPECTED);
  });

  it('comes behind the mover, which is on the critical path, and is there before the data are', () => {
    putCluster(bench, atWork, []);
    catchUpMeanwhile(bench);
    expect(runRestore(bench).status).toBe(0);
    const order = bench
      .calls()
      .flatMap((line) => /kubectl apply|petclinic get deployment/.exec(line)?.[0] ?? []);
    expect(order).toEqual(['kubectl apply', 'petclinic get deployment', 'kubectl apply']);
    const looks = bench.calls().findLastIndex((line) => line.includes('get deployment mover'));
    expect(looks).toBeGreaterThan(bench.calls().findLastIndex((line) => line.includes('kubectl apply')));
  });

  it('is left alone where it is there already: what runs is Deploy’s to change', () => {
    putAnswer(bench, 'application.json', 'deployment.apps/petclinic');
    const { status, output } = runRestore(bench);
    expect(status).toBe(0);
    expect(existsSync(file())).toBe(false);
    expect(output).toContain('The application is in the cluster already; Deploy looks after it.');
  });

  it('costs a warning and nothing else where the cluster does not take it', () => {
    bench.program(
      'kubectl',
      `case "$*" in
        *'apply '*) if grep -q '^loadBalancerIp=' "\${@: -1}"; then echo 'error: no matches for kind' >&2; exit 1; fi ;;
        *'petclinic get deployment'*) exit 1 ;;
        *'get deployment'*) cat "$BENCH/azure/deployment.json" ;;
      esac`,
    );
    const { status, errors, output } = runRestore(bench);
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(warnings(output)).toEqual([
      expect.stringMatching(
        /could not be put into the cluster ahead of Deploy, .*: error: no matches for kind$/,
      ),
    ]);
  });

  it('costs a warning and nothing else where an older pilot lacks what it needs', () => {
    const value = { ...goodPilot, ingress_ip: undefined };
    putAnswer(bench, 'blobs/petclinic/always.tfstate', JSON.stringify({ outputs: { pilot: { value } } }));
    const { status, errors, output } = runRestore(bench);
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(warnings(output)).toEqual([
      expect.stringMatching(/ahead of Deploy, .*NO_OUTPUT: the value ingress_ip of the output pilot /),
    ]);
    expect(existsSync(file())).toBe(false);
  });

  it('is Deploy’s failure where Deploy cannot put it there either', () => {
    bench.program('kubectl', `case "$*" in *'apply '*) exit 1 ;; esac`);
    const result = bench.run('pipelines/scripts/deploy-application.sh', { STANDBY: JSON.stringify(outputs) });
    expect(result.errors).toEqual([expect.stringMatching(/^DEPLOY_REFUSED: /)]);
  });
});
