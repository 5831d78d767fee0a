import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { azStandIn, goodPilot, putAnswer, putStandby } from './helpers/azure-stand-in.ts';
import {
  describeWith,
  makeScriptBench,
  type ScriptBench,
  type ScriptResult,
} from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

const caughtUp = {
  metadata: { generation: 2 },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
};
const atWork = { ...caughtUp, status: { ...caughtUp.status, readyReplicas: 0 } };

/** A pod of the mover, as the cluster tells of it. */
const pod = (container: object, id = 'exec-20261122-7f', more: object = {}) => ({
  metadata: {
    annotations: { 'pilotlight/correlation-id': id },
    creationTimestamp: '2026-11-27T10:00:00Z',
    ...more,
  },
  status: { containerStatuses: [container] },
});
const ended = (exitCode: number, message: string, restartCount = 0) => ({
  restartCount,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode, message } },
});

describeWith(['bash', 'jq', 'awk'], 'restoring the database', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeScriptBench();
    bench.program('az', azStandIn);
    // What kustomize would render, as far as this script is concerned: the settings that it was given.
    bench.program('kustomize', 'cat "$2/settings.env"');
    putStandby(bench);
    cluster(caughtUp, []);
  });
  afterEach(() => {
    bench.remove();
  });

  const cluster = (deployment: object, pods: readonly object[]): void => {
    putAnswer(bench, 'deployment.json', JSON.stringify(deployment));
    putAnswer(bench, 'pods.json', JSON.stringify({ items: pods }));
    bench.program(
      'kubectl',
      `case "$*" in
        *'apply '*) cat "\${@: -1}" >"$BENCH/applied" ;;
        *'get deployment'*) cat "$BENCH/azure/deployment.json" ;;
        *'get pods'*) cat "$BENCH/azure/pods.json" ;;
        *'get events'*) echo 'FailedMount: because' ;;
      esac`,
    );
  };
  const restore = (environment: Readonly<Record<string, string>> = {}): ScriptResult =>
    bench.run('pipelines/scripts/restore-database.sh', {
      ...{ REPLACE_DATA: 'False', WAIT_PAUSE_SECONDS: '0', WAIT_SECONDS_MAX: '1' },
      ...{ MOVER_PAUSE_SECONDS: '0', MOVER_START_SECONDS: '600', MOVER_SECONDS_MAX: '2' },
      ...environment,
    });
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

  it('takes the transaction ids into use before anything is loaded', () => {
    restore();
    const first = (text: string): number => bench.calls().findIndex((line) => line.includes(text));
    expect(first('parameter set')).toBeGreaterThan(-1);
    expect(first('kubectl apply')).toBeGreaterThan(first('gtid_mode --value ON '));
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
    ])('touches no cluster as long as %s', (_, name, text, said) => {
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
      expect(bench.calls().some((line) => line.startsWith('kubectl'))).toBe(false);
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

  describe('what the mover says', () => {
    const inUse =
      'DATABASE_IN_USE: The database was opened for the application by exec-1. Nothing was changed.';

    it('is told in its own words, at once, where it refuses', () => {
      cluster(atWork, [pod(ended(3, `{"level":"info","event":"load-begins"}\n${inUse}\n`))]);
      expect(restore({ MOVER_SECONDS_MAX: '10' }).errors).toEqual([inUse]);
    });

    it.each([
      [
        3,
        'NO_DUMP: There is no whole dump of petclinic in the store.',
        0,
        /^BACKUP_UNUSABLE: .*NO_DUMP: There is no whole dump/,
      ],
      [
        6,
        'NO_GOOD_DUMP: No dump can be used: 20261122T030000Z is damaged.',
        0,
        /^BACKUP_UNUSABLE: .*NO_GOOD_DUMP/,
      ],
      [8, 'LOG_HAS_A_HOLE: a blob is missing.', 5, /^BACKUP_UNUSABLE: .*LOG_HAS_A_HOLE/],
      [4, 'STORE_UNAVAILABLE: 403.', 5, /^STORE_REFUSED: .*STORE_UNAVAILABLE: 403/],
      [5, 'LOGIN_REFUSED: wrong password.', 5, /^DATABASE_REFUSED: .*LOGIN_REFUSED/],
      [
        2,
        'INVALID_INPUT: - got --dumb\n- and more',
        0,
        /^RESTORE_FAILED: the mover ended with 2: INVALID_INPUT: - got --dumb - and more/,
      ],
      [137, '', 5, /^RESTORE_FAILED: the mover ended with 137: it said nothing/],
    ])('with exit code %i is an error of the pipeline', (code, message, restarts, said) => {
      cluster(atWork, [pod(ended(code, message, restarts))]);
      expect(restore({ MOVER_SECONDS_MAX: '10' }).errors).toEqual([expect.stringMatching(said)]);
    });

    it.each([4, 5, 8, 137])('with exit code %i may pass, and is not the end', (code) => {
      cluster(atWork, [pod(ended(code, 'STORE_UNAVAILABLE: 503.', 1))]);
      bench.program('sleep', `echo '${JSON.stringify(caughtUp)}' >"$BENCH/azure/deployment.json"`);
      expect(restore({ MOVER_SECONDS_MAX: '10' })).toMatchObject({ status: 0, errors: [] });
    });

    it('is not the end where the lock of an earlier pod is in the way', () => {
      cluster(atWork, [pod(ended(3, 'APPLY_BUSY: another applier is at work on this database.', 1))]);
      bench.program('sleep', `echo '${JSON.stringify(caughtUp)}' >"$BENCH/azure/deployment.json"`);
      expect(restore()).toMatchObject({ status: 0, errors: [] });
    });

    it('is not the end of a mover that runs again after many ends', () => {
      const again = { ...ended(5, 'DATABASE_REFUSED: gone away.', 9), state: { running: {} } };
      cluster(atWork, [pod(again)]);
      bench.program('sleep', `echo '${JSON.stringify(caughtUp)}' >"$BENCH/azure/deployment.json"`);
      expect(restore()).toMatchObject({ status: 0, errors: [] });
    });

    it.each([
      ['another request', pod(ended(3, inUse), 'exec-1')],
      [
        'a pod that is ending',
        pod(ended(3, inUse), 'exec-20261122-7f', { deletionTimestamp: '2026-11-27T10:01:00Z' }),
      ],
    ])('about %s is nobody’s matter here', (_, other) => {
      cluster(atWork, [other, pod({ restartCount: 0, state: { running: {} } })]);
      expect(restore().errors).toEqual([
        expect.stringMatching(
          /^RESTORE_UNFINISHED: .*handover\/petclinic\/applier\.json in stpetclinicdata1/,
        ),
      ]);
    });

    it('is waited for only so long where it does not start', () => {
      cluster(atWork, [pod({ restartCount: 0, state: { waiting: { reason: 'ContainerCreating' } } })]);
      expect(restore({ MOVER_START_SECONDS: '0' }).errors).toEqual([
        expect.stringMatching(/^RESTORE_POD_NOT_READY: .*Warnings: FailedMount: because/),
      ]);
    });

    it.each([
      ['of the manifests before', { ...caughtUp, metadata: { generation: 3 } }],
      ['of an earlier pod beside the new one', { ...caughtUp, status: { ...caughtUp.status, replicas: 2 } }],
    ])('is not taken for done by the readiness %s', (_, deployment) => {
      cluster(deployment, []);
      expect(restore().errors).toEqual([expect.stringMatching(/^RESTORE_UNFINISHED: /)]);
    });

    it('cannot be heard where the cluster refuses it', () => {
      bench.program('kubectl', `case "$*" in *'apply '*) exit 1 ;; esac`);
      expect(restore().errors).toEqual([expect.stringMatching(/^RESTORE_FAILED: the cluster did not take/)]);
    });
  });
});
