import { fleetId, fleetOf } from '../../bench/fleet-config.ts';
import { parseConfig } from '../../core/config/parse.ts';
import type { Config } from '../../core/config/schema.ts';
import { placeOf, shardOf } from '../../lib/fleet.ts';
import { configOf, stacksOf } from './synthesized.ts';

const ids = Array.from({ length: 500 }, (_, n) => fleetId(n + 1));

describe('the shard of a workload', () => {
  it.each([
    ['petclinic', '09'],
    ['clinic', '10'],
    ['shop', '03'],
    ['a0', '15'],
  ])('%s is %s for good: another would have its alarms deleted and made anew', (id, shard) => {
    expect(shardOf(id)).toBe(shard);
  });

  it('is one of 16, each of which has some of 500 workloads and none more than 98, whose 490 resources fill it', () => {
    const sizes = [...Map.groupBy(ids, shardOf).values()].map(({ length }) => length);
    expect(sizes).toHaveLength(16);
    expect(Math.max(...sizes)).toBeLessThan(50);
    expect(Math.min(...sizes)).toBeGreaterThan(15);
  });

  it('spreads ids that are alike', () => {
    expect(new Set(['site1', 'site2', 'site3', 'site4'].map((id) => placeOf(id, 1_000))).size).toBe(4);
  });
});

/** Templates by stack; what is in them is all that a deployment looks at. */
const templates = (config: Config): Map<string, string> =>
  new Map(stacksOf(config).map(({ stack, template }) => [stack, JSON.stringify(template)]));

/** The stacks whose templates differ, or that only one of the two has. */
function changed(before: Config, after: Config): string[] {
  const [was, is] = [templates(before), templates(after)];
  const stacks = new Set([...was.keys(), ...is.keys()]);
  return [...stacks].filter((stack) => was.get(stack) !== is.get(stack)).toSorted();
}

describe('a change of one workload', () => {
  const base = configOf();
  const clinic = base.workloads['clinic']!;
  const shop = base.workloads['shop']!;

  it('of its thresholds touches its own shards and no other stack of alarms', () => {
    const detection = { ...clinic.detection, edgeErrorPercent: 40 };
    const after = { ...base, workloads: { ...base.workloads, clinic: { ...clinic, detection } } };
    expect(changed(base, after)).toEqual(['PilotlightDetection-us-east-1-10']);
  });

  it('of its quorum touches the alarm of the watch, which lives in the controller’s Region, and nothing else', () => {
    const confirm = { ...clinic.policy.confirm, quorum: { signals: 3, kinds: 2, places: 2 } };
    const policy = { ...clinic.policy, confirm };
    const after = { ...base, workloads: { ...base.workloads, clinic: { ...clinic, policy } } };
    expect(changed(base, after)).toEqual(['PilotlightDetection-ap-northeast-1-10']);
  });

  it('that leaves touches its own shards, and the rights to its route', () => {
    expect(changed(base, { ...base, workloads: { clinic } })).toEqual([
      'PilotlightController',
      'PilotlightDetection-ap-northeast-1-03',
      'PilotlightDetection-eu-west-1',
      'PilotlightDetection-eu-west-1-03',
      'PilotlightDetection-us-east-1-03',
    ]);
  });

  it('of its place in the file touches none of them', () => {
    const after = changed(base, { ...base, workloads: { shop, clinic } });
    expect(after.filter((stack) => stack.startsWith('PilotlightDetection'))).toEqual([]);
  });

  it('among 100 leaves every shard as it was but that of the one that comes', () => {
    const fleet = (count: number): Config => {
      const data = fleetOf(count);
      for (const workload of Object.values(data.workloads)) {
        Reflect.deleteProperty((workload as { edge: object }).edge, 'stack');
      }
      return parseConfig(data);
    };
    const shard = shardOf(fleetId(101));
    expect(changed(fleet(100), fleet(101))).toEqual([
      'PilotlightController',
      `PilotlightDetection-ap-northeast-1-${shard}`,
      `PilotlightDetection-ap-northeast-2-${shard}`,
      `PilotlightDetection-us-east-1-${shard}`,
    ]);
  }, 60_000);
});
