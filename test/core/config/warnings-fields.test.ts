import { parseConfig } from '../../../core/config/parse.ts';
import { warningsOf } from '../../../core/config/rules.ts';
import { dataWithWorkload } from '../config-fixture.ts';

/*
 * Goal: each field whose value may be dangerous by itself is warned of there, and not at its neighbour on the safe side.
 */

const AT = 'workloads.petclinic';
/** Without what the shipped example is always warned of. */
const workloadWarnings = (changes: Record<string, unknown>): readonly string[] =>
  warningsOf(parseConfig(dataWithWorkload(changes))).filter((warning) => !warning.includes('an example in'));

describe('a field', () => {
  const canary = (change: Record<string, unknown>) => ({
    'policy.canary': { shares: [5, 25], holdSeconds: 60, errorPercentMax: 5, ...change },
  });
  /** On the dangerous side, on the safe side, and what is told of the first. */
  it.each<[string, Record<string, unknown>, Record<string, unknown>, string]>([
    [
      'policy.cooldownMinutes',
      { 'policy.cooldownMinutes': 0 },
      { 'policy.cooldownMinutes': 1 },
      'got 0: an alarm that flaps starts run after run, and users go back and forth. Safer: 60',
    ],
    [
      'policy.confirm.patienceSeconds',
      { 'policy.confirm.patienceSeconds': 0 },
      { 'policy.confirm.patienceSeconds': 1 },
      'got 0: a person is called before the slower alarms have spoken. Safer: 180',
    ],
    [
      'policy.degraded.then',
      { 'policy.degraded.then': 'failover' },
      { 'policy.degraded.then': 'tell' },
      'got "failover": users leave a primary that serves most of them, and what it wrote since the last copy is lost. Safer: ask, or tell',
    ],
    [
      'policy.onPrimaryRecovery',
      { 'policy.onPrimaryRecovery': 'proceed' },
      { 'policy.onPrimaryRecovery': 'stand-down' },
      'got "proceed": users leave a primary that is well again, and their data must be brought home afterwards. Safer: stand-down',
    ],
    [
      'policy.canary.shares.0',
      canary({ shares: [51] }),
      canary({ shares: [50] }),
      'got 51: most users are the trial. Safer: 5 to 10',
    ],
    [
      'policy.canary.errorPercentMax',
      canary({ errorPercentMax: 0 }),
      canary({ errorPercentMax: 0.5 }),
      'got 0: one lost answer of a good standby ends the failover in the shield. Safer: 5',
    ],
    [
      'policy.canary.errorPercentMax',
      canary({ errorPercentMax: 21 }),
      canary({ errorPercentMax: 20 }),
      'got 21: a standby that fails so many is taken for good. Safer: 20 or less',
    ],
    [
      'health.probeTimeoutMs',
      { 'health.probeTimeoutMs': 999 },
      { 'health.probeTimeoutMs': 1_000 },
      'got 999: a site that is slow for a moment counts as dead, and from the other side of the world it always is. Safer: 2000 or more',
    ],
    [
      'health.deep.contains',
      { 'health.deep.contains': '<html>' },
      { 'health.deep.contains': '<h2>Pets' },
      'got "<html>": an error page may have it too. Safer: words that only the right page has',
    ],
    [
      'maintenance.contains',
      { 'maintenance.contains': '503' },
      { 'maintenance.contains': 'Back soon' },
      'got "503": an error page may have it too. Safer: words that only the right page has',
    ],
    [
      'maintenance.domainName',
      { 'maintenance.domainName': 'page.s3.ap-northeast-2.amazonaws.com' },
      { 'maintenance.domainName': 'page.notamazonaws.com' },
      'got "page.s3.ap-northeast-2.amazonaws.com": the page may die with the primary. Safer: a static site on Azure Storage',
    ],
    [
      'detection.edgeErrorPercent',
      { 'detection.edgeErrorPercent': 0.5 },
      { 'detection.edgeErrorPercent': 1 },
      'got 0.5: the alarm rings for the errors of an ordinary day. Safer: 5 or more',
    ],
    [
      'detection.edgeErrorPercent',
      { 'detection.edgeErrorPercent': 81 },
      { 'detection.edgeErrorPercent': 80 },
      'got 81: pages from the cache go on being good, so the alarm may never ring. Safer: 50 or less',
    ],
    [
      'detection.loadBalancerErrors',
      { 'detection.loadBalancerErrors': 10_001 },
      { 'detection.loadBalancerErrors': 10_000 },
      'got 10001: a dead site may not have so many requests, so the alarm may never ring. Safer: 100 or less',
    ],
    [
      'detection.datapointsToAlarm',
      { detection: { evaluationPeriods: 6, datapointsToAlarm: 6 } },
      { detection: { evaluationPeriods: 6, datapointsToAlarm: 5 } },
      'got 6: so many minutes pass before anything starts. Safer: 3 or less',
    ],
    [
      'limits.pipelineSeconds',
      { 'limits.pipelineSeconds': 1_199 },
      { 'limits.pipelineSeconds': 1_200 },
      'got 1199: a standby was built in 12 to 20 minutes, so a good build may be cut off. Safer: 1200 or more',
    ],
    [
      'limits.standbySeconds',
      { 'limits.standbySeconds': 299 },
      { 'limits.standbySeconds': 300 },
      'got 299: nodes and pods were seen to take 2 to 7 minutes, so a good standby may be given up. Safer: 300 or more',
    ],
    [
      'limits.shieldSettleSeconds',
      { 'limits.shieldSettleSeconds': 59 },
      { 'limits.shieldSettleSeconds': 60 },
      'got 59: edge locations were seen to learn of a route after 20 to 32 s, so the primary may take writes after the ' +
        'standby does. Safer: 60 or more',
    ],
    [
      'limits.convergeSeconds',
      { 'limits.convergeSeconds': 119 },
      { 'limits.convergeSeconds': 120 },
      'got 119: a route was seen to spread in 20 to 32 s, so one slow minute ends a good move. Safer: 120 or more',
    ],
    [
      'limits.convergeStreak',
      { 'limits.convergeStreak': 1 },
      { 'limits.convergeStreak': 2 },
      'got 1: one good answer among mixed ones counts as everybody. Safer: 2 or more',
    ],
    [
      'limits.leaseSeconds',
      { 'limits.leaseSeconds': 1_801 },
      { 'limits.leaseSeconds': 1_800 },
      'got 1801: a run that dies keeps its workload from every other run for so long. Safer: 1800 or less',
    ],
    [
      // 2 x 60 + 3 x 240 + 9061 + 900
      'limits',
      { 'limits.pipelineSeconds': 9_061, 'limits.pipelinePollSeconds': 20 },
      { 'limits.pipelineSeconds': 9_060, 'limits.pipelinePollSeconds': 20 },
      'got 10801 s for all steps together, with approval and shares: so long may a run go on that leads nowhere, ' +
        'before people are called. Safer: 10800 s or less',
    ],
    [
      'standby.warmNodeCount',
      { 'standby.tier': 'warm', 'standby.warmNodeCount': 101 },
      { 'standby.tier': 'warm', 'standby.warmNodeCount': 100 },
      'got 101: so many nodes seldom come up at once, for want of quota or capacity. Safer: a pool that is larger before the day',
    ],
    [
      'standby.warmNodeCount',
      { 'standby.tier': 'warm', 'standby.warmNodeCount': 1 },
      { 'standby.tier': 'cold', 'standby.warmNodeCount': 1 },
      'got 1: all users hang on one machine. Safer: 2 or more',
    ],
  ])('%s: %j is warned of, %j is not', (field, dangerous, safe, words) => {
    expect(workloadWarnings(dangerous)).toEqual([`${AT}.${field}: ${words}`]);
    expect(workloadWarnings(safe)).toEqual([]);
  });

  it('does not want a build to take long where nothing is built', () => {
    expect(workloadWarnings({ 'standby.tier': 'warm', 'limits.pipelineSeconds': 300 })).toEqual([]);
  });
});

describe('all limits together', () => {
  const GATE = {
    mode: 'required',
    approvers: { principals: ['arn:aws:sts::111122223333:assumed-role/on-call/*'] },
    timeLimitSeconds: 5_460,
    reminderSeconds: 120,
    onTimeout: 'escalate',
  };

  it('count an approval beside the build, or before it where the build waits for it', () => {
    const beside = {
      'policy.approval': GATE,
      'limits.standbyPollSeconds': 20,
      'limits.pipelinePollSeconds': 16,
    };
    expect(workloadWarnings(beside)).toEqual([]);
    // 120 + 720 + 5460 + 4500 are 10800.
    const before = { ...beside, 'policy.startStandby': 'on-approval' };
    expect(workloadWarnings(before)).toEqual([]);
    const [longer] = workloadWarnings({ ...before, 'policy.approval.timeLimitSeconds': 5_461 });
    expect(longer).toContain('got 10801 s for all steps together');
  });

  it('count every share with its spread', () => {
    // 120 + 720 + 4500, and five shares of 600 + 240, are 9540.
    const five = { 'policy.canary': { shares: [1, 2, 3, 4, 5], holdSeconds: 600, errorPercentMax: 5 } };
    expect(workloadWarnings({ ...five, 'limits.pipelineSeconds': 4_860 })).toEqual([]);
    const [longer] = workloadWarnings({ ...five, 'limits.pipelineSeconds': 4_861 });
    expect(longer).toContain('got 10801 s for all steps together');
  });
});
