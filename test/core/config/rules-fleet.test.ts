import { parseConfig, workloadOf } from '../../../core/config/parse.ts';
import { dataWith, problemsOf } from '../config-fixture.ts';

/* Goal: who depends on somebody finds them, and no run ever waits for itself, by whatever way. */

type Ties = Readonly<Record<string, readonly string[]>>;

/** Workloads that depend on each other so. */
function fleet(ties: Ties, change: Record<string, unknown> = {}): Record<string, unknown> {
  const { petclinic } = dataWith()['workloads'] as Record<string, Record<string, unknown>>;
  const members = Object.entries(ties).map(([id, dependsOn], index) => [
    id,
    {
      ...petclinic,
      url: `https://${id}.example.com`,
      dependsOn,
      edge: {
        distributionId: `E2EXAMPLE${index}AAAA`,
        keyValueStoreArn: `arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-12345678900${index}`,
      },
      ...change,
    },
  ]);
  return dataWith({ workloads: Object.fromEntries(members) as Record<string, unknown> });
}
const problems = (ties: Ties): readonly string[] => problemsOf(() => parseConfig(fleet(ties)));

describe('what a workload depends on', () => {
  it.each<[string, Ties]>([
    ['nobody', { aa: [], bb: [] }],
    ['another one', { aa: ['bb'], bb: [] }],
    ['one that depends on others', { aa: ['bb'], bb: ['cc'], cc: [] }],
    ['one by two ways', { aa: ['bb', 'cc'], bb: ['dd'], cc: ['dd'], dd: [] }],
  ])('may be %s', (_, ties) => {
    expect(() => parseConfig(fleet(ties))).not.toThrow();
  });

  it('must be there, be it called like a property of every object', () => {
    expect(problems({ aa: ['cc'], bb: ['constructor'] })).toEqual([
      'workloads.aa.dependsOn.0: got "cc", expected one of aa, bb',
      'workloads.bb.dependsOn.0: got "constructor", expected one of aa, bb',
    ]);
  });

  it('is named once', () => {
    expect(problems({ aa: ['bb', 'bb'], bb: [] })).toEqual([
      'workloads.aa.dependsOn.1: got "bb" twice, expected each workload once',
    ]);
  });

  it('is not the workload itself', () => {
    expect(problems({ aa: ['aa'] })).toEqual([
      'workloads.aa.dependsOn.0: got "aa", which waits for aa itself: each would wait for the other',
    ]);
  });

  it('does not wait for the workload, by however many steps', () => {
    expect(
      problems({ aa: ['bb'], bb: ['cc'], cc: ['aa'], dd: ['aa'] }).map((problem) => problem.split(':')[0]),
    ).toEqual(['workloads.aa.dependsOn.0', 'workloads.bb.dependsOn.0', 'workloads.cc.dependsOn.0']);
  });
});

describe('the priority of a workload', () => {
  const priorityOf = (change: Record<string, unknown>): number =>
    workloadOf(parseConfig(fleet({ aa: [] }, change)), 'aa').priority;

  it('is from 1 to 9, and in the middle where nothing is said', () => {
    expect([priorityOf({}), priorityOf({ priority: 1 }), priorityOf({ priority: 9 })]).toEqual([5, 1, 9]);
    for (const priority of [0, 10, 1.5]) {
      expect(problemsOf(() => parseConfig(fleet({ aa: [] }, { priority })))).toHaveLength(1);
    }
  });
});
