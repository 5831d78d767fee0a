import { makeWorld, useNight } from '../world.ts';

useNight();
const words = ['--reason', 'database move', '--owner', 'Kim'];

describe('pilotlight brake', () => {
  it('pulls the brake, with its reason, its owner and the moment', async () => {
    const world = makeWorld();
    const ended = await world.run('brake', 'on', 'petclinic', ...words);
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('The brake of petclinic is ON.');
    expect(world.item('brake')).toEqual({
      pk: { S: 'workload#petclinic' },
      sk: { S: 'brake' },
      on: { BOOL: true },
      owner: { S: 'Kim' },
      reason: { S: 'database move' },
      at: { S: '2026-11-23T03:00:00.000Z' },
    });
  });

  it('stops automatic starts and no person, until it is let go', async () => {
    const world = makeWorld();
    const request = {
      workload: 'petclinic',
      execution: 'run-1',
      now: Date.now(),
      expiresAt: Date.now() + 1000,
    };
    await world.run('brake', 'on', 'petclinic', ...words);
    expect(await world.ledger.takeLease({ ...request, byPerson: false })).toMatchObject({
      taken: false,
      reason: 'brake',
    });
    await world.run('brake', 'off', 'petclinic', ...words);
    expect(await world.ledger.takeLease({ ...request, byPerson: false })).toMatchObject({ taken: true });
  });

  it('is recorded in the history with who did it', async () => {
    const world = makeWorld();
    await world.run('brake', 'on', 'petclinic', ...words);
    expect(await world.operations.acts('petclinic', 10)).toEqual([
      {
        kind: 'brake-on',
        workload: 'petclinic',
        at: '2026-11-23T03:00:00.000Z',
        by: 'arn:aws:sts::111122223333:assumed-role/on-call/jane',
        owner: 'Kim',
        why: 'database move',
        detail: 'the brake was off before',
        result: 'done',
      },
    ]);
  });

  it('tells a program what it did, and whether that changed anything', async () => {
    const world = makeWorld();
    const brake = { on: true, owner: 'Kim', reason: 'database move', at: '2026-11-23T03:00:00.000Z' };
    const first = await world.run('brake', 'on', 'petclinic', ...words, '--json');
    expect(first.json()).toEqual({ workload: 'petclinic', brake, changed: true });
    const again = await world.run('brake', 'on', 'petclinic', ...words, '--json');
    expect(again.json()).toEqual({ workload: 'petclinic', brake, changed: false });
  });

  it('can be pulled where the old brake cannot be understood', async () => {
    const world = makeWorld();
    await world.run('brake', 'on', 'petclinic', ...words);
    Object.assign(world.item('brake') ?? {}, { on: { S: 'maybe' } });
    expect((await world.run('brake', 'on', 'petclinic', ...words)).exit).toBe(0);
    expect(world.item('brake')).toMatchObject({ on: { BOOL: true } });
  });

  it.each([
    [
      'a state that is neither',
      ['brake', 'half', 'petclinic', ...words],
      2,
      'state: got "half", expected on or off',
    ],
    ['no owner', ['brake', 'on', 'petclinic', '--reason', 'x'], 2, '--owner: got nothing'],
    ['blank words', ['brake', 'on', 'petclinic', '--reason', ' ', '--owner', 'Kim'], 2, 'reason: got " "'],
    ['an unknown workload', ['brake', 'on', 'shop', ...words], 3, 'It has: petclinic'],
  ])('refuses %s', async (_what, argv, exit, words) => {
    const world = makeWorld();
    const ended = await world.run(...argv);
    expect(ended.exit).toBe(exit);
    expect(ended.stderr).toContain(words);
    expect(world.items()).toEqual([]);
  });

  it('refuses credentials of another account: its brake has the same name', async () => {
    const world = makeWorld({ account: '999988887777' });
    const ended = await world.run('brake', 'on', 'petclinic', ...words);
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('account 999988887777');
    expect(ended.stderr).toContain('--profile NAME');
    expect(world.items()).toEqual([]);
  });
});
