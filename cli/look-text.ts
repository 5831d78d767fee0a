import type { Approval } from '../core/approval/approval.ts';
import type { Workload } from '../core/config/schema.ts';
import { pageSecondsOf } from '../core/data/planned.ts';
import type { LeaseItem } from '../core/ledger/lease.ts';
import type { Execution } from '../core/ledger/operations.ts';
import type { Route } from '../core/route/route.ts';
import type { HealthView } from '../core/watch/view.ts';
import { awayOf } from '../core/standby/away.ts';
import { dataFacts } from './data-text.ts';
import { automationOf, holderOf, problemsOf, settleTimeOfLook, type Look, type Seen } from './look.ts';
import { ordersText } from './orders-text.ts';
import { factsText, type Dress } from './output.ts';
import { parkedText } from './parked-text.ts';
import { durationText, momentText } from './time.ts';

const UNREADABLE = 'could not be read, see below';

const textOf = <T>(seen: Seen<T>, text: (value: T) => string): string =>
  seen.read ? text(seen.value) : UNREADABLE;

/** The route in one line. */
export function routeText(route: Route | null, dress: Dress): string {
  if (route === null) return `${dress.good('primary')} (nothing was ever moved)`;
  const origin = route.origin === 'primary' ? dress.good(route.origin) : dress.warn(route.origin);
  const share =
    route.canary === undefined ? '' : `, ${route.canary.percent} % of the users to ${route.canary.origin}`;
  return `${origin}${share}, epoch ${route.epoch}, since ${momentText(route.at)} by ${route.by}`;
}

function automationText(seen: Look, now: number, dress: Dress): string {
  switch (automationOf(seen, now)) {
    case 'armed':
      return dress.good('armed');
    case 'brake':
      return `${dress.warn('off')}, the brake is on`;
    case 'disarmed':
      return `${dress.warn('disarmed')} since the last failover; pilotlight acknowledge ${seen.workload} arms it`;
    case 'cooldown': {
      const until = seen.lease.read ? (seen.lease.value?.cooldownUntil ?? now) : now;
      return `${dress.warn('cooling down')}, armed again in ${durationText(until - now)}; a person may start at once`;
    }
    case 'unknown':
      return UNREADABLE;
  }
}

function leaseText(lease: LeaseItem | null, now: number): string {
  const holder = holderOf(lease, now);
  if (lease === null || holder === null) return 'free';
  return `held by ${holder}, epoch ${lease.epoch}, ends in ${durationText(lease.expiresAt - now)} unless renewed`;
}

/** @param pageSeconds how long users see the page of a planned move; left out where nothing is said of it */
function executionText(execution: Execution | null, now: number, pageSeconds?: number): string {
  if (execution === null) return 'none';
  const lasted = durationText((execution.stoppedAt ?? now) - execution.startedAt);
  const words = `${execution.name}, ${execution.status}, ${lasted}`;
  if (execution.planned === undefined) return words;
  const promise = pageSeconds === undefined ? '' : `; users see the page for about ${pageSeconds} s`;
  return `${words}; a planned move${promise}`;
}

/** The primary as the watch sees it, and how far that can be trusted. */
function healthText(view: HealthView | null, now: number, dress: Dress): string {
  if (view === null) return `${dress.warn('not known')}, the watch has written nothing yet`;
  const state = view.health === 'well' ? dress.good('well') : dress.bad(view.health);
  const { failingPercent: failing, lookedAt } = view;
  const shares =
    failing === null
      ? ''
      : `, ${failing.primary} % of the looks at the primary fail and ${failing.edge} % of those through the edge`;
  const age = lookedAt === null ? 'nobody has looked yet' : `looked ${durationText(now - lookedAt)} ago`;
  const blind =
    view.silentPlaces.length === 0 ? '' : dress.warn(`; nothing from ${view.silentPlaces.join(', ')}`);
  const trust = view.silent ? dress.bad(`${age}: does the watch run?`) : `${age}${blind}`;
  return `${state} since ${momentText(new Date(view.since).toISOString())}${shares}; ${trust}`;
}

/** From no failed look to all of them. */
const BLOCKS = '▁▂▃▄▅▆▇█';
/** A minute in which nobody looked. */
const NO_LOOK = '·';

/** The last hour, a block a minute: the higher, the more looks failed. */
function hourText({ lastHour }: HealthView, dress: Dress): string {
  const blocks = lastHour.map(({ failingPercent }) => {
    if (failingPercent === null) return NO_LOOK;
    const block = BLOCKS.charAt(Math.round(((BLOCKS.length - 1) * failingPercent) / 100));
    return failingPercent === 0 ? dress.good(block) : dress.bad(block);
  });
  return `${blocks.join('')} now`;
}

/** What waits for a person, and the command that answers it. */
export function approvalText(approval: Approval, now: number): string {
  const { answers, needed, execution, workload } = approval;
  const names = answers.map(({ decider }) => decider.name).join(', ');
  const have = `${answers.length} of ${needed} approvals${names === '' ? '' : ` (${names})`}`;
  const left =
    approval.expiresAt > now ? `${durationText(approval.expiresAt - now)} left` : 'time limit over';
  return `${execution}: ${have}, ${left}\npilotlight approve ${workload} --execution ${execution}`;
}

const approvalsText = (approvals: readonly Approval[], now: number): string =>
  approvals.length === 0 ? 'none waits' : approvals.map((one) => approvalText(one, now)).join('\n');

/** How long the shield settles, and what stands in the way of measuring it. */
function settleText(seen: Look, workload: Workload, { now, dress }: { now: number; dress: Dress }): string {
  if (!seen.spread.read) return UNREADABLE;
  const { why } = settleTimeOfLook(seen, workload, now);
  const trouble = seen.spread.value?.trouble ?? null;
  return trouble === null ? why : `${why}\n${dress.warn(`${momentText(trouble.at)}: ${trouble.what}`)}`;
}

/** What is so while users are on the standby, and what there is to do. */
function awayFacts(seen: Look, workload: Workload, { now, dress }: { now: number; dress: Dress }) {
  const away = seen.route.read ? awayOf(seen.workload, workload, seen.route.value) : null;
  if (away === null) return [];
  const lasts = durationText(now - Date.parse(away.since));
  const costs =
    away.dollarsPerDay === null
      ? 'nothing of the standby is ours'
      : `about $${away.dollarsPerDay} a day (docs/cost.md)`;
  return [
    ['away', `${dress.warn(`users are on the standby for ${lasts}`)}; there is no second net`] as const,
    ['costs', costs] as const,
    ['next', away.next] as const,
  ];
}

/** One workload, whole. */
export function lookText(seen: Look, workload: Workload, context: { now: number; dress: Dress }): string {
  const { now, dress } = context;
  const { displayName, data, standby } = workload;
  const brake = textOf(seen.brake, (value) => {
    if (value?.on !== true) return 'off';
    const since = value.at === null ? '' : ` since ${momentText(value.at)}`;
    return `${dress.warn('ON')}${since}: ${value.reason} (${value.owner})`;
  });
  const facts: (readonly [string, string])[] = [
    ['route', textOf(seen.route, (route) => routeText(route, dress))],
    ...awayFacts(seen, workload, context),
    ['health', textOf(seen.health, (view) => healthText(view, now, dress))],
    ...(seen.health.read && seen.health.value !== null
      ? [['last hour', hourText(seen.health.value, dress)] as const]
      : []),
    ...(seen.health.read && seen.health.value?.unrest != null
      ? [['restless', dress.warn(seen.health.value.unrest)] as const]
      : []),
    ...dataFacts(seen.data, data, context),
    ...(standby.tier === 'parked'
      ? [['standby', textOf(seen.parked, (record) => parkedText(record, context))] as const]
      : []),
    ['settles', settleText(seen, workload, context)],
    ['automation', automationText(seen, now, dress)],
    ['brake', brake],
    [
      'run',
      textOf(seen.execution, (execution) =>
        executionText(execution, now, pageSecondsOf(workload, settleTimeOfLook(seen, workload, now))),
      ),
    ],
    ...(seen.lease.read && seen.lease.value?.orders !== undefined
      ? [['orders', dress.warn(ordersText(seen.lease.value.orders, seen.workload))] as const]
      : []),
    ['lease', textOf(seen.lease, (lease) => leaseText(lease, now))],
    ['approvals', textOf(seen.approvals, (approvals) => approvalsText(approvals, now))],
  ];
  const problems = problemsOf(seen).map((problem) => dress.bad(`- ${problem}`));
  return [`${dress.strong(seen.workload)}  ${displayName}`, factsText(facts, dress), ...problems].join('\n');
}

/** One workload in a row of the table of all. */
export function lookRow(seen: Look, now: number): string[] {
  return [
    seen.workload,
    seen.route.read ? (seen.route.value?.origin ?? 'primary') : '?',
    seen.health.read ? (seen.health.value?.health ?? '-') : '?',
    automationOf(seen, now),
    seen.approvals.read ? String(seen.approvals.value.length) : '?',
    seen.execution.read ? executionText(seen.execution.value, now) : '?',
  ];
}
export const LOOK_HEADINGS = ['WORKLOAD', 'ROUTE', 'HEALTH', 'AUTOMATION', 'APPROVALS', 'RUN'] as const;
