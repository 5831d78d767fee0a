import { azureStandbyOf } from '../../standby/tier.ts';
import type { AzureStandby } from '../standby-schema.ts';
import { danger, type Report, type Rule } from './subject.ts';

/* What applies the Terraform: each runner has a part of its own in the configuration, and a part for nobody is a mistake. */

/** The parts that each runner needs. */
const PARTS = {
  'azure-devops': ['pipeline'],
  'container-job': ['containerJob'],
  both: ['pipeline', 'containerJob'],
} as const satisfies Record<AzureStandby['runner'], readonly ('pipeline' | 'containerJob')[]>;

/** The runner that fits the parts that are there, which is the nearest thing that works. */
const runnerFor = ({ pipeline, containerJob }: AzureStandby): AzureStandby['runner'] | null => {
  if (pipeline !== undefined) return containerJob === undefined ? 'azure-devops' : 'both';
  return containerJob === undefined ? null : 'container-job';
};

export const checkRunner: Rule = ({ workload: { standby: any, limits }, report }) => {
  const standby = any === undefined ? null : azureStandbyOf({ standby: any });
  if (standby !== null) checkParts(standby, report);
  // A run of the first runner that is given up too late leaves the second one no time to build.
  if (standby?.runner !== 'both' || limits === undefined) return;
  const high = Math.floor(limits.pipelineSeconds / 2);
  if (limits.runnerSeconds <= high) return;
  report(
    'limits.runnerSeconds',
    `got ${limits.runnerSeconds}, expected at most ${high}, half of pipelineSeconds: the container job needs the rest`,
  );
};

function checkParts(standby: AzureStandby, report: Report): void {
  const needed: readonly string[] = PARTS[standby.runner];
  const other = runnerFor(standby);
  const nearest = other === null || other === standby.runner ? '' : `, or runner: ${other}`;
  for (const part of ['pipeline', 'containerJob'] as const) {
    const isThere = standby[part] !== undefined;
    if (needed.includes(part) && !isThere) {
      report(`standby.${part}`, `got nothing, expected it with runner ${standby.runner}${nearest}`);
    }
    if (!needed.includes(part) && isThere) {
      report(
        `standby.${part}`,
        `got one that runner ${standby.runner} does not use, expected none${nearest}`,
      );
    }
  }
}

/** An agent of Azure is there after half a minute to two minutes as a rule; a minute of patience is none. */
const AGENT_SECONDS = 120;

export const warnRunner: Rule = ({ workload: { standby: any, limits }, report }) => {
  const standby = any === undefined ? null : azureStandbyOf({ standby: any });
  if (standby?.runner !== 'both' || limits === undefined || limits.runnerSeconds >= AGENT_SECONDS) return;
  report(
    'limits.runnerSeconds',
    danger(
      String(limits.runnerSeconds),
      'an agent of Azure DevOps often takes longer, so a good run is cancelled before it begins',
      `${AGENT_SECONDS} or more`,
    ),
  );
};
