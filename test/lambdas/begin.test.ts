import type { Config } from '../../core/config/schema.ts';
import { makeBegin } from '../../lambdas/begin/begin.ts';
import { config, configWith, problemsOf, run } from './fixture.ts';
import { callOf, MemoryLog, VirtualClock } from './helpers.ts';
import { askingPolicy } from './people-helpers.ts';

/*
 * Goal: what passes the door is one complete context, and what does not pass is refused with all its mistakes at once.
 */

const call = callOf(new VirtualClock());
const begin = makeBegin({ config, log: new MemoryLog() });
const start = (input: unknown): Record<string, unknown> => ({
  input,
  execution: 'run-1',
  startedAt: '2026-03-02T10:00:00.000Z',
});

/** An event as EventBridge delivers it, with fields that nobody asked for. */
const event = {
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  source: 'aws.cloudwatch',
  'detail-type': 'CloudWatch Alarm State Change',
  account: '111122223333',
  region: 'us-east-1',
  time: '2026-03-02T09:59:58Z',
  resources: ['arn:aws:cloudwatch:us-east-1:111122223333:alarm:pilotlight-shop-edge-5xx'],
  detail: {
    alarmName: 'pilotlight-shop-edge-5xx',
    state: { value: 'ALARM', reason: 'two datapoints', timestamp: '2026-03-02T09:59:58.394+0000' },
    previousState: { value: 'OK' },
  },
};
const manual = { workload: 'shop', reason: 'the site is down', requestedBy: 'operator' };

describe('begin: what starts a run', () => {
  it('turns an alarm event into the run and its plan', async () => {
    expect(await begin(start(event), call)).toEqual({
      run,
      plan: {
        tier: 'cold',
        move: 'failover',
        approval: 'none',
        hasApprovers: false,
        limitsLoss: false,
        handsOver: false,
        fences: false,
        approvalRounds: 1,
        onTimeout: 'escalate',
        startOnSuspicion: false,
        startOnApproval: false,
        watchPrimary: true,
        canary: false,
        onDegraded: 'tell',
        prepareDegraded: false,
        takesTurns: false,
        dependsOnOthers: false,
        carriesHome: false,
        followsAgain: false,
        putsAway: true,
        pipelinePollSeconds: 10,
        standbyPollSeconds: 10,
      },
    });
  });

  it('says so where an alarm gives no reason', async () => {
    const state = { value: 'ALARM', timestamp: '2026-03-02T09:59:58.394+0000' };
    const silent = { ...event, detail: { alarmName: 'pilotlight-shop-edge-5xx', state } };
    expect(await begin(start(silent), call)).toMatchObject({
      run: { reason: 'alarm pilotlight-shop-edge-5xx in us-east-1: no reason given' },
    });
  });

  it('turns a manual start into a run that still asks for confirmation', async () => {
    expect(await begin(start(manual), call)).toMatchObject({
      run: {
        execution: 'run-1',
        workload: 'shop',
        startedAt: '2026-03-02T10:00:00.000Z',
        trigger: 'manual',
        reason: 'the site is down',
        requestedBy: 'operator',
        skipConfirmation: false,
        dryRun: false,
      },
      plan: { watchPrimary: true },
    });
  });

  it('does not watch the primary where a person vouches for the outage', async () => {
    expect(await begin(start({ ...manual, skipConfirmation: true, dryRun: false }), call)).toMatchObject({
      run: { skipConfirmation: true, dryRun: false },
      plan: { watchPrimary: false },
    });
  });

  it('plans by the policy and the tier of the workload', async () => {
    const warm = configWith((shop) => {
      shop.standby.tier = 'warm';
      shop.policy.onPrimaryRecovery = 'proceed';
      shop.limits.standbyPollSeconds = 5;
    });
    expect(await makeBegin({ config: warm, log: new MemoryLog() })(start(event), call)).toMatchObject({
      plan: { tier: 'warm', watchPrimary: false, standbyPollSeconds: 5 },
    });
  });
});

const strict = configWith((shop) => {
  const approval = { ...askingPolicy, timeLimitSeconds: 290, onTimeout: 'abort' };
  const canary = { shares: [5], holdSeconds: 60, errorPercentMax: 10 };
  Object.assign(shop.policy, { approval, canary, startStandby: 'on-approval' });
});
const eager = configWith((shop) => {
  Object.assign(shop.policy, { startStandby: 'on-suspicion' });
});
const planUnder = async (own: Config, input: unknown): Promise<unknown> =>
  ((await makeBegin({ config: own, log: new MemoryLog() })(start(input), call)) as { plan: unknown }).plan;

describe('begin: what a policy becomes', () => {
  it('asks people, waits for them in rounds of a minute, and sends shares', async () => {
    expect(await planUnder(strict, event)).toMatchObject({
      approval: 'required',
      // 290 s are five rounds: the last one is not cut short.
      approvalRounds: 5,
      onTimeout: 'abort',
      startOnApproval: true,
      startOnSuspicion: false,
      canary: true,
    });
  });

  it('starts a pipeline on suspicion, and never a scale-up', async () => {
    expect(await planUnder(eager, event)).toMatchObject({ tier: 'cold', startOnSuspicion: true });
    const warm = configWith((shop) => {
      Object.assign(shop.policy, { startStandby: 'on-suspicion' });
      shop.standby.tier = 'warm';
    });
    expect(await planUnder(warm, event)).toMatchObject({ tier: 'warm', startOnSuspicion: false });
  });
});

describe('begin: a dry run', () => {
  it('is what a person asks for', async () => {
    expect(await begin(start({ ...manual, dryRun: true }), call)).toMatchObject({
      run: { trigger: 'manual', dryRun: true, skipConfirmation: false },
    });
  });

  it('wakes nobody, starts nothing early and does not end because the primary is well', async () => {
    expect(await planUnder(strict, { ...manual, dryRun: true })).toMatchObject({
      approval: 'none',
      startOnApproval: false,
      watchPrimary: false,
      canary: true,
    });
    expect(await planUnder(eager, { ...manual, dryRun: true })).toMatchObject({ startOnSuspicion: false });
    // The same start in earnest does all of that.
    expect(await planUnder(strict, manual)).toMatchObject({
      approval: 'required',
      startOnApproval: true,
      watchPrimary: true,
    });
  });

  it('is said as yes or no, and never by an alarm', async () => {
    expect(await problemsOf(begin, start({ ...manual, dryRun: 'yes' }))).toEqual([
      'dryRun: got "yes", expected boolean',
    ]);
    expect(await begin(start({ ...event, dryRun: true }), call)).toMatchObject({ run: { dryRun: false } });
  });
});

describe('begin: what is refused', () => {
  it('names everything that is wrong with what the workflow hands over', async () => {
    expect(await problemsOf(begin, { input: event, execution: '', startedAt: 'this morning' })).toEqual([
      'execution: got "", expected string to have >=1 characters',
      'startedAt: got "this morning", expected a valid ISO datetime',
    ]);
  });

  it.each(['OK', 'INSUFFICIENT_DATA'])('starts nothing when an alarm goes to %s', async (value) => {
    const quiet = { ...event, detail: { ...event.detail, state: { ...event.detail.state, value } } };
    expect(await problemsOf(begin, start(quiet))).toEqual([
      `detail.state.value: got "${value}", expected "ALARM"; only an alarm that rings starts a failover`,
    ]);
  });

  it('knows an alarm only in the Region where it lives, and says all that is wrong', async () => {
    const elsewhere = {
      ...event,
      region: 'eu-west-1',
      detail: { ...event.detail, state: { ...event.detail.state, value: 'OK' } },
    };
    expect(await problemsOf(begin, start(elsewhere))).toEqual([
      'detail.state.value: got "OK", expected "ALARM"; only an alarm that rings starts a failover',
      'detail.alarmName: got "pilotlight-shop-edge-5xx" in eu-west-1, expected an alarm of a configured workload ' +
        '(shop); deploy the detection stack again if the config has changed',
    ]);
  });

  it('names every broken field of an event', async () => {
    const broken = {
      source: 'aws.ec2',
      'detail-type': 'Spot',
      region: '',
      time: 1,
      detail: { state: 'ALARM' },
    };
    expect(await problemsOf(begin, start(broken))).toEqual([
      'source: got "aws.ec2", expected "aws.cloudwatch"',
      'detail-type: got "Spot", expected "CloudWatch Alarm State Change"',
      'account: got nothing, expected string',
      'region: got "", expected string to have >=1 characters',
      'time: got 1, expected string',
      'detail.alarmName: got nothing, expected string',
      'detail.state: got "ALARM", expected object',
    ]);
  });

  it('names every mistake of a manual start, unknown workload and unknown field among them', async () => {
    const broken = { workload: 'shoe', skipConfirmation: 'yes', reasn: 'down', requestedBy: 'operator' };
    expect(await problemsOf(begin, start(broken))).toEqual([
      'reason: got nothing, expected string',
      'skipConfirmation: got "yes", expected boolean',
      'reasn: got "down", an unknown field: remove it or correct its spelling',
      'workload: got "shoe", expected one of shop; did you mean "shop"?',
    ]);
  });

  it.each([
    [null, 'null'],
    ['failover', '"failover"'],
    [7, '7'],
    [[], '[]'],
  ])('refuses %p, which is no start at all', async (input, shown) => {
    expect(await problemsOf(begin, start(input))).toEqual([`(the whole): got ${shown}, expected object`]);
  });
});

describe('begin: a way home', () => {
  const home = (more: object = {}) => ({
    ...{ ...start({ ...manual, dataIsHome: true }), execution: 'failback-1', workflow: 'failback' },
    ...more,
  });

  it('is one complete context, with a plan that tells the workflow what there is to do', async () => {
    expect(await begin(home(), call)).toMatchObject({
      run: { execution: 'failback-1', workflow: 'failback', trigger: 'manual', dataIsHome: true },
      plan: { tier: 'cold', carriesHome: false, followsAgain: false, putsAway: true, approval: 'none' },
    });
  });

  it.each<[string, object]>([
    ['an execution of another name', { execution: 'run-1' }],
    ['the other workflow', { workflow: 'failover' }],
    ['no workflow, as an older one says nothing', { workflow: undefined }],
    ['an alarm', { input: event }],
  ])('is refused with %s', async (_, wrong) => {
    expect((await problemsOf(begin, home(wrong))).length).toBeGreaterThan(0);
  });
});
