import type { Config, Workload } from './schema.ts';

/* Rules about what the policy lets happen, and the shape that every rule looks at. */

export type Report = (path: string, problem: string) => void;

/** One workload as a rule sees it: whatever is missing is somebody else's complaint. */
export interface Subject {
  readonly id: string;
  readonly controller: Partial<Config['controller']>;
  readonly workload: Partial<Workload>;
  readonly report: Report;
}

/** Shares that do not grow would send users back; the last step, everybody, is not a share. */
export function checkCanary({ workload: { policy, limits, edge }, report }: Subject): void {
  const canary = policy?.canary;
  if (canary === undefined || limits === undefined) return;
  if (edge?.strategy === 'distribution') {
    report('policy.canary', 'got shares, expected none: strategy distribution moves everybody or nobody');
  }
  const grows = canary.shares.every((share, i) => share > (canary.shares[i - 1] ?? 0));
  if (!grows) {
    report('policy.canary.shares', `got [${canary.shares.join(', ')}], expected shares that grow`);
  }
  if (canary.holdSeconds < limits.convergePollSeconds * 2) {
    report(
      'policy.canary.holdSeconds',
      `got ${canary.holdSeconds}, expected at least two polls of limits.convergePollSeconds`,
    );
  }
}

export function checkStart({ workload: { policy }, report }: Subject): void {
  if (policy?.startStandby !== 'on-approval' || policy.approval.mode !== 'none') return;
  report(
    'policy.startStandby',
    'got "on-approval", expected policy.approval.mode "required": nobody is asked',
  );
}

/** People who must approve have to exist, and silence must be noticed before it is over. */
export function checkApproval({ controller, workload: { policy }, report }: Subject): void {
  const approval = policy?.approval;
  if (approval?.mode !== 'required') return;
  const { slackUserIds, principals } = approval.approvers;
  // The same person named twice is one.
  const people = new Set([...slackUserIds, ...principals]).size;
  const patterns = principals.some((principal) => principal.endsWith('*'));
  if (people < approval.approvals && !patterns) {
    report(
      'policy.approval.approvers',
      `got ${people}, expected at least ${approval.approvals}: nobody could decide`,
    );
  }
  if (slackUserIds.length > 0 && controller.slack === undefined) {
    report(
      'policy.approval.approvers.slackUserIds',
      'got people, expected controller.slack to be set: nobody would be asked',
    );
  }
  if (approval.reminderSeconds > approval.timeLimitSeconds) {
    report(
      'policy.approval.reminderSeconds',
      `got ${approval.reminderSeconds}, expected at most timeLimitSeconds (${approval.timeLimitSeconds})`,
    );
  }
  const hours = approval.onlyWithin;
  if (hours !== undefined && hours.from === hours.to) {
    report(
      'policy.approval.onlyWithin.to',
      `got "${hours.to}", expected another time than from: nobody would ever be asked`,
    );
  }
}
