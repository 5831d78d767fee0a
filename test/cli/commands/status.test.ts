import { approvalOf, holdLease, isoAt, makeWorld, NOW, recordOf, useNight, type World } from '../world.ts';

useNight();

describe('pilotlight status', () => {
  it('shows a workload at rest', async () => {
    const ended = await makeWorld().run('status', 'petclinic');
    expect(ended).toMatchObject({ exit: 0, stderr: '' });
    expect(ended.stdout).toBe(
      [
        'petclinic  PetClinic',
        '  route       primary (nothing was ever moved)',
        '  health      not known, the watch has written nothing yet',
        '  data        not known, nothing was measured yet',
        '  settles     90 s: nothing was measured yet',
        '  automation  armed',
        '  brake       off',
        '  run         none',
        '  lease       free',
        '  approvals   none waits',
        '',
      ].join('\n'),
    );
  });

  it('shows everything that stands against automation and everything that waits', async () => {
    const world = makeWorld();
    world.setRoute({ origin: 'standby', canary: { origin: 'primary', percent: 5 }, by: 'run-1' });
    await holdLease(world, 'run-1');
    await world.ledger.finish(recordOf('run-1'), {
      epoch: 1,
      status: 'DONE',
      cooldownUntil: NOW + 60_000,
      disarms: true,
      movedAwayAt: null,
    });
    await world.approvals.open(approvalOf('run-2', { needed: 2 }), 'token');
    const { stdout } = await world.run('status', 'petclinic');
    expect(stdout).toContain(
      'standby, 5 % of the users to primary, epoch 4, since 2026-11-23 02:00:00Z by run-1',
    );
    expect(stdout).toContain('disarmed since the last failover; pilotlight acknowledge petclinic arms it');
    expect(stdout).toContain('run-2: 0 of 2 approvals, 10 min 0 s left');
    expect(stdout).toContain('pilotlight approve petclinic --execution run-2');
  });

  it('says how long the cooldown lasts', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-1');
    await world.ledger.finish(recordOf('run-1'), {
      epoch: 1,
      status: 'DONE',
      cooldownUntil: NOW + 600_000,
      disarms: false,
      movedAwayAt: null,
    });
    const { stdout } = await world.run('status', 'petclinic');
    expect(stdout).toContain('cooling down, armed again in 10 min 0 s; a person may start at once');
  });

  it('calls a lease that nobody renewed free', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-1', 10);
    jest.setSystemTime(NOW + 10_000);
    expect((await world.run('status', 'petclinic')).stdout).toContain('lease       free');
  });

  it('follows the run that is under way until it ends', async () => {
    const world = makeWorld();
    await running(world, 'SUCCEEDED');
    const ended = await world.run('status', 'petclinic');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('run         run-7, RUNNING, 1 min 0 s');
    expect(ended.stdout).toContain('T+00:00  the run began');
    expect(ended.stdout).toContain('run-7  FailedOver');
  });

  it('fails when the run that it followed was killed, and says that there is no record', async () => {
    const world = makeWorld();
    await running(world, 'TIMED_OUT');
    const ended = await world.run('status', 'petclinic');
    expect(ended.exit).toBe(1);
    expect(ended.stdout).toContain('The run ended as TIMED_OUT after 1 min 3 s and left no record.');
    expect(ended.stdout).toContain('Look at the route first: pilotlight status petclinic');
  });

  it('shows that a quiet run is alive, once a minute', async () => {
    const world = makeWorld();
    world.sleeps.push(...Array.from({ length: 20 }, () => () => undefined));
    await running(world, 'SUCCEEDED');
    const { stdout } = await world.run('status', 'petclinic');
    expect(stdout.split('\n').filter((line) => line.includes('still running'))).toEqual([
      'T+02:00  still running',
    ]);
  });

  it('goes on watching when Step Functions does not answer for a moment', async () => {
    let broken = false;
    const world = makeWorld({
      fault: (service) => (service === 'step-functions' && broken ? 'refused' : null),
    });
    world.sleeps.push(
      () => (broken = true) as unknown as undefined,
      () => (broken = false) as unknown as undefined,
    );
    await running(world, 'SUCCEEDED');
    const ended = await world.run('status', 'petclinic');
    expect([ended.exit, ended.stderr.includes('it goes on, looking again')]).toEqual([0, true]);
  });

  it('looks once with --no-follow, and with --json', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    world.addExecution('run-7');
    const once = await world.run('status', 'petclinic', '--no-follow');
    expect([once.exit, once.stdout.includes('the run began')]).toEqual([0, false]);
    const ended = await world.run('status', 'petclinic', '--json');
    expect(ended.json()).toEqual({
      workloads: [
        {
          workload: 'petclinic',
          away: null,
          origin: 'primary',
          route: null,
          automation: 'armed',
          cooldownUntil: null,
          lease: { holder: 'run-7', epoch: 1, expiresAt: isoAt(900) },
          orders: null,
          brake: null,
          approvals: [],
          health: null,
          data: null,
          settle: {
            ...{ seconds: 90, why: '90 s: nothing was measured yet' },
            ...{ measurements: null, slowest: null, last: null, trouble: null },
          },
          execution: {
            name: 'run-7',
            status: 'RUNNING',
            startedAt: isoAt(-60),
            stoppedAt: null,
            error: null,
            cause: null,
          },
          problems: [],
        },
      ],
    });
  });

  it('shows what can be read while the ledger is down, and fails', async () => {
    const world = makeWorld({ fault: (service) => (service === 'dynamodb' ? 'refused' : null) });
    world.setRoute({ origin: 'maintenance' });
    const ended = await world.run('status', 'petclinic');
    expect(ended.exit).toBe(1);
    expect(ended.stdout).toContain('route       maintenance');
    expect(ended.stdout).toContain('automation  could not be read, see below');
    expect(ended.stdout).toContain('DynamoDB GetItem failed');
    const document = (await world.run('status', '--json')).json() as { workloads: Record<string, unknown>[] };
    expect(document.workloads[0]).toMatchObject({
      origin: 'maintenance',
      automation: 'unknown',
      lease: null,
    });
  });

  it('shows all workloads in a table, and follows none', async () => {
    const shop = { ...makeWorld().config.workloads['petclinic'] };
    const other = {
      ...shop,
      url: 'https://shop.example.com',
      edge: {
        ...shop.edge,
        stack: undefined,
        distributionId: 'E2EXAMPLE1SHOP',
        keyValueStoreArn:
          'arn:aws:cloudfront::111122223333:key-value-store/b1b2c3d4-5678-4abc-8def-1234567890ab',
      },
    };
    const world = makeWorld({ config: { 'workloads.shop': other } });
    await holdLease(world, 'run-7');
    world.addExecution('run-7');
    const ended = await world.run('status');
    expect(ended.stdout.split('\n').slice(0, 2)).toEqual([
      'WORKLOAD   ROUTE    HEALTH  AUTOMATION  APPROVALS  RUN',
      'petclinic  primary  -       armed       0          run-7, RUNNING, 1 min 0 s',
    ]);
    // The other workload's store does not exist in this world: that is said, and takes nothing away from the first.
    expect(ended.stdout).toContain('shop       ?        -       armed       0          none');
    expect(ended.exit).toBe(1);
  });

  it('colours what it says on a terminal, and only there', async () => {
    const escape = '\u001b[';
    expect((await makeWorld({ colours: true }).run('status', 'petclinic')).stdout).toContain(
      `${escape}32marmed`,
    );
    expect((await makeWorld().run('status', 'petclinic')).stdout).not.toContain(escape);
    expect((await makeWorld({ colours: true }).run('status', '--json')).stdout).not.toContain(escape);
  });

  it('does not know a workload that the configuration has not', async () => {
    const ended = await makeWorld().run('status', 'constructor');
    expect([ended.exit, ended.stderr]).toEqual([
      3,
      'There is no workload "constructor" in the configuration.\nIt has: petclinic\n',
    ]);
  });
});

/** A run that holds the lease and ends after the sleeps that are planned already. */
async function running(world: World, status: 'SUCCEEDED' | 'TIMED_OUT'): Promise<void> {
  await holdLease(world, 'run-7');
  world.addExecution('run-7');
  world.sleeps.push(async () => {
    Object.assign(world.executions.get('run-7')!, { status, endedAt: Date.now() });
    if (status === 'SUCCEEDED') await world.ledger.finish(recordOf('run-7'), null);
  });
}
