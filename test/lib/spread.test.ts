import { fleetId } from '../../bench/fleet-config.ts';
import { spreadGrants, type WorkloadGrant } from '../../lib/constructs/rights/spread.ts';

const grant = (n: number): WorkloadGrant => ({
  workloadId: fleetId(n),
  actions: ['cloudfront-keyvaluestore:PutKey'],
  resource: `store ${n}`,
});
const grants = (count: number): WorkloadGrant[] => Array.from({ length: count }, (_, n) => grant(n + 1));

/** The managed policy that names each resource, or `role`. */
function standing(of: readonly WorkloadGrant[]): Map<string, number | 'role'> {
  const { inline, managed } = spreadGrants(of);
  return new Map<string, number | 'role'>([
    ...inline.map(({ resource }) => [resource, 'role'] as const),
    ...[...managed].flatMap(([number, some]) => some.map(({ resource }) => [resource, number] as const)),
  ]);
}

describe('the rights to the routes of a fleet', () => {
  it('stand in the role for up to 80 workloads', () => {
    expect(spreadGrants(grants(80))).toEqual({ inline: grants(80), managed: new Map() });
  });

  it('stand in ten managed policies from 81 on, as many as a role takes', () => {
    const { inline, managed } = spreadGrants(grants(81));
    expect(inline).toEqual([]);
    expect([...managed.keys()].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it.each([81, 500, 600])('lose nobody of %d and name nobody twice', (count) => {
    const { inline, managed } = spreadGrants(grants(count));
    const resources = [...inline, ...[...managed.values()].flat()].map(({ resource }) => resource);
    expect(resources).toHaveLength(count);
    expect(new Set(resources).size).toBe(count);
    expect(Math.max(...[...managed.values()].map(({ length }) => length))).toBeLessThanOrEqual(64);
    expect(inline.length).toBeLessThanOrEqual(80);
  });

  it('leave everybody where they are when one comes or goes', () => {
    const before = standing(grants(300));
    const joined = standing([...grants(150), grant(301), ...grants(300).slice(150)]);
    const left = standing(grants(300).toSpliced(100, 1));
    for (const after of [joined, left]) {
      expect(
        [...after].filter(([resource, where]) => before.has(resource) && before.get(resource) !== where),
      ).toEqual([]);
    }
  });

  it('are refused where no role has room for them', () => {
    expect(() => spreadGrants(grants(900))).toThrow(
      'got 900 workloads whose routes one role must reach, expected about 640: IAM has no room for more. ' +
        'Put some of them under a controller in another account.',
    );
  });
});
