import { isOnItsWay, type Child } from '../../../core/fleet/children.ts';
import type { LeaseItem } from '../../../core/ledger/lease.ts';
import { newMemory } from '../../../core/watch/memory.ts';
import { DEAD, live, POLICY, START, type Stretch } from '../watch/history.ts';

/* Goal: a run waits for what it depends on only while that is moved, or will be within seconds. */

const FREE: LeaseItem = {
  ...{ holder: null, expiresAt: 0, epoch: 3, cooldownUntil: 0, disarmed: false, moves: [], vouch: null },
};

/** Whether a workload that lived so is on its way, with something changed about it. */
function onItsWay(stretches: readonly Stretch[], change: Partial<Child> = {}): boolean {
  const { memory: health, now } = live(stretches);
  const memory = { ...newMemory('x', START), health };
  return isOnItsWay({ lease: FREE, brake: null, memory, policy: POLICY, ...change }, now);
}
const DOWN = [[60, DEAD]] as const;
const LATER = START + 3_600_000;

describe('what a workload depends on', () => {
  it('is on its way while it is down and automation may act', () => {
    expect(onItsWay(DOWN)).toBe(true);
    expect(onItsWay(DOWN, { lease: null })).toBe(true);
  });

  it('is on its way while a run holds it, whatever the looks say', () => {
    const held = { lease: { ...FREE, holder: 'run-1', expiresAt: LATER } };
    expect(onItsWay([[60, '']], held)).toBe(true);
    expect(onItsWay([[60, '']], { ...held, memory: null })).toBe(true);
    expect(onItsWay([[60, '']], { lease: { ...FREE, holder: 'run-1', expiresAt: START } })).toBe(false);
  });

  it('is on its way under the brake too, while a run holds it: a brake stops none that is under way', () => {
    const brake = { on: true, owner: 'kim', reason: 'migration' };
    expect(onItsWay(DOWN, { brake, lease: { ...FREE, holder: 'run-1', expiresAt: LATER } })).toBe(true);
    expect(onItsWay(DOWN, { brake })).toBe(false);
  });

  it.each<[string, Partial<Child>]>([
    ['a person keeps it from automation', { brake: { on: true, owner: 'kim', reason: 'migration' } }],
    ['it was moved, and nobody has acknowledged that', { lease: { ...FREE, disarmed: true } }],
    ['it cools down', { lease: { ...FREE, cooldownUntil: LATER } }],
    ['nobody knows anything of it', { memory: null }],
  ])('keeps nobody waiting where %s', (_, change) => {
    expect(onItsWay(DOWN, change)).toBe(false);
  });

  it.each<[string, readonly Stretch[]]>([
    ['is well', [[300, '']]],
    ['limps', [[300, (round) => ['aA', 'bB', 'cC'][round % 3]!]]],
    ['is dead for too short a time to be believed', [[10, DEAD]]],
  ])('keeps nobody waiting where it %s', (_, stretches) => {
    expect(onItsWay(stretches)).toBe(false);
  });
});
