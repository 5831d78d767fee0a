import { brokenRun, lease, problemsOf, problemsOfBrokenRun, refusalOf, run } from './fixture.ts';
import { bad, blind, callOf, unavailable } from './helpers.ts';

import { alarm, bench, confirm, observations, past, quiet, ringing } from './confirm-outage-bench.ts';

describe('confirm-outage: sources that do not speak', () => {
  const unknownInSeoul = {
    'alarm:pilotlight-shop-alb-5xx': 'unknown',
    'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
  };
  const dead = { memories: past(60) };

  it('counts the alarms of a dead Region as unknown, waits four seconds for them and confirms without them', async () => {
    const at = bench({ ...ringing, 'ap-northeast-2': 'silent' }, () => bad, { memories: past(60) });
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:04.000Z' });
    expect(at.log.warnings).toEqual([
      { message: 'a Region did not answer about its alarms in time', facts: { region: 'ap-northeast-2' } },
    ]);
  });

  it('counts alarms that cannot be read as unknown and says which Region it was', async () => {
    const error = unavailable('CloudWatch DescribeAlarms');
    const at = bench({ ...ringing, 'ap-northeast-2': error }, () => bad, { memories: past(60) });
    const decided = await confirm(at);
    expect(observations(decided)).toMatchObject(unknownInSeoul);
    expect(decided).toMatchObject({ verdict: 'outage', decidedAt: '2026-03-02T10:00:00.000Z' });
    expect(at.log.warnings).toEqual([
      { message: 'the alarms of a Region could not be read', facts: { region: 'ap-northeast-2', error } },
    ]);
  });

  it('counts an alarm that its Region does not know as unknown', async () => {
    const at = bench({ ...quiet, 'us-east-1': [alarm('edge-5xx', 'OK')] }, () => bad, dead);
    expect(observations(await confirm(at))).toMatchObject({
      'alarm:pilotlight-shop-primary-health-check': 'unknown',
      'alarm:pilotlight-shop-edge-5xx': 'good',
      'alarm:pilotlight-shop-alb-unhealthy-hosts': 'unknown',
    });
  });

  it('decides nothing from places that cannot probe', async () => {
    const decided = await confirm(bench(quiet, () => blind));
    expect(decided.verdict).toBe('inconclusive');
  });
});

describe('confirm-outage: what is refused', () => {
  it('stops before it asks anybody when the lease is lost', async () => {
    const at = bench({}, () => bad);
    at.ledger.holder = 'run-2';
    const input = { run, lease, purpose: 'confirm' };
    expect((await refusalOf(at.step(input, callOf(at.clock)))).name).toBe('LeaseLost');
    expect(at.prober.asked).toEqual([]);
  });

  it('decides nothing where what was seen before cannot be read', async () => {
    const memories = past();
    memories.read = () => Promise.reject(unavailable('DynamoDB GetItem'));
    const at = bench(ringing, () => bad, { memories });
    expect((await refusalOf(at.step({ run, lease, purpose: 'confirm' }, callOf(at.clock)))).name).toBe(
      'CloudUnavailable',
    );
  });

  it('names everything that is wrong with its input', async () => {
    const at = bench({}, () => bad);
    const input = { run: brokenRun, lease: { taken: false, epoch: 0 }, purpose: 'wait' };
    expect(await problemsOf(at.step, input)).toEqual([
      ...problemsOfBrokenRun,
      'lease.taken: got false, expected true',
      'lease.epoch: got 0, expected number to be >0',
      'purpose: got "wait", expected one of "confirm"|"watch"|"home"',
    ]);
    expect(at.ledger.renewals).toEqual([]);
  });
});
