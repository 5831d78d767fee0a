import type { RunnerName } from './pipeline.ts';

const RUNNERS: Readonly<Record<RunnerName, string>> = {
  'azure-devops': 'the pipeline of Azure DevOps',
  'container-job': 'the container job',
};

/** The message for people when another runner than before builds the standby. */
export function runnerMessage(
  carried: {
    readonly runner: RunnerName;
    readonly url: string;
    readonly why: string;
    readonly loose: boolean;
  },
  site: { readonly name: string; readonly url: string },
): { readonly subject: string; readonly text: string } {
  const who = RUNNERS[carried.runner];
  const loose = carried.loose
    ? 'A run in Azure DevOps may still be queued. It is cancelled as soon as Azure DevOps answers; until then the lock of ' +
      'the Terraform state keeps the two apart.\n\n'
    : '';
  const why = carried.why.replace(/\.+$/, '');
  return {
    subject: `[Pilotlight] ${site.name}: ${who} builds the standby`,
    text:
      `${site.name} (${site.url}): ${who} builds the standby. Why: ${why}.\n\n${loose}` +
      `The failover goes on, and you need do nothing. Watch it at ${carried.url}`,
  };
}
