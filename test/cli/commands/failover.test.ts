import { holdLease, isoAt, makeWorld, recordOf, useNight, type World } from '../world.ts';

useNight();
const RUN = 'failover-petclinic-20261123T030000000Z';
const start = ['failover', 'petclinic', '--reason', 'site is down'];

/** The run that the command starts: it enters a state, then ends and leaves a record. */
function script(world: World, ending: Parameters<typeof recordOf>[1] = {}): void {
  const record = recordOf(RUN, { ...ending, endedAt: isoAt(6) });
  world.sleeps.push(
    () => {
      const { events } = world.executions.get(RUN)!;
      const entered = (name: string) => ({ stateEnteredEventDetails: { name } });
      events.push({ at: Date.now(), type: 'TaskStateEntered', details: entered('Confirm the outage') });
      events.push({
        at: Date.now(),
        type: 'ChoiceStateEntered',
        details: entered('What do the signals say?'),
      });
      events.push({ at: Date.now(), type: 'TaskStateEntered', details: entered('Confirm the outage') });
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

describe('pilotlight failover', () => {
  it('starts a run with the words and the name of the person, and follows it until it ends', async () => {
    const world = makeWorld({ typed: ['yes'] });
    script(world);
    const ended = await world.run(...start);
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(JSON.parse(world.executions.get(RUN)!.input)).toEqual({
      workload: 'petclinic',
      reason: 'site is down',
      requestedBy: 'jane',
      skipConfirmation: false,
      dryRun: false,
    });
    const timeline = ended.stdout.split('\n').filter((line) => line.startsWith('T+'));
    expect(timeline).toEqual([
      'T+00:00  the run began',
      'T+00:03  Confirm the outage',
      'T+00:06  the run ended: succeeded',
    ]);
    expect(ended.stdout).toContain(`${RUN}  FailedOver`);
    expect(ended.stdout).toContain(
      'What now: When you have looked at the site: pilotlight acknowledge petclinic',
    );
  });

  it('shows what it knows before it asks', async () => {
    const world = makeWorld({ typed: ['no'] });
    const ended = await world.run(...start, '--skip-confirmation');
    expect(ended.exit).toBe(1);
    expect(ended.questions).toEqual([
      'Begin the failover of petclinic to its standby WITHOUT confirming the outage? Type yes: ',
    ]);
    expect(ended.stdout).toContain('route       primary (nothing was ever moved)');
    expect(world.executions.size).toBe(0);
  });

  it('hands on that a person vouches for the outage, and that it is a dry run', async () => {
    const world = makeWorld();
    const options = ['--skip-confirmation', '--dry-run', '--yes', '--no-follow'];
    expect((await world.run(...start, ...options)).exit).toBe(0);
    expect(JSON.parse(world.executions.get(RUN)!.input)).toMatchObject({
      skipConfirmation: true,
      dryRun: true,
    });
  });

  it('returns at once with --no-follow', async () => {
    const world = makeWorld();
    const ended = await world.run(...start, '--yes', '--no-follow', '--json');
    expect(ended.exit).toBe(0);
    expect(ended.json()).toEqual({
      execution: RUN,
      workload: 'petclinic',
      startedAt: '2026-11-23T03:00:00.000Z',
    });
  });

  it('tells a program how the run ended, in one document', async () => {
    const world = makeWorld();
    script(world);
    const ended = await world.run(...start, '--yes', '--json');
    expect(ended.json()).toMatchObject({
      execution: RUN,
      status: 'SUCCEEDED',
      outcome: 'FailedOver',
      record: { rto: { totalSeconds: 1260 } },
    });
  });

  it.each([
    ['FailedOver', 0],
    ['DryRun', 0],
    ['StoodDown', 1],
    ['Rejected', 1],
    ['NothingToDo', 1],
    ['Escalated', 1],
  ] as const)('ends a run that ended as %s with exit status %i', async (outcome, exit) => {
    const world = makeWorld();
    script(world, { outcome, rto: null });
    const ended = await world.run(...start, '--yes');
    expect([ended.exit, ended.stdout.includes(`${RUN}  ${outcome}`)]).toEqual([exit, true]);
  });

  it('starts nothing while another run acts, and names it', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    const ended = await world.run(...start, '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('run-7 acts on petclinic at this moment; nothing was started.');
    expect(ended.stderr).toContain('pilotlight stop run-7');
    expect(world.executions.size).toBe(0);
  });

  it('passes the word of a person who vouches to the run that acts, and follows that one', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    world.addExecution('run-7');
    script(world, { outcome: 'NothingToDo', why: 'Nothing was done: run-7 was told that jane vouches.' });
    const over = async (): Promise<void> => {
      Object.assign(world.executions.get('run-7')!, { status: 'SUCCEEDED', endedAt: Date.now() });
      await world.ledger.finish(recordOf('run-7', { endedAt: isoAt(9) }), null);
    };
    world.sleeps.push(over);
    const ended = await world.run(...start, '--skip-confirmation', '--yes');
    expect(ended.stdout).toContain('run-7 acts already: it will be told that you vouch for the outage.');
    expect(ended.stdout).toContain('run-7 was told that jane vouches.\nFollowing run-7:');
    expect([ended.exit, ended.stdout.includes('run-7  FailedOver')]).toEqual([0, true]);
  });

  it('passes no word by a dry run, which tells nobody anything', async () => {
    const world = makeWorld();
    await holdLease(world, 'run-7');
    world.addExecution('run-7');
    const ended = await world.run(...start, '--skip-confirmation', '--dry-run', '--yes');
    expect([ended.exit, world.executions.size]).toEqual([1, 1]);
    expect(ended.stderr).toContain('run-7 acts on petclinic at this moment; nothing was started.');
  });

  it('passes no word to a hand that holds the lease and is no run', async () => {
    const world = makeWorld();
    await holdLease(world, 'by-hand-1');
    const ended = await world.run(...start, '--skip-confirmation', '--yes');
    expect([ended.exit, world.executions.size]).toEqual([1, 0]);
    expect(ended.stderr).toContain('by-hand-1 acts on petclinic at this moment; nothing was started.');
  });

  it('starts nothing where the standby serves already', async () => {
    const world = makeWorld();
    world.setRoute({ origin: 'standby' });
    const ended = await world.run(...start, '--yes');
    expect([ended.exit, ended.stderr.includes('served by its standby already')]).toEqual([1, true]);
    expect(world.executions.size).toBe(0);
  });

  it('starts under the brake: it stops automation, not people', async () => {
    const world = makeWorld();
    await world.run('brake', 'on', 'petclinic', '--reason', 'move', '--owner', 'Kim');
    const ended = await world.run(...start, '--yes', '--no-follow');
    expect([ended.exit, world.executions.size]).toEqual([0, 1]);
    expect(ended.stdout).toContain('ON since 2026-11-23 03:00:00Z: move (Kim)');
  });

  it('can start while the route cannot be read, and says so in its question', async () => {
    const world = makeWorld({
      typed: ['yes'],
      fault: (service) => (service === 'keyvaluestore' ? 'refused' : null),
    });
    const ended = await world.run(...start, '--no-follow');
    expect(ended.exit).toBe(0);
    expect(ended.questions[0]).toContain('Not everything could be read.');
    expect(ended.stdout).toContain('route       could not be read, see below');
  });

  it.each([
    ['no reason', ['failover', 'petclinic', '--yes'], 2, '--reason: got nothing, expected TEXT'],
    [
      'a reason that is an option',
      ['failover', 'petclinic', '--reason', '--yes'],
      2,
      '--reason: got "--yes"',
    ],
    ['no workload', ['failover', '--reason', 'x'], 2, 'workload: got nothing'],
    [
      'a reason without quotes',
      ['failover', 'petclinic', '--reason', 'site', 'down'],
      2,
      'put words with spaces into quotes',
    ],
    ['an unknown workload', ['failover', 'shop', '--reason', 'x', '--yes'], 3, 'It has: petclinic'],
    ['no terminal and no --yes', start, 1, 'Give --yes'],
  ])('refuses %s', async (_what, argv, exit, text) => {
    const world = makeWorld();
    const ended = await world.run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
    expect(world.executions.size).toBe(0);
  });

  it('refuses credentials of another account', async () => {
    const world = makeWorld({ account: '999988887777' });
    expect((await world.run(...start, '--yes')).exit).toBe(1);
    expect(world.executions.size).toBe(0);
  });

  it('says when Step Functions does not take the start', async () => {
    const world = makeWorld({ fault: (service) => (service === 'step-functions' ? 'refused' : null) });
    const ended = await world.run(...start, '--yes');
    expect([ended.exit, ended.stderr.includes('Step Functions StartExecution failed')]).toEqual([1, true]);
  });
});

describe('pilotlight failover --planned', () => {
  const planned = ['failover', 'petclinic', '--planned', '--reason', 'maintenance'];
  const PLANNED = 'planned-petclinic-20261123T030000000Z';

  it('asks with what it promises, and starts a run that is called by what it is', async () => {
    const world = makeWorld({ typed: ['yes'] });
    const ended = await world.run(...planned, '--no-follow');
    expect([ended.exit, ended.stderr]).toEqual([0, '']);
    expect(ended.questions).toEqual([
      'Begin the planned move of petclinic to its standby? No acknowledged write is lost. Users see the maintenance page for about 132 s. Type yes: ',
    ]);
    expect(JSON.parse(world.executions.get(PLANNED)!.input)).toMatchObject({
      ...{ planned: true, skipConfirmation: false, dryRun: false },
    });
  });

  it('is a dry run too', async () => {
    const world = makeWorld();
    expect((await world.run(...planned, '--dry-run', '--yes', '--no-follow')).exit).toBe(0);
    expect(JSON.parse(world.executions.get(PLANNED)!.input)).toMatchObject({ planned: true, dryRun: true });
  });

  it('is refused with a word for an outage, and starts nothing', async () => {
    const world = makeWorld();
    const ended = await world.run(...planned, '--skip-confirmation', '--yes');
    expect(ended.exit).toBe(2);
    expect(ended.stderr).toContain('--skip-confirmation: got it with --planned, expected one of the two');
    expect(world.executions.size).toBe(0);
  });
});
