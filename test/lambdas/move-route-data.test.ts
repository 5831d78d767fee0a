import type { Config } from '../../core/config/schema.ts';
import { makeMoveRoute } from '../../lambdas/move-route/move-route.ts';
import { shipping } from './data-helpers.ts';
import { config, lease, refusalOf, run } from './fixture.ts';
import { callOf, MemoryLedger, MemoryLog, MemoryRoutes, VirtualClock } from './helpers.ts';

/*
 * Goal: no user comes to a standby whose database lacks what was shipped last.
 */

const applied = { lastData: { value: { applied: true, appliedUntil: '2026-03-02T09:56:50.000Z' } } };
const seen = {
  standby: { ready: true, checkedAt: '2026-03-02T10:00:00.000Z' },
  shield: { converged: true },
};

function move(own: Config, prepared: object, more: object = { to: 'standby' }): Promise<unknown> {
  const clock = new VirtualClock();
  const routes = new MemoryRoutes({
    ...{ v: 1, origin: 'maintenance', epoch: 41, fence: 7, by: 'run-1', at: '2026-03-02T09:59:00.000Z' },
  });
  const deps = {
    config: own,
    clock,
    log: new MemoryLog(),
    ledger: new MemoryLedger(),
    routes,
    doorFence: () => null,
  };
  return makeMoveRoute(deps)({ run, lease, ...more, prepared }, callOf(clock, 60));
}

describe.each(['ship', 'dump'])('move-route: a standby whose data come by mode %s', (mode) => {
  it('takes users once the last data are applied', async () => {
    expect(await move(shipping({ mode }), { ...seen, ...applied })).toMatchObject({ origin: 'standby' });
  });

  it.each([
    ['nobody has applied them', {}],
    ['nobody says whether they are applied', { lastData: { value: {} } }],
    ['they are not applied', { lastData: { value: { applied: false } } }],
  ])('takes nobody where %s', async (_, data) => {
    const refusal = await refusalOf(move(shipping({ mode }), { ...seen, ...data }));
    expect(refusal.name).toBe('UnsafeMove');
    expect(refusal.message).toContain(
      'needs the evidence that it was seen healthy, that the shield has spread and that the last data are applied; got',
    );
  });

  it('asks for no such evidence where users go back to the shield', async () => {
    expect(await move(shipping({ mode }), {}, { to: 'maintenance' })).toMatchObject({
      origin: 'maintenance',
    });
  });
});

it('move-route takes users to a standby with data of its own without that evidence', async () => {
  expect(await move(config, seen)).toMatchObject({ origin: 'standby' });
});

describe('move-route: a planned move', () => {
  const planned = { to: 'standby', move: 'planned' };
  const whole = { lastData: { value: { applied: true, whole: true } } };

  it.each([
    ['shipped by us', shipping()],
    ['of its own', config],
  ])('takes users where nothing is missing, with data %s', async (_, own) => {
    expect(await move(own, { ...seen, ...whole }, planned)).toMatchObject({ origin: 'standby' });
  });

  it.each([
    ['shipped by us', shipping()],
    ['of its own', config],
  ])('takes nobody where that is not proven, with data %s', async (_, own) => {
    const refusal = await refusalOf(move(own, { ...seen, ...applied }, planned));
    expect(refusal.name).toBe('UnsafeMove');
    expect(refusal.message).toContain('that the shield has spread and that nothing is missing on it; got');
  });
});
