import type { Answer } from '../approval/approval.ts';
import type { Workload } from '../config/schema.ts';
import type { BrakeItem } from '../ledger/lease.ts';
import { workflowOfExecution } from '../names.ts';
import { PLANNED_NAME } from '../run/run.ts';
import { context } from './blocks.ts';
import { fit, slackLimits } from './text.ts';

/* What several messages have in common. */

/** What a workload is called in messages. */
export type Site = Pick<Workload, 'displayName' | 'url'>;

export const messageText = (text: string): string => fit(text, slackLimits.message);

export const siteText = (site: Site): string => `*${fit(site.displayName, 200)}* (${fit(site.url, 300)})`;

/** The brake in words, for every message; empty where it is off. */
export function brakeBlocks(brake: BrakeItem | null | undefined): unknown[] {
  if (brake?.on !== true) return [];
  const words = `:octagonal_sign: The brake is on: ${fit(brake.reason, 500)} (${fit(brake.owner, 200)}). No alarm starts a run until it is off.`;
  return [context(words)];
}

export const namesOf = (answers: readonly Answer[]): string =>
  answers.map(({ decider }) => decider.name || decider.id).join(' and ');

/** What people are asked about. */
export type Asked = 'planned move' | 'failover' | 'way home';

/** What an execution is called where only its name is known. */
export function kindOf(execution: string): Asked {
  if (workflowOfExecution(execution) === 'failback') return 'way home';
  return execution.startsWith(PLANNED_NAME) ? 'planned move' : 'failover';
}
