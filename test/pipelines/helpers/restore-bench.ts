import { azStandIn, putAnswer, putStandby } from './azure-stand-in.ts';
import { makeScriptBench, type ScriptBench, type ScriptResult } from './script-bench.ts';

/** A Deployment whose only pod is ready. */
export const caughtUp = {
  metadata: { generation: 2 },
  status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
};
/** The same before its pod is. */
export const atWork = { ...caughtUp, status: { ...caughtUp.status, readyReplicas: 0 } };

/** A pod of the mover, as the cluster tells of it. */
export const pod = (container: object, id = 'exec-20261122-7f', more: object = {}) => ({
  metadata: {
    annotations: { 'pilotlight/correlation-id': id },
    creationTimestamp: '2026-11-27T10:00:00Z',
    ...more,
  },
  status: { containerStatuses: [container] },
});
/** A container that ended and waits for its next try. */
export const ended = (exitCode: number, message: string, restartCount = 0) => ({
  restartCount,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode, message } },
});

/**
 * A cluster with this Deployment of the mover and, once the manifests are applied, these pods; `before` are the pods that an earlier run
 * left behind. The log of the mover is the answer `mover.log`; the answer `application.json` is an application that is there already.
 */
export const putCluster = (
  bench: ScriptBench,
  deployment: object,
  pods: readonly object[],
  before: readonly object[] = [],
): void => {
  putAnswer(bench, 'deployment.json', JSON.stringify(deployment));
  putAnswer(bench, 'pods.json', JSON.stringify({ items: pods }));
  putAnswer(bench, 'pods-before.json', JSON.stringify({ items: before }));
  bench.program(
    'kubectl',
    `case "$*" in
      *'apply '*)
        into=applied
        ! grep -q '^loadBalancerIp=' "\${@: -1}" || into=application
        cat "\${@: -1}" >"$BENCH/$into" ;;
      *'petclinic get deployment'*) cat "$BENCH/azure/application.json" 2>/dev/null || exit 1 ;;
      *'get deployment'*) cat "$BENCH/azure/deployment.json" ;;
      *'get pods'*) cat "$BENCH/azure/pods-before.json" 2>/dev/null || cat "$BENCH/azure/pods.json"; rm -f "$BENCH/azure/pods-before.json" ;;
      *'get events'*) echo 'FailedMount: because' ;;
      *logs*) cat "$BENCH/azure/mover.log" 2>/dev/null || true ;;
    esac`,
  );
};

/** The pod gets ready while the script waits for it. */
export const catchUpMeanwhile = (bench: ScriptBench): void => {
  bench.program('sleep', `echo '${JSON.stringify(caughtUp)}' >"$BENCH/azure/deployment.json"`);
};

/** A bench with a standby that is there and a mover that has caught up. */
export const makeRestoreBench = (): ScriptBench => {
  const bench = makeScriptBench();
  bench.program('az', azStandIn);
  // What kustomize would render, as far as this script is concerned: the settings that it was given.
  bench.program('kustomize', 'cat "$2/settings.env"');
  putStandby(bench);
  putCluster(bench, caughtUp, []);
  return bench;
};

/**
 * Runs the Restore of the pipeline without its pauses. A busy machine has its time; a test of what never comes gives a limit of its own.
 */
export const runRestore = (
  bench: ScriptBench,
  environment: Readonly<Record<string, string>> = {},
): ScriptResult =>
  bench.run('pipelines/scripts/restore-database.sh', {
    ...{ REPLACE_DATA: 'False', WAIT_PAUSE_SECONDS: '0', WAIT_SECONDS_MAX: '1' },
    ...{ MOVER_PAUSE_SECONDS: '0', MOVER_START_SECONDS: '600', MOVER_SECONDS_MAX: '40' },
    ...environment,
  });
