import { parseConfig } from '../../../core/config/parse.ts';
import { dataWith, dataWithWorkload, problemsOf } from '../config-fixture.ts';

/*
 * Goal: a policy that could never do what it says is refused on the day it is written, not on the day it is needed.
 */

const AT = 'workloads.petclinic';
const workloadProblems = (changes: Record<string, unknown>): readonly string[] =>
  problemsOf(() => parseConfig(dataWithWorkload(changes)));
const accepts = (changes: Record<string, unknown>): void => {
  expect(() => parseConfig(dataWithWorkload(changes))).not.toThrow();
};

describe('strategy distribution', () => {
  /** The least that the shipped workload needs for it. */
  const moved = {
    'edge.strategy': 'distribution',
    'edge.stack': undefined,
    'edge.keyValueStoreArn': undefined,
    'limits.convergeSeconds': 420,
  };

  it('needs no store, and the time that a distribution takes', () => {
    accepts(moved);
    expect(workloadProblems({ ...moved, 'limits.convergeSeconds': 419 })).toEqual([
      `${AT}.limits.convergeSeconds: got 419, expected at least 420: a distribution update spreads in minutes`,
    ]);
    accepts({ 'limits.convergeSeconds': 419 });
  });

  it('moves everybody or nobody', () => {
    const canary = { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5 };
    expect(workloadProblems({ ...moved, 'policy.canary': canary })).toEqual([
      `${AT}.policy.canary: got shares, expected none: strategy distribution moves everybody or nobody`,
    ]);
    accepts({ 'policy.canary': canary });
  });

  it('takes the ids that an existing distribution has, which the edge function does not know', () => {
    const originIds = { primary: 'alb', standby: 'azure', maintenance: 'page' };
    accepts({ ...moved, 'edge.originIds': originIds });
    expect(workloadProblems({ 'edge.originIds': { ...originIds, standby: 'standby' } })).toEqual([
      `${AT}.edge.originIds.primary: got "alb", expected "primary": the edge function knows no other id`,
      `${AT}.edge.originIds.maintenance: got "page", expected "maintenance": the edge function knows no other id`,
    ]);
  });

  it('tells three origins apart', () => {
    expect(workloadProblems({ ...moved, 'edge.originIds': { primary: 'alb', standby: 'alb' } })).toEqual([
      `${AT}.edge.originIds: got alb, alb, maintenance, expected three different origins`,
    ]);
  });

  it('is not held against two workloads without a store', () => {
    const { petclinic } = dataWithWorkload(moved)['workloads'] as { petclinic: Record<string, unknown> };
    const vets = { ...petclinic, edge: { strategy: 'distribution', distributionId: 'E3EXAMPLE2VETS' } };
    const config = parseConfig(dataWith({ workloads: { petclinic, vets } }));
    expect(Object.keys(config.workloads)).toEqual(['petclinic', 'vets']);
  });
});

describe('strategy key-value', () => {
  it('needs the store that the edge function reads', () => {
    expect(workloadProblems({ 'edge.keyValueStoreArn': undefined })).toEqual([
      `${AT}.edge.keyValueStoreArn: got nothing, expected the ARN of the store that the edge function reads ` +
        '(strategy key-value)',
    ]);
  });
});

describe('shares of the users', () => {
  const canary = (shares: readonly number[], holdSeconds = 60) => ({
    'policy.canary': { shares, holdSeconds, errorPercentMax: 5 },
  });

  it.each([[[5]], [[5, 25, 50]], [[0.5, 99.5]]])('may be %j, which grow', (shares) => {
    accepts(canary(shares));
  });

  it.each([[[25, 5]], [[5, 5]], [[5, 50, 25]]])('may not be %j, which do not grow', (shares) => {
    expect(workloadProblems(canary(shares))).toEqual([
      `${AT}.policy.canary.shares: got [${shares.join(', ')}], expected shares that grow`,
    ]);
  });

  it.each([
    [[0], 'shares.0: got 0, expected number to be >0'],
    [[100], 'shares.0: got 100, expected number to be <100'],
    [[], 'shares: got [], expected array to have >=1 items'],
    [[1, 2, 3, 4, 5, 6], 'shares: got [1,2,3,4,5,6], expected array to have <=5 items'],
  ])('may not be %j', (shares, problem) => {
    expect(workloadProblems(canary(shares))).toEqual([`${AT}.policy.canary.${problem}`]);
  });

  it('are held for two looks at least', () => {
    accepts({ ...canary([5], 20), 'limits.convergePollSeconds': 10 });
    expect(workloadProblems({ ...canary([5], 19), 'limits.convergePollSeconds': 10 })).toEqual([
      `${AT}.policy.canary.holdSeconds: got 19, expected at least two polls of limits.convergePollSeconds`,
    ]);
  });
});

describe('an approval', () => {
  const ROLE = 'arn:aws:iam::111122223333:user/kim';
  const SLACK = { channel: 'C012AB3CD', teamId: 'T012AB3CD', secretName: 'pilotlight/slack' };
  const gate = (change: Record<string, unknown> = {}) => ({
    'policy.approval': {
      mode: 'required',
      approvers: { principals: [ROLE] },
      timeLimitSeconds: 600,
      reminderSeconds: 120,
      onTimeout: 'escalate',
      ...change,
    },
  });

  it('needs somebody who could decide', () => {
    accepts(gate());
    expect(workloadProblems(gate({ approvers: {} }))).toEqual([
      `${AT}.policy.approval.approvers: got 0, expected at least 1: nobody could decide`,
    ]);
  });

  it('by two needs two people, or a pattern that may stand for many', () => {
    accepts(gate({ approvals: 2, approvers: { principals: [ROLE, `${ROLE}-2`] } }));
    accepts(gate({ approvals: 2, approvers: { principals: [`${ROLE}*`] } }));
    for (const principals of [[ROLE], [ROLE, ROLE]]) {
      expect(workloadProblems(gate({ approvals: 2, approvers: { principals } }))).toEqual([
        `${AT}.policy.approval.approvers: got 1, expected at least 2: nobody could decide`,
      ]);
    }
  });

  it('by people in Slack needs a Slack', () => {
    const people = gate({ approvers: { slackUserIds: ['U012AB3CD'] } });
    expect(workloadProblems(people)).toEqual([
      `${AT}.policy.approval.approvers.slackUserIds: got people, expected controller.slack to be set: nobody would be asked`,
    ]);
    const data = dataWithWorkload(people);
    const controller = { ...(data['controller'] as Record<string, unknown>), slack: SLACK };
    expect(() => parseConfig({ ...data, controller })).not.toThrow();
  });

  it('reminds before its time is over', () => {
    accepts(gate({ timeLimitSeconds: 120, reminderSeconds: 120 }));
    expect(workloadProblems(gate({ timeLimitSeconds: 120, reminderSeconds: 121 }))).toEqual([
      `${AT}.policy.approval.reminderSeconds: got 121, expected at most timeLimitSeconds (120)`,
    ]);
  });

  it('has hours in which somebody is asked', () => {
    const hours = { timeZone: 'Asia/Seoul', days: ['Mon'], from: '09:00' };
    accepts(gate({ onlyWithin: { ...hours, to: '09:01' } }));
    accepts(gate({ onlyWithin: { ...hours, to: '08:59' } }));
    expect(workloadProblems(gate({ onlyWithin: { ...hours, to: '09:00' } }))).toEqual([
      `${AT}.policy.approval.onlyWithin.to: got "09:00", expected another time than from: nobody would ever be asked`,
    ]);
  });

  it('is what a standby that starts on approval waits for', () => {
    accepts({ ...gate(), 'policy.startStandby': 'on-approval' });
    expect(workloadProblems({ 'policy.startStandby': 'on-approval' })).toEqual([
      `${AT}.policy.startStandby: got "on-approval", expected policy.approval.mode "required": nobody is asked`,
    ]);
  });
});

describe('the health of a primary', () => {
  const required = {
    mode: 'required',
    approvers: { principals: ['arn:aws:iam::111122223333:user/on-call'] },
    timeLimitSeconds: 600,
    reminderSeconds: 60,
    onTimeout: 'escalate',
  };

  it('is degraded before it is down', () => {
    accepts({ 'policy.degraded': { errorPercent: 49 } });
    expect(workloadProblems({ 'policy.degraded': { errorPercent: 50 } })).toEqual([
      `${AT}.policy.degraded.errorPercent: got 50, expected less than policy.outage.errorPercent (50)`,
    ]);
  });

  it('is tried before it is believed', () => {
    accepts({ 'policy.recovery': { seconds: 21, trialSeconds: 20 } });
    expect(workloadProblems({ 'policy.recovery': { seconds: 20, trialSeconds: 20 } })).toEqual([
      `${AT}.policy.recovery.trialSeconds: got 20, expected less than policy.recovery.seconds (20)`,
    ]);
  });

  it('is a question only where there is somebody to be asked', () => {
    accepts({ 'policy.degraded': { then: 'ask' }, 'policy.approval': required });
    expect(workloadProblems({ 'policy.degraded': { then: 'ask' } })).toEqual([
      `${AT}.policy.degraded.then: got "ask", expected policy.approval.mode "required": nobody is there to be asked`,
    ]);
  });

  it('prepares no standby that nobody would be moved to', () => {
    accepts({ 'policy.degraded': { then: 'failover', prepare: true } });
    expect(workloadProblems({ 'policy.degraded': { prepare: true } })).toEqual([
      `${AT}.policy.degraded.prepare: got true, expected false where policy.degraded.then is "tell": nobody would ever be moved to it`,
    ]);
  });
});

describe('the way home', () => {
  const at = `${AT}.policy.failback`;

  it('is a question only where there is somebody to be asked', () => {
    const approval = {
      ...{ mode: 'required', approvers: { principals: ['arn:aws:iam::111122223333:user/kim'] } },
      ...{ timeLimitSeconds: 600, reminderSeconds: 60, onTimeout: 'escalate' },
    };
    accepts({ 'policy.failback': { approval: 'required' }, 'policy.approval': approval });
    accepts({ 'policy.failback': { approval: 'none' } });
    accepts({ 'policy.failback': {} });
    expect(workloadProblems({ 'policy.failback': { approval: 'required' } })).toEqual([
      `${at}.approval: got "required", expected policy.approval.mode "required": nobody is asked`,
    ]);
  });

  it('takes no longer for the last data than for all of them', () => {
    accepts({ 'policy.failback': { dataSeconds: 1200, lastDataSeconds: 1200 } });
    expect(workloadProblems({ 'policy.failback': { dataSeconds: 1200, lastDataSeconds: 1201 } })).toEqual([
      `${at}.lastDataSeconds: got 1201, expected at most policy.failback.dataSeconds (1200): the last data are a part of all`,
    ]);
  });

  it.each([
    ['waitSeconds', 60, 7_200],
    ['dataSeconds', 1_200, 172_800],
    ['pageSecondsMax', 60, 14_400],
  ])('has a limit %s from %d to %d s', (field, least, most) => {
    for (const seconds of [least, most]) accepts({ 'policy.failback': { [field]: seconds } });
    expect(workloadProblems({ 'policy.failback': { [field]: most + 1 } })).toEqual([
      `${at}.${field}: got ${most + 1}, expected number to be <=${most}`,
    ]);
  });
});
