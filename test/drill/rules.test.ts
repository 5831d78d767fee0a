import type { Evidence, RuleResult } from '../../drill/rules/rule.ts';
import { checkRules, splitBrainWrites } from '../../drill/rules/rules.ts';
import { after, evidenceOf, executionOf, routeWriteOf, writeOf } from './fixture.ts';

function resultOf(rule: string, changes: Partial<Evidence> = {}): Pick<RuleResult, 'held' | 'detail'> {
  const result = checkRules(evidenceOf(changes)).find(({ name }) => name === rule);
  if (result === undefined) throw new Error(`there is no rule ${rule}`);
  return { held: result.held, detail: result.detail };
}

/** The names of the rules that this evidence breaks. */
const brokenBy = (changes: Partial<Evidence>): string[] =>
  checkRules(evidenceOf(changes))
    .filter((result) => !result.held)
    .map((result) => result.name);

const shield = routeWriteOf();
const toStandby = routeWriteOf({ at: after(705), origin: 'standby', epoch: 2, standbyWasFit: true });

describe('the rules of a drill', () => {
  it('all hold in a failover as it should be, and each says what it looked at', () => {
    expect(checkRules(evidenceOf())).toEqual([
      { name: 'standby-seen-healthy', held: true, detail: '1 moves to the standby, each to a fit one' },
      {
        name: 'switched-for-a-reason',
        held: true,
        detail: '2 moves away from the primary, each with a reason',
      },
      {
        name: 'one-writer',
        held: true,
        detail: '2 writes on the primary and 2 on the standby, never at the same time',
      },
      { name: 'data', held: true, detail: '2 writes of the primary are on the standby, in order, once' },
      {
        name: 'home',
        held: true,
        detail: '0 ways home, each with everything that was written on the standby',
      },
      { name: 'one-execution-acts', held: true, detail: '2 route writes, in one order' },
      { name: 'orders-obeyed', held: true, detail: '0 orders of people, each obeyed' },
      { name: 'every-run-ends', held: true, detail: '1 executions ended, recorded and told' },
      { name: 'known-calls-only', held: true, detail: 'no call went to a service that does not know it' },
    ]);
  });

  it('all hold where nothing happened at all', () => {
    const nothing = {
      executions: [],
      routeWrites: [],
      primaryWrites: [],
      standbyWrites: [],
      data: { ...evidenceOf().data, beats: [], applied: [], openedAt: null, shieldedAt: [] },
      announcements: [],
      recordedExecutions: [],
    };
    expect(brokenBy(nothing)).toEqual([]);
  });
});

describe('standby-seen-healthy', () => {
  it('is broken by a move to a standby that was not fit, and names who moved and when', () => {
    expect(
      resultOf('standby-seen-healthy', { routeWrites: [shield, { ...toStandby, standbyWasFit: false }] }),
    ).toEqual({
      held: false,
      detail: 'run-1 sent 100 % of the users to a standby that was not fit at 2026-03-01T03:16:45.000Z',
    });
  });

  it('is broken by a share as by all users', () => {
    const share = { ...shield, percentOnStandby: 5 };
    expect(resultOf('standby-seen-healthy', { routeWrites: [shield, share] })).toEqual({
      held: false,
      detail: 'run-1 sent 5 % of the users to a standby that was not fit at 2026-03-01T03:06:52.000Z',
    });
    const fit = { ...share, standbyWasFit: true };
    expect(resultOf('standby-seen-healthy', { routeWrites: [shield, fit] }).held).toBe(true);
  });

  it('does not ask whether the standby is fit when the shield is raised', () => {
    expect(resultOf('standby-seen-healthy', { routeWrites: [shield] }).held).toBe(true);
  });
});

describe('switched-for-a-reason', () => {
  const healthy = { routeWrites: [routeWriteOf({ primaryWasUp: true })] };

  it('is broken by a shield in front of a healthy primary', () => {
    expect(resultOf('switched-for-a-reason', healthy)).toEqual({
      held: false,
      detail: 'run-1 moved users away from a healthy primary at 2026-03-01T03:06:52.000Z',
    });
  });

  it('takes the word of a person who planned the move', () => {
    const planned = executionOf({ input: { workload: 'petclinic', planned: true } });
    expect(resultOf('switched-for-a-reason', { ...healthy, executions: [planned] }).held).toBe(true);
    const unplanned = executionOf({ input: { workload: 'petclinic', planned: false } });
    expect(resultOf('switched-for-a-reason', { ...healthy, executions: [unplanned] }).held).toBe(false);
  });

  it('takes the word of a person who vouched for the outage', () => {
    const vouched = executionOf({ input: { workload: 'petclinic', skipConfirmation: true, dryRun: false } });
    expect(resultOf('switched-for-a-reason', { ...healthy, executions: [vouched] }).held).toBe(true);
  });

  it.each([
    ['a person who did not vouch', { workload: 'petclinic', skipConfirmation: false, dryRun: false }],
    ['an input that says so in words only', { skipConfirmation: 'true' }],
    ['an input that is no object', 'skipConfirmation'],
    ['no input', null],
  ])('does not take %s for a reason', (_, input) => {
    const started = executionOf({ input });
    expect(resultOf('switched-for-a-reason', { ...healthy, executions: [started] }).held).toBe(false);
  });

  it('does not take the word that was given to another execution', () => {
    const executions = [
      executionOf(),
      executionOf({ name: 'run-2', input: { skipConfirmation: true, dryRun: false }, startedAt: after(900) }),
    ];
    expect(resultOf('switched-for-a-reason', { ...healthy, executions }).held).toBe(false);
  });

  it('is broken by a move straight to the standby, too', () => {
    const straight = { ...toStandby, primaryWasUp: true };
    expect(resultOf('switched-for-a-reason', { routeWrites: [straight] }).held).toBe(false);
  });

  it('lets the shield be raised again after a switch, although the primary is up by then', () => {
    const again = routeWriteOf({ at: after(800), epoch: 3, primaryWasUp: true });
    expect(resultOf('switched-for-a-reason', { routeWrites: [shield, toStandby, again] }).held).toBe(true);
  });

  it('lets an execution raise the shield again that had lowered it, and no other', () => {
    const lowered = routeWriteOf({ at: after(500), origin: 'primary', epoch: 2, primaryWasUp: true });
    const again = routeWriteOf({ at: after(510), epoch: 3, primaryWasUp: true });
    const routeWrites = [shield, lowered, again];
    expect(resultOf('switched-for-a-reason', { routeWrites }).held).toBe(true);
    const byAnother = [shield, lowered, { ...again, by: 'run-2' }];
    expect(resultOf('switched-for-a-reason', { routeWrites: byAnother }).held).toBe(false);
  });
});

describe('one-writer', () => {
  it('is broken by a write on the primary after the first one on the standby', () => {
    const primaryWrites = [writeOf(1, -10), writeOf(5, 711), writeOf(6, 712)];
    expect(resultOf('one-writer', { primaryWrites })).toEqual({
      held: false,
      detail: 'one side accepted 2 writes while the other one had the users',
    });
  });

  it('is broken by a write on the primary at the very moment of the first one on the standby', () => {
    expect(resultOf('one-writer', { primaryWrites: [writeOf(5, 710)] }).held).toBe(false);
  });

  it('holds while the primary writes until a moment before', () => {
    expect(resultOf('one-writer', { primaryWrites: [{ id: 5, at: after(710) - 1 }] }).held).toBe(true);
  });

  it('counts no split-brain write while the standby has none', () => {
    const primaryWrites = [writeOf(1, 0), writeOf(2, 1000)];
    const routeWrites = [routeWriteOf({ at: after(400), origin: 'standby' })];
    const world = { primaryWrites, routeWrites, startsOn: 'primary' };
    expect(splitBrainWrites({ ...world, standbyWrites: [] })).toBe(0);
    expect(splitBrainWrites({ ...world, standbyWrites: [writeOf(3, 500)] })).toBe(1);
  });
});

describe('one-execution-acts', () => {
  const second = routeWriteOf({ at: after(120), by: 'run-2', epoch: 2 });

  it('lets a second execution act after the first', () => {
    const third = routeWriteOf({ at: after(130), by: 'run-2', epoch: 3 });
    expect(resultOf('one-execution-acts', { routeWrites: [shield, second, third] }).held).toBe(true);
  });

  it('is broken by the first execution writing again after the second', () => {
    const back = routeWriteOf({ at: after(130), epoch: 3 });
    expect(resultOf('one-execution-acts', { routeWrites: [shield, second, back] })).toEqual({
      held: false,
      detail: 'run-1 wrote the route again after run-2 had',
    });
  });

  it.each([
    ['goes back', 1, 'epoch 1 was written after 2'],
    ['stands still', 2, 'epoch 2 was written after 2'],
  ])('is broken by an epoch that %s', (_, epoch, detail) => {
    const first = routeWriteOf({ epoch: 2 });
    const routeWrites = [first, routeWriteOf({ at: after(120), origin: 'primary', epoch })];
    expect(resultOf('one-execution-acts', { routeWrites })).toEqual({ held: false, detail });
  });
});

describe('every-run-ends', () => {
  it('is broken by an execution that never ended, and names its last state', () => {
    const stuck = executionOf({
      endedAt: null,
      states: [{ name: 'Wait for the pipeline', at: after(100) }],
    });
    expect(resultOf('every-run-ends', { executions: [stuck] })).toEqual({
      held: false,
      detail: 'run-1 has not ended; its last state is "Wait for the pipeline"',
    });
  });

  it('is broken by an execution that took longer than its time limit, and holds at the limit', () => {
    const lasting = (seconds: number): Partial<Evidence> => ({
      executions: [executionOf({ startedAt: after(0), endedAt: after(seconds) })],
    });
    expect(resultOf('every-run-ends', lasting(10_801))).toEqual({
      held: false,
      detail: 'run-1 took 10801 s',
    });
    expect(resultOf('every-run-ends', lasting(10_800)).held).toBe(true);
  });

  it('is broken by an execution that is not in the history', () => {
    expect(resultOf('every-run-ends', { recordedExecutions: ['run-11'] })).toEqual({
      held: false,
      detail: 'run-1 is not in the history',
    });
  });

  it('is broken by an execution of which nobody was told', () => {
    expect(resultOf('every-run-ends', { announcements: ['PetClinic failed over. Execution run-9'] })).toEqual(
      {
        held: false,
        detail: 'nobody was told of run-1',
      },
    );
  });

  it('does not take word of execution run-12 for word of run-1', () => {
    expect(resultOf('every-run-ends', { announcements: ['Execution run-12'] }).held).toBe(false);
  });

  it('is broken by a lease that is still held', () => {
    expect(resultOf('every-run-ends', { leaseHolder: 'run-1' })).toEqual({
      held: false,
      detail: 'the lease is still held by run-1',
    });
  });

  it('wants neither word nor record of what was refused at the door', () => {
    const refused = executionOf({ states: [{ name: 'Refused at the door', at: after(100) }] });
    const silence = { executions: [refused], recordedExecutions: [], announcements: [] };
    expect(resultOf('every-run-ends', silence).held).toBe(true);
  });

  it('wants a record, but no word, of an execution that found nothing to do', () => {
    const quiet = executionOf({ states: [{ name: 'Nothing to do', at: after(100) }] });
    expect(resultOf('every-run-ends', { executions: [quiet], announcements: [] }).held).toBe(true);
    expect(resultOf('every-run-ends', { executions: [quiet], recordedExecutions: [] }).detail).toBe(
      'run-1 is not in the history',
    );
  });

  it('names everything that is wrong, of every execution', () => {
    const executions = [executionOf(), executionOf({ name: 'run-2', endedAt: null, states: [] })];
    expect(resultOf('every-run-ends', { executions, recordedExecutions: [] }).detail).toBe(
      'run-1 is not in the history; run-2 has not ended; its last state is "nothing"',
    );
  });
});

describe('known-calls-only', () => {
  it('is broken by a call that no service knows', () => {
    const unexpectedCalls = ['sns: POST https://sns.ap-northeast-1.amazonaws.com/: unknown action'];
    expect(resultOf('known-calls-only', { unexpectedCalls })).toEqual({
      held: false,
      detail: 'sns: POST https://sns.ap-northeast-1.amazonaws.com/: unknown action',
    });
  });
});

describe('the rules together', () => {
  it.each<[string, Partial<Evidence>]>([
    ['standby-seen-healthy', { routeWrites: [shield, { ...toStandby, standbyWasFit: false }] }],
    ['switched-for-a-reason', { routeWrites: [{ ...shield, primaryWasUp: true }, toStandby] }],
    ['one-writer', { primaryWrites: [writeOf(1, -10), writeOf(2, -1), writeOf(9, 900)] }],
    ['data', { data: { ...evidenceOf().data, applied: [2] } }],
    ['one-execution-acts', { routeWrites: [shield, { ...toStandby, epoch: 1 }] }],
    ['every-run-ends', { leaseHolder: 'run-1' }],
    ['known-calls-only', { unexpectedCalls: ['nobody: GET https://example.com/'] }],
  ])('breaking %s breaks no other', (name, changes) => {
    expect(brokenBy(changes)).toEqual([name]);
  });
});
