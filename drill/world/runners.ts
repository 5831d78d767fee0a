import { azureTiers } from '../../core/config/standby-schema.ts';
import { runNameOf } from '../../core/standby/pipeline.ts';
import { azureDevOpsService } from '../clouds/azure/azure-devops.ts';
import { spansOf, type Run, type StageSpan } from '../clouds/azure/azure-devops-run.ts';
import { containerAppsService } from '../clouds/azure/container-apps.ts';
import type { BlobStore } from '../clouds/azure/blob-store.ts';
import type { StageHooks } from '../clouds/azure/run-timers.ts';
import type { Service } from '../clouds/wire/wire.ts';
import type { AzureSide } from './azure-side.ts';
import type { AzureCell } from './azure-cell.ts';
import type { BuildMilestone } from './build-plan.ts';
import type { StorageAccounts } from './data/storage-accounts.ts';
import type { DevOpsTrouble } from './devops-trouble.ts';
import { correlationOf, TerraformState } from './terraform-state.ts';

/** From a request to cancel until the agent, or the container, has stopped; assumed. */
const CANCEL_SECONDS = 20;
/** How long each runner waits for the lock of the state: pipelines/scripts/run-terraform.sh, run-job.sh. */
const LOCK_SECONDS = { devOps: 60, job: 600 } as const;

/** What terraform/azure/always lets the controller do with the job. */
const JOB_ACTIONS: ReadonlySet<string> = new Set([
  'Microsoft.App/jobs/read',
  'Microsoft.App/jobs/start/action',
  'Microsoft.App/jobs/executions/read',
  'Microsoft.App/jobs/execution/read',
  'Microsoft.App/jobs/stop/execution/action',
]);

const PARAMETERS = {
  action: { values: ['apply', 'plan', 'destroy'] },
  workload: {},
  correlationId: {},
  tier: { default: 'cold', values: azureTiers },
  replaceData: { default: 'false', values: ['true', 'false'] },
};

const actionOf = ({ action }: Readonly<Record<string, string>>): 'apply' | 'destroy' =>
  action === 'destroy' ? 'destroy' : 'apply';

/** The runners of a site, as far as its configuration has them. They work at one standby, with one Terraform state. */
export function runnerServices(
  { id, standby, side }: AzureCell,
  stores: StorageAccounts,
  trouble: DevOpsTrouble,
): Service[] {
  const { pipeline, containerJob, azure } = standby;
  const state = new TerraformState(side.journal);
  const loaded = new Set<string>();
  const hooks = (lockSeconds: number) => hooksOf({ side, state, loaded }, lockSeconds);
  const services: Service[] = [];
  if (pipeline !== undefined) {
    const definition = {
      parameters: PARAMETERS,
      runName: (parameters: Readonly<Record<string, string>>) =>
        runNameOf(id, actionOf(parameters), parameters['correlationId'] ?? ''),
    };
    services.push(
      azureDevOpsService(
        {
          organization: pipeline.organization,
          project: pipeline.project,
          pipelines: new Map([[pipeline.pipelineId, definition]]),
          branches: new Set([pipeline.branch]),
          members: new Set([azure.clientId]),
          plan: ({ parameters }) => ({
            agentWaitSeconds: trouble.agentSeconds(side.agentSeconds),
            cancelSeconds: CANCEL_SECONDS,
            stages: side.stages(actionOf(parameters)),
            checkpoint: side.checkpoint,
          }),
          ...hooks(LOCK_SECONDS.devOps),
        },
        { runs: [] },
      ),
    );
  }
  if (containerJob !== undefined) {
    const store = stores.of(containerJob.storageAccount);
    services.push(
      containerAppsService([
        {
          ...{ subscriptionId: azure.subscriptionId, ...containerJob },
          image: 'registry.example.com/pilotlight-runner:drill',
          environment: { IDENTITY_CLIENT_ID: azure.clientId },
          roles: new Map([[azure.clientId, JOB_ACTIONS]]),
          plan: (environment) => ({
            agentWaitSeconds: side.containerSeconds(),
            cancelSeconds: CANCEL_SECONDS,
            stages: side.stages(actionOf({ action: environment['ACTION'] ?? '' })),
          }),
          onStopRequests: (end) => {
            listenForStops(store, id, end);
          },
          ...telling(hooks(LOCK_SECONDS.job), (run) => writeProgress(store, id, run)),
        },
      ]),
    );
  }
  return services;
}

/** What the stages of a run do to the world; a second run of the same request loads nothing twice. */
function hooksOf(
  world: { readonly side: AzureSide; readonly state: TerraformState; readonly loaded: Set<string> },
  lockSeconds: number,
): Required<StageHooks> {
  return {
    onStageBegin: (begin) => {
      world.state.begin(begin, lockSeconds);
    },
    onMilestone: ({ name }) => {
      world.side.reached(name as BuildMilestone);
    },
    onStageEnd: (end) => {
      world.state.end(end);
      const request = correlationOf(end.run);
      if (end.stage === 'Restore' && end.result === 'succeeded' && world.loaded.has(request)) return;
      if (end.stage === 'Restore' && end.result === 'succeeded') world.loaded.add(request);
      world.side.stageEnded(end.stage, end.result);
    },
  };
}

const telling = (
  { onStageBegin, onStageEnd, onMilestone }: Required<StageHooks>,
  tell: (run: Run) => void,
): Required<StageHooks> => ({
  onMilestone,
  onStageBegin: (begin) => {
    onStageBegin(begin);
    tell(begin.run);
  },
  onStageEnd: (end) => {
    onStageEnd(end);
    tell(end.run);
  },
});

/** The program in the container looks for a file that asks it to end. */
function listenForStops(store: BlobStore, workload: string, end: (correlationId: string) => void): void {
  const folder = `${workload}/runner/`;
  store.onPut('handover', folder, () => {
    for (const [name] of store.list('handover', folder) ?? [])
      end(name.slice(folder.length).replace(/\.stop\.json$/, ''));
  });
}

/** The file in which the job tells how its stages go: pipelines/scripts/run-job.sh. */
function writeProgress(store: BlobStore, workload: string, run: Run): void {
  const now = Date.now();
  const stages = spansOf(run).map((span) => ({ name: span.stage.name, ...stateOf(span, now) }));
  const name = `${workload}/${run.parameters['CORRELATION_ID'] ?? ''}.json`;
  const text = JSON.stringify({ execution: run.name, stages });
  store.put('runner', name, { text, at: now, onlyIfAbsent: false });
}

function stateOf({ stage, startsAt, endsAt, result }: StageSpan, now: number) {
  if (startsAt === null || startsAt > now) return { state: 'pending', result: null, errors: [] };
  if (endsAt > now) return { state: 'running', result: null, errors: [] };
  return { state: 'completed', result, errors: result === 'failed' ? (stage.errors ?? []) : [] };
}
