import { cancelOf, orderText } from '../ledger/orders.ts';
import { isFailback } from './run.ts';
import type { RunRecord } from './record.ts';
import { failureSentence, failureText, type WorkflowState } from './state.ts';
import { everybodyIsOn, routeText } from './world.ts';

/* What a failback came to: for its record and for the people who are told. */

/** From the write of the page to the first good answer after it; null where users saw no page, or see it still. Seconds. */
function realPageSeconds({ run, shield, home, verified, reshielded }: WorkflowState): number | null {
  const left = home?.routed ?? home?.returned;
  if (run.dryRun || shield === undefined || left === undefined || reshielded !== undefined) return null;
  if (verified === undefined) return null;
  const ms = Date.parse(verified.value.firstGoodAt) - Date.parse(shield.value.movedAt);
  return Math.max(0, Math.round(ms / 100) / 10);
}

/** The part of the record; null where the run was no failback. */
export function homeOf(state: WorkflowState): RunRecord['home'] {
  if (!isFailback(state.run)) return null;
  const { home } = state;
  const orphans = state.run.dryRun ? undefined : home?.orphans?.value.result;
  const compared = state.run.dryRun ? undefined : home?.data?.value.result;
  return {
    pageSeconds: { promised: home?.page?.value.pageSeconds ?? null, real: realPageSeconds(state) },
    orphans:
      orphans === undefined
        ? null
        : {
            transactions: orphans.manifest.transactions,
            folder: orphans.folder,
            missing: orphans.manifest.missing !== '',
          },
    tables: compared?.what === 'verify' ? compared.tables : null,
    rows: compared?.what === 'verify' ? compared.rows : null,
    standby: home?.putAway?.value.detail ?? null,
  };
}

/** What a failback came to, in lines; none where the run was none. */
export function homeText(home: RunRecord['home']): string[] {
  if (home === null) return [];
  const { pageSeconds, orphans, tables, rows } = home;
  const promised =
    pageSeconds.promised === null
      ? 'nothing was promised'
      : `at most ${pageSeconds.promised} s were promised`;
  return [
    ...(pageSeconds.real === null ? [] : [`Page: users saw it for ${pageSeconds.real} s, ${promised}.`]),
    ...(tables === null
      ? []
      : [`Compared: ${rows ?? 0} rows in ${tables} tables are the same on both sides.`]),
    ...orphansText(orphans),
  ];
}

function orphansText(orphans: NonNullable<RunRecord['home']>['orphans']): string[] {
  if (orphans === null) return [];
  const missing = orphans.missing
    ? ' A part of the log of the primary was gone already: what is missing is named in its manifest.'
    : '';
  if (orphans.transactions === 0)
    return [
      orphans.missing
        ? `Orphans: none in what is left of its log.${missing}`
        : 'Orphans: none; the standby had everything that the primary had.',
    ];
  const isOne = orphans.transactions === 1;
  const count = isOne ? '1 transaction' : `${orphans.transactions} transactions`;
  return [
    `Orphans: the primary had acknowledged ${count} that the standby never got. ${isOne ? 'It is' : 'They are'} kept in backups/${orphans.folder}; ` +
      `a person decides what becomes of ${isOne ? 'it' : 'them'} (docs/procedures.md, "Orphans").${missing}`,
  ];
}

/** Why a failback ended with everybody at home. */
export function cameHomeText(state: WorkflowState): string {
  const { home, world, run, putAwayFailure } = state;
  const isCarried = home?.data?.value.result.what === 'verify';
  const users = everybodyIsOn(world?.value, 'primary')
    ? 'Everybody is served by the primary again'
    : 'The primary was verified through the edge';
  const data = isCarried
    ? 'with everything that was written on the standby'
    : 'and by the word of the site, or of a person, nothing is missing there';
  const backup =
    isCarried && home.settled === undefined
      ? [
          'No new backup has begun at home: look at the backup instance now, and make one (docs/runbook.md, "The data do not come home").',
        ]
      : [];
  const follows = isCarried && home.follows === undefined ? standbyNotLoaded(state) : [];
  const standby =
    putAwayFailure === undefined
      ? home?.putAway === undefined
        ? ['The standby stays as it is, and costs money.']
        : [`The standby: ${home.putAway.value.detail}.`]
      : [
          `The standby could not be put away (${failureText(putAwayFailure)}) and costs money (docs/procedures.md, "Leave no standby behind").`,
        ];
  // As the lease is given back: whoever is not seen at home has automation as it was.
  const arms = everybodyIsOn(world?.value, 'primary')
    ? 'Automation is armed again.'
    : `${routeText(world?.value, run, false)} Automation was left as it was: once all users are at home, arm it with: pilotlight acknowledge ${run.workload}.`;
  return [`${users}, ${data}.`, ...backup, ...follows, ...standby, arms].join(' ');
}

/** Of a standby that is destroyed nothing has to be loaded. */
const standbyNotLoaded = ({ plan, failure }: WorkflowState): string[] =>
  !(plan?.followsAgain ?? plan?.tier !== 'cold') || failure === undefined
    ? []
    : [
        `The standby has not loaded the new data (${failureText(failure)}): load it anew before the next failover (docs/procedures.md).`,
      ];

/** Why a failback was given up. */
export function stayedAwayText(state: WorkflowState): string {
  const { failure, rejection, home, world, run } = state;
  const cancel = world?.value.orders === undefined ? null : cancelOf(world.value.orders);
  const cause = rejection ?? failure;
  const why =
    cancel !== null
      ? `${orderText(cancel)}: ${cancel.reason}.`
      : cause === undefined
        ? 'it could not go on.'
        : failureSentence(cause);
  const users =
    home?.returned === undefined
      ? 'Users never left the standby.'
      : 'Users are back on the standby, which was verified through the edge.';
  const where = everybodyIsOn(world?.value, 'standby') ? [] : [routeText(world?.value, run, false)];
  return [`The way home was given up: ${why}`, users, ...where, 'Nothing was lost.'].join(' ');
}

/** Moments of a failback, for the timeline. */
export function homeTimeline({ home }: WorkflowState): (readonly [string | undefined, string])[] {
  const count = home?.orphans?.value.result.manifest;
  return [
    [home?.primary?.value.checkedAt, `the primary was seen well: ${home?.primary?.value.summary ?? ''}`],
    [
      count?.exportedAt,
      count?.transactions === 1
        ? '1 orphan of the primary was exported'
        : `${count?.transactions ?? 0} orphans of the primary were exported`,
    ],
    [home?.routed?.value.movedAt, 'the route was moved home'],
    [home?.returned?.value.movedAt, 'the route was moved back to the standby'],
  ];
}
