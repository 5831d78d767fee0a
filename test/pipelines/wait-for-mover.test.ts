import { putAnswer } from './helpers/azure-stand-in.ts';
import {
  atWork,
  catchUpMeanwhile,
  caughtUp,
  ended,
  makeRestoreBench,
  pod,
  putCluster,
  runRestore,
} from './helpers/restore-bench.ts';
import { describeWith, type ScriptBench, type ScriptResult } from './helpers/script-bench.ts';

// Each test starts processes, which a busy machine may take its time for.
jest.setTimeout(60_000);

describeWith(['bash', 'jq', 'awk'], 'what the mover says', () => {
  let bench: ScriptBench;
  beforeEach(() => {
    bench = makeRestoreBench();
  });
  afterEach(() => {
    bench.remove();
  });
  const cluster = (deployment: object, pods: readonly object[], before: readonly object[] = []): void => {
    putCluster(bench, deployment, pods, before);
  };
  const restore = (environment: Readonly<Record<string, string>> = {}): ScriptResult =>
    runRestore(bench, environment);

  const inUse =
    'DATABASE_IN_USE: The database was opened for the application by exec-1. Nothing was changed.';

  it('is told in its own words, at once, where it refuses', () => {
    cluster(atWork, [pod(ended(3, `{"level":"info","event":"load-begins"}\n${inUse}\n`))]);
    expect(restore().errors).toEqual([inUse]);
  });

  it('is forgotten where it was said before this run, and the mover tries at once', () => {
    cluster(atWork, [], [pod(ended(3, inUse, 4), 'exec-20261122-7f', { name: 'mover-7d4f' })]);
    catchUpMeanwhile(bench);
    expect(restore()).toMatchObject({ status: 0, errors: [] });
    expect(bench.calls().filter((line) => line.includes('delete pod'))).toEqual([
      'kubectl --namespace pilotlight-restore delete pod mover-7d4f --wait=false --ignore-not-found ',
    ]);
  });

  it('does not end a mover that runs, whatever its container ended with before', () => {
    const again = { ...ended(3, inUse, 1), state: { running: {} } };
    const pods = [pod(again, 'exec-20261122-7f', { name: 'mover-7d4f' })];
    cluster(atWork, pods, pods);
    catchUpMeanwhile(bench);
    expect(restore()).toMatchObject({ status: 0, errors: [] });
    expect(bench.calls().filter((line) => line.includes('delete pod'))).toEqual([]);
  });

  describe('of the store', () => {
    const away = [
      '{"level":"warn","event":"apply-failed","code":"STORE_UNAVAILABLE","detail":"List of backups/petclinic/ failed: got AuthorizationPermissionMismatch."}',
      '{"level":"warn","event":"state-not-told","because":"the same"}',
    ];
    const working = { restartCount: 0, state: { running: {} } };

    it('is an error where it stays so, because the mover waits and never ends', () => {
      cluster(atWork, [pod(working)]);
      putAnswer(bench, 'mover.log', away.join('\n'));
      expect(restore({ MOVER_STORE_SECONDS: '0' }).errors).toEqual([
        expect.stringMatching(
          /^STORE_REFUSED: .*stpetclinicdata1: List of backups\/petclinic\/ failed: got AuthorizationPermissionMismatch/,
        ),
      ]);
    });

    it.each([
      ['while it may pass', away, '600'],
      ['where it has passed', [...away, '{"level":"info","event":"load-begins"}'], '0'],
      [
        'where it is about the database',
        ['{"event":"apply-failed","code":"DATABASE_GONE","detail":"x"}'],
        '0',
      ],
      ['where it is no JSON', ['STORE_UNAVAILABLE'], '0'],
    ])('is no error %s', (_, lines, seconds) => {
      cluster(atWork, [pod(working)]);
      putAnswer(bench, 'mover.log', lines.join('\n'));
      catchUpMeanwhile(bench);
      expect(restore({ MOVER_STORE_SECONDS: seconds })).toMatchObject({
        status: 0,
        errors: [],
      });
    });
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
    expect(restore().errors).toEqual([expect.stringMatching(said)]);
  });

  it.each([4, 5, 8, 137])('with exit code %i may pass, and is not the end', (code) => {
    cluster(atWork, [pod(ended(code, 'STORE_UNAVAILABLE: 503.', 1))]);
    catchUpMeanwhile(bench);
    expect(restore()).toMatchObject({ status: 0, errors: [] });
  });

  it('is not the end where the lock of an earlier pod is in the way', () => {
    cluster(atWork, [pod(ended(3, 'APPLY_BUSY: another applier is at work on this database.', 1))]);
    catchUpMeanwhile(bench);
    expect(restore()).toMatchObject({ status: 0, errors: [] });
  });

  it('is not the end of a mover that runs again after many ends', () => {
    const again = { ...ended(5, 'DATABASE_REFUSED: gone away.', 9), state: { running: {} } };
    cluster(atWork, [pod(again)]);
    catchUpMeanwhile(bench);
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
    expect(restore({ MOVER_SECONDS_MAX: '0' }).errors).toEqual([
      expect.stringMatching(/^RESTORE_UNFINISHED: .*handover\/petclinic\/applier\.json in stpetclinicdata1/),
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
    expect(restore({ MOVER_SECONDS_MAX: '0' }).errors).toEqual([
      expect.stringMatching(/^RESTORE_UNFINISHED: /),
    ]);
  });

  it('cannot be heard where the cluster refuses it', () => {
    bench.program('kubectl', `case "$*" in *'apply '*) exit 1 ;; esac`);
    expect(restore().errors).toEqual([expect.stringMatching(/^RESTORE_FAILED: the cluster did not take/)]);
  });
});
