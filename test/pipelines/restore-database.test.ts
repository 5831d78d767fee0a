import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, azStandIn, goodPilot, putAnswer } from './helpers/azure-stand-in.ts';
import { makeRestoreBench, runRestore } from './helpers/restore-bench.ts';
import { describeWith, type ScriptBench, type ScriptResult } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

describeWith(['bash', 'jq', 'awk'], 'restoring the database', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeRestoreBench();
  });
  afterEach(() => {
    bench.remove();
  });

  const restore = (environment: Readonly<Record<string, string>> = {}): ScriptResult =>
    runRestore(bench, environment);
  const applied = (): string[] => readFileSync(join(bench.folder, 'applied'), 'utf8').trim().split('\n');

  it('starts the mover with what is known of the standby, and waits until it has caught up', () => {
    expect(restore()).toMatchObject({ status: 0, errors: [] });
    expect(applied()).toEqual([
      'administratorUser=pilotlight',
      'backup=newest',
      'correlationId=exec-20261122-7f',
      'dataAccount=stpetclinicdata1',
      'databaseCidr=10.42.32.0/24',
      'databaseHost=mysql-petclinic-1.mysql.database.azure.com',
      'databaseUser=petclinic_app',
      'keyVaultName=kv-petclinic-1',
      'replaceData=false',
      'tenantId=bbbbbbbb-0000-0000-0000-000000000001',
      'workload=petclinic',
      'workloadClientId=bbbbbbbb-0000-0000-0000-000000000003',
    ]);
  });

  it('hands on which dump a person wants, and that the data may go', () => {
    expect(restore({ BACKUP: '20261122T030000Z', REPLACE_DATA: 'True' }).status).toBe(0);
    expect(applied()).toEqual(expect.arrayContaining(['backup=20261122T030000Z', 'replaceData=true']));
  });

  it.each([
    ['BACKUP', { BACKUP: 'latest' }],
    ['BACKUP', { BACKUP: '20261122T030000Z --replace' }],
    ['REPLACE_DATA', { REPLACE_DATA: 'yes' }],
  ])('refuses a request whose %s is wrong: %j', (name, environment) => {
    expect(restore(environment).errors).toEqual([
      expect.stringMatching(new RegExp(`^INVALID_INPUT: ${name} is `)),
    ]);
    expect(bench.calls()).toEqual([]);
  });

  it('takes the transaction ids into use, and is not done before they are', () => {
    expect(restore().status).toBe(0);
    expect(answerOf(bench, 'parameters/gtid_mode')).toBe('ON');
  });

  it('fails where they cannot be taken into use, whatever the mover says', () => {
    putAnswer(bench, 'parameters/gtid_mode', 'MAYBE');
    expect(restore().errors).toEqual([
      expect.stringMatching(/^DATABASE_NOT_PREPARED: gtid_mode of mysql-petclinic-1 is 'MAYBE'/),
    ]);
  });

  it('fails so at once, and does not wait for a cluster as well', () => {
    putAnswer(bench, 'parameters/gtid_mode', 'MAYBE');
    putAnswer(bench, 'cluster', '{"state":"Creating","power":"Running"}');
    const { errors } = restore({ WAIT_SECONDS_MAX: '40', WAIT_PAUSE_SECONDS: '0.2' });
    expect(errors).toEqual([expect.stringMatching(/^DATABASE_NOT_PREPARED: /)]);
  });

  it('turns a cluster without local accounts to the pipeline’s own sign-in', () => {
    bench.program('kubelogin', '');
    const config = `'aks get-credentials'*) echo 'command: kubelogin' >"$file" ;;`;
    bench.program('az', azStandIn.replace("'aks get-credentials'*) ;;", config));
    expect(restore().status).toBe(0);
    expect(bench.calls().find((line) => line.startsWith('kubelogin'))).toContain(
      'convert-kubeconfig --login azurecli',
    );
  });

  describe('while Terraform builds', () => {
    it.each([
      ['there is no server', 'server', null, /there is no database mysql-petclinic-1 1 s after/],
      [
        'the server is being made',
        'server',
        '{"state":"Updating"}',
        /newest answer was: \{"state":"Updating"\}/,
      ],
      ['Terraform is still at the server', 'database', null, /there is no database mysql-petclinic-1/],
      [
        'the cluster is being made',
        'cluster',
        '{"state":"Creating","power":"Running"}',
        /there is no cluster aks-petclinic/,
      ],
      [
        'the cluster is stopped',
        'cluster',
        '{"state":"Succeeded","power":"Stopped"}',
        /there is no cluster aks-petclinic/,
      ],
      [
        'Entra ID trusts an earlier cluster',
        'trusted',
        'https://an.earlier/one/',
        /id-petclinic-restore trusts https:\/\/an\.earlier\/one\//,
      ],
    ])('puts nothing into a cluster as long as %s', (_, name, text, said) => {
      if (text === null)
        bench.program(
          'az',
          azStandIn.replace(
            `'mysql flexible-server ${name === 'server' ? 'show' : 'db show'}'*) answer ${name} ;;`,
            `'mysql flexible-server ${name === 'server' ? 'show' : 'db show'}'*) echo 'ERROR: (ResourceNotFound)' >&2; exit 3 ;;`,
          ),
        );
      else putAnswer(bench, name, text);
      const result = restore();
      expect(result.errors).toEqual([expect.stringMatching(/^STANDBY_NOT_BUILT: /)]);
      expect(result.errors[0]).toMatch(said);
      expect(bench.calls().filter((line) => /kubectl.* (apply|delete) /.test(line))).toEqual([]);
    });

    it('prepares the database while the cluster is being made', () => {
      putAnswer(bench, 'cluster', '{"state":"Creating","power":"Running"}');
      expect(restore({ WAIT_SECONDS_MAX: '2' }).errors).toEqual([
        expect.stringMatching(/^STANDBY_NOT_BUILT: there is no cluster aks-petclinic that may read /),
      ]);
      expect(bench.calls().some((line) => line.includes('parameter set'))).toBe(true);
    });

    it('gets the way into the cluster while the database is being made', () => {
      putAnswer(bench, 'server', '{"state":"Creating"}');
      restore();
      expect(bench.calls().some((line) => line.includes('aks get-credentials'))).toBe(true);
      expect(bench.calls().some((line) => line.includes('parameter set'))).toBe(false);
    });

    it('goes on as soon as the database is there', () => {
      putAnswer(bench, 'server', '{"state":"Creating"}');
      bench.program(
        'sleep',
        `echo '{"state":"Ready","host":"mysql-petclinic-1.mysql.database.azure.com","login":"pilotlight"}' >"$BENCH/azure/server"`,
      );
      expect(restore({ WAIT_SECONDS_MAX: '60' })).toMatchObject({ status: 0, errors: [] });
    });

    it('waits no longer once Terraform has said that it failed', () => {
      putAnswer(bench, 'server', '{"state":"Creating"}');
      expect(bench.run('pipelines/scripts/record-failed.sh').status).toBe(0);
      const result = restore({ WAIT_SECONDS_MAX: '10' });
      expect(result.errors).toEqual([
        expect.stringMatching(/^STANDBY_NOT_BUILT: the stage Infrastructure of this run has failed/),
      ]);
    });

    it('is not stopped by the failure of another run of the same correlation id', () => {
      expect(bench.run('pipelines/scripts/record-failed.sh', { BUILD_BUILDID: '40' }).status).toBe(0);
      expect(restore()).toMatchObject({ status: 0, errors: [] });
    });
  });

  describe('what terraform/azure/always says', () => {
    it.each([
      ['names.mysql_server', { ...goodPilot, names: { ...goodPilot.names, mysql_server: 'a b' } }],
      ['subnet_cidrs.database', { ...goodPilot, subnet_cidrs: {} }],
      ['vault_id', { ...goodPilot, vault_id: '/vaults/a b' }],
      ['identities.restore.client_id', { ...goodPilot, identities: { restore: { id: 'x' } } }],
    ])('is refused where %s is odd', (name, value) => {
      putAnswer(bench, 'blobs/petclinic/always.tfstate', JSON.stringify({ outputs: { pilot: { value } } }));
      expect(restore().errors).toEqual([
        expect.stringMatching(new RegExp(`^NO_OUTPUT: the value ${name} of the output pilot `)),
      ]);
      expect(bench.calls().filter((line) => !line.includes('storage blob'))).toEqual([]);
    });

    it('is asked for by name where it cannot be read', () => {
      bench.program('az', 'exit 3');
      expect(restore().errors).toEqual([
        expect.stringMatching(/^STATE_UNREADABLE: the state petclinic\/always.tfstate in stpetclinicdata1 /),
      ]);
    });
  });
});
