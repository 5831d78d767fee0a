import { z } from 'zod';
import { parseConfig, workloadOf } from '../../core/config/parse.ts';
import { workloadSchema, type Workload } from '../../core/config/schema.ts';
import { EXECUTION_SECONDS_MAX } from '../../core/run/run.ts';
import { readWorkflow } from '../../statemachines/load.ts';
import { dataWithWorkload, shippedWorkload } from '../core/config-fixture.ts';
import { eventsOf, loopsOf } from './history.ts';
import { longestRun, runLimitsOf, withHolds, type LongestRun, type RunLimits } from './longest-run.ts';
import { statesOf, type Machine, type Scope, type State } from './machine.ts';

/*
 * Goal: whatever goes wrong as often as it may, and for as long as it may, every run ends by the workflow's own limits and
 * not by that of Step Functions: neither the time limit of an execution nor the 25,000 events of its history cut it off
 * before it has told people.
 */

const machine = JSON.parse(readWorkflow('failover')) as Machine;

/** The longest run, with the steps that take the most of it: what to look at where it does not fit any more. */
const told = ({ seconds, steps }: LongestRun): string =>
  [
    `${seconds} s`,
    ...steps.filter((step) => step.seconds > 0).map((step) => `${step.seconds} s ${step.state}`),
  ].join('\n');

/** The largest number that a limit may have. */
const most = (field: string): number => {
  const schema = z.toJSONSchema(workloadSchema, { io: 'input' }) as unknown as {
    properties: { limits: { properties: Record<string, { maximum: number }> } };
  };
  return schema.properties.limits.properties[field]?.maximum ?? Number.NaN;
};

/** The slowest configuration that is accepted: every limit at its highest, everybody asked first, five shares. */
const slowest = (): Workload =>
  workloadOf(
    parseConfig(
      dataWithWorkload({
        'limits.confirmSeconds': most('confirmSeconds'),
        'limits.convergeSeconds': most('convergeSeconds'),
        'limits.pipelineSeconds': most('pipelineSeconds'),
        'limits.pipelinePollSeconds': most('pipelinePollSeconds'),
        'limits.standbySeconds': most('standbySeconds'),
        'limits.standbyPollSeconds': most('standbyPollSeconds'),
        'standby.tier': 'parked',
        'standby.parked': { wakeSeconds: 1_800 },
        'policy.confirm.patienceSeconds': 900,
        'policy.degraded': { then: 'ask', minutes: 60 },
        'policy.startStandby': 'on-approval',
        'policy.canary': { shares: [1, 2, 3, 4, 5], holdSeconds: 600, errorPercentMax: 5 },
        'policy.approval': {
          mode: 'required',
          approvers: { principals: ['arn:aws:sts::111122223333:assumed-role/on-call/*'] },
          timeLimitSeconds: 7_200,
          reminderSeconds: 3_600,
          onTimeout: 'escalate',
        },
      }),
    ),
    'petclinic',
  );

describe('the longest run of the failover workflow', () => {
  it('of the shipped configuration takes hours, and ends by itself', () => {
    const run = withHolds(longestRun(machine, runLimitsOf(shippedWorkload(), machine)));
    expect(run.seconds).toBeGreaterThan(10_800);
    expect(run.seconds > EXECUTION_SECONDS_MAX ? told(run) : 'fits').toBe('fits');
  });

  it('of the slowest configuration that is accepted ends before the execution is cut off', () => {
    const run = withHolds(longestRun(machine, runLimitsOf(slowest(), machine)));
    expect(run.seconds).toBeGreaterThan(most('pipelineSeconds') + most('standbySeconds') + 7_200);
    expect(run.seconds > EXECUTION_SECONDS_MAX ? told(run) : 'fits').toBe('fits');
  });

  it('would be found out with one step that may take too long', () => {
    const slow: Machine = {
      ...machine,
      States: {
        ...machine.States,
        'Return to the shield': {
          ...machine.States['Return to the shield'],
          TimeoutSeconds: 30_000,
        } as State,
      },
    };
    const run = longestRun(slow, runLimitsOf(slowest(), slow));
    expect(run.seconds).toBeGreaterThan(EXECUTION_SECONDS_MAX);
    expect(told(run)).toContain('\n180016 s Return to the shield\n');
  });
});

describe('the history of a run', () => {
  /** How many events one round of each loop makes, by the state that it is known by. */
  const perRound = Object.fromEntries(
    loopsOf(machine).map(({ states, events }) => [
      Object.keys(runLimitsOf(slowest(), machine).loops).find((name) => states.includes(name)) ??
        states.join(),
      events,
    ]),
  );

  it('has as many events a round as the rules of the configuration reckon with', () => {
    // core/config/rules/limits.ts: 20 a poll of the pipeline, 16 a look at the standby, 9 one for the approval.
    expect(perRound['Check the pipeline']).toBeLessThanOrEqual(20);
    expect(perRound['Check the standby']).toBeLessThanOrEqual(16);
    expect(perRound['Wake the standby']).toBeLessThanOrEqual(16);
    expect(perRound['Look for the approval']).toBeLessThanOrEqual(9);
  });

  it('has room for all polls, all rounds of an approval, all shares and every retry of the rest', () => {
    const once = statesOf(machine)
      .map(([, state]) => eventsOf(state, { withRetries: true }))
      .reduce((sum, events) => sum + events, 0);
    const polls = 700 * 20 + 4_500;
    // Each call of the step waits 85 s itself, and gives up after 1,800 s, or 900 s.
    // Waiting for others is no loop of its own: five of its states, two of them Tasks, once a round.
    const fleet = 22 * (perRound['Take a turn'] ?? Number.NaN) + 12 * 16;
    const rounds =
      fleet + 120 * (perRound['Ask for approval'] ?? 0) + 5 * (perRound['Send a share to the standby'] ?? 0);
    // A standby that grows was not built by the pipeline: once a minute, for an hour at most, in the place of its polls.
    expect(60 * (perRound['Look whether the standby has grown'] ?? Number.NaN)).toBeLessThan(700 * 20);
    // Each call of the step waits 800 s itself: a day of holds is 108 rounds, and each of at most 20 holds begins one more.
    const round = ['Hold behind the shield', 'Does it go on to the standby?']
      .map((name) => eventsOf(machine.States[name]!, { withRetries: false }))
      .reduce((sum, events) => sum + events, 0);
    const holds = (108 + 20) * round;
    expect(once + polls + rounds + holds).toBeLessThan(25_000);
  });
});

describe('reckoning a run', () => {
  const limits: RunLimits = { loops: {}, waits: { '$.wait': 7 } };
  const task = (more: Partial<State> = {}): State => ({ Type: 'Task', TimeoutSeconds: 10, ...more });
  const end: State = { Type: 'Succeed' };
  const secondsOf = (states: Record<string, State>, own: Partial<RunLimits> = {}): number =>
    longestRun({ StartAt: 'a', States: states }, { ...limits, ...own }).seconds;

  it('takes the longest of all ways, failures included', () => {
    const states = {
      a: task({ Next: 'b', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'c' }] }),
      b: { Type: 'Choice', Choices: [{ Next: 'end' }], Default: 'wait' },
      wait: { Type: 'Wait', SecondsPath: '$.wait', Next: 'end' },
      c: task({ TimeoutSeconds: 8, Next: 'end' }),
      end,
    };
    expect(secondsOf(states)).toBe(18);
    expect(longestRun({ StartAt: 'a', States: states }, limits).steps).toEqual([
      { state: 'a', seconds: 10 },
      { state: 'c', seconds: 8 },
    ]);
  });

  it('counts every attempt and the growing waits between them', () => {
    const Retry = [
      {
        ErrorEquals: ['Lambda.Unknown'],
        IntervalSeconds: 1,
        MaxAttempts: 4,
        BackoffRate: 2,
        MaxDelaySeconds: 3,
      },
      { ErrorEquals: ['States.Timeout'], IntervalSeconds: 5, MaxAttempts: 1 },
    ];
    // 6 attempts, 1 + 2 + 3 + 3 and 5 s
    expect(secondsOf({ a: task({ Retry, Next: 'end' }), end })).toBe(74);
    // 3 of 1 s, 2 s and 4 s where nothing is said
    expect(secondsOf({ a: task({ Retry: [{ ErrorEquals: ['x'] }], Next: 'end' }), end })).toBe(47);
  });

  it('takes the longest branch of a Parallel', () => {
    const branch = (TimeoutSeconds: number): Scope => ({
      StartAt: 'x',
      States: { x: task({ TimeoutSeconds, End: true }) },
    });
    expect(secondsOf({ a: { Type: 'Parallel', Branches: [branch(3), branch(5)], Next: 'end' }, end })).toBe(
      5,
    );
  });

  const loop = {
    a: task({ Next: 'look' }),
    look: task({ TimeoutSeconds: 2, Next: 'done?' }),
    'done?': { Type: 'Choice', Choices: [{ Next: 'end' }], Default: 'wait' },
    wait: { Type: 'Wait', SecondsPath: '$.wait', Next: 'look' },
    end: task({ End: true }),
  };

  it('goes round a loop until its rounds or its time are over, and once more where that is seen late', () => {
    expect(secondsOf(loop, { loops: { look: { rounds: 3 } } })).toBe(10 + 3 * 9 + 10);
    expect(secondsOf(loop, { loops: { look: { seconds: 100 } } })).toBe(10 + 100 + 9 + 10);
    const entered = { ...loop, a: task({ Next: 'wait' }) };
    expect(secondsOf(entered, { loops: { look: { rounds: 3 } } })).toBe(10 + 7 + 3 * 9 + 10);
  });

  it('reckons a loop within a loop', () => {
    const nested = { ...loop, end: { Type: 'Choice', Choices: [{ Next: 'a' }], Default: 'over' }, over: end };
    expect(secondsOf(nested, { loops: { a: { rounds: 2 }, look: { rounds: 3 } } })).toBe(2 * (10 + 3 * 9));
  });

  it('refuses what nothing ends, by its name', () => {
    expect(() => secondsOf(loop)).toThrow('the loop of "done?", "wait", "look" has no limit that ends it');
    expect(() => secondsOf({ a: { Type: 'Task', Next: 'end' }, end })).toThrow('"a" has no TimeoutSeconds');
    expect(() => secondsOf({ a: { Type: 'Wait', SecondsPath: '$.x', Next: 'end' }, end })).toThrow(
      'nobody says how long "a" waits',
    );
  });
});
