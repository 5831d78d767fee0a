import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { planSchema, type Plan, type Run } from '../../../core/run/run.ts';
import { planOf } from '../../../core/run/trigger.ts';
import { dataWithWorkload } from '../config-fixture.ts';
import { RUN } from './state-fixture.ts';

/*
 * Goal: what the workflow's choices read follows from the policy of the workload and from the run, and a rehearsal on
 * paper wakes nobody.
 */

const plan = (changes: Readonly<Record<string, unknown>>, run: Partial<Run> = {}, others = 0): Plan => {
  const workload = workloadOf(parseConfig(dataWithWorkload(changes)), 'petclinic');
  return planOf(workload, { ...RUN, ...run }, others);
};
const approval = (change: Readonly<Record<string, unknown>> = {}) => ({
  // A long approval is waited for in fewer polls.
  'limits.pipelinePollSeconds': 20,
  'policy.approval': {
    mode: 'required',
    approvers: { principals: ['arn:aws:iam::111122223333:user/mina'] },
    timeLimitSeconds: 600,
    reminderSeconds: 120,
    onTimeout: 'escalate',
    ...change,
  },
});

describe('a run among others', () => {
  it('takes turns where there are other workloads, and not for a rehearsal on paper', () => {
    expect(plan({}, {}, 1).takesTurns).toBe(true);
    expect(plan({}, {}, 0).takesTurns).toBe(false);
    expect(plan({}, { dryRun: true }, 1).takesTurns).toBe(false);
  });
});

describe('the plan of a run', () => {
  it('is the policy of the workload, flattened', () => {
    expect(plan({})).toEqual({
      tier: 'cold',
      move: 'failover',
      startOnSuspicion: false,
      startOnApproval: false,
      approval: 'none',
      hasApprovers: false,
      limitsLoss: true,
      handsOver: true,
      fences: false,
      approvalRounds: 1,
      onTimeout: 'escalate',
      watchPrimary: true,
      canary: false,
      onDegraded: 'tell',
      prepareDegraded: false,
      takesTurns: false,
      dependsOnOthers: false,
      carriesHome: true,
      followsAgain: false,
      putsAway: true,
      pipelinePollSeconds: 10,
      standbyPollSeconds: 8,
    });
    expect(
      plan({ 'standby.tier': 'warm', 'limits.standbyPollSeconds': 5, 'limits.pipelinePollSeconds': 8 }),
    ).toMatchObject({ tier: 'warm', standbyPollSeconds: 5, pipelinePollSeconds: 8 });
  });

  it('of a planned move watches for the death of the primary, asks about a loss that it did not promise, and waits for a yes', () => {
    const planned = { trigger: 'manual', planned: true } as const;
    expect(plan({ 'policy.onPrimaryRecovery': 'proceed' }, planned)).toMatchObject({
      ...{ move: 'planned', watchPrimary: true, limitsLoss: true, handsOver: true },
    });
    expect(plan({ 'policy.startStandby': 'on-suspicion' }, planned).startOnSuspicion).toBe(false);
    // Silence that means proceed is for outages.
    expect(plan(approval({ onTimeout: 'proceed' }), planned).onTimeout).toBe('abort');
    expect(plan(approval({ onTimeout: 'proceed' }), { trigger: 'manual' }).onTimeout).toBe('proceed');
    expect(plan({}, { trigger: 'manual' })).toMatchObject({ move: 'failover', limitsLoss: false });
  });

  it('is one that the workflow can read', () => {
    expect(planSchema.safeParse(plan(approval())).success).toBe(true);
  });

  it('watches the primary only where the policy would stand down, and no person has vouched', () => {
    expect(plan({ 'policy.onPrimaryRecovery': 'proceed' })).toMatchObject({ watchPrimary: false });
    expect(plan({}, { skipConfirmation: true })).toMatchObject({ watchPrimary: false });
  });
});

describe('the plan of an approval', () => {
  it.each([
    [60, 1],
    [61, 2],
    [120, 2],
    [600, 10],
    [7_200, 120],
  ])('cuts %d seconds into %d rounds', (timeLimitSeconds, approvalRounds) => {
    const gate = approval({ timeLimitSeconds, reminderSeconds: 30 });
    expect(plan(gate)).toMatchObject({ approval: 'required', approvalRounds });
  });

  it.each(['proceed', 'abort', 'escalate'] as const)('says that silence means %s', (onTimeout) => {
    expect(plan(approval({ onTimeout }))).toMatchObject({ approval: 'required', onTimeout });
  });

  it('asks within its hours, and outside of them nobody', () => {
    // 2026-11-22 03:02 UTC is a Sunday, 12:02 in Seoul.
    const hours = { timeZone: 'Asia/Seoul', days: ['Sun'], from: '12:00', to: '13:00' };
    expect(plan(approval({ onlyWithin: hours })).approval).toBe('required');
    expect(plan(approval({ onlyWithin: { ...hours, days: ['Mon'] } })).approval).toBe('none');
    expect(plan(approval({ onlyWithin: hours }), { startedAt: '2026-11-22T04:02:00.000Z' }).approval).toBe(
      'none',
    );
  });

  it('asks also where a person has vouched for the outage: that is another question', () => {
    expect(plan(approval(), { skipConfirmation: true, trigger: 'manual' }).approval).toBe('required');
  });
});

describe('the plan for the data', () => {
  const dump = { data: { mode: 'dump', account: 'petclinicbackups' } };

  it('hands over and limits the loss where Pilotlight brings the data', () => {
    expect(plan({})).toMatchObject({ limitsLoss: true, handsOver: true });
    expect(plan(dump)).toMatchObject({ limitsLoss: true, handsOver: true });
    expect(plan({ data: { mode: 'none' } })).toMatchObject({ limitsLoss: false, handsOver: false });
  });

  it('asks no person about what they have started, and nobody about a rehearsal on paper', () => {
    expect(plan({}, { trigger: 'manual' })).toMatchObject({ limitsLoss: false, handsOver: true });
    expect(plan({}, { dryRun: true })).toMatchObject({ limitsLoss: false, handsOver: true });
  });

  it('knows whom to ask about the loss outside of the hours of an approval too', () => {
    const hours = { timeZone: 'UTC', days: ['Mon'], from: '09:00', to: '17:00' };
    expect(plan(approval({ onlyWithin: hours }))).toMatchObject({ approval: 'none', hasApprovers: true });
    expect(plan({})).toMatchObject({ approval: 'none', hasApprovers: false });
  });
});

describe('the plan for the start of the standby', () => {
  const early = { 'policy.startStandby': 'on-suspicion' };
  const late = { ...approval(), 'policy.startStandby': 'on-approval' };

  it('may be before the confirmation, where it takes a pipeline', () => {
    expect(plan(early)).toMatchObject({ startOnSuspicion: true, startOnApproval: false });
    expect(plan({ ...early, 'standby.tier': 'warm' })).toMatchObject({ startOnSuspicion: false });
  });

  it('may be after the approval, where somebody is asked', () => {
    expect(plan(late)).toMatchObject({ startOnApproval: true, startOnSuspicion: false });
    const hours = { timeZone: 'UTC', days: ['Mon'], from: '09:00', to: '17:00' };
    expect(plan({ ...late, ...approval({ onlyWithin: hours }) })).toMatchObject({
      approval: 'none',
      startOnApproval: false,
    });
  });

  it('is after the confirmation where nothing is said, approval or not', () => {
    expect(plan(approval())).toMatchObject({ startOnSuspicion: false, startOnApproval: false });
  });
});

describe('the plan of a dry run', () => {
  const dry = { dryRun: true, trigger: 'manual' } as const;

  it('asks nobody and waits for nobody', () => {
    expect(plan({ ...approval(), 'policy.startStandby': 'on-approval' }, dry)).toMatchObject({
      approval: 'none',
      startOnApproval: false,
    });
  });

  it('starts nothing early, and is not ended by a healthy primary', () => {
    expect(plan({ 'policy.startStandby': 'on-suspicion' }, dry)).toMatchObject({
      startOnSuspicion: false,
      watchPrimary: false,
    });
  });
});

describe('the plan for shares', () => {
  it('has them exactly where the policy has them, in a dry run too', () => {
    const shares = { 'policy.canary': { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5 } };
    expect(plan(shares)).toMatchObject({ canary: true });
    expect(plan(shares, { dryRun: true })).toMatchObject({ canary: true });
    expect(plan({})).toMatchObject({ canary: false });
  });
});
