import { danger, type Rule, type Subject } from './subject.ts';

/* Rules about what the policy lets happen. */

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

/** What the health of a primary leads to must fit together. */
export function checkHealth({ workload: { policy }, report }: Subject): void {
  if (policy === undefined) return;
  const { outage, degraded, recovery, approval } = policy;
  if (degraded.errorPercent >= outage.errorPercent) {
    report(
      'policy.degraded.errorPercent',
      `got ${degraded.errorPercent}, expected less than policy.outage.errorPercent (${outage.errorPercent})`,
    );
  }
  if (recovery.trialSeconds >= recovery.seconds) {
    report(
      'policy.recovery.trialSeconds',
      `got ${recovery.trialSeconds}, expected less than policy.recovery.seconds (${recovery.seconds})`,
    );
  }
  if (degraded.then === 'ask' && approval.mode === 'none') {
    report(
      'policy.degraded.then',
      'got "ask", expected policy.approval.mode "required": nobody is there to be asked',
    );
  }
  if (degraded.then === 'tell' && degraded.prepare) {
    report(
      'policy.degraded.prepare',
      'got true, expected false where policy.degraded.then is "tell": nobody would ever be moved to it',
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

/** What a policy lets happen that its owner may not have thought of. */
export const warnPolicy: Rule = ({ workload: { policy }, report }) => {
  if (policy === undefined) return;
  const { confirm, cooldownMinutes, degraded, onPrimaryRecovery } = policy;
  const warn = (field: string, words: string): void => {
    report(`policy.${field}`, words);
  };
  if (cooldownMinutes === 0) {
    const what = 'an alarm that flaps starts run after run, and users go back and forth';
    warn('cooldownMinutes', danger('0', what, '60'));
  }
  if (onPrimaryRecovery === 'proceed') {
    const what = 'users leave a primary that is well again, and their data must be brought home afterwards';
    warn('onPrimaryRecovery', danger('"proceed"', what, 'stand-down'));
  }
  if (degraded.then === 'failover') {
    const what =
      'users leave a primary that serves most of them, and what it wrote since the last copy is lost';
    warn('degraded.then', danger('"failover"', what, 'ask, or tell'));
  }
  if (confirm.patienceSeconds === 0) {
    const what = 'a person is called before the slower alarms have spoken';
    warn('confirm.patienceSeconds', danger('0', what, '180'));
  }
};

/** More failed answers than this are an outage of their own. */
const CANARY_ERROR_PERCENT_SAFE = 20;

/** Shares that try the standby on most users, or learn nothing of it. */
export const warnCanary: Rule = ({ workload: { policy }, report }) => {
  const canary = policy?.canary;
  if (canary === undefined) return;
  const { errorPercentMax } = canary;
  const [first = 0] = canary.shares;
  if (first > 50) {
    report('policy.canary.shares.0', danger(String(first), 'most users are the trial', '5 to 10'));
  }
  if (errorPercentMax === 0) {
    const what = 'one lost answer of a good standby ends the failover in the shield';
    report('policy.canary.errorPercentMax', danger('0', what, '5'));
  }
  if (errorPercentMax > CANARY_ERROR_PERCENT_SAFE) {
    const what = 'a standby that fails so many is taken for good';
    const safer = `${CANARY_ERROR_PERCENT_SAFE} or less`;
    report('policy.canary.errorPercentMax', danger(String(errorPercentMax), what, safer));
  }
};

/** Whoever comes home over a question needs somebody who answers it, and a lease that outlives the waiting in one step. */
export function checkFailback({ workload: { policy }, report }: Subject): void {
  if (policy === undefined) return;
  const { failback, approval } = policy;
  if (failback.approval === 'required' && approval.mode === 'none') {
    report(
      'policy.failback.approval',
      'got "required", expected policy.approval.mode "required": nobody is asked',
    );
  }
  if (failback.lastDataSeconds > failback.dataSeconds) {
    report(
      'policy.failback.lastDataSeconds',
      `got ${failback.lastDataSeconds}, expected at most policy.failback.dataSeconds (${failback.dataSeconds}): the last data are a part of all`,
    );
  }
}
