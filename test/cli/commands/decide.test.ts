import { noMemory } from '../../../core/watch/health.ts';
import { newMemory } from '../../../core/watch/memory.ts';
import { reportAt } from '../../lambdas/data-helpers.ts';
import { approvalOf, isoAt, makeWorld, NOW, useNight } from '../world.ts';

useNight();
const JANE = { kind: 'iam', id: 'arn:aws:sts::111122223333:assumed-role/on-call/jane', name: 'jane' };

describe('pilotlight approve', () => {
  it('approves what waits, as the principal that AWS knows, and tells the workflow', async () => {
    const world = makeWorld({ typed: ['yes'] });
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    const ended = await world.run('approve', 'petclinic');
    expect(ended.exit).toBe(0);
    expect(ended.questions).toEqual(['Approve the failover of petclinic? Type yes: ']);
    expect(ended.stdout).toContain('run-1: 0 of 1 approvals, 10 min 0 s left');
    expect(ended.stdout).toContain('Approved: the failover goes on.');
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({
      state: 'approved',
      answers: [{ decider: JANE, answer: 'approve', at: NOW }],
    });
    expect(world.told).toMatchObject([{ taskToken: 'token-1' }]);
  });

  it('says what it would lose before it asks, to the start of the outage', async () => {
    const world = makeWorld({ typed: ['yes'] });
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    await world.reports.write('petclinic', reportAt(isoAt(-20), isoAt(-132)));
    const health = { ...noMemory(NOW - 3_600_000), health: 'down', since: NOW - 120_000 } as const;
    await world.memories.write('petclinic', { ...newMemory('asked', NOW), health }, 0);
    const ended = await world.run('approve', 'petclinic');
    expect(ended.stdout).toContain('To approve now would lose 12 s of writes (recovery point 02:57:48 UTC).');
  });

  it('never prints the task token', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1'), 'token-that-decides');
    const ended = await world.run('approve', 'petclinic', '--yes', '--json');
    expect(ended.json()).toEqual({
      workload: 'petclinic',
      execution: 'run-1',
      result: 'decided',
      state: 'approved',
      missing: 0,
      by: JANE,
      loss: null,
    });
    expect(ended.stdout + ended.stderr).not.toContain('token-that-decides');
  });

  it('counts one of two and says that another person must', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1', { needed: 2 }), 'token-1');
    const first = await world.run('approve', 'petclinic', '--yes');
    expect([first.exit, first.stdout.includes('1 more approval by another person is needed')]).toEqual([
      0,
      true,
    ]);
    const again = await world.run('approve', 'petclinic', '--yes');
    expect([again.exit, again.stdout.includes('1 more approval by another person is needed')]).toEqual([
      0,
      true,
    ]);
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({
      state: 'pending',
      answers: [{}],
    });
    expect(world.told).toEqual([]);
  });

  it('refuses who is not an approver, and says who they are', async () => {
    const world = makeWorld({ arn: 'arn:aws:iam::111122223333:user/mallory' });
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    const ended = await world.run('approve', 'petclinic', '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('You are arn:aws:iam::111122223333:user/mallory.');
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({ state: 'pending', answers: [] });
  });

  it('refuses an answer after the time limit', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1', { expiresAt: NOW - 1 }), 'token-1');
    const ended = await world.run('approve', 'petclinic', '--execution', 'run-1', '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('Start again with: pilotlight failover petclinic');
  });

  it('refuses an answer to what was decided already, and says by whom', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    await world.run('reject', 'petclinic', '--yes');
    const ended = await world.run('approve', 'petclinic', '--execution', 'run-1', '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('This is decided already: rejected by jane.');
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({ state: 'rejected' });
  });

  it('decides nothing while more than one run waits and none is named', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    await world.approvals.open(approvalOf('run-2'), 'token-2');
    const ended = await world.run('approve', 'petclinic', '--yes');
    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('run-1, run-2');
    expect((await world.run('approve', 'petclinic', '--execution', 'run-2', '--yes')).exit).toBe(0);
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({ state: 'pending' });
  });

  it.each([
    ['nothing waits', ['approve', 'petclinic', '--yes'], 3, 'Nothing of petclinic waits'],
    [
      'the named run has none',
      ['approve', 'petclinic', '--execution', 'run-9', '--yes'],
      3,
      'There is no approval of run-9',
    ],
    ['the workload is unknown', ['approve', 'shop', '--yes'], 3, 'There is no workload "shop"'],
    ['the name is none', ['approve', 'petclinic', '--execution', 'a b'], 2, 'execution: got "a b"'],
  ])('answers when %s', async (_what, argv, exit, text) => {
    const ended = await makeWorld().run(...argv);
    expect([ended.exit, ended.stderr.includes(text)]).toEqual([exit, true]);
  });

  it('decides nothing without a yes', async () => {
    const world = makeWorld({ typed: ['no'] });
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    expect((await world.run('approve', 'petclinic')).exit).toBe(1);
    expect(world.told).toEqual([]);
  });

  it('decides nothing where there is no terminal and no --yes', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    const ended = await world.run('approve', 'petclinic');
    expect([ended.exit, ended.stderr.includes('Give --yes')]).toEqual([1, true]);
  });

  it('decides nothing where AWS does not say who answers', async () => {
    const world = makeWorld({ fault: (service) => (service === 'sts' ? 'refused' : null) });
    await world.approvals.open(approvalOf('run-1'), 'token-1');
    const ended = await world.run('approve', 'petclinic', '--yes');
    expect([ended.exit, ended.stderr.includes('STS GetCallerIdentity failed')]).toEqual([1, true]);
    expect(await world.approvals.find('petclinic', 'run-1')).toMatchObject({ state: 'pending' });
  });
});

describe('pilotlight reject', () => {
  it('rejects by one answer, whatever number is needed', async () => {
    const world = makeWorld();
    await world.approvals.open(approvalOf('run-1', { needed: 2 }), 'token-1');
    const ended = await world.run('reject', 'petclinic', '--yes', '--json');
    expect(ended.exit).toBe(0);
    expect(ended.json()).toMatchObject({ result: 'decided', state: 'rejected' });
    expect(world.told).toHaveLength(1);
  });
});
