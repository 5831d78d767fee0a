import { holdLease, isoAt, JANE, makeWorld, recordOf, useNight } from '../world.ts';

useNight();

describe('pilotlight history', () => {
  it('lists runs and acts of people together, newest first', async () => {
    const world = makeWorld();
    await world.ledger.finish(recordOf('run-1'), null);
    await world.run('brake', 'on', 'petclinic', '--reason', 'move', '--owner', 'Kim');
    const ended = await world.run('history', 'petclinic');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toBe(
      [
        'WHEN                  WHAT      OUTCOME     TOOK        WHO         WHY',
        '2026-11-23 03:00:00Z  brake-on  done                    Kim (jane)  move: the brake was off before',
        '2026-11-23 01:00:00Z  run-1     FailedOver  20 min 0 s  CloudWatch  alarm petclinic-edge-5xx',
        'The whole story of one: pilotlight show run-1',
        '',
      ].join('\n'),
    );
  });

  it('shows no more than it was asked for', async () => {
    const world = makeWorld();
    for (const n of [1, 2, 3]) {
      const run = { ...recordOf(`run-${n}`).run, startedAt: isoAt(-7200 + n) };
      await world.ledger.finish(recordOf(`run-${n}`, { run }), null);
    }
    const document = (await world.run('history', 'petclinic', '--limit', '2', '--json')).json() as {
      entries: { kind: string; run: { execution: string } }[];
    };
    expect(document.entries.map(({ kind, run }) => [kind, run.execution])).toEqual([
      ['run', 'run-3'],
      ['run', 'run-2'],
    ]);
  });

  it('lists a run that another version wrote, by its frame', async () => {
    const world = makeWorld();
    await world.ledger.finish(recordOf('run-1'), null);
    Object.assign(world.item(`run#${isoAt(-7200)}#run-1`) ?? {}, { record: { S: '{"v":0}' } });
    expect((await world.run('history', 'petclinic')).stdout).toContain(
      'run-1  FailedOver  20 min 0 s       written by another version',
    );
    const shown = await world.run('show', 'run-1');
    expect([shown.exit, shown.stdout.includes('only its frame can be read')]).toEqual([0, true]);
  });

  it('says so where nothing has happened', async () => {
    expect(await makeWorld().run('history', 'petclinic')).toMatchObject({
      exit: 0,
      stdout: 'Nothing has ever happened to petclinic.\n',
    });
  });

  it.each([
    ['--limit 0', ['history', 'petclinic', '--limit', '0'], 2, 'limit: got "0", expected'],
    ['an unknown workload', ['history', 'shop'], 3, 'There is no workload "shop"'],
  ])('refuses %s', async (_what, argv, exit, text) => {
    const ended = await makeWorld().run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
  });
});

describe('pilotlight show', () => {
  it('tells the whole story of a run from the ledger, by its name or its ARN', async () => {
    const world = makeWorld();
    await world.ledger.finish(recordOf('run-1'), null);
    const arn = 'arn:aws:states:ap-northeast-1:111122223333:execution:pilotlight-failover:run-1';
    const ended = await world.run('show', arn);
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('run-1  FailedOver');
    expect(ended.stdout).toContain('RTO 21 min 0 s');
    expect(ended.stdout).toContain('prepare  20 min 0 s');
    expect(ended.stdout).toContain('2026-11-23 01:00:00Z  the run began');
    expect(ended.stdout).toContain('kind probe, place us-west-2, bad true');
  });

  it('gives a program the record as it was written', async () => {
    const world = makeWorld();
    await world.ledger.finish(recordOf('run-1'), null);
    const ended = await world.run('show', 'run-1', '--json');
    expect(ended.json()).toEqual({ execution: 'run-1', outcome: 'FailedOver', record: recordOf('run-1') });
  });

  it('tells what Step Functions knows of a run that left no record', async () => {
    const world = makeWorld();
    world.addExecution('run-7', {
      status: 'FAILED',
      endedAt: Date.now(),
      error: 'InvalidInput',
      cause: 'workload: got "shop"',
      events: [
        { at: Date.now() - 60_000, type: 'ExecutionStarted' },
        {
          at: Date.now() - 59_000,
          type: 'TaskFailed',
          details: {
            taskFailedEventDetails: {
              error: 'InvalidInput',
              cause: '{"errorMessage":"The input is not valid:\\n- workload"}',
            },
          },
        },
      ],
    });
    const ended = await world.run('show', 'run-7');
    expect(ended.exit).toBe(0);
    expect(ended.stdout).toContain('T+00:01  failed: InvalidInput: The input is not valid:\n');
    expect(ended.stdout).toContain('InvalidInput: workload: got "shop"');
    const document = (await world.run('show', 'run-7', '--json')).json();
    expect(document).toMatchObject({ status: 'FAILED', timeline: [{ event: 'the run began' }, {}] });
  });

  it.each([
    ['an unknown run', ['show', 'run-9'], 3, 'There is no run run-9'],
    ['a name that is none', ['show', 'run 9'], 2, 'expected the name of an execution'],
  ])('refuses %s', async (_what, argv, exit, text) => {
    const ended = await makeWorld().run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
  });
});

describe('pilotlight stop', () => {
  const stop = ['stop', 'run-7', '--reason', 'wrong workload'];

  it('ends the run, gives its lease back and says where the route is', async () => {
    const world = makeWorld({ typed: ['yes'] });
    world.setRoute({ origin: 'maintenance' });
    world.addExecution('run-7');
    await holdLease(world, 'run-7');
    const ended = await world.run(...stop);
    expect(ended.exit).toBe(0);
    expect(world.executions.get('run-7')).toMatchObject({
      status: 'ABORTED',
      error: 'StoppedByHand',
      cause: 'jane: wrong workload',
    });
    expect(await world.operations.readLease('petclinic')).toMatchObject({
      holder: null,
      epoch: 1,
      disarmed: false,
    });
    expect(ended.stdout).toContain('The lease of petclinic is free again. Its route: maintenance, epoch 4');
    expect(await world.operations.acts('petclinic', 1)).toMatchObject([
      { kind: 'stop', by: JANE, why: 'wrong workload', detail: 'ended run-7', result: 'done' },
    ]);
  });

  it('ends a run that holds no lease', async () => {
    const world = makeWorld();
    world.addExecution('run-7');
    await holdLease(world, 'run-8');
    const ended = await world.run(...stop, '--yes', '--json');
    expect(ended.json()).toEqual({
      execution: 'run-7',
      stoppedAt: '2026-11-23T03:00:00.000Z',
      workload: null,
    });
    expect(await world.operations.readLease('petclinic')).toMatchObject({ holder: 'run-8' });
  });

  it('leaves a run alone that has ended', async () => {
    const world = makeWorld();
    world.addExecution('run-7', { status: 'SUCCEEDED', endedAt: Date.now() });
    const ended = await world.run(...stop, '--yes');
    expect([ended.exit, ended.stderr.includes('has ended already, as SUCCEEDED')]).toEqual([1, true]);
    expect(world.executions.get('run-7')).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('leaves the run alone without a yes', async () => {
    const world = makeWorld({ typed: ['n'] });
    world.addExecution('run-7');
    expect((await world.run(...stop)).exit).toBe(1);
    expect(world.executions.get('run-7')).toMatchObject({ status: 'RUNNING' });
  });

  it('does not know a run that does not exist, and wants a reason', async () => {
    expect((await makeWorld().run(...stop, '--yes')).exit).toBe(3);
    expect((await makeWorld().run('stop', 'run-7', '--yes')).exit).toBe(2);
  });
});
