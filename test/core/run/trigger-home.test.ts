import { parseConfig } from '../../../core/config/parse.ts';
import { InvalidInput } from '../../../core/errors.ts';
import { runSchema, type Plan, type Run } from '../../../core/run/run.ts';
import { planOf, readStart, type Start } from '../../../core/run/trigger.ts';
import type { WorkflowName } from '../../../core/names.ts';
import { dataWithWorkload, problemsOf, shippedConfig } from '../config-fixture.ts';

/*
 * Goal: only a person brings a site home, by an execution that can be found by its name, and only where somebody knows that the data come too.
 */

const AT = '2026-11-22T03:02:12.000Z';
const input = { workload: 'petclinic', reason: 'Seoul is well', requestedBy: 'mina' };
const ship = { data: { mode: 'ship', account: 'petclinicdata' } };
const own = { data: { mode: 'none' } };
const told = {
  data: { mode: 'none', probe: { url: 'https://x.example/lag', homeUrl: 'https://x.example/home' } },
};

const start = (given: unknown, execution = 'failback-petclinic-1', workflow?: WorkflowName): Start => ({
  ...{ input: given, execution, startedAt: AT },
  ...(workflow === undefined ? {} : { workflow }),
});
const run = (given: unknown, changes: object = ship): Run =>
  readStart(parseConfig(dataWithWorkload({ ...changes })), start(given));
const problems = (given: unknown, changes: object = ship): readonly string[] =>
  problemsOf(() => run(given, changes));

describe('the start of a way home', () => {
  it('becomes a run that every later step can read', () => {
    const begun = run(input);
    expect(begun).toEqual({
      ...{ execution: 'failback-petclinic-1', workload: 'petclinic', startedAt: AT, trigger: 'manual' },
      ...{ reason: 'Seoul is well', requestedBy: 'mina', workflow: 'failback' },
      ...{ skipConfirmation: false, dryRun: false, planned: false },
    });
    expect(runSchema.safeParse(begun).success).toBe(true);
  });

  it('may be a rehearsal on paper', () => {
    expect(run({ ...input, dryRun: true })).toMatchObject({ workflow: 'failback', dryRun: true });
  });

  it.each<[string, object, string[]]>([
    ['another workload', { workload: 'blog' }, ['workload: got "blog", expected one of petclinic']],
    [
      'a property of every object for its workload',
      { workload: 'constructor' },
      ['workload: got "constructor", expected one of petclinic'],
    ],
    ['no reason', { reason: '' }, ['reason: got "", expected string to have >=1 characters']],
    ['a word against the word', { dataIsHome: false }, ['dataIsHome: got false, expected true']],
  ])('is refused with %s', (_, wrong, expected) => {
    expect(problems({ ...input, ...wrong })).toEqual(expected);
  });

  it.each([['skipConfirmation'], ['planned']])('knows no %s: that is a word about a failover', (field) => {
    expect(problems({ ...input, [field]: true }).join()).toContain(field);
  });

  it.each([
    [
      'an alarm',
      {
        ...{ source: 'aws.cloudwatch', 'detail-type': 'CloudWatch Alarm State Change', region: 'us-east-1' },
        ...{ account: '111122223333', time: AT },
        detail: { alarmName: 'pilotlight-petclinic-edge-5xx', state: { value: 'ALARM', timestamp: AT } },
      },
    ],
    ['the watch', { watch: 'down', workload: 'petclinic', reason: 'most looks fail' }],
  ])('is never that of %s', (_, event) => {
    const refused = problems(event);
    expect(refused).toContain('requestedBy: got nothing, expected string');
    expect(() => readStart(shippedConfig(), start(event))).toThrow('The input of a failback');
  });
});

describe('the data of a way home', () => {
  it('are brought and compared by the run, so that nobody’s word is taken for it', () => {
    expect(problems({ ...input, dataIsHome: true })).toEqual([
      'dataIsHome: got true with data.mode "ship", expected nothing: the run brings the data home itself, and compares them',
    ]);
  });

  it('of a site with a way of its own need somebody who knows that they are there', () => {
    expect(problems(input, own)).toEqual([
      'data.probe.homeUrl: got none with data.mode "none", expected the address that tells how far the primary is behind the standby; ' +
        'or vouch yourself that it has everything, or that there is nothing to have: --data-is-home',
    ]);
    expect(problems(input, { data: { mode: 'none', probe: { url: 'https://x.example/lag' } } })).toHaveLength(
      1,
    );
    expect(run({ ...input, dataIsHome: true }, own)).toMatchObject({ dataIsHome: true });
    expect(run(input, told)).not.toHaveProperty('dataIsHome');
    expect(run({ ...input, dataIsHome: true }, told)).toMatchObject({ dataIsHome: true });
  });
});

describe('the name of an execution', () => {
  const named = (execution: string, workflow?: WorkflowName): Run =>
    readStart(parseConfig(dataWithWorkload(ship)), start(input, execution, workflow));
  const misnamed = (execution: string, workflow: WorkflowName): readonly string[] =>
    problemsOf(() => named(execution, workflow));

  it('says which workflow it is of', () => {
    expect(named('failback-1')).toMatchObject({ workflow: 'failback' });
    expect(named('failback-1', 'failback')).toMatchObject({ workflow: 'failback' });
    expect(named('failover-1')).toMatchObject({ workflow: 'failover' });
    expect(named('failover-1', 'failover')).toMatchObject({ workflow: 'failover' });
  });

  it('of another beginning starts no way home', () => {
    expect(misnamed('my-failback-1', 'failback')).toEqual([
      'got "my-failback-1" in the failback workflow, expected one that begins with "failback-"; start it with: pilotlight failback',
    ]);
  });

  it('of a way home starts no failover', () => {
    expect(misnamed('failback-1', 'failover')).toEqual([
      'got "failback-1" in the failover workflow, expected another beginning: "failback-" is for runs of pilotlight-failback',
    ]);
    expect(() => named('failback-1', 'failover')).toThrow(InvalidInput);
  });
});

describe('the plan of a way home', () => {
  const approval = {
    ...{ mode: 'required', approvers: { principals: ['arn:aws:iam::111122223333:user/mina'] } },
    ...{ timeLimitSeconds: 600, reminderSeconds: 120, onTimeout: 'proceed' },
  };
  const plan = (changes: object = {}, of: object = {}): Plan => {
    const config = parseConfig(dataWithWorkload({ ...ship, ...changes }));
    const begun = { ...readStart(config, start(input)), ...of };
    const workload = config.workloads['petclinic'];
    if (workload === undefined) throw new Error('there is no petclinic');
    return planOf(workload, begun, 0);
  };

  it('asks people where there are any, at whatever hour, and takes silence for no', () => {
    const never = { timeZone: 'Asia/Seoul', days: ['Mon'], from: '09:00', to: '09:01' };
    const asked = plan({ 'policy.approval': { ...approval, onlyWithin: never } });
    expect(asked).toMatchObject({ approval: 'required', onTimeout: 'abort', approvalRounds: 10 });
    expect(plan()).toMatchObject({ approval: 'none', onTimeout: 'abort' });
  });

  it('asks nobody where the policy says so, or for a rehearsal on paper', () => {
    const asks = { 'policy.approval': approval };
    expect(plan({ ...asks, 'policy.failback': { approval: 'none' } })).toMatchObject({ approval: 'none' });
    expect(plan(asks, { dryRun: true })).toMatchObject({ approval: 'none', putsAway: false });
    expect(plan(asks)).toMatchObject({ approval: 'required', putsAway: true });
  });

  it('carries the data, unless the site does it itself', () => {
    expect([plan().carriesHome, plan(told).carriesHome]).toEqual([true, false]);
  });

  it('loads the standby anew, unless it is destroyed', () => {
    // The shipped standby is built on the day.
    expect(plan()).toMatchObject({ tier: 'cold', followsAgain: false, putsAway: true });
    expect(plan({ 'policy.failback': { putAway: false } })).toMatchObject({
      followsAgain: true,
      putsAway: false,
    });
  });
});
