import type { Workload } from '../config/schema.ts';
import type { Run } from '../run/run.ts';
import { orderText, pauseOf, safePoints, type RunOrders } from './orders.ts';

/* A run that stands because a person holds it, in words: for announcements, the command line and Slack. */

type Held = NonNullable<RunOrders['held']>;

/** What is safe about where it stands, and how it goes on. */
export function heldText(orders: RunOrders, { point, since }: Held, workload: string): string {
  const pause = pauseOf(orders);
  const by = pause === null ? '' : ` ${orderText(pause)}: ${pause.reason}.`;
  return [
    `The run is held since ${since}.${by}`,
    safePoints[point],
    `It goes on with: pilotlight resume ${workload} --reason "..."; it goes back with: pilotlight cancel ${workload} --reason "..."`,
  ].join(' ');
}

/** The announcement: the first when it stops, the others while it stands. */
export function heldMessage(about: {
  readonly run: Run;
  readonly orders: RunOrders;
  readonly held: Held;
  readonly workload: Pick<Workload, 'displayName' | 'url'>;
  readonly now: number;
}): { readonly subject: string; readonly text: string } {
  const { run, orders, held, workload, now } = about;
  const minutes = Math.floor((now - Date.parse(held.since)) / 60_000);
  const head = held.toldAt === null ? 'the run is held' : `the run is still held, for ${minutes} min`;
  const lines = [
    `${workload.displayName} (${workload.url}): ${head}`,
    '',
    heldText(orders, held, run.workload),
    '',
    `Started by ${run.requestedBy}: ${run.reason}`,
    `Execution ${run.execution}`,
  ];
  return { subject: `[Pilotlight] ${workload.displayName.slice(0, 45)}: ${head}`, text: lines.join('\n') };
}
