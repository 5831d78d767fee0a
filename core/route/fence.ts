import type { Workload } from '../config/schema.ts';
import type { ProbeTarget } from '../watch/probe.ts';
import { PROBE_PATH } from '../watch/targets.ts';

/*
 * The fence: one rule of the primary's load balancer that answers in the place of the site. Open, it matches nothing but its own path;
 * shut, it matches every path. Both ways it answers that path, so whoever asks there hears from the very rule that shuts the door out.
 */

/** Where the fence says how it is. */
export const FENCE_PATH = `${PROBE_PATH}/fence`;

/** What the rule is made to be: which paths it matches, and what it answers them. */
export interface FenceRule {
  readonly paths: readonly string[];
  readonly status: number;
  readonly body: string;
}

export const openFence: FenceRule = { paths: [FENCE_PATH], status: 200, body: 'pilotlight fence: open' };

const shutWords = (epoch: number): string => `pilotlight fence: shut at epoch ${epoch}.`;

/** Shut for the shield of that epoch: an older answer proves nothing about a newer shield. */
export const shutFence = (epoch: number): FenceRule => ({
  paths: ['/*'],
  status: 503,
  body: shutWords(epoch),
});

/** Asks the primary's door, past the edge, whether the fence is shut for the shield of that epoch. */
export const fenceTarget = ({ primary, health }: Workload, epoch: number): ProbeTarget => ({
  about: 'primary',
  url: `https://${primary.domainName}${FENCE_PATH}`,
  status: 503,
  contains: shutWords(epoch),
  timeoutMs: health.probeTimeoutMs,
});
