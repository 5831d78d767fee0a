import { parseConfig } from '../../../core/config/parse.ts';
import { dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: what is right by itself and wrong beside another field is refused: two ids that are one, two texts that a probe
 * cannot tell apart, people who could never decide.
 */

const AT = 'workloads.petclinic';
const workloadProblems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWithWorkload(changes)));
const accepts = (changes: Record<string, unknown>): void => {
  expect(() => parseConfig(dataWithWorkload(changes))).not.toThrow();
};

describe('the name of the primary', () => {
  it.each([
    'petclinic-alb-1234567890.ap-northeast-2.elb.amazonaws.com',
    'internal-petclinic-1234567890.ap-northeast-2.elb.amazonaws.com',
    'petclinic-0123456789abcdef.elb.ap-northeast-2.amazonaws.com',
  ])('is not the one that AWS gives a load balancer, such as %s', (name) => {
    expect(workloadProblems({ 'primary.domainName': name })).toEqual([
      `${AT}.primary.domainName: got "${name}", expected a name of yours that leads to it: ` +
        'no certificate covers the name that AWS gives a load balancer',
    ]);
  });

  it('may look like it', () => {
    accepts({ 'primary.domainName': 'elb.amazonaws.com.petclinic.example.com' });
  });
});

describe('the ids of Azure', () => {
  it('are three different ones, whatever their letters', () => {
    expect(
      workloadProblems({
        'standby.azure.tenantId': 'AAAAAAAA-2222-4333-8444-555555555555',
        'standby.azure.clientId': 'aaaaaaaa-2222-4333-8444-555555555555',
      }),
    ).toEqual([
      `${AT}.standby.azure.clientId: got "aaaaaaaa-2222-4333-8444-555555555555", expected another id than that of tenantId`,
    ]);
  });
});

describe('the texts by which pages are known', () => {
  it.each([
    ['Owners', 'Owners'],
    ['Our Owners will be back', 'Owners'],
    ['Own', 'Owners'],
  ])('may not be "%s" for the page and "%s" for the site', (page, site) => {
    expect(workloadProblems({ 'maintenance.contains': page, 'health.deep.contains': site })).toEqual([
      `${AT}.maintenance.contains: got "${page}", expected text that neither contains health.deep.contains ` +
        `("${site}") nor is a part of it: a probe could not tell the page from the site`,
    ]);
  });

  it('may have words in common', () => {
    accepts({ 'maintenance.contains': 'Our owners', 'health.deep.contains': 'All owners' });
  });
});

describe('principals who decide', () => {
  const gate = (...principals: readonly string[]) => ({
    'policy.approval': {
      mode: 'required',
      approvers: { principals },
      timeLimitSeconds: 600,
      reminderSeconds: 120,
      onTimeout: 'escalate',
    },
  });
  const path = `${AT}.policy.approval.approvers.principals.0`;

  it.each([
    'arn:aws:iam::111122223333:user/kim',
    'arn:aws:sts::111122223333:assumed-role/on-call/kim',
    'arn:aws:sts::111122223333:assumed-role/on-call/*',
  ])('may be %s', (arn) => {
    accepts(gate(arn));
  });

  it.each([
    ['role/on-call', 'assumed-role/on-call/*'],
    ['role/team/on-call', 'assumed-role/on-call/*'],
    ['role/on-*', 'assumed-role/on-*'],
  ])('are no roles such as %s, whose sessions people have', (role, session) => {
    expect(workloadProblems(gate(`arn:aws:iam::111122223333:${role}`))).toEqual([
      `${path}: got "arn:aws:iam::111122223333:${role}", expected "arn:aws:sts::111122223333:${session}": ` +
        'nobody is a role, people have a session of it',
    ]);
  });

  it('stand for many by their end alone', () => {
    expect(workloadProblems(gate('arn:aws:iam::111122223333:user/*-oncall'))).toEqual([
      `${path}: got "arn:aws:iam::111122223333:user/*-oncall", expected * at the end alone: anywhere else it stands for itself`,
    ]);
  });

  it('are of the account of the controller, whose command line takes no other', () => {
    expect(workloadProblems(gate('arn:aws:iam::999988887777:user/kim'))).toEqual([
      `${path}: got "arn:aws:iam::999988887777:user/kim", expected somebody of the account of the controller, ` +
        '111122223333: the command line takes no other',
    ]);
  });
});
