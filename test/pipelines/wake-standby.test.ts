import { azStandIn, goodPilot, putAnswer } from './helpers/azure-stand-in.ts';
import { describeWith, makeScriptBench, type ScriptBench } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

/** An `az` that starts a part by leaving the next of its states: files `states/<part>` hold one a line, the last one for ever. */
const az = azStandIn.replace(
  'case "$*" in',
  `say() { local f="$A/states/$1"; [[ -e "$f" ]] || { echo 'ERROR: (ResourceNotFound) it was not found.' >&2; exit 3; }; head -n 1 "$f"; }
next() { local f="$A/states/$1"; (( $(wc -l <"$f") > 1 )) && sed -i 1d "$f"; return 0; }
case "$*" in
  'network application-gateway show'*) say gateway ;;
  'network application-gateway start'*) next gateway ;;
  'aks show'*) say cluster ;;
  'aks start'*) next cluster ;;
  'mysql flexible-server show'*) say database ;;
  'mysql flexible-server start'*) [[ ! -e "$A/deaf" ]] || { rm "$A/deaf"; echo 'ERROR: (ServerIsBusy)' >&2; exit 1; }; next database ;;`,
);

describeWith(['bash', 'jq'], 'waking a parked standby before Terraform', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', az);
    const pilot = { ...goodPilot, names: { ...goodPilot.names, application_gateway: 'agw-petclinic' } };
    putAnswer(
      bench,
      'blobs/petclinic/always.tfstate',
      JSON.stringify({ outputs: { pilot: { value: pilot } } }),
    );
  });
  afterEach(() => {
    bench.remove();
  });
  const states = (part: string, ...words: string[]): void => {
    putAnswer(bench, `states/${part}`, `${words.join('\n')}\n`);
  };
  const asleep = (): void => {
    states('gateway', 'Stopped', 'Running');
    states('cluster', 'Stopped/Succeeded', 'Running/Succeeded');
    states('database', 'Stopped', 'Ready');
  };
  const wake = (environment: Readonly<Record<string, string>> = {}) =>
    bench.run('pipelines/scripts/wake-standby.sh', {
      ...{ TIER: 'parked', WAKE_PAUSE_SECONDS: '0', WAKE_SECONDS_MAX: '20' },
      ...environment,
    });
  const starts = (): string[] =>
    bench
      .calls()
      .flatMap((line) => / (application-gateway|aks|flexible-server) start /.exec(line)?.[1] ?? []);

  it('starts all three by their names and waits until they run', () => {
    asleep();
    expect(wake()).toMatchObject({ status: 0, errors: [] });
    expect(starts()).toEqual(['application-gateway', 'aks', 'flexible-server']);
    expect(bench.calls().find((line) => line.includes('aks start'))).toContain(
      '--resource-group rg-petclinic-standby --name aks-petclinic --no-wait',
    );
  });

  it('starts nothing that runs, or that was never built', () => {
    states('gateway', 'Running');
    expect(wake()).toMatchObject({ status: 0, errors: [] });
    expect(starts()).toEqual([]);
  });

  it('asks again where a start was not taken', () => {
    asleep();
    putAnswer(bench, 'deaf', '');
    const result = wake();
    expect(result).toMatchObject({ status: 0, errors: [] });
    expect(result.output).toContain('the start of the database was not taken; it is asked again');
    expect(starts().filter((one) => one === 'flexible-server')).toHaveLength(2);
  });

  it('has a cluster made anew that Azure has no machines for', () => {
    asleep();
    states('cluster', 'Stopped/Succeeded', 'Stopped/Failed');
    const result = wake();
    expect(result).toMatchObject({ status: 0, errors: [] });
    expect(result.output).toContain('##vso[task.setvariable variable=REPLACE_CLUSTER]true');
    expect(result.output).toContain('put another vm_size there');
  });

  it('says that no plan can be made of a database that does not wake', () => {
    asleep();
    states('database', 'Stopped', 'Starting');
    const result = wake({ WAKE_SECONDS_MAX: '1' });
    expect(result.status).toBe(1);
    expect(result.errors[0]).toMatch(
      /^STANDBY_ASLEEP: the database mysql-petclinic-1 does not wake within 1 s/,
    );
  });

  it.each(['cold', 'warm'])('has nothing to do with a %s standby', (tier) => {
    expect(wake({ TIER: tier })).toMatchObject({ status: 0, errors: [] });
    expect(bench.calls()).toEqual([]);
  });
});

describeWith(['bash', 'jq'], 'Terraform after a cluster that did not wake', () => {
  it('makes it anew, and does not where it woke or where everything goes', () => {
    const bench = makeScriptBench();
    bench.program(
      'terraform',
      `case "$*" in *' output '*) echo '{"aks_cluster_name":{"value":"aks","sensitive":false}}' ;; esac`,
    );
    const replaced = (environment: Readonly<Record<string, string>>): boolean => {
      bench.run('pipelines/scripts/run-terraform.sh', { TIER: 'parked', ...environment });
      return (bench.calls().findLast((line) => / (apply|destroy) /.test(line)) ?? '').includes(
        '-replace=module.standby.module.aks.azurerm_kubernetes_cluster.this',
      );
    };
    expect(replaced({ REPLACE_CLUSTER: 'true' })).toBe(true);
    expect(replaced({})).toBe(false);
    expect(replaced({ REPLACE_CLUSTER: 'true', ACTION: 'destroy' })).toBe(false);
    bench.remove();
  });
});
