import { holdLease, isoAt, makeWorld, recordOf, useNight, type World, type WorldOptions } from '../world.ts';

useNight();
const RUN = 'failback-petclinic-20261123T030000000Z';
const start = ['failback', 'petclinic', '--reason', 'Seoul is well'];
const withoutData: WorldOptions = { config: { 'workloads.petclinic.data': { mode: 'none' } } };

/** A world whose users are on the standby. */
function away(options: WorldOptions = {}): World {
  const world = makeWorld(options);
  world.setRoute({ origin: 'standby' });
  return world;
}

/** The run that the command starts: it enters a state, then ends and leaves a record. */
function script(world: World, ending: Parameters<typeof recordOf>[1] = {}): void {
  const { run } = recordOf(RUN);
  const record = recordOf(RUN, {
    ...{ rto: null, run: { ...run, trigger: 'manual', requestedBy: 'jane', workflow: 'failback' } },
    ...ending,
    endedAt: isoAt(6),
  });
  world.sleeps.push(
    () => {
      const entered = { stateEnteredEventDetails: { name: 'See the primary well' } };
      world.executions.get(RUN)!.events.push({ at: Date.now(), type: 'TaskStateEntered', details: entered });
    },
    async () => {
      const execution = world.executions.get(RUN)!;
      Object.assign(execution, {
        status: record.outcome === 'Escalated' ? 'FAILED' : 'SUCCEEDED',
        endedAt: Date.now(),
      });
      execution.events.push({ at: Date.now(), type: 'ExecutionSucceeded' });
      await world.ledger.finish(record, null);
    },
  );
}

describe('pilotlight failback', () => {
  it('starts a run that is called by what it is, and follows it until users are home', async () => {
    const world = away({ typed: ['yes'] });
    script(world, { outcome: 'CameHome', why: 'Everybody is served by the primary.' });
    const ended = await world.run(...start);
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(JSON.parse(world.executions.get(RUN)!.input)).toEqual({
      workload: 'petclinic',
      reason: 'Seoul is well',
      requestedBy: 'jane',
      dryRun: false,
    });
    const timeline = ended.stdout.split('\n').filter((line) => line.startsWith('T+'));
    expect(timeline).toEqual([
      'T+00:00  the run began',
      'T+00:03  See the primary well',
      'T+00:06  the run ended: succeeded',
    ]);
    expect(ended.stdout).toContain(`${RUN}  CameHome`);
    expect(ended.stdout).toContain('started by  jane (way home)');
    expect(ended.stdout).toContain(
      'What now: Look at the site and at its standby: pilotlight status petclinic',
    );
  });

  it('says in its question how long users will see the page, and starts nothing without a yes', async () => {
    const world = away({ typed: ['no'] });
    const ended = await world.run(...start);
    expect(ended.exit).toBe(1);
    expect(ended.questions).toEqual([
      'Begin the way home of petclinic to its primary? Users will see the maintenance page for 107 s and what the last data take; ' +
        'the run says how long before it moves anybody. Type yes: ',
    ]);
    expect(world.executions.size).toBe(0);
  });

  it('hands on that it is a dry run', async () => {
    const world = away({ typed: ['yes'] });
    const ended = await world.run(...start, '--dry-run', '--no-follow');
    expect([ended.exit, ended.questions[0]]).toEqual([
      0,
      expect.stringContaining('Begin a dry run of the way home'),
    ]);
    expect(JSON.parse(world.executions.get(RUN)!.input)).toMatchObject({ dryRun: true });
  });

  it('returns at once with --no-follow, and gives a program the name of the run', async () => {
    const ended = await away().run(...start, '--yes', '--no-follow', '--json');
    expect(ended.exit).toBe(0);
    expect(ended.json()).toEqual({
      execution: RUN,
      workload: 'petclinic',
      startedAt: '2026-11-23T03:00:00.000Z',
    });
  });

  it('tells a program how the run ended, in one document', async () => {
    const world = away();
    script(world, { outcome: 'StayedAway' });
    const ended = await world.run(...start, '--yes', '--json');
    expect(ended.exit).toBe(1);
    expect(ended.json()).toMatchObject({ execution: RUN, status: 'SUCCEEDED', outcome: 'StayedAway' });
  });

  it.each([
    ['CameHome', 0, 'Look at the site and at its standby: pilotlight status petclinic'],
    ['DryRun', 0, 'The same for real: pilotlight failback petclinic'],
    ['StayedAway', 1, 'When what stood against it is mended: pilotlight failback petclinic'],
    ['Rejected', 1, 'If they are to go home after all: pilotlight failback petclinic'],
    ['Cancelled', 1, 'to bring them home after all: pilotlight failback petclinic'],
    ['NothingToDo', 1, 'See what stands against it: pilotlight status petclinic'],
    ['Escalated', 1, 'pilotlight status petclinic, then failback again or route set'],
  ] as const)(
    'ends a run that ended as %s with exit status %i, and says what now',
    async (outcome, exit, next) => {
      const world = away();
      script(world, { outcome });
      const ended = await world.run(...start, '--yes');
      expect([ended.exit, ended.stdout.includes(`${RUN}  ${outcome}`)]).toEqual([exit, true]);
      expect(ended.stdout.split('What now: ')[1]).toContain(next);
    },
  );

  it.each([
    ['that was never moved', null, 'are at home already'],
    ['that is home again', { origin: 'primary' }, 'are at home already'],
    [
      'behind the page',
      { origin: 'maintenance' },
      'are not all on the standby (route: maintenance); a way home begins there.',
    ],
    [
      'of which a share is on the standby',
      { origin: 'primary', canary: { origin: 'standby', percent: 10 } },
      'are not all on the standby (route: primary)',
    ],
  ] as const)('starts nothing for the users of a site %s', async (_what, route, text) => {
    const world = makeWorld();
    if (route !== null) world.setRoute(route);
    const ended = await world.run(...start, '--yes');
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([1, true]);
    expect(world.executions.size).toBe(0);
  });

  it('starts nothing while another run acts, and names it', async () => {
    const world = away();
    await holdLease(world, 'run-7');
    const ended = await world.run(...start, '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('run-7 acts on petclinic at this moment; nothing was started.');
    expect(world.executions.size).toBe(0);
  });

  it('can start while the route cannot be read, and says so in its question', async () => {
    const world = makeWorld({
      typed: ['yes'],
      fault: (service) => (service === 'keyvaluestore' ? 'refused' : null),
    });
    const ended = await world.run(...start, '--no-follow');
    expect([ended.exit, world.executions.size]).toEqual([0, 1]);
    expect(ended.questions[0]).toContain('Not everything could be read.');
  });

  it.each([
    ['no reason', ['failback', 'petclinic', '--yes'], 2, '--reason: got nothing, expected TEXT'],
    ['no workload', ['failback', '--reason', 'x'], 2, 'workload: got nothing'],
    ['an unknown workload', ['failback', 'shop', '--reason', 'x', '--yes'], 3, 'It has: petclinic'],
    ['no terminal and no --yes', start, 1, 'Give --yes'],
    [
      'a word for data that the run brings home itself',
      [...start, '--data-is-home', '--yes'],
      2,
      'dataIsHome: got true with data.mode "ship", expected nothing',
    ],
  ])('refuses %s', async (_what, argv, exit, text) => {
    const world = away();
    const ended = await world.run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
    expect(world.executions.size).toBe(0);
  });

  it('refuses credentials of another account', async () => {
    const world = away({ account: '999988887777' });
    expect((await world.run(...start, '--yes')).exit).toBe(1);
    expect(world.executions.size).toBe(0);
  });
});

describe('pilotlight failback of a site whose data are its own affair', () => {
  it('wants the word of a person, where nothing tells how far the primary is behind', async () => {
    const world = away(withoutData);
    const ended = await world.run(...start, '--yes');
    expect([ended.exit, world.executions.size]).toEqual([2, 0]);
    expect(ended.stderr).toContain('data.probe.homeUrl: got none with data.mode "none"');
    expect(ended.stderr).toContain('--data-is-home');
  });

  it('takes that word, hands it on, and says how long users will see the page', async () => {
    const world = away({ ...withoutData, typed: ['yes'] });
    const ended = await world.run(...start, '--data-is-home', '--no-follow');
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(ended.questions).toEqual([
      'Begin the way home of petclinic to its primary? Users will see the maintenance page for about 107 s. Type yes: ',
    ]);
    expect(JSON.parse(world.executions.get(RUN)!.input)).toMatchObject({ dataIsHome: true });
  });
});
