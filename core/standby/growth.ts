import type { StandbyChecks } from './standby.ts';

/** Whether all that was asked for is there, with what is missing. */
export interface Growth {
  readonly whole: boolean;
  readonly detail: string;
}

/** Gateway and cluster are what grows; the database of a standby that serves has its full size. */
export function judgeGrowth({ gateway, cluster }: StandbyChecks): Growth {
  const missing = [
    { name: 'application gateway', ...gateway },
    { name: 'kubernetes cluster', ...cluster },
  ].filter(({ good }) => !good);
  return missing.length === 0
    ? { whole: true, detail: 'all of it is there' }
    : { whole: false, detail: missing.map(({ name, detail }) => `${name}: ${detail}`).join('; ') };
}

/** What people are told of a standby that serves and does not become whole. */
export const growthMessage = (
  site: { readonly name: string; readonly url: string },
  stuck: { readonly seconds: number; readonly detail: string; readonly nodes: number },
): { readonly subject: string; readonly text: string } => ({
  subject: `[Pilotlight] ${site.name}: the standby serves, but stays small`,
  text:
    `${site.name} (${site.url}) is served by its standby, which has not got its ${stuck.nodes} nodes within ` +
    `${Math.round(stuck.seconds / 60)} min: ${stuck.detail}.\n\n` +
    'Users are served by what runs. Look at the load and at the node pool in the Azure portal, and scale it by hand, with another ' +
    'size if Azure has no more of this one.',
});
