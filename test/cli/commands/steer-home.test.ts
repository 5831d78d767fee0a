import { holdLease, makeWorld, useNight, type World } from '../world.ts';

/* Goal: what people tell a run that brings a site home counts from where it takes the users, which is the other way about. */

useNight();
const HOME = 'failback-petclinic-1';
const why = ['--reason', 'the database team looks first', '--yes'];

async function going(run: string, route: Parameters<World['setRoute']>[0]): Promise<World> {
  const world = makeWorld();
  world.setRoute(route);
  world.addExecution(run);
  await holdLease(world, run);
  return world;
}

describe('a way home that a person holds or cancels', () => {
  it.each([
    ['pause', 'standby', 'before the users are moved, to the page or to the primary'],
    ['pause', 'maintenance', 'before the users are moved, to the page or to the primary'],
    ['cancel', 'standby', 'users stay on the standby, or go back to it, with nothing lost'],
    ['cancel', 'maintenance', 'users stay on the standby, or go back to it, with nothing lost'],
  ] as const)('takes %s while the route is %s', async (word, origin, text) => {
    const ended = await (await going(HOME, { origin })).run(word, 'petclinic', ...why);
    expect([ended.exit, ended.stderr, ended.stdout.includes(text)]).toEqual([0, '', true]);
  });

  it.each([
    [
      'pause',
      { origin: 'primary' },
      'are on the primary already, and may have written there: the run can be held no more',
    ],
    [
      'cancel',
      { origin: 'primary' },
      'are on the primary already, and may have written there: the run can be cancelled',
    ],
    [
      'cancel',
      { origin: 'maintenance', canary: { origin: 'primary', percent: 10 } },
      'are on the primary already',
    ],
  ] as const)('refuses %s once anybody is home', async (word, route, text) => {
    const ended = await (await going(HOME, route)).run(word, 'petclinic', ...why);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([1, true]);
  });

  it('is no planned move that could become a failover', async () => {
    const ended = await (await going(HOME, { origin: 'standby' })).run('proceed', 'petclinic', ...why);
    expect([ended.exit, ended.stderr.includes('It is no planned move, but a way home.')]).toEqual([1, true]);
  });
});

describe('a failover that a person holds or cancels', () => {
  it.each(['pause', 'cancel'])('refuses %s once users are on the standby', async (word) => {
    const ended = await (await going('run-7', { origin: 'standby' })).run(word, 'petclinic', ...why);
    expect([ended.exit, ended.stderr.includes('are on the standby already')]).toEqual([1, true]);
  });
});
