import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azWithBackups, putBackup } from './helpers/backup-store.ts';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const outputs = {
  resource_group: 'rg-petclinic-standby',
  aks_cluster_name: 'aks-petclinic',
  mysql_fqdn: 'mysql-petclinic-1.mysql.database.azure.com',
  mysql_database_name: 'petclinic',
  mysql_administrator_login: 'pilotlight',
  mysql_subnet_cidr: '10.42.32.0/24',
  gateway_subnet_cidr: '10.42.16.0/24',
  application_private_ip: '10.42.15.246',
  key_vault_name: 'kv-petclinic-1',
  tenant_id: 'bbbbbbbb-0000-0000-0000-000000000001',
  workload_client_id: 'bbbbbbbb-0000-0000-0000-000000000002',
  restore_client_id: 'bbbbbbbb-0000-0000-0000-000000000003',
  standby_domain_name: 'petclinic-standby-1.koreacentral.cloudapp.azure.com',
};
const standby = (changes: Readonly<Record<string, unknown>> = {}) => ({
  STANDBY: JSON.stringify({ ...outputs, ...changes }),
  REPLACE_DATA: 'False',
});
const secret = 'origin-secret-of-thirty-two-characters-1';
const az = azWithBackups.replace(
  'case "$*" in',
  `case "$*" in\n  'keyvault secret show'*) echo '${secret},older-value-${secret}' ;;`,
);

describeWith(['bash', 'jq', 'gzip', 'awk'], 'the scripts that fill the standby', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', az);
    // What kustomize would render, as far as these scripts are concerned: the settings that it was given.
    bench.program('kustomize', 'cat "$2/settings.env"');
    bench.program(
      'kubectl',
      'case "$*" in *" exec "*) cat >"$BENCH/streamed" ;; *"apply "*) cat "${@: -1}" >"$BENCH/applied" ;; esac',
    );
  });
  afterEach(() => {
    bench.remove();
  });
  const kubectl = (): string[] => bench.calls().filter((line) => line.startsWith('kubectl '));
  const failing = (command: string): void => {
    bench.program('kubectl', `case "$*" in *'${command}'*) exit 1 ;; *events*) echo 'why: because' ;; esac`);
  };

  describe('restore', () => {
    const restore = (changes?: Readonly<Record<string, unknown>>) =>
      bench.run('pipelines/scripts/restore-database.sh', standby(changes));

    it('streams the checked dump, byte by byte, into a pod of this run alone', () => {
      const dump = putBackup(bench);
      expect(restore()).toMatchObject({ status: 0, errors: [] });
      expect(readFileSync(join(bench.folder, 'streamed')).equals(dump)).toBe(true);
      const exec = kubectl().find((line) => line.includes(' exec '));
      expect(exec).toContain(
        'exec --stdin restore-41 -- env CORRELATION_ID=exec-20261122-7f DATABASE=petclinic REPLACE_DATA=false',
      );
      expect(exec).toContain('/bin/bash /scripts/load-backup.sh');
      expect(readFileSync(join(bench.folder, 'applied'), 'utf8').trim().split('\n')).toEqual([
        'administratorUser=pilotlight',
        'databaseCidr=10.42.32.0/24',
        'databaseHost=mysql-petclinic-1.mysql.database.azure.com',
        'databaseUser=petclinic_app',
        'keyVaultName=kv-petclinic-1',
        'podName=restore-41',
        'tenantId=bbbbbbbb-0000-0000-0000-000000000001',
        'workloadClientId=bbbbbbbb-0000-0000-0000-000000000003',
      ]);
    });

    it('never gets to the cluster’s database with a backup that is refused', () => {
      putBackup(bench, { manifest: { sha256: 'b'.repeat(64) } });
      const result = restore();
      expect(result.errors[0]).toMatch(/^BACKUP_WRONG_CHECKSUM: /);
      expect(kubectl().filter((line) => / (apply|exec) /.test(line))).toEqual([]);
    });

    it('asks the cluster for its trust before the long download, while the sign-in is fresh', () => {
      putBackup(bench);
      restore();
      const calls = bench.calls();
      const first = (text: string): number => calls.findIndex((line) => line.includes(text));
      expect(first('kubectl version')).toBeGreaterThan(-1);
      expect(first('kubectl version')).toBeLessThan(first('blob download'));
    });

    it('turns a cluster without local accounts to the pipeline’s own sign-in', () => {
      putBackup(bench);
      bench.program('kubelogin', '');
      const config = `'aks get-credentials'*) echo 'command: kubelogin' >"\${@: -3:1}" ;;`;
      bench.program('az', az.replace("'aks get-credentials'*) ;;", config));
      expect(restore().status).toBe(0);
      expect(bench.calls().find((line) => line.startsWith('kubelogin'))).toContain(
        'convert-kubeconfig --login azurecli',
      );
    });

    it('tells why the pod did not come up', () => {
      putBackup(bench);
      failing('wait pod');
      const result = restore();
      expect(result.errors[0]).toMatch(
        /^RESTORE_POD_NOT_READY: the pod restore-41 .* Its warnings: why: because/,
      );
      expect(kubectl().some((line) => line.includes(' exec '))).toBe(false);
    });

    it('fails with the load, and still takes the pod away', () => {
      putBackup(bench);
      failing(' exec ');
      expect(restore().errors[0]).toMatch(/^RESTORE_FAILED: .*same correlation id/);
      expect(kubectl().at(-1)).toContain('delete pod restore-41');
    });

    it.each([
      ['mysql_fqdn', 'host; id'],
      ['mysql_administrator_login', ''],
      ['mysql_subnet_cidr', '10.42.32.0'],
      ['restore_client_id', 'not-a-guid'],
      ['key_vault_name', undefined],
    ])('stops when the output %s is %j', (name, value) => {
      putBackup(bench);
      const result = restore({ [name]: value });
      expect(result.status).toBe(1);
      expect(result.errors[0]).toMatch(new RegExp(`^NO_OUTPUT: the Terraform output ${name} is `));
      expect(bench.calls()).toEqual([]);
    });
  });

  describe('deploy', () => {
    const deploy = (changes?: Readonly<Record<string, unknown>>) =>
      bench.run('pipelines/scripts/deploy-application.sh', standby(changes));

    it('applies the manifests with the address that Terraform gave, and waits for that address', () => {
      expect(deploy()).toMatchObject({ status: 0, errors: [] });
      const applied = readFileSync(join(bench.folder, 'applied'), 'utf8');
      expect(applied).toContain('loadBalancerIp=10.42.15.246');
      expect(applied).toContain('ingressCidr=10.42.16.0/24');
      expect(applied).toContain('workloadClientId=bbbbbbbb-0000-0000-0000-000000000002');
      expect(applied).toContain(
        'databaseUrl=jdbc:mysql://mysql-petclinic-1.mysql.database.azure.com:3306/petclinic?sslMode=REQUIRED',
      );
      expect(kubectl().at(-1)).toContain('--for=jsonpath={.status.loadBalancer.ingress[0].ip}=10.42.15.246');
    });

    it('does not wait for pods, which wait for Restore: with one agent that would be a deadlock', () => {
      deploy();
      expect(kubectl().some((line) => /rollout|condition=(Ready|Available)/.test(line))).toBe(false);
    });

    it('says so when the cluster does not take the manifests', () => {
      failing('apply ');
      expect(deploy().errors[0]).toMatch(/^DEPLOY_REFUSED: /);
    });

    it('says so when the address is not to be had', () => {
      failing('wait service');
      expect(deploy().errors[0]).toMatch(/^NO_LOAD_BALANCER: .*10\.42\.15\.246.*why: because/);
    });

    it('stops on an address that is none', () => {
      expect(deploy({ application_private_ip: 'unset' }).errors[0]).toMatch(
        /^NO_OUTPUT: the Terraform output application_private_ip is unset/,
      );
    });
  });

  describe('smoke', () => {
    const smoke = () =>
      bench.run('pipelines/scripts/smoke-test.sh', {
        ...standby(),
        SMOKE_TRIES: '2',
        SMOKE_PAUSE_SECONDS: '0',
      });
    /** A curl that answers by path; `owners` is the status of the page that reads the database. */
    const answers = (
      parts: { readonly health?: string; readonly origin?: string; readonly owners?: number } = {},
    ): void => {
      bench.program(
        'curl',
        `out='' last="\${@: -1}"; config=''
        while (($#)); do case "$1" in --output) out="$2" ;; --config) config="$2" ;; esac; shift; done
        cp "$config" "$BENCH/header"
        case "$last" in
          */health/readiness) echo '{"status":"${parts.health ?? 'UP'}"}' >"$out"; printf 200 ;;
          */info) echo '{"pilotlight":{"origin":"${parts.origin ?? 'standby'}"}}' >"$out"; printf 200 ;;
          *) printf '${String(parts.owners ?? 200)}' ;;
        esac`,
      );
    };

    it('passes a standby that is ready, says who it is and reads its data', () => {
      answers();
      const result = smoke();
      expect(result).toMatchObject({ status: 0, errors: [] });
      expect(kubectl().at(-1)).toContain('rollout status deployment/petclinic');
      expect(result.output).toContain('ready, origin standby, data readable (attempt 1)');
    });

    it('shows the gateway the edge’s secret, the newer one, and shows it to nobody else', () => {
      answers();
      smoke();
      expect(readFileSync(join(bench.folder, 'header'), 'utf8')).toBe(
        'header = "x-pilotlight-origin-secret: origin-secret-of-thirty-two-characters-1"\n',
      );
      expect(bench.calls().filter((line) => line.includes(secret))).toEqual([]);
    });

    it.each([
      ['is not ready', { health: 'OUT_OF_SERVICE' }, '/actuator/health/readiness answered 200'],
      ['is the primary', { origin: 'primary' }, '/actuator/info answered 200, and not as the standby'],
      ['cannot read its data', { owners: 500 }, '/owners, which reads the database, answered 500'],
    ])('fails a standby that %s', (_, parts, why) => {
      answers(parts);
      const result = smoke();
      expect(result.status).toBe(1);
      expect(result.errors).toHaveLength(1);
      expect(result.errors[0]).toMatch(/^SMOKE_FAILED: /);
      expect(result.errors[0]).toContain(why);
      expect(result.output).toContain('attempt 2 of 2');
    });

    it('fails when nothing answers at all', () => {
      bench.program('curl', 'exit 35');
      expect(smoke().errors[0]).toContain('answered 000');
    });

    it('asks no page before the pods are ready', () => {
      answers();
      failing('rollout status');
      expect(smoke().errors[0]).toMatch(/^APPLICATION_NOT_READY: /);
      expect(bench.calls().some((line) => line.startsWith('curl'))).toBe(false);
    });

    it('says so when it may not read the secret', () => {
      answers();
      bench.program('az', `case "$*" in 'keyvault'*) exit 1 ;; esac`);
      expect(smoke().errors[0]).toMatch(/^NO_ORIGIN_SECRET: /);
    });
  });

  describe('rendering', () => {
    const render = (settings: string) => {
      bench.program('feed', `"$BENCH/pipelines/scripts/render-manifests.sh" overlays/aws <<<'${settings}'`);
      return bench.run('bin/feed');
    };
    const aws =
      'awsRegion=eu-west-1\ndatabaseUrl=jdbc:mysql://d/p\ndatabaseUser=u\ndatabaseCidr=10.0.0.0/24\ningressCidr=10.1.0.0/24\ntargetGroupArn=arn:aws:x';

    it('takes exactly the settings that the folder names', () => {
      expect(render(aws)).toMatchObject({ status: 0 });
    });

    it.each([
      ['one is missing', aws.replace('awsRegion=eu-west-1\n', '')],
      ['one is unknown', `${aws}\nextra=1`],
      ['one is still unset', aws.replace('eu-west-1', 'unset')],
    ])('refuses when %s', (_, settings) => {
      expect(render(settings)).toMatchObject({ status: 1 });
      expect(render(settings).errors[0]).toMatch(/^INVALID_INPUT: k8s\/overlays\/aws /);
    });

    it('refuses an image that has no digest yet', () => {
      bench.program('kustomize', `echo 'image: a@sha256:${'0'.repeat(64)}'`);
      expect(render(aws).errors[0]).toMatch(/^INVALID_INPUT: the application's image has no digest yet/);
    });
  });
});
