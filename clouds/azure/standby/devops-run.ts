import * as z from 'zod';
import type { PipelineRun, PipelineStage, PipelineWait } from '../../../core/standby/pipeline.ts';
import { oneLine } from '../errors.ts';

/*
 * The Build API's words for a run, and ours for them. The Runs API knows neither a queued run nor a partial success, so
 * builds are what is read. Source: Azure DevOps REST API 7.1, Build - Builds and Timeline.
 */

const STATES = {
  none: 'queued',
  notStarted: 'queued',
  postponed: 'queued',
  inProgress: 'running',
  cancelling: 'canceling',
  completed: 'completed',
} as const;

/** A partial success left something undone, and half a standby must not take traffic. */
const RESULTS = {
  succeeded: 'succeeded',
  partiallySucceeded: 'failed',
  failed: 'failed',
  canceled: 'canceled',
  none: null,
} as const;

const keysOf = <K extends string>(table: Readonly<Record<K, unknown>>): [K, ...K[]] =>
  Object.keys(table) as [K, ...K[]];

/** One build. `templateParameters` and `tags` may be left out of a list. */
export const buildSchema = z.object({
  id: z.int(),
  buildNumber: z.string(),
  status: z.enum(keysOf(STATES)),
  result: z.enum(keysOf(RESULTS)).nullish(),
  tags: z.array(z.string()).nullish(),
  templateParameters: z.record(z.string(), z.unknown()).nullish(),
  _links: z.object({ web: z.object({ href: z.string() }) }),
});
export type Build = z.infer<typeof buildSchema>;

const recordSchema = z.object({
  id: z.string(),
  parentId: z.string().nullish(),
  type: z.string(),
  name: z.string().nullish(),
  state: z.enum(['pending', 'inProgress', 'completed']).nullish(),
  result: z
    .enum(['succeeded', 'succeededWithIssues', 'failed', 'canceled', 'skipped', 'abandoned'])
    .nullish(),
  startTime: z.string().nullish(),
  order: z.number().nullish(),
  issues: z.array(z.object({ type: z.string(), message: z.string().nullish() })).nullish(),
});
type TimelineRecord = z.infer<typeof recordSchema>;

export const timelineSchema = z.object({ records: z.array(recordSchema) });
export type Timeline = z.infer<typeof timelineSchema>;

/** Error lines of a failed stage that are told: the first ones name the cause, the rest its consequences. */
const ERROR_LINES_MAX = 3;
const ERROR_LINE_LENGTH_MAX = 300;

const STAGE_STATES = { pending: 'pending', inProgress: 'running', completed: 'completed' } as const;

function stageResult(record: TimelineRecord, runFailed: boolean): PipelineStage['result'] {
  switch (record.result) {
    case 'succeededWithIssues':
      // Where the run counts as failed, this is the stage that made it so.
      return runFailed ? 'failed' : 'succeeded';
    case 'abandoned':
      return 'canceled';
    case undefined:
    case null:
      return null;
    default:
      return record.result;
  }
}

/** The stage a record belongs to: issues are on tasks, below phase and job. Undefined where it has none. */
function stageIdOf(record: TimelineRecord, byId: ReadonlyMap<string, TimelineRecord>): string | undefined {
  let current: TimelineRecord | undefined = record;
  // A chain is at most as long as there are records; a longer one would be a circle.
  for (let steps = 0; current !== undefined && steps <= byId.size; steps += 1) {
    if (current.type === 'Stage') return current.id;
    current = current.parentId == null ? undefined : byId.get(current.parentId);
  }
  return undefined;
}

const byTime = (a: TimelineRecord, b: TimelineRecord): number =>
  (a.startTime ?? '').localeCompare(b.startTime ?? '') || (a.order ?? 0) - (b.order ?? 0);

/** Error lines by stage, in the order in which the tasks ran; a job repeats the lines of its tasks, said once here. */
function errorsByStage(records: readonly TimelineRecord[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byId = new Map(records.map((record) => [record.id, record]));
  const errors = new Map<string, Set<string>>();
  for (const record of records.toSorted(byTime)) {
    const stageId = stageIdOf(record, byId);
    if (stageId === undefined) continue;
    const lines = errors.get(stageId) ?? new Set();
    for (const issue of record.issues ?? []) {
      if (issue.type === 'error' && issue.message) lines.add(oneLine(issue.message, ERROR_LINE_LENGTH_MAX));
    }
    errors.set(stageId, lines);
  }
  return errors;
}

function stagesOf(timeline: Timeline, runFailed: boolean): PipelineStage[] {
  const errors = errorsByStage(timeline.records);
  return timeline.records
    .filter((record) => record.type === 'Stage')
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map((record) => {
      const result = stageResult(record, runFailed);
      const told = result === 'failed' || result === 'canceled' ? [...(errors.get(record.id) ?? [])] : [];
      return {
        name: record.name ?? record.id,
        state: STAGE_STATES[record.state ?? 'pending'],
        result,
        errors: told.slice(0, ERROR_LINES_MAX),
      };
    });
}

/**
 * What a checkpoint waits for. Source: Azure DevOps timelines as people have published them: a stage with checks has a
 * `Checkpoint` with one record below it for each check.
 */
const CHECKPOINTS: Readonly<Record<string, PipelineWait['for']>> = {
  'Checkpoint.Authorization': 'permission',
  'Checkpoint.Approval': 'approval',
};

const isOpen = (record: TimelineRecord): boolean => record.state !== 'completed';

/** What the run waits for that somebody must give; null where it only waits for its own earlier stages. */
function waitOf(build: Build, timeline: Timeline | null): PipelineWait | null {
  const state = STATES[build.status];
  if (state === 'queued') return { for: 'agent', stage: null };
  if (state !== 'running' || timeline === null) return null;
  const { records } = timeline;
  const byId = new Map(records.map((record) => [record.id, record]));
  const stageNameOf = (record: TimelineRecord): string | null =>
    byId.get(stageIdOf(record, byId) ?? '')?.name ?? null;
  const checks = records.filter((record) => record.type.startsWith('Checkpoint.') && isOpen(record));
  // The one that a person must give is what people hear of; other checks may pass by themselves.
  const check = checks.find(({ type }) => CHECKPOINTS[type] !== undefined) ?? checks[0];
  if (check !== undefined) return { for: CHECKPOINTS[check.type] ?? 'check', stage: stageNameOf(check) };
  const jobs = records.filter((record) => record.type === 'Job' && isOpen(record));
  const idle = jobs.length > 0 && jobs.every(({ state: job }) => job === 'pending');
  return idle && jobs[0] !== undefined ? { for: 'agent', stage: stageNameOf(jobs[0]) } : null;
}

/** The stage that applies the Terraform; pipelines/failover.yml names it so. */
const APPLYING_STAGE = 'Infrastructure';

/**
 * Whether an agent works, or has worked, at the stage that applies. Another stage says nothing: Restore lets Terraform go
 * first, and waits on the server without an agent.
 */
function hasBegun(timeline: Timeline | null): boolean {
  const records = timeline?.records ?? [];
  const byId = new Map(records.map((record) => [record.id, record]));
  return records.some(
    (record) =>
      record.type === 'Task' &&
      (record.state === 'inProgress' || record.state === 'completed') &&
      record.result !== 'skipped' &&
      byId.get(stageIdOf(record, byId) ?? '')?.name === APPLYING_STAGE,
  );
}

/** A build and its timeline as the domain knows them; a run that was just queued has no timeline yet. */
export function toPipelineRun(build: Build, timeline: Timeline | null): PipelineRun {
  const state = STATES[build.status];
  const result = state === 'completed' ? RESULTS[build.result ?? 'none'] : null;
  return {
    runner: 'azure-devops',
    id: build.id,
    name: build.buildNumber,
    state,
    result,
    url: build._links.web.href,
    stages: timeline === null ? [] : stagesOf(timeline, result === 'failed'),
    waits: waitOf(build, timeline),
    begun: hasBegun(timeline),
  };
}
