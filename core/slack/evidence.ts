import * as z from 'zod';
import type { Workload } from '../config/schema.ts';
import type { SettleTime } from '../route/settle-time.ts';
import { preparingOf } from './preparing.ts';
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

/** How else a planned move may end. */
const PLANNED_ENDS = [
  'if anything fails before the switch, users go back to the primary with nothing lost',
  'if the primary dies meanwhile, the run goes on as a failover',
] as const;

/** What an approval sets going, in words that follow from the configuration alone. */
export function consequencesOf(
  workload: Workload,
  seen: {
    /** Of a degraded primary most users are served still, of that of a planned move all: they stay until everything is ready. */
    readonly when: 'planned' | 'degraded' | 'shielded';
    /** How long the shield settles; null where nobody has decided it. */
    readonly settle: SettleTime | null;
  },
): {
  readonly happens: readonly string[];
  readonly costs: string;
  readonly losses: string;
} {
  const { policy } = workload;
  const { happens: prepared, costs, losses } = preparingOf(workload);
  const shares = policy.canary?.shares.map((share) => `${share} %`).join(', ');
  return {
    happens: [
      seen.when !== 'shielded'
        ? 'users stay on the primary until the standby is ready, and see the maintenance page while they are moved'
        : 'users see the maintenance page, from now until the end',
      prepared,
      ...(seen.settle === null
        ? []
        : [
            `the page must be up everywhere before the standby takes a write: no sooner than after ${seen.settle.why}`,
          ]),
      ...(seen.when === 'planned' ? PLANNED_ENDS : []),
      ...(seen.when !== 'planned' && policy.onPrimaryRecovery === 'stand-down'
        ? ['if the primary comes back before the switch, the run stands down']
        : []),
      shares === undefined
        ? 'all users go to the standby once it is healthy'
        : `users go to the standby in shares (${shares}), then all`,
      'a person brings the site home when the primary is well',
    ],
    costs,
    losses,
  };
}
