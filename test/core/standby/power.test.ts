import {
  awakeOf,
  isParked,
  judgeWake,
  wakeStep,
  type PowerLook,
  type PowerState,
  type Waking,
} from '../../../core/standby/power.ts';

/*
 * Goal: a set is awake when all three say so, refused when one cannot start, and late by the clock alone; and what is on
 * its way is waited for.
 */

const view = (state: PowerState) => ({ state, detail: state });
const look = (gateway: PowerState, cluster: PowerState, database: PowerState): PowerLook => ({
  gateway: view(gateway),
  cluster: view(cluster),
  database: view(database),
});
const waking = (more: Partial<Waking>): Waking => ({
  ...{ resource: 'cluster', state: 'running', detail: 'Running', askedAt: null, operation: null },
  ...{ failures: 0, refusal: null },
  ...more,
});
const intime = { seconds: 60, limitSeconds: 600 };

describe('the next step with a resource that shall run', () => {
  it.each<[PowerState, 'nothing' | 'wait' | 'start']>([
    ['running', 'nothing'],
    ['missing', 'nothing'],
    ['starting', 'wait'],
    ['stopping', 'wait'],
    ['unknown', 'wait'],
    ['stopped', 'start'],
    ['failed', 'start'],
  ])('is, where it is %s, %s', (state, step) => {
    expect(wakeStep(view(state), undefined)).toBe(step);
  });

  it('follows the operation of a start that has not shown, and asks again where there is none', () => {
    expect(wakeStep(view('stopped'), waking({ operation: 'https://management.azure.com/1' }))).toBe('follow');
    expect(wakeStep(view('stopped'), waking({ askedAt: '2026-11-23T00:00:00.000Z' }))).toBe('start');
  });
});

describe('what a look at the three says', () => {
  it('is awake only where all of them run', () => {
    expect(judgeWake([waking({}), waking({ resource: 'gateway' })], intime).state).toBe('awake');
    const late = waking({ resource: 'database', state: 'starting', detail: 'Starting' });
    expect(judgeWake([waking({}), late], intime)).toMatchObject({
      state: 'waking',
      detail: 'database: Starting',
    });
  });

  it('is refused as soon as one of them is, by its name', () => {
    const refused = waking({ state: 'stopped', refusal: 'AllocationFailed: no machines' });
    expect(judgeWake([waking({ resource: 'gateway' }), refused], intime)).toMatchObject({
      state: 'refused',
      detail: 'kubernetes cluster: AllocationFailed: no machines',
    });
  });

  it('is too slow after the limit, and not at it', () => {
    const slow = waking({ resource: 'gateway', state: 'starting', detail: 'Starting' });
    expect(judgeWake([slow], { seconds: 600, limitSeconds: 600 }).state).toBe('waking');
    expect(judgeWake([slow], { seconds: 601, limitSeconds: 600 })).toMatchObject({
      state: 'too-slow',
      detail:
        'not awake after 601 s, the limit is 600 s (standby.parked.wakeSeconds): application gateway: Starting',
    });
  });
});

describe('a parked set', () => {
  it('is stopped, or was never built', () => {
    expect(isParked(look('stopped', 'stopped', 'stopped'))).toBe(true);
    expect(isParked(look('missing', 'missing', 'missing'))).toBe(true);
    expect(isParked(look('stopped', 'stopping', 'stopped'))).toBe(false);
  });

  it('is awake by what runs or begins to, and by what has failed on the way', () => {
    expect(awakeOf(look('stopped', 'starting', 'running'))).toEqual(['cluster', 'database']);
    expect(awakeOf(look('stopped', 'failed', 'stopping'))).toEqual(['cluster']);
    expect(awakeOf(look('unknown', 'stopped', 'missing'))).toEqual([]);
  });
});
