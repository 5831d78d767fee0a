import type { Workload } from '../config/schema.ts';
import { settleOf, type WorkflowState } from '../run/state.ts';

/** What people read before they let a site come home: what was found, and what will happen. */
export function wayHomeFacts(
  { policy, standby, data }: Workload,
  state: Omit<WorkflowState, 'outcome'>,
): { readonly facts: readonly (readonly [string, string])[]; readonly happens: readonly string[] } {
  const { home } = state;
  const page = home?.page?.value.pageSeconds;
  const loaded = home?.loaded?.value.result.seconds;
  const orphans = home?.orphans?.value.result.manifest;
  const settle = settleOf(state);
  const shares = policy.canary?.shares.map((share) => `${share} %`).join(', ');
  return {
    facts: [
      ['What it is', 'a way home: users are on the standby, and are well there'],
      ['The primary', home?.primary?.value.summary ?? 'not looked at yet'],
      ['The page', page === undefined ? 'nobody knows for how long' : `at most ${page} s`],
      ...(loaded === undefined
        ? []
        : [
            [
              'The first load took',
              `${Math.round(loaded)} s; the last one has what was written since`,
            ] as const,
          ]),
      ...(orphans === undefined ? [] : [['Orphans', orphansText(orphans)] as const]),
    ],
    happens: [
      ...(settle === null
        ? []
        : [`the page must be up everywhere first: no sooner than after ${settle.why}`]),
      data.mode === 'none'
        ? 'it is waited for until the site itself says that nothing is missing on the primary, or somebody has vouched for it'
        : 'the last data are loaded, and both sides are compared, table by table',
      'until the route is moved every failure returns users to the standby, with nothing lost',
      shares === undefined ? 'all users go home at once' : `users go home in shares (${shares}), then all`,
      'after that the way back is a new failover; automation is armed for it',
      policy.failback.putAway ? PUT_AWAY[standby.tier] : 'the standby stays as it is, and costs money',
    ],
  };
}

const PUT_AWAY = {
  cold: 'the standby is destroyed',
  parked: 'the standby loads the new data and is parked',
  warm: 'the standby loads the new data, follows the primary again, and shrinks',
  external: 'the standby is somebody else’s, and stays as it is',
} as const satisfies Record<Workload['standby']['tier'], string>;

const orphansText = ({
  transactions,
  missing,
}: {
  readonly transactions: number;
  readonly missing: string;
}): string => {
  if (missing !== '')
    return `${transactions} kept in a file of those that only the primary had; a part of its log was gone already`;
  if (transactions === 0) return 'none: the standby had everything';
  return transactions === 1
    ? '1 transaction that only the primary had is kept in a file; a person decides about it'
    : `${transactions} transactions that only the primary had are kept in a file; a person decides about them`;
};
