import { danger, type Rule, type Subject } from './subject.ts';

/* Who decides, and what happens when nobody does. */

const PRINCIPAL = /^arn:aws:(?<service>iam|sts)::(?<account>\d{12}):(?<resource>.*)$/;

/** Who approves by the command line is who STS says: the controller's account, and a role by its sessions. */
export function checkPrincipals({ controller, workload: { policy }, report }: Subject): void {
  if (policy?.approval.mode !== 'required') return;
  policy.approval.approvers.principals.forEach((arn, index) => {
    const path = `policy.approval.approvers.principals.${index}`;
    const { account = '', resource = '' } = PRINCIPAL.exec(arn)?.groups ?? {};
    if (resource.startsWith('role/')) {
      const role = resource.split('/').at(-1) ?? '';
      const session = role.endsWith('*') ? role : `${role}/*`;
      report(
        path,
        `got "${arn}", expected "arn:aws:sts::${account}:assumed-role/${session}": nobody is a role, people have a session of it`,
      );
    }
    if (arn.slice(0, -1).includes('*')) {
      report(path, `got "${arn}", expected * at the end alone: anywhere else it stands for itself`);
    }
    if (controller.account === undefined || account === controller.account) return;
    report(
      path,
      `got "${arn}", expected somebody of the account of the controller, ${controller.account}: the command line takes no other`,
    );
  });
}

/** A pattern that leaves open more than the session of a role. */
const ANYBODY = /:(?:\*|[a-z-]+\*|(?:user|assumed-role|federated-user)\/\*)$/;
const ANSWER_SECONDS_SAFE = 300;

export const warnApproval: Rule = ({ workload: { policy }, report }) => {
  const approval = policy?.approval;
  if (approval?.mode !== 'required') return;
  const { approvers, approvals, onTimeout, timeLimitSeconds } = approval;
  const warn = (field: string, words: string): void => {
    report(`policy.approval.${field}`, words);
  };
  if (onTimeout === 'proceed') {
    const what = 'a site is moved although nobody has looked at it';
    warn('onTimeout', danger('"proceed"', what, 'escalate'));
  }
  const people = new Set([...approvers.slackUserIds, ...approvers.principals]).size;
  const patterns = approvers.principals.filter((arn) => arn.endsWith('*'));
  if (people === approvals && patterns.length === 0) {
    const who = approvals === 1 ? 'one person' : `${approvals} people`;
    warn('approvers', danger(who, 'while one of them sleeps nobody can decide', `more than ${approvals}`));
  }
  for (const arn of patterns.filter((pattern) => ANYBODY.test(pattern))) {
    const what = 'anybody who may use the account may move the site';
    warn('approvers.principals', danger(`"${arn}"`, what, 'one role, by its name'));
  }
  if (timeLimitSeconds < ANSWER_SECONDS_SAFE) {
    const what = 'somebody who is woken by it needs longer to look';
    warn('timeLimitSeconds', danger(String(timeLimitSeconds), what, `${ANSWER_SECONDS_SAFE} or more`));
  }
};
