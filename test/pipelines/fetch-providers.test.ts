import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

/*
 * Goal: the provider is fetched while the job signs in, and where it is not, only time is lost. Method: the two scripts as they are, one
 * after the other, with a Terraform that takes its time.
 */

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const FETCH = 'pipelines/scripts/fetch-providers.sh';
const RUN = 'pipelines/scripts/run-terraform.sh';

describeWith(['bash', 'jq', 'flock', 'setsid', 'timeout'], 'fetching the provider ahead', () => {
  let bench: ScriptBench;
  /** A Terraform whose fetch does what the test says. */
  const terraform = (fetch: string): void => {
    bench.program(
      'terraform',
      `case "$*" in
        *'-backend=false'*) ${fetch} ;;
        *' output '*) printf '%s' '{"aks_cluster_name":{"value":"aks-petclinic","sensitive":false}}' ;;
        *' init '*) if [[ -e "$BENCH/fetched" ]]; then echo 'init finds it'; else echo 'init fetches it'; fi ;;
      esac`,
    );
  };
  const providers = (): string => join(bench.folder, 'terraform/azure/failover/.terraform/providers');
  beforeEach(() => {
    bench = makeScriptBench();
    mkdirSync(providers(), { recursive: true });
    writeFileSync(join(providers(), 'part'), '');
  });
  afterEach(() => {
    bench.remove();
  });

  it('does not wait for it, and Terraform does', () => {
    terraform('sleep 2; touch "$BENCH/fetched"');
    const began = Date.now();
    expect(bench.run(FETCH)).toMatchObject({ status: 0, errors: [] });
    expect(existsSync(join(bench.folder, 'fetched'))).toBe(false);
    const { status, output } = bench.run(RUN);
    expect(status).toBe(0);
    expect(output).toContain('init finds it');
    expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
    expect(existsSync(providers())).toBe(true);
  });

  it('needs no sign-in and no state for it', () => {
    terraform('touch "$BENCH/fetched"');
    bench.run(FETCH);
    bench.run(RUN);
    expect(bench.calls()[0]).toBe(
      `terraform -chdir=${bench.folder}/terraform/azure/failover init -backend=false -input=false -no-color `,
    );
  });

  it('lets init fetch it where the registry refused, and throws away what is half there', () => {
    terraform('echo "Error: registry is down"; exit 1');
    bench.run(FETCH);
    const { status, output, errors } = bench.run(RUN);
    expect({ status, errors }).toEqual({ status: 0, errors: [] });
    expect(output).toContain(
      'the provider could not be fetched ahead, which costs some seconds; the end of its log: Error: registry is down',
    );
    expect(output).toContain('init fetches it');
    expect(existsSync(providers())).toBe(false);
  });

  it('gives a registry that never answers a limit', () => {
    terraform('sleep 30');
    bench.run(FETCH, { FETCH_SECONDS_MAX: '1' });
    const { status, output } = bench.run(RUN);
    expect(status).toBe(0);
    expect(output).toContain('init fetches it');
  });

  it('is no condition: Terraform runs where nothing was begun, and keeps what an agent has from before', () => {
    terraform('exit 1');
    const { status, output } = bench.run(RUN);
    expect(status).toBe(0);
    expect(output).not.toContain('fetched ahead');
    expect(existsSync(providers())).toBe(true);
  });
});
