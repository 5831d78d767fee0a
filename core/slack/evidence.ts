import * as z from 'zod';
import type { Workload } from '../config/schema.ts';
import { fit } from './text.ts';

/** What is read of a signal for people; a record of another version must not keep the question from being asked. */
const signalSchema = z.object({
  source: z.string().catch('unnamed signal'),
  place: z.string().catch('unknown place'),
  observation: z.enum(['bad', 'degraded', 'good', 'unknown']).catch('unknown'),
  detail: z.string().catch(''),
});
type SignalView = z.infer<typeof signalSchema>;

/** Details are for recognising the fault, not for reading it through. */
const DETAIL_LENGTH_MAX = 160;

const MARKS: Readonly<Record<SignalView['observation'], string>> = {
  bad: ':red_circle:',
  degraded: ':large_yellow_circle:',
  good: ':large_green_circle:',
  unknown: ':white_circle:',
};

const ORDER = ['bad', 'degraded', 'good', 'unknown'] as const;

/** The signals, grouped by the place that they were seen from, worst places first; escaped already. */
export function signalLines(signals: readonly object[]): string[] {
  const byPlace = Map.groupBy(
    signals.map((signal) => signalSchema.parse(signal)),
    (signal) => signal.place,
  );
  const count = (of: readonly SignalView[], what: SignalView['observation']): number =>
    of.filter(({ observation }) => observation === what).length;
  return [...byPlace]
    .sort(([, a], [, b]) => count(b, 'bad') - count(a, 'bad'))
    .flatMap(([place, seen]) => [
      `*${fit(place, 100)}*: ${ORDER.map((what) => `${count(seen, what)} ${what}`).join(', ')}`,
      ...seen.map(
        ({ observation, source, detail }) =>
          `    ${MARKS[observation]} ${fit(source, 120)}: ${fit(detail, DETAIL_LENGTH_MAX)}`,
      ),
    ]);
}

/** What builds the standby, by the configuration; a part that is not there is not named. */
function runnerOf({ pipeline, containerJob, runner }: Workload['standby']): string {
  const devOps = pipeline === undefined ? 'the pipeline' : `the pipeline ${pipeline.pipelineId}`;
  const job = containerJob === undefined ? 'the container job' : `the container job ${containerJob.name}`;
  if (runner === 'both') return `${devOps}, or else ${job},`;
  return runner === 'container-job' ? job : devOps;
}

/** What an approval sets going, in words that follow from the configuration alone. */
export function consequencesOf(
  workload: Workload,
  /** Most users are served still: they stay until everything is ready. */
  isDegraded: boolean,
): {
  readonly happens: readonly string[];
  readonly costs: string;
  readonly losses: string;
} {
  const { standby, policy, limits } = workload;
  const cold = standby.tier === 'cold';
  const begins =
    policy.startStandby === 'on-approval' ? 'it begins with the approval' : 'it is building already';
  const prepared = cold
    ? `${runnerOf(standby)} builds the standby in ${standby.azure.resourceGroup} (${begins}; limit ${minutes(limits.pipelineSeconds)})`
    : `the standby in ${standby.azure.resourceGroup} is scaled to ${standby.warmNodeCount} nodes (limit ${minutes(limits.standbySeconds)})`;
  const shares = policy.canary?.shares.map((share) => `${share} %`).join(', ');
  return {
    happens: [
      isDegraded
        ? 'users stay on the primary until the standby is ready, and see the maintenance page while they are moved'
        : 'users see the maintenance page, from now until the end',
      prepared,
      ...(policy.onPrimaryRecovery === 'stand-down'
        ? ['if the primary comes back before the switch, the run stands down']
        : []),
      shares === undefined
        ? 'all users go to the standby once it is healthy'
        : `users go to the standby in shares (${shares}), then all`,
      'a person brings the site home when the primary is well',
    ],
    costs: cold
      ? 'The standby is paid for by the hour from its first resource until somebody destroys it.'
      : `${standby.warmNodeCount} nodes are paid for by the hour until the pool is made small again.`,
    losses:
      'Whatever the primary took after the newest backup that reached the standby is not there. ' +
      'The shield keeps new writes from being lost.',
  };
}

const minutes = (seconds: number): string => `${Math.ceil(seconds / 60)} min`;
