import { elbRulesService, type ChangedRule } from '../../../drill/clouds/aws/elb-rules.ts';
import { holdLease, isoAt, JANE, makeWorld, NOW, useNight } from '../world.ts';

useNight();
const why = ['--reason', 'run hangs'];
const sure = [...why, '--confirm', 'petclinic'];

describe('pilotlight route show', () => {
  it('shows the route and asks the store alone', async () => {
    const world = makeWorld({ fault: (service) => (service === 'keyvaluestore' ? null : 'refused') });
    world.setRoute({ origin: 'maintenance', by: 'run-7' });
    const ended = await world.run('route', 'show', 'petclinic');
    expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(ended.stdout).toBe('petclinic: maintenance, epoch 4, since 2026-11-23 02:00:00Z by run-7\n');
  });

  it('calls it primary where nothing was ever moved', async () => {
    const ended = await makeWorld().run('route', 'show', 'petclinic', '--json');
    expect(ended.json()).toEqual({ workload: 'petclinic', origin: 'primary', route: null });
  });

  it('fails where the store cannot be asked', async () => {
    const world = makeWorld({ fault: () => 'refused' });
    const ended = await world.run('route', 'show', 'petclinic', '--json');
    expect(ended.exit).toBe(1);
    expect(ended.json()).toMatchObject({
      error: { exit: 1, message: expect.stringContaining('DescribeKeyValueStore') },
    });
  });

  it('does not know a workload that the configuration has not', async () => {
    expect((await makeWorld().run('route', 'show', 'shop')).exit).toBe(3);
  });
});

describe('pilotlight route set', () => {
  it('moves the route under a lease of its own when the name was typed', async () => {
    const world = makeWorld({ typed: ['petclinic'] });
    world.setRoute({ origin: 'primary' });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...why);
    expect(ended.exit).toBe(0);
    expect(ended.questions).toEqual(['Type the name of the workload to move its users to maintenance: ']);
    expect(world.route()).toEqual({
      v: 1,
      origin: 'maintenance',
      epoch: 5,
      fence: 1,
      by: 'jane, by hand',
      at: '2026-11-23T03:00:00.000Z',
    });
    expect(world.item('lease')).toMatchObject({
      epoch: { N: '1' },
      status: { S: 'DONE' },
      lastExecution: { S: 'by-hand-20261123T030000000Z' },
      disarmed: { BOOL: true },
    });
    expect(world.item('lease')).not.toHaveProperty('holder');
  });

  it('is recorded in the history', async () => {
    const world = makeWorld();
    await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(await world.operations.acts('petclinic', 10)).toEqual([
      {
        kind: 'route-set',
        workload: 'petclinic',
        at: '2026-11-23T03:00:00.000Z',
        by: JANE,
        owner: 'jane',
        why: 'run hangs',
        detail: 'to maintenance, under epoch 1',
        result: 'done',
      },
    ]);
  });

  it('tells a program the new route', async () => {
    const world = makeWorld();
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure, '--json');
    expect(ended.json()).toMatchObject({
      workload: 'petclinic',
      changed: true,
      recorded: true,
      route: { origin: 'maintenance', epoch: 1, fence: 1 },
    });
  });

  it('leaves automation as it is when the site goes home', async () => {
    const world = makeWorld();
    world.setRoute({ origin: 'maintenance' });
    const ended = await world.run('route', 'set', 'petclinic', 'primary', ...sure);
    expect(ended.exit).toBe(0);
    expect(world.route()).toMatchObject({ origin: 'primary', epoch: 5 });
    expect(world.item('lease')).not.toHaveProperty('disarmed');
  });

  it.each([
    ['another name was typed', { typed: ['petstore'] }, [], 'Got "petstore", expected "petclinic"'],
    ['--confirm has another name', {}, ['--confirm', 'petstore'], 'Got "petstore", expected "petclinic"'],
    ['there is no terminal', {}, [], 'Give --confirm petclinic'],
  ])('moves nothing where %s', async (_what, options, more, text) => {
    const world = makeWorld(options);
    world.setRoute({ origin: 'primary' });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...why, ...more);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([1, true]);
    expect(world.route()).toMatchObject({ origin: 'primary', epoch: 4 });
    expect(world.items()).toEqual([]);
  });

  it('never moves straight from one side to the other, unless told to', async () => {
    const world = makeWorld();
    world.setRoute({ origin: 'primary' });
    const refused = await world.run('route', 'set', 'petclinic', 'standby', ...sure);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('would let both take writes');
    expect(refused.stderr).toContain('First: pilotlight route set petclinic maintenance');
    expect(world.route()).toMatchObject({ origin: 'primary' });
    const forced = await world.run('route', 'set', 'petclinic', 'standby', ...sure, '--without-shield');
    expect(forced.exit).toBe(0);
    expect(world.route()).toMatchObject({ origin: 'standby' });
  });

  it.each([
    [89, 1, 'Wait 1 s'],
    [90, 0, ''],
  ])('moves to the standby only when the shield is everywhere: after %i s', async (age, exit, text) => {
    const world = makeWorld();
    world.setRoute({ origin: 'maintenance', at: isoAt(-age) });
    const ended = await world.run('route', 'set', 'petclinic', 'standby', ...sure);
    expect(ended.exit).toBe(exit);
    expect(ended.stderr).toContain(text);
    expect(world.route()).toMatchObject({ origin: exit === 0 ? 'standby' : 'maintenance' });
  });

  it('moves nothing while a run holds the lease', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('execution run-7 holds the lease until 2026-11-23T03:15:00.000Z');
    expect(ended.stderr).toContain('--even-if-held');
    expect(world.route()).toBeNull();
    expect(await world.operations.readLease('petclinic')).toMatchObject({ holder: 'run-7', epoch: 1 });
  });

  it('fences off the run that holds the lease when told to: its next step fails', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure, '--even-if-held');
    expect(ended.exit).toBe(0);
    expect(world.route()).toMatchObject({ origin: 'maintenance', fence: 2 });
    const renewal = { workload: 'petclinic', execution: 'run-7', epoch: 1, expiresAt: NOW + 900_000 };
    await expect(world.ledger.renewLease(renewal)).rejects.toMatchObject({ name: 'LeaseLost' });
  });

  it('writes nothing where the route is there already under a newer fence', async () => {
    const world = makeWorld();
    world.setRoute({ origin: 'primary', fence: 9 });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('written under fence 9, ours is 1');
    expect(world.route()).toMatchObject({ origin: 'primary', fence: 9 });
    expect(await world.operations.acts('petclinic', 1)).toMatchObject([
      { kind: 'route-set', result: 'failed' },
    ]);
    expect(await world.operations.readLease('petclinic')).toMatchObject({ holder: null });
  });

  it('says that the history could not be written, and leaves the move as it is, when the ledger dies on the way', async () => {
    let moved = false;
    const world = makeWorld({
      fault: (service) => (service === 'dynamodb' && moved ? 'refused' : null),
    });
    world.onCall(({ request }) => {
      moved ||= request.method === 'PUT';
    });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure, '--json');
    expect(ended.exit).toBe(0);
    expect(ended.json()).toMatchObject({ changed: true, recorded: false });
    expect(world.route()).toMatchObject({ origin: 'maintenance' });
    expect(world.item('act#2026-11-23T03:00:00.000Z#route-set')).toMatchObject({
      act: { S: expect.stringContaining('"result":"begun"') },
    });
  });

  it('moves nothing while the ledger is down, and says how to all the same', async () => {
    const world = makeWorld({ fault: (service) => (service === 'dynamodb' ? 'refused' : null) });
    world.setRoute({ origin: 'primary', fence: 3 });
    const refused = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(refused.exit).toBe(1);
    expect(refused.stderr).toContain('give --without-ledger');
    expect(world.route()).toMatchObject({ origin: 'primary' });
  });

  it('moves without the ledger under the fence that is there, and says that it is not recorded', async () => {
    const world = makeWorld({ fault: (service) => (service === 'keyvaluestore' ? null : 'refused') });
    world.setRoute({ origin: 'primary', fence: 3 });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure, '--without-ledger');
    expect(ended.exit).toBe(0);
    expect(world.route()).toMatchObject({
      origin: 'maintenance',
      epoch: 5,
      fence: 3,
      by: 'somebody, by hand',
    });
    expect(ended.stderr).toContain('Not recorded');
    expect(world.items()).toEqual([]);
  });

  it('works while STS does not say who acts', async () => {
    const world = makeWorld({ fault: (service) => (service === 'sts' ? 'refused' : null) });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(ended.exit).toBe(0);
    expect(await world.operations.acts('petclinic', 1)).toMatchObject([
      { by: 'not known: STS did not answer' },
    ]);
  });

  it('refuses credentials of another account', async () => {
    const world = makeWorld({ account: '999988887777' });
    const ended = await world.run('route', 'set', 'petclinic', 'maintenance', ...sure);
    expect(ended.exit).toBe(1);
    expect(world.route()).toBeNull();
  });

  it('refuses an origin that does not exist, and a move without a reason', async () => {
    const ended = await makeWorld().run('route', 'set', 'petclinic', 'moon');
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('origin: got "moon", expected primary or standby or maintenance');
    expect(ended.stderr).toContain('--reason: got nothing');
  });

  describe('where the primary has a fence', () => {
    const RULE =
      'arn:aws:elasticloadbalancing:ap-northeast-2:111122223333:listener-rule/app/petclinic-alb/50dc6c495c0c9188/f2f7dc8efc522ab2/9683b2d02a6cabee';
    const fenced = (ruleExists = true) => {
      const bodies: string[] = [];
      const rules = new Map(ruleExists ? [[RULE, ({ body }: ChangedRule) => void bodies.push(body)]] : []);
      const config = { 'workloads.petclinic.primary.fence': { listenerRuleArn: RULE } };
      const world = makeWorld({ config, services: [elbRulesService({ rules, targets: new Map() })] });
      world.setRoute({ origin: 'maintenance', at: isoAt(-3600) });
      return { world, bodies };
    };

    it('opens it for users who go home', async () => {
      const { world, bodies } = fenced();
      expect((await world.run('route', 'set', 'petclinic', 'primary', ...sure)).exit).toBe(0);
      expect(bodies).toEqual(['pilotlight fence: open']);
    });

    it('leaves it as it is for every other move', async () => {
      const { world, bodies } = fenced();
      expect((await world.run('route', 'set', 'petclinic', 'standby', ...sure)).exit).toBe(0);
      expect(bodies).toEqual([]);
    });

    it('moves the route all the same where it cannot be opened, and says what is left to do', async () => {
      const { world } = fenced(false);
      const ended = await world.run('route', 'set', 'petclinic', 'primary', ...sure);
      expect(ended.exit).toBe(0);
      expect(world.route()).toMatchObject({ origin: 'primary' });
      expect(ended.stderr).toContain(
        "the fence at the primary's door could not be opened: it answers users with 503",
      );
    });
  });
});
