import type { Workload } from '../config/schema.ts';
import type { WatchMemory } from './memory.ts';
import { primaryTarget } from './targets.ts';

/** Something that the watch tells people itself, because no run will. */
export interface News {
  readonly message: { readonly subject: string; readonly text: string };
  /** Whether it still has to be said, by what is remembered at that moment. */
  readonly isOpen: (memory: WatchMemory) => boolean;
  readonly remember: (memory: WatchMemory) => WatchMemory;
}

/** A look that was never good for so long is a fault of the configuration. Milliseconds. */
const UNLEARNED_AFTER_MS = 600_000;

/** What people do not know yet: that a degraded primary is well again, or that the watch is blind in one eye. */
export function newsOf(memory: WatchMemory, workload: Workload, now: number): News | null {
  if (memory.told !== null && memory.health.health === 'well') return wellAgain(memory, workload);
  const blind = memory.health.goodFrom.primary === null && now - memory.firstLookAt >= UNLEARNED_AFTER_MS;
  return blind && !memory.toldUnlearned ? neverGood(workload) : null;
}

function wellAgain({ health }: WatchMemory, { displayName, url, policy }: Workload): News {
  const since = new Date(health.since).toISOString();
  const [elsewhere] = Object.values(health.rounds.at(-1)?.elsewhere ?? {});
  const users =
    elsewhere === undefined
      ? 'Users are on the primary.'
      : `Users are answered by the ${elsewhere === 'maintenance' ? 'maintenance page' : elsewhere} still.`;
  return {
    message: {
      subject: `[Pilotlight] ${displayName}: well again`,
      text:
        `${displayName} (${url}) is well again since ${since}: no look has failed for at least ` +
        `${policy.recovery.seconds} s, from any place. ${users}\n\n` +
        'Nothing is to be done. What failed is in the metrics of the primary.',
    },
    isOpen: (memory) => memory.told !== null,
    remember: (memory) => ({ ...memory, told: null }),
  };
}

function neverGood(workload: Workload): News {
  const { displayName } = workload;
  const { url, contains } = primaryTarget(workload);
  return {
    message: {
      subject: `[Pilotlight] ${displayName}: the watch cannot see the primary`,
      text:
        `The look at the primary's own door was never good: ${url} must answer 200` +
        `${contains === undefined ? '' : ` with "${contains}"`} without the secret of the edge. Until then its bad answers ` +
        'count for nothing, and no outage is confirmed by itself.\n\n' +
        'Let the load balancer answer this path, or name another one in health.door, and deploy.',
    },
    isOpen: (memory) => !memory.toldUnlearned,
    remember: (memory) => ({ ...memory, toldUnlearned: true }),
  };
}
