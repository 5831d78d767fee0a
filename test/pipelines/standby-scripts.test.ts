import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azStandIn } from './helpers/azure-stand-in.ts';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

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
  standby_domain_name: 'petclinic-standby-1.koreacentral.cloudapp.azure.com',
};
const standby = (changes: Readonly<Record<string, unknown>> = {}) => ({
  STANDBY: JSON.stringify({ ...outputs, ...changes }),
});
const secret = 'origin-secret-of-thirty-two-characters-1';
const az = azStandIn.replace(
  'case "$*" in',
  `case "$*" in\n  'keyvault secret show'*) echo '${secret},older-value-${secret}' ;;`,
);

describeWith(['bash', 'jq'], 'the scripts that fill the standby', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', az);
    // What kustomize would render, as far as these scripts are concerned: the settings that it was given.
    bench.program('kustomize', 'cat "$2/settings.env"');
    bench.program('kubectl', 'case "$*" in *"apply "*) cat "${@: -1}" >"$BENCH/applied" ;; esac');
  });
  afterEach(() => {
    bench.remove();
  });
  const kubectl = (): string[] => bench.calls().filter((line) => line.startsWith('kubectl '));
  const failing = (command: string): void => {
    bench.program('kubectl', `case "$*" in *'${command}'*) exit 1 ;; *events*) echo 'why: because' ;; esac`);
  };

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

    it('only reads: the application may not write before the hand-over', () => {
      answers();
      smoke();
      const asked = bench.calls().filter((line) => line.startsWith('curl'));
      expect(asked.map((line) => new URL(line.trim().split(' ').at(-1) ?? '').pathname)).toEqual([
        '/actuator/health/readiness',
        '/actuator/info',
        '/owners',
      ]);
      for (const line of asked)
        expect(line).not.toMatch(/ (?:-X|--request|-d|--data\S*|-F|--form\S*|-T|--upload-file|--json) /);
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
      expect(render(aws).errors[0]).toMatch(
        /^INVALID_INPUT: an image has no digest yet: image: a@sha256:0{64}\. /,
      );
    });
  });
});
