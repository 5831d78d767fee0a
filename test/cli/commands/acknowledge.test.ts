import { holdLease, makeWorld, recordOf, useNight, type World } from '../world.ts';

useNight();
const words = ['--owner', 'Kim', '--comment', 'orders checked'];

/** The workload after a failover that disarmed it, with the cooldown over. */
async function disarm(world: World): Promise<void> {
  await holdLease(world, 'run-1');
  await world.ledger.finish(recordOf('run-1'), {
    epoch: 1,
    status: 'DONE',
    cooldownUntil: null,
    disarms: true,
    movedAwayAt: null,
  });
}

describe('pilotlight acknowledge', () => {
  it('arms automation again after a failover', async () => {
    const world = makeWorld();
    await disarm(world);
    const request = {
      workload: 'petclinic',
      execution: 'run-2',
      now: Date.now(),
      expiresAt: Date.now() + 1000,
    };
    expect(await world.ledger.takeLease({ ...request, byPerson: false })).toMatchObject({
      taken: false,
      reason: 'disarmed',
    });
    const ended = await world.run('acknowledge', 'petclinic', ...words);
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(ended.stdout).toContain('Acknowledged.');
    expect(world.item('lease')).not.toHaveProperty('disarmed');
    expect(await world.ledger.takeLease({ ...request, byPerson: false })).toMatchObject({ taken: true });
  });

  it('is recorded with who looked and what they saw', async () => {
    const world = makeWorld();
    await disarm(world);
    await world.run('acknowledge', 'petclinic', ...words);
    expect(await world.operations.acts('petclinic', 10)).toMatchObject([
      { kind: 'acknowledge', owner: 'Kim', why: 'orders checked', result: 'done' },
    ]);
  });

  it('changes and records nothing where nothing waits for it', async () => {
    const world = makeWorld();
    const ended = await world.run('acknowledge', 'petclinic', ...words, '--json');
    expect(ended.exit).toBe(0);
    expect(ended.json()).toEqual({
      workload: 'petclinic',
      acknowledged: false,
      at: '2026-11-23T03:00:00.000Z',
      origin: 'primary',
    });
    expect(world.items()).toEqual([]);
  });

  it('warns where the site is not at home: an alarm would start from there', async () => {
    const world = makeWorld();
    await disarm(world);
    world.setRoute({ origin: 'standby' });
    const ended = await world.run('acknowledge', 'petclinic', ...words);
    expect(ended.exit).toBe(0);
    expect(ended.stderr).toContain('The route is not known to be primary (standby, epoch 4');
    expect(ended.stderr).toContain('pilotlight brake on petclinic');
  });

  it.each([
    ['no comment', ['acknowledge', 'petclinic', '--owner', 'Kim'], 2, '--comment: got nothing'],
    ['an unknown workload', ['acknowledge', 'shop', ...words], 3, 'There is no workload "shop"'],
  ])('refuses %s', async (_what, argv, exit, text) => {
    const world = makeWorld();
    await disarm(world);
    const ended = await world.run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
    expect(world.item('lease')).toHaveProperty('disarmed');
  });

  it('refuses credentials of another account', async () => {
    const world = makeWorld({ account: '999988887777' });
    await disarm(world);
    expect((await world.run('acknowledge', 'petclinic', ...words)).exit).toBe(1);
    expect(world.item('lease')).toHaveProperty('disarmed');
  });
});
